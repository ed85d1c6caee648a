// The failover state machine of one region: a pure step over what is known now. It decides nothing about traffic, which
// health checks move; it says what happened, when, and on what evidence.
import type { Evidence, FailoverState, OpenTransition, RegionFailover } from '@dr/contracts/system';

/** What is known about one region at a moment. Times are the observer's, or CloudWatch's for alarms. */
export interface RegionSigns {
  /**
   * The region's heartbeat in my replica; of my own region, Route 53's probes. `fresh`: since when it comes without a
   * pause. `stale`: since when one is overdue. null: I cannot tell.
   */
  readonly heartbeat:
    { readonly kind: 'fresh'; readonly sinceMs: number } | { readonly kind: 'stale'; readonly sinceMs: number } | null;
  /** Whether its /health says 200 to me directly; null: not asked. */
  readonly answers: boolean | null;
  /** Whether us-east-1, where Route 53's alarms live, answers. While it does, its alarm has the last word. null: not asked. */
  readonly globalRegionAnswers: boolean | null;
  /** Its own record says that it has left service by an operator's order. */
  readonly evacuated: boolean;
  /** When another region was seen serving and reached, at `sinceMs` or later, in that incident; null: not yet. */
  readonly survivorAt: (incident: number, sinceMs: number) => number | null;
  /** Number to give an incident whose first evidence is of `atMs`. */
  readonly incidentAt: (atMs: number) => number;
}

export interface MachineTiming {
  /** From loss to Route 53's verdict at worst. */
  readonly worstDetectionMs: number;
  readonly ttlMs: number;
  /** Default {@link ALARM_LAG_MS}. */
  readonly alarmLagMs?: number;
}

export const initialFailover: RegionFailover = {
  state: 'ActiveActive',
  incident: 0,
  startedAtMs: 0,
  closedAtMs: 0,
  route53: null,
  transitions: [],
};

interface Step {
  readonly state: FailoverState;
  readonly atMs: number;
  readonly evidence: Evidence;
}

/** A long absence may pass through all five states at once. */
const MAX_STEPS = 5;

/** The machine after all steps that the signs allow. The same object when there is none. */
export function advance(
  region: string,
  before: RegionFailover,
  signs: RegionSigns,
  timing: MachineTiming,
  nowMs: number,
): RegionFailover {
  let machine = before;
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const step = nextStep(machine, signs, timing, nowMs);
    if (!step) break;
    machine = enter(region, machine, step, signs, nowMs);
    // Nothing new can be known of an incident that has just been closed.
    if (machine.state === 'ActiveActive') break;
  }
  return machine;
}

function nextStep(machine: RegionFailover, signs: RegionSigns, timing: MachineTiming, nowMs: number): Step | undefined {
  switch (machine.state) {
    case 'ActiveActive':
      return failing(machine, signs);
    case 'HealthCheckFailed':
      return failedOver(machine, signs, timing, nowMs) ?? recoveredInPeace(machine, signs, timing, nowMs);
    case 'Route53Failover': {
      const expiredMs = enteredAt(machine) + timing.ttlMs;
      const back = recovered(machine, signs);
      if (back && back.atMs < expiredMs) return back;
      return nowMs >= expiredMs ? { state: 'TrafficRerouted', atMs: expiredMs, evidence: 'dns-ttl' } : undefined;
    }
    case 'TrafficRerouted': {
      const atMs = signs.survivorAt(machine.incident, enteredAt(machine));
      return atMs === null ? recovered(machine, signs) : { state: 'SingleRegionActive', atMs, evidence: 'survivor' };
    }
    case 'SingleRegionActive':
      return recovered(machine, signs);
  }
}

/** The record must not show a planned absence as a loss. */
const ofAlarm = (evacuated: boolean): Evidence => (evacuated ? 'evacuation' : 'route53-alarm');

/** Evidence from before the end of the last incident belongs to that incident, however late it arrives. */
function failing({ route53, closedAtMs }: RegionFailover, { heartbeat, evacuated }: RegionSigns): Step | undefined {
  const overdueMs = heartbeat?.kind === 'stale' && heartbeat.sinceMs > closedAtMs ? heartbeat.sinceMs : Infinity;
  const alarmMs = route53?.state === 'ALARM' && route53.atMs > closedAtMs ? route53.atMs : Infinity;
  const atMs = Math.min(overdueMs, alarmMs);
  if (atMs === Infinity) return undefined;
  return { state: 'HealthCheckFailed', atMs, evidence: overdueMs <= alarmMs ? 'heartbeat' : ofAlarm(evacuated) };
}

