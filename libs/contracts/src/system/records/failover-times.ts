// What regions tell of incidents, as it may be trusted: no time to come, and no number that nobody can have counted.
import { FOREIGN_SKEW_MS } from '../clock';
import type { FailoverRecord, RegionFailover } from './control-readers';

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
