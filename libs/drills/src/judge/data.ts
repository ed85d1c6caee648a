// Checks of data: what clients were told is written is there, everywhere, and what was at risk came back.
import { isDeepStrictEqual } from 'node:util';
import { LOSS_KINDS } from '@dr/contracts';
import { leftBehindKeys } from '../measure/left-behind';
import { acknowledgedVersions, isKeptIn, writesAtRisk } from '../measure/measure';
import {
  clientItems,
  clientRequests,
  goneRegions,
  isAcknowledgedWrite,
  loneFault,
  ofFault,
  ofKind,
  regionsLeft,
  versionKey,
} from '../run/run-record';
import type { Loss, ReplicaItem, RunRecord, Verdict, VersionName } from '../system-under-drill';
import { ofBoth, verdict, type Checks } from './check';

const readable = (key: string): string => key.replace('\n', ' @ ');
const versionsIn = (run: RunRecord, region: string): Map<string, ReplicaItem> =>
  new Map(clientItems(run, region).map((item) => [versionKey(item), item]));

/** 1. After heal and quiescence; of regions that are left, where one is gone for good and has taken writes with it. */
const replicasEqual = (run: RunRecord): Verdict => {
  const [first = '', ...others] = regionsLeft(run);
  const behind = leftBehindKeys(run);
  const reference = versionsIn(run, first);
  const broken = others.flatMap((region) => {
    const replica = versionsIn(run, region);
    const keys = new Set([...reference.keys(), ...replica.keys()]);
    return [...keys]
      .filter((key) => !behind.has(key) && !isDeepStrictEqual(reference.get(key), replica.get(key)))
      .map((key) => `${readable(key)} differs between ${first} and ${region}`);
  });
  return verdict(broken, `${reference.size} item versions in each of ${others.length + 1} replicas`);
};

/** 2. In every replica, but for what a region that is gone for good has taken with it. */
const acknowledgedWritesSurvive = (run: RunRecord): Verdict => {
  const behind = leftBehindKeys(run);
  const all = acknowledgedVersions(run);
  const acknowledged = new Set([...all].filter((key) => !behind.has(key)));
  const unnamed = clientRequests(run).filter((r) => isAcknowledgedWrite(r) && r.stamp === undefined).length;
  const lost = regionsLeft(run).flatMap((region) => {
    const replica = versionsIn(run, region);
    return [...acknowledged].filter((key) => !replica.has(key)).map((key) => `${readable(key)} is not in ${region}`);
  });
  const broken = unnamed > 0 ? [`${unnamed} writes were acknowledged without naming their version`, ...lost] : lost;
  const taken = all.size - acknowledged.size;
  const gone =
    taken === 0 ? '' : `; ${taken} more are gone with ${goneRegions(run).join(', ')}, or not in all that are left`;
  return verdict(broken, `${acknowledged.size} acknowledged writes are in every replica${gone}`);
};

/** 3. */
const nothingReadUnwritten = (run: RunRecord): Verdict => {
  const written = new Set(ofKind(run.events, 'item-written').map(versionKey));
  const reads = clientRequests(run).filter((r) => r.method === 'GET' && r.stamp !== undefined);
  const broken = reads
    .map((read) => versionKey({ id: read.itemId, timestamp: read.stamp as string }))
    .filter((key) => !written.has(key))
    .map((key) => `${readable(key)} was read but never written`);
  return verdict(broken, `${reads.length} reads returned versions that were written`);
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
  const acknowledged = acknowledgedVersions(run);
  const held = new Set(unreplicated.map(versionKey).filter((key) => acknowledged.has(key)));
  const atRisk = writesAtRisk(ofFault(run, fault));
  const counted = new Set(atRisk.map(versionKey));
  const behind = leftBehindKeys(run);
  const isKept = isKeptIn(run);
  const isMissing = (write: VersionName): boolean => !behind.has(versionKey(write)) && !isKept(write);
  const broken = [
    ...[...counted].filter((key) => !held.has(key)).map((key) => `${readable(key)} is counted but was not held back`),
    ...[...held].filter((key) => !counted.has(key)).map((key) => `${readable(key)} was held back but is not counted`),
    ...(atRisk.some(isMissing) ? ['not every write at risk came back after heal'] : []),
  ];
  const end = atRisk.some((write) => behind.has(versionKey(write)))
    ? 'back after heal or lost for good'
    : 'back after heal';
  return verdict(broken, `${counted.size} writes at risk, each accounted for and ${end}`);
}

export const OF_DATA: Checks = {
  'replicas-equal': ofBoth(1, replicasEqual),
  'acknowledged-writes-survive': ofBoth(2, acknowledgedWritesSurvive),
  'nothing-read-unwritten': ofBoth(3, nothingReadUnwritten),
  'rpo-accounted': ofBoth(4, rpoAccounted),
};
