// What regions know of each other's failover records: one number per incident everywhere, and who tells people of it.
import {
  CONTROL_ID,
  failoverKey,
  type FailoverRecord,
  type OpenTransition,
  type RegionFailover,
} from '@dr/contracts/system';
import { nextCount } from '@dr/contracts/system/records';
import { advance, hearAlarm, initialFailover, type MachineTiming, type RegionSigns } from './failover-machine';

/** Clocks of regions and of CloudWatch differ by less than this [A]. */
const CLOCK_SLACK_MS = 5_000;
/** How long it is the turn of one region to tell people, before it is that of the next: longer than a run every minute takes to come. */
export const TURN_MS = 90_000;
/** A publisher that has not reported back by then has failed. */
export const CLAIM_MS = 60_000;
/** News older than this is told to nobody. */
const STALE_NEWS_MS = 24 * 3_600_000;

/** Of a region that has followed nothing yet. */
export const newFailoverRecord = (writer: string): FailoverRecord => {
  return { id: CONTROL_ID, timestamp: failoverKey(writer), writer, version: 0, regions: {} };
};

/**
 * The number of an incident of `region` whose first evidence here is of `atMs`. If another observer is still in an incident, or closed
 * it after that time, it is that incident, even if it has been closed here. Otherwise it is the next number after all known ones.
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
  return highest >= mine.incident && covers ? highest : nextCount(Math.max(highest, mine.incident));
}

/** The machine with the newest Route 53 alarm that any region has heard: a region that was away learns from the others' records. */
export const hearOthers = (region: string, mine: RegionFailover, others: readonly FailoverRecord[]): RegionFailover =>
  others
    .flatMap((record) => record.regions[region]?.route53 ?? [])
    .reduce((machine, { state, atMs }) => hearAlarm(machine, state, atMs), mine);

/**
 * The place of `self` in line to tell people about `region`, from 0. The line follows the order of names, beginning after `region`, which comes
 * last: it is the one most likely to be gone.
 */
export function notifierRank(self: string, region: string, regions: readonly string[]): number {
  const sorted = [...regions].sort();
  const length = sorted.length;
  return (sorted.indexOf(self) - sorted.indexOf(region) - 1 + length) % length;
}

/** `told`: another region has published it. `publish`: it is mine to do, now. `wait`: not mine, or not yet. */
export type Duty = 'told' | 'publish' | 'wait' | 'done';

/**
 * What is to be done about one transition of mine. The turn goes round from the first time at which anybody recorded it, so that two
 * regions that see each other never speak at once, however late one of them comes to it.
 */
export function dutyFor(
  transition: OpenTransition,
  self: string,
  regions: readonly string[],
  others: readonly FailoverRecord[],
  nowMs: number,
): Duty {
  const { transitionId, region, sentAtMs, claimedAtMs, recordedAtMs } = transition;
  if (sentAtMs !== null) return 'done';
  const theirs = others
    .flatMap((record) => record.regions[region]?.transitions ?? [])
    .filter((other) => other.transitionId === transitionId);
  if (theirs.some((other) => other.sentAtMs !== null)) return 'told';
  if (nowMs - recordedAtMs > STALE_NEWS_MS) return 'told';
  if (claimedAtMs !== null && nowMs - claimedAtMs < CLAIM_MS) return 'wait';
  const firstMs = Math.min(recordedAtMs, ...theirs.map((other) => other.recordedAtMs));
  const turn = Math.floor(Math.max(0, nowMs - firstMs) / TURN_MS) % regions.length;
  return turn === notifierRank(self, region, regions) ? 'publish' : 'wait';
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

/** The record after the machine of every region has taken its steps; the same object when none did. */
export function followed(
  record: FailoverRecord,
  others: readonly FailoverRecord[],
  regions: readonly string[],
  watch: {
    readonly heard: (region: string) => readonly { readonly state: 'ALARM' | 'OK'; readonly atMs: number }[];
    readonly signs: (region: string, machine: RegionFailover) => RegionSigns;
    readonly timing: MachineTiming;
  },
  nowMs: number,
): FailoverRecord {
  let { regions: machines } = record;
  for (const region of regions) {
    const before = machines[region] ?? initialFailover;
    const told = watch
      .heard(region)
      .reduce((machine, { state, atMs }) => hearAlarm(machine, state, atMs), hearOthers(region, before, others));
    const after = advance(region, told, watch.signs(region, before), watch.timing, nowMs);
    if (after !== before) machines = { ...machines, [region]: after };
  }
  return machines === record.regions ? record : { ...record, regions: machines };
}

/** Claims what this region has to publish, and marks what others have published. The same object when nothing changes. */
export function claimed(
  record: FailoverRecord,
  others: readonly FailoverRecord[],
  regions: readonly string[],
  nowMs: number,
): FailoverRecord {
  const dutyOf = (transition: OpenTransition): Duty => dutyFor(transition, record.writer, regions, others, nowMs);
  if (transitionsOf(record).every((transition) => ['done', 'wait'].includes(dutyOf(transition)))) return record;
  return mapTransitions(record, (transition) => {
    const duty = dutyOf(transition);
    if (duty === 'publish') return { ...transition, claimedAtMs: nowMs };
    return duty === 'told' ? { ...transition, sentAtMs: nowMs } : transition;
  });
}

/** What the write from `before` to `after` has claimed. An older claim belongs to another run until it expires. */
export function newlyClaimed(before: FailoverRecord, after: FailoverRecord): readonly OpenTransition[] {
  const known = new Map(transitionsOf(before).map(({ transitionId, claimedAtMs }) => [transitionId, claimedAtMs]));
  return transitionsOf(after).filter(
    ({ transitionId, claimedAtMs, sentAtMs }) =>
      sentAtMs === null && claimedAtMs !== null && claimedAtMs !== (known.get(transitionId) ?? null),
  );
}

export const transitionsOf = (record: FailoverRecord): readonly OpenTransition[] =>
  Object.values(record.regions).flatMap(({ transitions }) => transitions);
