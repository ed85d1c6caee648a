// failover-orchestrator: follows what happens to each region, records it, and tells people once.
import { FOREIGN_SKEW_MS, METRICS, parseAlarmName, transitionKey, CONTROL_ID } from '@dr/contracts/system';
import type {
  FailoverRecord,
  FailoverState,
  OpenTransition,
  StateRecord,
  Transition,
  TransitionRecord,
} from '@dr/contracts/system';
import {
  claimed,
  followed,
  hasServed,
  mapTransitions,
  newlyClaimed,
  transitionsOf,
  type RegionSigns,
} from '@dr/failover';
import {
  badRecordTeller,
  decodeAlarm,
  decodeAlarmEvent,
  decodeSns,
  isScheduled,
  withDeadline,
  type AlarmMessage,
} from '@dr/handler-core';
import { askAround } from './ask';
import { notificationOf, orderNotification } from './notification';
import type { OrchestratorPorts, Ports } from './ports';
import { putItem, readControl, update, type ControlView } from './records';
import { signsOf, NOT_ASKED, type Asked } from './signs';

const PUBLISH_DEADLINE_MS = 4_000;

/** Once an execution environment; the result, once a delivery or schedule. Rejects when Lambda should try again. */
export function failoverOrchestrator(ports: OrchestratorPorts): (event: unknown) => Promise<void> {
  const tellBad = badRecordTeller(ports.telemetry);
  const known: Ports['known'] = { record: undefined };
  return async (event) => {
    const alarms = alarmsOf(event);
    if (!alarms && !isScheduled(event)) {
      throw new Error('failover-orchestrator takes SNS, alarm and schedule events only');
    }
    // Our own notifications come back on the topic; they are no alarms.
    if (alarms?.length === 0) return;
    try {
      await follow({ ...ports, tellBad, known }, alarms ?? []);
    } finally {
      ports.telemetry.flush();
    }
  };
}

/** An alarm from the future is ignored: no real change would ever be newer. */
function isPast({ clock, telemetry }: OrchestratorPorts, alarm: AlarmMessage): boolean {
  const past = alarm.changedAtMs <= clock.wallMs() + FOREIGN_SKEW_MS;
  if (!past) telemetry.log('WARN', 'an alarm from the future is ignored', { ...alarm });
  return past;
}

/** The alarms that a delivery carries, which may be none; undefined when the event is no delivery. */
function alarmsOf(event: unknown): readonly AlarmMessage[] | undefined {
  const texts = decodeSns(event);
  if (texts) return texts.flatMap((text) => decodeAlarm(text) ?? []);
  const alarm = decodeAlarmEvent(event);
  return alarm && [alarm];
}

async function follow(ports: Ports, carried: readonly AlarmMessage[]): Promise<void> {
  const control = await readControl(ports);
  // Checked after the table has answered, as its answers carry the time that our clock is held to.
  const alarms = carried.filter((alarm) => isPast(ports, alarm));
  if (carried.length > 0 && alarms.length === 0) return;
  const asked = await askAround(
    ports,
    control,
    alarms.flatMap((alarm) => routeAlarm(ports, alarm)?.about ?? []),
  );
  const names = [ports.region, ...ports.peers.map(({ name }) => name)];
  const { before, after, others, states } = await update(ports, (view) =>
    claimed(stepped(ports, view, alarms, asked), view.others, names, ports.clock.wallMs()),
  );
  report(ports, before, after, others);
  const mine = newlyClaimed(before, after);
  const done = await discharge(ports, transitionsOf(after), mine);
  if (done.size > 0)
    await update(ports, ({ mine: record }) => mapTransitions(record, (t) => done.get(t.transitionId)?.(t) ?? t));
  await attend(ports, after, states);
}

/** Logs what has been recorded just now: one line a transition, and one line an incident that others recorded while this region was away. */
function report(
  { telemetry }: OrchestratorPorts,
  before: FailoverRecord,
  after: FailoverRecord,
  others: readonly FailoverRecord[],
): void {
  const idsIn = (records: readonly FailoverRecord[]): ReadonlySet<string> =>
    new Set(records.flatMap(transitionsOf).map(({ transitionId }) => transitionId));
  const [mine, theirs] = [idsIn([before]), idsIn(others)];
  const missed = new Map<string, FailoverState[]>();
  for (const transition of transitionsOf(after)) {
    const { transitionId, region, incident, state } = transition;
    if (mine.has(transitionId)) continue;
    if (theirs.has(transitionId)) {
      const about = `${region}#${incident}`;
      missed.set(about, [...(missed.get(about) ?? []), state]);
      continue;
    }
    telemetry.count(METRICS.transitions);
    telemetry.log('WARN', 'failover transition', { ...transition });
  }
  for (const [incident, states] of missed)
    telemetry.log('INFO', 'others had recorded this incident', { incident, states });
}

