// CloudWatch: samples from services and functions, alarms evaluated over them, and their actions (CW-01 to CW-05).
import type { Graph } from '@dr/terraform-json';
import type { AlarmState } from '../../event-log';
import { entryOf } from '../../kernel/entry-of';
import { exists, type World } from '../../world';
import type { EventSink, MetricDatum, Metrics, TopicPublisher } from '../ports';
import { judge, rangeMs, readMetricAlarms, reasonFor, valuesOf, type AlarmHead, type MetricAlarm } from './alarms';
import { Arrivals } from './arrival';
import { alarmKey, readCompositeAlarms, type CompositeAlarm } from './composite';
import { readLine } from './emf';
import { alarmEvent, alarmMessage } from './message';
import { BIN_MS, metricKey, MetricStore, MINUTE_MS, type Statistic } from './store';

/** Composite alarms may read one another. A change is carried through them in this many rounds at most. */
const MAX_COMPOSITE_ROUNDS = 10;
const SERVICE = 'cloudwatch.amazonaws.com';

export class CloudWatch implements Metrics {
  static readonly reads = ['aws_cloudwatch_composite_alarm', 'aws_cloudwatch_metric_alarm'];
  private readonly store = new MetricStore();
  private readonly arrivals: Arrivals;
  private readonly alarms: readonly MetricAlarm[];
  private readonly byKey: ReadonlyMap<string, MetricAlarm>;
  private readonly composites: readonly CompositeAlarm[];
  private readonly states = new Map<string, AlarmState>();
  /** Epoch ms of each alarm's latest change. */
  private readonly changedAt = new Map<string, number>();
  private topics: TopicPublisher | undefined;
  private events: EventSink | undefined;
  private startedMs = 0;

  constructor(
    private readonly world: World,
    graph: Graph,
  ) {
    this.arrivals = new Arrivals(world);
    this.alarms = readMetricAlarms(graph);
    this.byKey = new Map(this.alarms.map((alarm) => [keyOf(alarm), alarm]));
    this.composites = readCompositeAlarms(graph, this.byKey);
    for (const alarm of this.alarms)
      for (const statistic of Object.values(alarm.statistics)) this.store.announce(statistic, rangeMs(alarm));
  }

  /** Alarms are evaluated from now on. */
  start(topics: TopicPublisher, events: EventSink): void {
    this.topics = topics;
    this.events = events;
    this.startedMs = this.world.scheduler.now();
    this.world.scheduler.at(nextTick(this.startedMs), () => this.tick());
  }

  put(datum: MetricDatum, resolution: 'high' | 'standard' = 'standard'): void {
    if (this.world.faults.isDown(datum.awsRegion)) return;
    const key = metricKey(datum);
    this.store.put(this.world.scheduler.now(), key, datum, resolution, this.arrivals.of(key, datum));
  }

  ingestLogLine(awsRegion: string, functionName: string, line: string): void {
    const { metrics, record } = readLine(awsRegion, line);
    for (const { datum, isHighResolution } of metrics) this.put(datum, isHighResolution ? 'high' : 'standard');
    if (record) this.world.events.record({ kind: 'log', region: awsRegion, functionName, record });
  }

  /** The statistic over the period that ends at `endMs` (a multiple of 10 s), of what has arrived. Percentiles: those that alarms read. */
  read(statistic: Statistic, endMs: number): number | undefined {
    return this.store.read(statistic, endMs, this.world.scheduler.now());
  }

  stateOf(awsRegion: string, alarmName: string): AlarmState {
    return this.stateAt(alarmKey(awsRegion, alarmName));
  }

  private stateAt(key: string): AlarmState {
    return this.states.get(key) ?? 'INSUFFICIENT_DATA';
  }

  /** Keys (see metricKey) of every metric that was emitted in this run. */
  seenMetrics(): ReadonlySet<string> {
    return this.store.keys();
  }

  /** The metrics that alarms watch: key -> addresses of the alarms. */
  watchedMetrics(): ReadonlyMap<string, readonly string[]> {
    const watched = new Map<string, string[]>();
    for (const { address, statistics } of this.alarms) {
      for (const { metric } of Object.values(statistics)) entryOf(watched, metricKey(metric), () => []).push(address);
    }
    return watched;
  }

  /** What a health check of type CLOUDWATCH_METRIC finds: by the alarm's data, not by its state (HC-11). */
  judge(awsRegion: string, alarmName: string): 'healthy' | 'unhealthy' | 'insufficient' {
    const alarm = this.byKey.get(alarmKey(awsRegion, alarmName));
    if (!alarm) return 'insufficient';
    const everyMs = evaluatedEvery(alarm);
    const nowMs = this.world.scheduler.now();
    const endMs = Math.floor(nowMs / everyMs) * everyMs;
    const state = judge(alarm, valuesOf(alarm, this.store, endMs, nowMs), 'missing');
    return state === 'ALARM' ? 'unhealthy' : state === 'OK' ? 'healthy' : 'insufficient';
  }

