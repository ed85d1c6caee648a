// CloudWatch: samples from services and functions, alarms evaluated over them, and their actions (CW-01 to CW-05).
import type { Graph } from '@dr/terraform-json';
import type { AlarmState } from '../../event-log';
import { exists, type World } from '../../world';
import { judge, rangeMs, readMetricAlarms, reasonFor, valuesOf, type AlarmHead, type MetricAlarm } from './alarms';
import { alarmKey, readCompositeAlarms, type CompositeAlarm } from './composite';
import { readLine } from './emf';
import { alarmEvent, alarmMessage } from './message';
import { BIN_MS, metricKey, MetricStore, MINUTE_MS, type Statistic } from './store';
import type { MetricStreams } from '../route53/internet-ports';
import type { EventSink, MetricDatum, Metrics, TopicPublisher } from '../ports';

/** Composite alarms may read one another; a change runs at most so many rounds through them. */
const MAX_COMPOSITE_ROUNDS = 10;
const SERVICE = 'cloudwatch.amazonaws.com';

export class CloudWatch implements Metrics, MetricStreams {
  private readonly store = new MetricStore();
  private readonly alarms: readonly MetricAlarm[];
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
    this.alarms = readMetricAlarms(graph);
    this.composites = readCompositeAlarms(graph, new Set(this.alarms.map(keyOf)));
    for (const alarm of this.alarms) this.store.keep(rangeMs(alarm));
  }

  /** Alarms begin in INSUFFICIENT_DATA and are evaluated from now on. */
  start(topics: TopicPublisher, events?: EventSink): void {
    this.topics = topics;
    this.events = events;
    this.startedMs = this.world.scheduler.now();
    this.world.scheduler.at(nextTick(this.startedMs), () => this.tick());
  }

  put(datum: MetricDatum): void {
    this.add(datum, 'standard');
  }

  ingestLogLine(awsRegion: string, functionName: string, line: string): void {
    const { metrics, record } = readLine(awsRegion, line);
    for (const { datum, isHighResolution } of metrics) this.add(datum, isHighResolution ? 'high' : 'standard');
    const region = awsRegion;
    if (record) this.world.events.record({ kind: 'log', region, functionName, record });
  }

  /** The statistic over the period that ends at `endMs` (a multiple of 10 s). */
  read(statistic: Statistic, endMs: number): number | undefined {
    return this.store.read(statistic, endMs);
  }

  stateOf(awsRegion: string, alarmName: string): AlarmState {
    return this.states.get(alarmKey(awsRegion, alarmName)) ?? 'INSUFFICIENT_DATA';
  }

  /** Keys (see metricKey) of every metric that was emitted in this run. */
  seenMetrics(): ReadonlySet<string> {
    return this.store.keys();
  }

  /** The metrics that alarms watch: key -> addresses of the alarms. */
  watchedMetrics(): ReadonlyMap<string, readonly string[]> {
    const watched = new Map<string, string[]>();
    for (const { address, statistics } of this.alarms) {
      for (const { metric } of Object.values(statistics)) {
        const key = metricKey(metric);
        watched.set(key, [...(watched.get(key) ?? []), address]);
      }
    }
    return watched;
  }

  judge(awsRegion: string, alarmName: string): 'healthy' | 'unhealthy' | 'insufficient' | undefined {
    const alarm = this.find(awsRegion, alarmName);
    if (!alarm) return undefined;
    const everyMs = evaluatedEvery(alarm);
    const endMs = Math.floor(this.world.scheduler.now() / everyMs) * everyMs;
    const state = judge(alarm, valuesOf(alarm, this.store, endMs), 'missing');
    return state === 'ALARM' ? 'unhealthy' : state === 'OK' ? 'healthy' : 'insufficient';
  }

  unusable(awsRegion: string, alarmName: string): string | undefined {
    const alarm = this.find(awsRegion, alarmName);
    if (!alarm) return 'is no metric alarm of this stack';
    if (alarm.expressions.length > 0) return 'uses metric math, which Route 53 does not read';
    return alarm.toAlarm < alarm.evaluate ? 'is an M of N alarm, which Route 53 does not read' : undefined;
  }

  private find(awsRegion: string, alarmName: string): MetricAlarm | undefined {
    return this.alarms.find((alarm) => alarm.awsRegion === awsRegion && alarm.name === alarmName);
  }

  private add(datum: MetricDatum, resolution: 'high' | 'standard'): void {
    if (this.world.faults.isDown(datum.awsRegion)) return;
    this.store.put(this.world.scheduler.now(), datum, resolution);
  }

  private tick(): void {
    const nowMs = this.world.scheduler.now();
    const due = this.alarms.filter((alarm) => nowMs % evaluatedEvery(alarm) === 0 && this.hasWarmedUp(alarm, nowMs));
    const down = new Map<string, boolean>();
    for (const alarm of due) {
      if (!down.has(alarm.awsRegion)) down.set(alarm.awsRegion, this.world.faults.isDown(alarm.awsRegion));
      if (!down.get(alarm.awsRegion)) this.evaluate(alarm, nowMs);
    }
    this.evaluateComposites();
    this.world.scheduler.at(nextTick(nowMs), () => this.tick());
  }

  /**
   * [A] An alarm is judged once its evaluation periods have passed: a drill begins on a stack that has been running, and
   * data from before the beginning is not missing.
   */
  private hasWarmedUp({ address, evaluate, periodMs }: MetricAlarm, nowMs: number): boolean {
    // A new alarm is judged at once, by what is missing as well.
    if (this.world.creation) return exists(this.world, address);
    return nowMs - this.startedMs >= evaluate * periodMs;
  }

  private evaluate(alarm: MetricAlarm, nowMs: number): void {
    const values = valuesOf(alarm, this.store, nowMs);
    const state = judge(alarm, values);
    if (state !== undefined) this.change(alarm, state, () => reasonFor(alarm, values, state));
  }

  private evaluateComposites(): void {
    const stateOf = (key: string): AlarmState => this.states.get(key) ?? 'INSUFFICIENT_DATA';
    for (let round = 0; round < MAX_COMPOSITE_ROUNDS; round += 1) {
      const changed = this.composites.filter((alarm) => {
        if (!this.isReady(alarm) || this.world.faults.isDown(alarm.awsRegion)) return false;
        const state = alarm.holds(stateOf) ? 'ALARM' : 'OK';
        return this.change(alarm, state, () => `${alarm.rule} ${state === 'ALARM' ? 'holds' : 'does not hold'}`);
      });
      if (changed.length === 0) return;
    }
  }

  /** A rule is first read when what it reads has been judged. */
  private isReady({ reads }: CompositeAlarm): boolean {
    const nowMs = this.world.scheduler.now();
    return [...reads].every((key) => {
      const alarm = this.alarms.find((one) => keyOf(one) === key);
      return alarm ? this.hasWarmedUp(alarm, nowMs) : this.states.has(key);
    });
  }

  /** Actions run on transitions only. */
  private change(alarm: AlarmHead, state: AlarmState, why: () => string): boolean {
    const previous = this.states.get(keyOf(alarm)) ?? 'INSUFFICIENT_DATA';
    if (state === previous) return false;
    this.states.set(keyOf(alarm), state);
    const reason = why();
    const region = alarm.awsRegion;
    this.world.events.record({ kind: 'alarm', region, alarm: alarm.name, state, previous, reason });
    const atEpochMs = this.world.scheduler.epochNow();
    const sinceEpochMs = this.changedAt.get(keyOf(alarm)) ?? atEpochMs;
    this.changedAt.set(keyOf(alarm), atEpochMs);
    const change = { state, previous, reason, atEpochMs, sinceEpochMs, accountId: this.world.accountId };
    // EventBridge hears of every change, whatever the actions are.
    this.events?.emit(alarm.awsRegion, alarmEvent(alarm, change));
    if (!alarm.actionsEnabled) return true;
    for (const topicArn of alarm.actions[state]) {
      const publisher = { name: alarm.name, service: SERVICE, sourceArn: alarm.arn };
      this.topics?.publish(topicArn, alarmMessage(alarm, change), publisher);
    }
    return true;
  }
}

const keyOf = ({ awsRegion, name }: AlarmHead): string => alarmKey(awsRegion, name);

/** CW-01: alarms of short periods every ten seconds, the others every minute. */
const evaluatedEvery = ({ periodMs }: MetricAlarm): number => (periodMs < MINUTE_MS ? BIN_MS : MINUTE_MS);

/** Ticks are at whole multiples of ten seconds, as periods are. */
const nextTick = (nowMs: number): number => (Math.floor(nowMs / BIN_MS) + 1) * BIN_MS;
