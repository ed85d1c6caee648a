// What regions know of each other's failover records: one number per incident everywhere, and who tells people of it.
import type { FailoverRecord, OpenTransition, RegionFailover } from '@dr/contracts';
import { hearAlarm } from './failover-machine';

/** Clocks of regions and of CloudWatch differ by less than this [A]. */
const CLOCK_SLACK_MS = 5_000;
/** How long the next region waits for the one before it to have told people. */
export const NOTIFY_GRACE_MS = 90_000;
/** A publisher that has not reported back by then has failed. */
export const CLAIM_MS = 60_000;
/** News older than this is told to nobody. */
const STALE_NEWS_MS = 24 * 3_600_000;

/**
 * The number of an incident of `region` that begins for me with evidence of `atMs`: another observer's, if that one is
 * still in it or closed it later than my evidence; else the next after all that anybody knows.
 */
export function incidentNumber(
  region: string,
  mine: RegionFailover,
  others: readonly FailoverRecord[],
  atMs: number,
): number {
  const theirs = others.flatMap((record) => record.regions[region] ?? []);
  const highest = Math.max(0, ...theirs.map(({ incident }) => incident));
  const holders = theirs.filter(({ incident }) => incident === highest);
  const covers = holders.some(
    ({ state, closedAtMs }) => state !== 'ActiveActive' || closedAtMs + CLOCK_SLACK_MS >= atMs,
  );
  return highest > mine.incident && covers ? highest : Math.max(highest, mine.incident) + 1;
}

/** My machine with the Route 53 alarm as anybody has heard it: a region that was away learns from the others' records. */
export const hearOthers = (region: string, mine: RegionFailover, others: readonly FailoverRecord[]): RegionFailover =>
  others
    .flatMap((record) => record.regions[region]?.route53 ?? [])
    .reduce((machine, { state, atMs }) => hearAlarm(machine, state, atMs), mine);

/**
 * My place in line to tell people about `region`: its neighbours in the order of names come first, the region itself last,
 * as it is the one most likely to be gone.
 */
export function notifierRank(self: string, region: string, regions: readonly string[]): number {
  const sorted = [...regions].sort();
  const length = sorted.length;
  return (sorted.indexOf(self) - sorted.indexOf(region) - 1 + length) % length;
}

/** `told`: another region has published it. `publish`: it is mine to do, now. `wait`: not mine, or not yet. */
export type Duty = 'told' | 'publish' | 'wait' | 'done';

/** What is to be done about one transition of mine. */
export function dutyFor(
  transition: OpenTransition,
  self: string,
  regions: readonly string[],
  others: readonly FailoverRecord[],
  nowMs: number,
): Duty {
  const { transitionId, region, sentAtMs, claimedAtMs, recordedAtMs } = transition;
  if (sentAtMs !== null) return 'done';
  const theirs = others.flatMap((record) => record.regions[region]?.transitions ?? []);
  if (theirs.some((other) => other.transitionId === transitionId && other.sentAtMs !== null)) return 'told';
  if (nowMs - recordedAtMs > STALE_NEWS_MS) return 'told';
  if (claimedAtMs !== null && nowMs - claimedAtMs < CLAIM_MS) return 'wait';
  return nowMs >= recordedAtMs + notifierRank(self, region, regions) * NOTIFY_GRACE_MS ? 'publish' : 'wait';
}

/** The record with `change` applied to each of its transitions. */
export const mapTransitions = (
  record: FailoverRecord,
  change: (transition: OpenTransition) => OpenTransition,
): FailoverRecord => ({
  ...record,
  regions: Object.fromEntries(
    Object.entries(record.regions).map(([name, region]) => [
      name,
      { ...region, transitions: region.transitions.map(change) },
    ]),
  ),
});