  /** Why a health check cannot use the alarm; undefined when it can. */
  unusable(awsRegion: string, alarmName: string): string | undefined {
    const alarm = this.byKey.get(alarmKey(awsRegion, alarmName));
    if (!alarm) return 'is no metric alarm of this stack';
    if (alarm.expressions.length > 0) return 'uses metric math, which Route 53 does not read';
    const read = Object.values(alarm.statistics);
    if (read.some(({ periodMs }) => periodMs < MINUTE_MS))
      return 'has a period of high resolution, which Route 53 does not read';
    if (read.some(({ statistic }) => /\d/.test(statistic)))
      return 'has an extended statistic, which Route 53 does not read';
    return alarm.toAlarm < alarm.evaluate ? 'is an M of N alarm, which Route 53 does not read' : undefined;
  }

  private tick(): void {
    const nowMs = this.world.scheduler.now();
    const due = this.alarms.filter((alarm) => nowMs % evaluatedEvery(alarm) === 0 && this.hasWarmedUp(alarm, nowMs));
    const down = new Map<string, boolean>();
    for (const alarm of due) {
      if (!entryOf(down, alarm.awsRegion, () => this.world.faults.isDown(alarm.awsRegion))) this.evaluate(alarm, nowMs);
    }
    this.evaluateComposites();
    this.world.scheduler.at(nextTick(nowMs), () => this.tick());
  }

  /**
   * [A] An alarm is judged once its evaluation periods have passed and their data have arrived. A drill begins on a stack that has
   * been running, so data from before the beginning is not missing.
   */
  private hasWarmedUp({ address, evaluate, periodMs, arrivalMs }: MetricAlarm, nowMs: number): boolean {
    // A new alarm is judged at once: data from before it existed is missing.
    if (this.world.creation) return exists(this.world, address);
    return nowMs - this.startedMs >= evaluate * periodMs + arrivalMs;
  }

  private evaluate(alarm: MetricAlarm, nowMs: number): void {
    const values = valuesOf(alarm, this.store, nowMs, nowMs);
    const state = judge(alarm, values);
    if (state !== undefined)
      this.change(alarm, state, () => reasonFor(alarm, values, state, this.world.scheduler.epochNow()));
  }

  private evaluateComposites(): void {
    for (let round = 0; round < MAX_COMPOSITE_ROUNDS; round += 1) {
      const changed = this.composites.filter((alarm) => {
        if (!this.isReady(alarm) || this.world.faults.isDown(alarm.awsRegion)) return false;
        const state = alarm.holds((key) => this.stateAt(key)) ? 'ALARM' : 'OK';
        return this.change(alarm, state, () => `${alarm.rule} ${state === 'ALARM' ? 'holds' : 'does not hold'}`);
      });
      if (changed.length === 0) return;
    }
  }

  /** A rule is evaluated once every alarm that it reads has been judged. */
  private isReady({ reads }: CompositeAlarm): boolean {
    const nowMs = this.world.scheduler.now();
    return [...reads].every((key) => {
      const alarm = this.byKey.get(key);
      return alarm ? this.hasWarmedUp(alarm, nowMs) : this.states.has(key);
    });
  }

  /** Whether the state is another one now. Actions run on transitions only. */
  private change(alarm: AlarmHead, state: AlarmState, why: () => string): boolean {
    const key = keyOf(alarm);
    const previous = this.stateBefore(key);
    if (state === previous) return false;
    this.states.set(key, state);
    if (previous === undefined && state !== 'ALARM') return true;
    this.announce(alarm, state, previous ?? 'OK', why());
    return true;
  }

  /**
   * A new alarm comes out of INSUFFICIENT_DATA. [A] One of a stack that has been running has long been in the state in which it is
   * found first, and nobody is told: undefined. Only ALARM is news there.
   */
  private stateBefore(key: string): AlarmState | undefined {
    return this.states.get(key) ?? (this.world.creation ? 'INSUFFICIENT_DATA' : undefined);
  }

  private announce(alarm: AlarmHead, state: AlarmState, previous: AlarmState, reason: string): void {
    const { awsRegion, name } = alarm;
    const key = keyOf(alarm);
    this.world.events.record({ kind: 'alarm', region: awsRegion, alarm: name, state, previous, reason });
    const atEpochMs = this.world.scheduler.epochNow();
    const sinceEpochMs = this.changedAt.get(key) ?? atEpochMs;
    this.changedAt.set(key, atEpochMs);
    const change = { state, previous, reason, atEpochMs, sinceEpochMs };
    // EventBridge hears of every change, whatever the alarm's actions are.
    this.events?.emit(awsRegion, alarmEvent(alarm, change));
    if (!alarm.actionsEnabled) return;
    for (const topicArn of alarm.actions[state]) {
      const publisher = { name, service: SERVICE, sourceArn: alarm.arn };
      this.topics?.publish(topicArn, alarmMessage(alarm, change), publisher);
    }
  }
}

const keyOf = ({ awsRegion, name }: AlarmHead): string => alarmKey(awsRegion, name);

/** CW-01: alarms of short periods every ten seconds, the others every minute. */
const evaluatedEvery = ({ periodMs }: MetricAlarm): number => (periodMs < MINUTE_MS ? BIN_MS : MINUTE_MS);

/** Ticks are at whole multiples of ten seconds, as periods are. */
const nextTick = (nowMs: number): number => (Math.floor(nowMs / BIN_MS) + 1) * BIN_MS;
