// The RTO record: what the regions have written of each incident, put together without mixing one clock with another.
import { FAILOVER_STATES, type FailoverState, type TransitionRecord } from '@dr/contracts/system';

export interface RecordedTransition {
  readonly transitionId: string;
  readonly from: string;
  readonly state: string;
  readonly evidence: string;
  /** Time of the evidence, ISO 8601. */
  readonly at: string;
  /** From the first evidence that this recorder had. */
  readonly secondsSinceStart: number;
  readonly recordedBy: string;
  readonly recordedAt: string;
}

export interface Incident {
  readonly region: string;
  readonly incident: number;
  /** The earliest evidence that anybody recorded. */
  readonly startedAt: string;
  /** Somebody recorded its end. */
  readonly closed: boolean;
  /** Clients were moved; else the region recovered first, or it is not known yet. */
  readonly failedOver: boolean;
  /** It left by an operator's order: its times are no recovery times. Nobody saw it fail on its own before. */
  readonly planned: boolean;
  /**
   * From first evidence to the state, each by one recorder's own evidence: the longest that any recorder has. null: not
   * reached, or not yet.
   */
  readonly secondsToFailover: number | null;
  readonly secondsToRerouted: number | null;
  readonly secondsToRecovered: number | null;
  /** By time of evidence, then as an incident passes through its states. */
  readonly transitions: readonly RecordedTransition[];
}

/** Newest first. The same record, read in several regions, counts once. */
export function incidentsOf(records: readonly TransitionRecord[]): Incident[] {
  const known = new Map(records.map((record) => [record.timestamp, record]));
  const groups = new Map<string, TransitionRecord[]>();
  for (const record of known.values()) {
    const key = `${record.region}#${record.incident}`;
    const group = groups.get(key);
    if (group) group.push(record);
    else groups.set(key, [record]);
  }
  return [...groups.values()]
    .map(incidentOf)
    .sort((a, b) => b.startedAt.localeCompare(a.startedAt) || a.region.localeCompare(b.region));
}

function incidentOf(records: readonly TransitionRecord[]): Incident {
  const { region, incident } = records[0] as TransitionRecord;
  const ordered = [...records].sort(
    (a, b) =>
      a.atMs - b.atMs ||
      FAILOVER_STATES.indexOf(a.state) - FAILOVER_STATES.indexOf(b.state) ||
      a.recordedAtMs - b.recordedAtMs ||
      a.writer.localeCompare(b.writer),
  );
  const firsts = records.filter(({ state }) => state === 'HealthCheckFailed');
  const longestTo = (state: FailoverState): number | null => {
    const spans = records.filter((one) => one.state === state).map(({ atMs, startedAtMs }) => atMs - startedAtMs);
    return spans.length > 0 ? Math.max(...spans) / 1000 : null;
  };
  return {
    region,
    incident,
    startedAt: iso(Math.min(...records.map(({ startedAtMs }) => startedAtMs))),
    closed: records.some(({ state }) => state === 'ActiveActive'),
    failedOver: records.some(({ state }) => state === 'Route53Failover'),
    planned: firsts.length > 0 && firsts.every(({ evidence }) => evidence === 'evacuation'),
    secondsToFailover: longestTo('Route53Failover'),
    secondsToRerouted: longestTo('TrafficRerouted'),
    secondsToRecovered: longestTo('ActiveActive'),
    transitions: ordered.map((one) => ({
      transitionId: one.transitionId,
      from: one.from,
      state: one.state,
      evidence: one.evidence,
      at: iso(one.atMs),
      secondsSinceStart: (one.atMs - one.startedAtMs) / 1000,
      recordedBy: one.writer,
      recordedAt: iso(one.recordedAtMs),
    })),
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();
