// The RTO record: what the regions have written of each incident, put together without mixing one clock with another.
import { FAILOVER_STATES, type FailoverState, type TransitionRecord } from '@dr/contracts/system';

/** Newest first. The same record, read in several regions, counts once. */
export function incidentsOf(records: readonly TransitionRecord[]): Incident[] {
  const known = new Map(records.map((record) => [record.timestamp, record]));
  const groups = new Map<string, TransitionRecord[]>();
  for (const record of known.values()) {
    const key = `${record.region}#${record.incident}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups.values()]
    .map(incidentOf)
    .sort((a, b) => b.startedAt.localeCompare(a.startedAt) || a.region.localeCompare(b.region));
}

export type Incident = ReturnType<typeof incidentOf>;

function incidentOf(records: readonly TransitionRecord[]) {
  const { region, incident } = records[0] as TransitionRecord;
  const ordered = [...records].sort(
    (a, b) =>
      a.atMs - b.atMs ||
      FAILOVER_STATES.indexOf(a.state) - FAILOVER_STATES.indexOf(b.state) ||
      a.recordedAtMs - b.recordedAtMs ||
      a.writer.localeCompare(b.writer),
  );
  const firsts = records.filter(({ state }) => state === 'HealthCheckFailed');
  const isRecorded = (wanted: FailoverState): boolean => records.some(({ state }) => state === wanted);
  /** From first evidence to the state, each by one recorder's own evidence: the longest that any recorder has. null: not yet. */
  const longestTo = (state: FailoverState): number | null => {
    const spans = records.filter((one) => one.state === state).map(({ atMs, startedAtMs }) => atMs - startedAtMs);
    return spans.length > 0 ? Math.max(...spans) / 1000 : null;
  };
  return {
    region,
    incident,
    /** The earliest evidence that anybody recorded, ISO 8601. */
    startedAt: iso(Math.min(...records.map(({ startedAtMs }) => startedAtMs))),
    closed: isRecorded('ActiveActive'),
    /** Clients were moved; else the region recovered first, or it is not known yet. */
    failedOver: isRecorded('Route53Failover'),
    /** It left by an operator's order: its times are no recovery times. Nobody saw it fail on its own before. */
    planned: firsts.length > 0 && firsts.every(({ evidence }) => evidence === 'evacuation'),
    secondsToFailover: longestTo('Route53Failover'),
    secondsToRerouted: longestTo('TrafficRerouted'),
    secondsToRecovered: longestTo('ActiveActive'),
    /** By time of evidence, then as an incident passes through its states. */
    transitions: ordered.map(({ transitionId, from, state, evidence, atMs, startedAtMs, writer, recordedAtMs }) => ({
      transitionId,
      from,
      state,
      evidence,
      at: iso(atMs),
      /** From the first evidence that this recorder had. */
      secondsSinceStart: (atMs - startedAtMs) / 1000,
      recordedBy: writer,
      recordedAt: iso(recordedAtMs),
    })),
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();
