// Times in a region's own records, as its clock has them now: no record may hold up what waits for a time to pass.
import { CLOCK_SKEW_MS, FOREIGN_SKEW_MS } from '../clock';
import type { AdmissionMemory, FailoverRecord, RegionFailover, StateRecord } from './control-readers';
import { MAX_COUNT } from './readers';

/**
 * Times that lie ahead were written by a clock that has gone back since, or by somebody else. They are taken to be now: what waits
 * for time to pass then waits as long again, and not until a time that may never come.
 */
export function inOwnTime(record: StateRecord, nowMs: number): StateRecord {
  const at = (ms: number): number => (ms > nowMs + CLOCK_SKEW_MS ? nowMs : ms);
  const orNull = (ms: number | null): number | null => (ms === null ? null : at(ms));
  const { memory, stateSinceMs } = record;
  return {
    ...record,
    beatAtMs: at(record.beatAtMs),
    leavingSinceMs: orNull(record.leavingSinceMs),
    lastProbeAtMs: at(record.lastProbeAtMs),
    ...(stateSinceMs === undefined ? {} : { stateSinceMs: at(stateSinceMs) }),
    ...(memory ? { memory: memoryAt(memory, at, orNull) } : {}),
  };
}

const memoryAt = (
  { atMs, aloneSinceMs, peers }: AdmissionMemory,
  at: (ms: number) => number,
  orNull: (ms: number | null) => number | null,
): AdmissionMemory => ({
  atMs: at(atMs),
  aloneSinceMs: orNull(aloneSinceMs),
  peers: Object.fromEntries(
    Object.entries(peers).map(([name, peer]) => [
      name,
      {
        ...peer,
        heardAtMs: orNull(peer.heardAtMs),
        freshSinceMs: orNull(peer.freshSinceMs),
        answeredAtMs: orNull(peer.answeredAtMs),
        silentSinceMs: at(peer.silentSinceMs),
        ...(peer.soundAtMs === undefined ? {} : { soundAtMs: at(peer.soundAtMs) }),
      },
    ]),
  ),
});

/** The record as it may be written: a count that somebody has put at its end begins anew. */
export const recounted = (record: StateRecord): StateRecord => ({
  ...record,
  version: record.version > MAX_COUNT ? 1 : record.version,
  sequence: record.sequence > MAX_COUNT ? 1 : record.sequence,
  closed: record.closed > MAX_COUNT ? 0 : record.closed,
});

/** No region has that many more incidents on record than another. */
const MAX_INCIDENTS_AHEAD = 1e6;

/** What another region has told, without incidents that nobody can have counted: mine would count on from them. */
export const withoutWildCounts = (theirs: FailoverRecord, mine: FailoverRecord): FailoverRecord => ({
  ...theirs,
  regions: Object.fromEntries(
    Object.entries(theirs.regions).filter(
      ([name, { incident }]) => incident <= (mine.regions[name]?.incident ?? 0) + MAX_INCIDENTS_AHEAD,
    ),
  ),
});

/** Without what is told of regions from times to come: nothing that happens would ever be newer. */
export const withoutTheFuture = (record: FailoverRecord, nowMs: number): FailoverRecord => {
  const regions = Object.entries(record.regions).filter(([, region]) => isPast(region, nowMs + FOREIGN_SKEW_MS));
  return regions.length === Object.keys(record.regions).length
    ? record
    : { ...record, regions: Object.fromEntries(regions) };
};

const isPast = ({ startedAtMs, closedAtMs, route53, transitions }: RegionFailover, latestMs: number): boolean =>
  [
    startedAtMs,
    closedAtMs,
    route53?.atMs ?? 0,
    ...transitions.flatMap((one) => [one.atMs, one.startedAtMs, one.recordedAtMs, one.claimedAtMs ?? 0]),
  ].every((ms) => ms <= latestMs);