/**
 * Route 53's alarm says so; or, when us-east-1 cannot be heard, the region has been silent on every channel for as long
 * as Route 53 takes at worst. Silence alone is not enough: between two living regions replication may just stand still.
 */
function failedOver(
  { route53, closedAtMs }: RegionFailover,
  { heartbeat, answers, globalRegionAnswers, evacuated }: RegionSigns,
  { worstDetectionMs }: MachineTiming,
  nowMs: number,
): Step | undefined {
  if (route53?.state === 'ALARM' && route53.atMs > closedAtMs) {
    return { state: 'Route53Failover', atMs: route53.atMs, evidence: ofAlarm(evacuated) };
  }
  if (heartbeat?.kind !== 'stale' || globalRegionAnswers !== false || answers === true) return undefined;
  const atMs = heartbeat.sinceMs + worstDetectionMs;
  return nowMs >= atMs ? { state: 'Route53Failover', atMs, evidence: 'silence' } : undefined;
}

/** The alarm is OK again and the heartbeat is fresh. An alarm that cannot be heard any more does not hold us back. */
function recovered(
  { route53, startedAtMs }: RegionFailover,
  { heartbeat, answers, globalRegionAnswers }: RegionSigns,
): Step | undefined {
  if (heartbeat?.kind !== 'fresh') return undefined;
  const isDeaf = globalRegionAnswers === false && answers === true;
  if (route53?.state === 'ALARM' && !isDeaf) return undefined;
  const clearedMs = route53?.atMs ?? 0;
  return { state: 'ActiveActive', atMs: Math.max(startedAtMs, clearedMs, heartbeat.sinceMs), evidence: 'recovery' };
}

/**
 * [A] Route 53's alarm has been delivered by then: a health check that turns once the region is back (42 s at most), the minute of its
 * metric (60 s), the arrival of that (120 s), an evaluation (60 s) and a delivery.
 */
export const ALARM_LAG_MS = 300_000;

/** Until the alarm can have spoken, the incident stays open. Otherwise a late alarm would open it again under another number. */
function recoveredInPeace(
  machine: RegionFailover,
  signs: RegionSigns,
  { alarmLagMs = ALARM_LAG_MS }: MachineTiming,
  nowMs: number,
): Step | undefined {
  const back = recovered(machine, signs);
  return back && nowMs >= back.atMs + alarmLagMs ? back : undefined;
}

const enteredAt = ({ transitions, startedAtMs }: RegionFailover): number => transitions.at(-1)?.atMs ?? startedAtMs;

function enter(
  region: string,
  machine: RegionFailover,
  step: Step,
  { incidentAt }: RegionSigns,
  nowMs: number,
): RegionFailover {
  const opens = machine.state === 'ActiveActive';
  const incident = opens ? incidentAt(step.atMs) : machine.incident;
  const startedAtMs = opens ? step.atMs : machine.startedAtMs;
  // Evidence comes from several clocks. Within an incident, times must not go backwards.
  const atMs = opens ? step.atMs : Math.max(step.atMs, enteredAt(machine));
  const transition: OpenTransition = {
    transitionId: `${region}#${incident}#${step.state}`,
    region,
    incident,
    from: machine.state,
    state: step.state,
    atMs,
    evidence: step.evidence,
    startedAtMs,
    recordedAtMs: nowMs,
    written: false,
    claimedAtMs: null,
    sentAtMs: null,
  };
  // Of the incident before, a peer may not have read yet that people were told.
  const kept = opens
    ? machine.transitions.filter((open) => isUntold(open) || open.incident >= machine.incident)
    : machine.transitions;
  // This region may join an incident again that others still have open. What people were told of it is not told again.
  const isKnown = kept.some(({ transitionId }) => transitionId === transition.transitionId);
  return {
    ...machine,
    state: step.state,
    incident,
    startedAtMs,
    closedAtMs: step.state === 'ActiveActive' ? Math.max(atMs, machine.closedAtMs) : machine.closedAtMs,
    transitions: (isKnown ? kept : [...kept, transition]).slice(-MAX_OPEN_TRANSITIONS),
  };
}

/** Four incidents whose notifications no topic has taken yet. */
const MAX_OPEN_TRANSITIONS = 20;

const isUntold = ({ written, sentAtMs }: OpenTransition): boolean => !written || sentAtMs === null;

/** The newest state of the alarm counts, since deliveries come late, twice and out of order. */
export function hearAlarm(machine: RegionFailover, state: 'ALARM' | 'OK', atMs: number): RegionFailover {
  return machine.route53 && machine.route53.atMs >= atMs ? machine : { ...machine, route53: { state, atMs } };
}