/** What this region's own record asks for: to tell people the outcome of an order, and to start the validation run it waits for. */
async function attend(
  ports: Ports,
  { noticedOrder = 0 }: FailoverRecord,
  states: readonly StateRecord[],
): Promise<void> {
  const own = states.find((state) => state.region === ports.region);
  if (!own) return;
  if (ports.waitForValidation && own.state === 'recovering')
    await requestValidation(ports, 'recovering', own.stateSinceMs);
  const { lastOrder } = own;
  // People cannot have been told of an order that the region has not decided.
  const isWild = noticedOrder > Math.max(own.closed, lastOrder?.number ?? 0);
  if (!lastOrder || (lastOrder.number <= noticedOrder && !isWild)) return;
  try {
    await withDeadline(ports.clock, PUBLISH_DEADLINE_MS, (signal) =>
      ports.notifier.publish(orderNotification(lastOrder, ports.system, ports.region), signal),
    );
    await update(ports, ({ mine }) => ({ ...mine, noticedOrder: lastOrder.number }));
  } catch (error) {
    ports.telemetry.log('ERROR', 'order outcome not published', { order: lastOrder.number, error });
  }
}

/** This region's record after the alarms and the steps of every region; the same object when nothing changed. */
function stepped(
  ports: OrchestratorPorts,
  view: ControlView,
  alarms: readonly AlarmMessage[],
  asked: Readonly<Record<string, Asked>>,
): FailoverRecord {
  const { clock, region, peers, timing } = ports;
  const nowMs = clock.wallMs();
  const heard = (about: string): { readonly state: 'ALARM' | 'OK'; readonly atMs: number }[] => {
    // A region that starts for the first time is unhealthy until it serves: nothing was lost.
    if (!hasServed(about, view)) return [];
    return alarms.flatMap((alarm) => {
      const told = routeAlarm(ports, alarm);
      return told?.about === about ? [{ state: told.state, atMs: alarm.sinceMs }] : [];
    });
  };
  const signs = (about: string): RegionSigns => signsOf(about, view, ports, asked[about] ?? NOT_ASKED, nowMs);
  return followed(view.mine, view.others, [region, ...peers.map(({ name }) => name)], { heard, signs, timing }, nowMs);
}

/** What the alarm of Route 53's health check says; undefined for any other alarm. */
function routeAlarm(
  { system }: OrchestratorPorts,
  { alarmName, state }: AlarmMessage,
): { readonly about: string; readonly state: 'ALARM' | 'OK' } | undefined {
  const parsed = parseAlarmName(system, alarmName);
  return parsed?.alarm === 'route53-unhealthy' && state !== 'INSUFFICIENT_DATA'
    ? { about: parsed.about, state }
    : undefined;
}

type Change = (transition: OpenTransition) => OpenTransition;

/** Writes history and publishes. What fails stays open in the record: the next minute's run takes it up again. */
async function discharge(
  ports: Ports,
  all: readonly OpenTransition[],
  mine: readonly OpenTransition[],
): Promise<Map<string, Change>> {
  const { telemetry, clock, system, region, notifier } = ports;
  const done = new Map<string, Change>();
  const note = (id: string, change: Change): void => {
    const before = done.get(id);
    done.set(id, (transition) => change(before ? before(transition) : transition));
  };
  for (const transition of all.filter(({ written }) => !written)) {
    try {
      await putItem(ports, { ...historyOf(transition, region) }, { kind: 'absent' });
      note(transition.transitionId, (t) => ({ ...t, written: true }));
    } catch (error) {
      telemetry.log('ERROR', 'history not written', { transitionId: transition.transitionId, error });
    }
  }
  for (const transition of mine) {
    const { transitionId, state, from, atMs } = transition;
    try {
      await withDeadline(clock, PUBLISH_DEADLINE_MS, (signal) =>
        notifier.publish(notificationOf(transition, system, region), signal),
      );
      note(transitionId, (t) => ({ ...t, sentAtMs: clock.wallMs() }));
      // A region that was away has come back: are the replicas equal? Asked once, by whoever told people.
      if (state === 'ActiveActive' && from !== 'HealthCheckFailed') await requestValidation(ports, transitionId, atMs);
    } catch (error) {
      telemetry.log('ERROR', 'notification not published', { transitionId, error });
      note(transitionId, (t) => ({ ...t, claimedAtMs: null }));
    }
  }
  return done;
}

function historyOf(transition: OpenTransition, writer: string): TransitionRecord {
  const { transitionId, region, incident, from, state, atMs, evidence, startedAtMs, recordedAtMs } = transition;
  const timestamp = transitionKey(writer, region, incident, state);
  const known: Transition = { transitionId, region, incident, from, state, atMs, evidence, startedAtMs };
  return { id: CONTROL_ID, timestamp, writer, ...known, recordedAtMs };
}

/** Asks for a run that begins at `sinceMs` or later, by this region's clock. One run answers all such requests. */
async function requestValidation(
  { invoker, clock, telemetry, validatorFunction }: OrchestratorPorts,
  reason: string,
  sinceMs: number | undefined,
): Promise<void> {
  try {
    await withDeadline(clock, PUBLISH_DEADLINE_MS, (signal) =>
      invoker.invokeLater(validatorFunction, { source: 'failover-orchestrator', reason, sinceMs }, signal),
    );
  } catch (error) {
    telemetry.log('ERROR', 'validation run not started', { reason, error });
  }
}
