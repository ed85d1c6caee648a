// What regions tell of incidents, as it may be trusted: no time to come, and no number that nobody can have counted.
import { FOREIGN_SKEW_MS } from '../clock';
import type { FailoverRecord, OpenTransition, RegionFailover } from './control-readers';
import { heldTo, type Held, type IsAhead } from './own-times';

/** No region has that many more incidents on record than another. */
const MAX_INCIDENTS_AHEAD = 1e6;

/** What another region has told, without incidents that nobody can have counted: mine would count on from them. */
export function withoutWildCounts(theirs: FailoverRecord, mine: FailoverRecord): Held<FailoverRecord> {
  const all = Object.entries(theirs.regions);
  const counted = all.filter(
    ([name, { incident }]) => incident <= (mine.regions[name]?.incident ?? 0) + MAX_INCIDENTS_AHEAD,
  );
  if (counted.length === all.length) return { record: theirs, bad: [] };
  const why = 'incident is far beyond what is on record here';
  return {
    record: { ...theirs, regions: Object.fromEntries(counted) },
    bad: [{ key: theirs.timestamp, why, version: theirs.version }],
  };
}

/**
 * The record without times to come. Only they are put right, so no incident is lost and none is silenced: what has happened had happened
 * when it was recorded, or by now, and what is said to be done in times to come is not done.
 */
export const withoutTheFuture = (record: FailoverRecord, nowMs: number): Held<FailoverRecord> =>
  heldTo(record, nowMs + FOREIGN_SKEW_MS, (isAhead) => ({
    ...record,
    regions: Object.fromEntries(
      Object.entries(record.regions).map(([name, region]) => [name, regionBy(region, nowMs, isAhead)]),
    ),
  }));

function regionBy(region: RegionFailover, nowMs: number, isAhead: IsAhead): RegionFailover {
  const { incident, route53 } = region;
  const transitions = region.transitions.map((one) => transitionBy(one, nowMs, isAhead));
  const first = transitions.find((one) => one.incident === incident);
  // Nothing that happens would be later than such an end: that of the last incident which is known to have ended counts.
  const ended = transitions.filter(({ state, atMs }) => state === 'ActiveActive' && atMs < nowMs);
  return {
    ...region,
    startedAtMs: isAhead('startedAtMs', region.startedAtMs) ? (first?.startedAtMs ?? nowMs) : region.startedAtMs,
    closedAtMs: isAhead('closedAtMs', region.closedAtMs) ? (ended.at(-1)?.atMs ?? 0) : region.closedAtMs,
    route53: isAhead('atMs', route53?.atMs) ? null : route53,
    transitions,
  };
}

function transitionBy(transition: OpenTransition, nowMs: number, isAhead: IsAhead): OpenTransition {
  const orNull = (name: string, ms: number | null): number | null => (isAhead(name, ms) ? null : ms);
  const recordedAtMs = isAhead('recordedAtMs', transition.recordedAtMs) ? nowMs : transition.recordedAtMs;
  const atMs = isAhead('atMs', transition.atMs) ? recordedAtMs : transition.atMs;
  return {
    ...transition,
    atMs,
    startedAtMs: isAhead('startedAtMs', transition.startedAtMs) ? atMs : transition.startedAtMs,
    recordedAtMs,
    claimedAtMs: orNull('claimedAtMs', transition.claimedAtMs),
    sentAtMs: orNull('sentAtMs', transition.sentAtMs),
  };
}
