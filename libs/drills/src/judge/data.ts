// Checks of data: what clients were told is written is there, everywhere, and what was at risk came back.
import { isDeepStrictEqual } from 'node:util';
import { LOSS_KINDS } from '@dr/contracts';
import { leftBehindKeys } from '../measure/left-behind';
import { acknowledgedOf, acknowledgedVersions, notKept, writesAtRisk } from '../measure/measure';
import {
  clientItems,
  clientRequests,
  goneRegions,
  isAcknowledgedWrite,
  lackedBy,
  loneFault,
  ofFault,
  ofKind,
  partsOf,
  regionsLeft,
  versionKey,
} from '../run/run-record';
import type { Loss, ReplicaItem, RequestEvent, RunRecord, Verdict } from '../system-under-drill';
import { ofBoth, verdict, type Checks } from './check';

const readable = (key: string): string => key.replace('\n', ' @ ');

/** 1. After heal and quiescence; of regions that are left, where one is gone for good and has taken writes with it. */
const replicasEqual = (run: RunRecord): Verdict => {
  const [first = '', ...others] = regionsLeft(run);
  const behind = leftBehindKeys(run);
  const reference = clientItems(run, first);
  const broken = others.flatMap((region) =>
    differences(reference, clientItems(run, region))
      .filter((key) => !behind.has(key))
      .map((key) => `${readable(key)} differs between ${first} and ${region}`),
  );
  return verdict(broken, `${reference.count()} item versions in each of ${others.length + 1} replicas`);
};

/**
 * Keys of versions that are not the same, or that one of the two lacks. They are gone through side by side: both are in one order, so that
 * an item meets its like at once, or after a few that the other one lacks.
 */
function differences(one: Iterable<ReplicaItem>, other: Iterable<ReplicaItem>): string[] {
  const here = { walk: one[Symbol.iterator](), unmet: new Map<string, ReplicaItem>() };
  const there = { walk: other[Symbol.iterator](), unmet: new Map<string, ReplicaItem>() };
  const broken: string[] = [];
  /** False: there are no more. */
  const step = ({ walk, unmet }: typeof here, opposite: typeof here): boolean => {
    const next = walk.next();
    if (next.done === true) return false;
    const key = versionKey(next.value);
    const like = opposite.unmet.get(key);
    if (!like) unmet.set(key, next.value);
    else if (opposite.unmet.delete(key) && !isDeepStrictEqual(like, next.value)) broken.push(key);
    return true;
  };
  for (let isMore = true; isMore;) isMore = [step(here, there), step(there, here)].includes(true);
  return [...broken, ...here.unmet.keys(), ...there.unmet.keys()];
}

/** 2. In every replica, but for what a region that is gone for good has taken with it. */
export const acknowledgedWritesSurvive = (run: RunRecord, parts = partsOf(run)): Verdict => {
  const behind = leftBehindKeys(run);
  const unnamed = clientRequests(run)
    .where((r) => isAcknowledgedWrite(r) && r.stamp === undefined)
    .count();
  const lost: string[] = [];
  const count = { all: 0, taken: 0 };
  for (const isIn of parts) {
    const all = acknowledgedVersions(run, isIn);
    count.all += all.size;
    for (const key of all) if (behind.has(key)) count.taken += 1;
    for (const region of regionsLeft(run)) {
      const items = clientItems(run, region).where(({ id }) => isIn(id));
      for (const key of lackedBy(items, all)) if (!behind.has(key)) lost.push(`${readable(key)} is not in ${region}`);
    }
  }
  const broken = unnamed > 0 ? [`${unnamed} writes were acknowledged without naming their version`, ...lost] : lost;
  const gone =
    count.taken === 0
      ? ''
      : `; ${count.taken} more are gone with ${goneRegions(run).join(', ')}, or not in all that are left`;
  return verdict(broken, `${count.all - count.taken} acknowledged writes are in every replica${gone}`);
};

/** 3. */
export const nothingReadUnwritten = (run: RunRecord, parts = partsOf(run)): Verdict => {
  const reads = clientRequests(run).where((r) => r.method === 'GET' && r.stamp !== undefined);
  const versionOf = (read: RequestEvent): string => versionKey({ id: read.itemId, timestamp: read.stamp as string });
  const broken = parts.flatMap((isIn) => {
    const writes = ofKind(run.events, 'item-written').where(({ id }) => isIn(id));
    const written = writes.setOf(versionKey);
    return reads
      .filter((read) => isIn(read.itemId) && !written.has(versionOf(read)))
      .map((read) => `${readable(versionOf(read))} was read but never written`);
  });
  return verdict(broken, `${reads.count()} reads returned versions that were written`);
};

/** 4. At every loss of a region, and at a fault that stands alone. */
const rpoAccounted = (run: RunRecord): Verdict => {
  const alone = loneFault(run);
  const verdicts = run.losses
    .filter(({ fault }) => LOSS_KINDS.includes(fault.kind) || fault === alone)
    .map((loss) => accountedAt(run, loss));
  return verdicts.find(({ holds }) => !holds) ?? verdicts[0] ?? verdict([], 'no region was lost');
};

/** What the log says was at risk is what the replication layer still held. It came back, but for what a region then took with it for good. */
function accountedAt(run: RunRecord, { fault, unreplicated }: Loss): Verdict {
  const held = acknowledgedOf(run, unreplicated);
  const atRisk = writesAtRisk(ofFault(run, fault));
  const counted = new Set(atRisk.map(versionKey));
  const behind = leftBehindKeys(run);
  const missing = notKept(run, atRisk).filter((write) => !behind.has(versionKey(write)));
  const broken = [
    ...[...counted].filter((key) => !held.has(key)).map((key) => `${readable(key)} is counted but was not held back`),
    ...[...held].filter((key) => !counted.has(key)).map((key) => `${readable(key)} was held back but is not counted`),
    ...(missing.length > 0 ? ['not every write at risk came back after heal'] : []),
  ];
  const end = atRisk.some((write) => behind.has(versionKey(write)))
    ? 'back after heal or lost for good'
    : 'back after heal';
  return verdict(broken, `${counted.size} writes at risk, each accounted for and ${end}`);
}

export const OF_DATA: Checks = {
  'replicas-equal': ofBoth(1, replicasEqual),
  'acknowledged-writes-survive': ofBoth(2, (run) => acknowledgedWritesSurvive(run)),
  'nothing-read-unwritten': ofBoth(3, (run) => nothingReadUnwritten(run)),
  'rpo-accounted': ofBoth(4, rpoAccounted),
};
