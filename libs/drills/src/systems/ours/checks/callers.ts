// Checks of what callers are promised who delete, set preconditions or use a key twice (docs/decisions/0017 and 0019).
import { Sequence } from '@dr/event-log';
import { keyRecordId } from '@dr/contracts/system';
import {
  clientItems,
  clientRequests,
  faultsBetween,
  isAcknowledgedWrite,
  ofKind,
  regionsLeft,
  storedVersions,
  versionKey,
} from '../../../run/run-record';
import type { FindWrong } from '../../../judge/check';
import { leftBehindKeys } from '../../../measure/left-behind';
import type { ReplicaItem, RequestEvent, RunRecord } from '../../../system-under-drill';

const acknowledgedIn = (record: RunRecord): Sequence<RequestEvent> => clientRequests(record).where(isAcknowledgedWrite);

const byKey = (items: Iterable<ReplicaItem>): ReadonlyMap<string, ReplicaItem> =>
  new Map(Sequence.of(items).map((item) => [versionKey(item), item]));

const named = ({ itemId, stamp = '' }: RequestEvent): string => versionKey({ id: itemId, timestamp: stamp });

/** 2, for deletions: a tombstone in every replica that is left. */
export const deletionsSurvive: FindWrong = (record) =>
  regionsLeft(record).flatMap((region) => {
    const replica = byKey(clientItems(record, region));
    const behind = leftBehindKeys(record);
    return acknowledgedIn(record)
      .filter((request) => request.method === 'DELETE' && !behind.has(named(request)))
      .filter((request) => replica.get(named(request))?.['deleted'] !== true)
      .map(
        ({ itemId, stamp }) => `the deletion of ${itemId} @ ${stamp} was acknowledged, and ${region} has no tombstone`,
      );
  });

/**
 * A key belongs to one request in the table that has taken it, and in every other one from when the key's record has arrived there:
 * another request is refused, and a retry never is. Where the version is written after that is no matter: a router whose table fails
 * once it has taken the key finishes the write at a peer.
 */
export const keysBelongToOneRequest: FindWrong = (record) => {
  const takes = takesByStamp(record);
  return clientRequests(record).flatMap((request) => {
    const { reuses, status, client, itemId, stamp = '', startedMs } = request;
    if (reuses === undefined)
      return status === 422 ? [`${client} was refused the key that it had used for this very write of ${itemId}`] : [];
    if (!isAcknowledgedWrite(request)) return [];
    const used = `${client} used the key of ${reuses} for another request of ${itemId}`;
    const own = takes.get(stamp) ?? [];
    if (stamp === reuses || own.length === 0) return [`${used}, and it was answered ${status} without taking the key`];
    const refusing = own.find(({ region }) =>
      takes
        .get(reuses)
        ?.some((first) => first.region === region || (first.heardMs.get(region) ?? Infinity) < startedMs),
    );
    return refusing ? [`${used}, and ${refusing.region}, which knew the key, took it and answered ${status}`] : [];
  });
};

interface Take {
  /** Whose table has taken the key. */
  readonly region: string;
  /** When the others learned of it. */
  readonly heardMs: ReadonlyMap<string, number>;
}

/** The records of keys, by the stamp of the version that each names. */
function takesByStamp({ replicas, events }: RunRecord): ReadonlyMap<string, readonly Take[]> {
  const heard = new Map<string, Map<string, number>>();
  for (const arrival of ofKind(events, 'item-replicated')) {
    if (!arrival.id.startsWith(keyRecordId(''))) continue;
    const key = versionKey(arrival);
    heard.set(key, (heard.get(key) ?? new Map<string, number>()).set(arrival.region, arrival.atMs));
  }
  const uses = new Map(
    Object.values(replicas)
      .flatMap((items) => Sequence.of(items).filter(({ id }) => id.startsWith(keyRecordId(''))))
      .map((use) => [versionKey(use), use]),
  );
  const takes = new Map<string, Take[]>();
  for (const [key, use] of uses) {
    const stamp = String(use['stamp']);
    const take = { region: use.timestamp.split('#')[1] ?? '', heardMs: heard.get(key) ?? new Map<string, number>() };
    takes.set(stamp, [...(takes.get(stamp) ?? []), take]);
  }
  return takes;
}

/**
 * Who set a precondition and was told "written" has written upon sight of the version that it named: the version that is stored
 * says so. Of items that nobody writes with a key; else what is stored last need not be what is shown.
 */
export const preconditionsHold: FindWrong = (record) => {
  const versions = byKey(storedVersions(record));
  return acknowledgedIn(record).flatMap((request) => {
    const { follows, client, itemId } = request;
    const previous = versions.get(named(request))?.['previous'];
    if (follows === undefined || previous === undefined) return [];
    const seen = previous === null ? undefined : versions.get(versionKey({ id: itemId, timestamp: String(previous) }));
    const isMet = follows === '*' ? previous === null || seen?.['deleted'] === true : previous === follows;
    return isMet
      ? []
      : [
          `${client} wrote ${itemId} on condition that ${follows} is the latest version, and it was ${String(previous)}`,
        ];
  });
};

/** Longer than a request and the pause of a router whose table has failed: then the other replica is asked, or written unasked. */
const DISTURBED_MS = 10_000;

/** Of writes that follow one version, one region takes one. */
export const oneFollowsAVersion: FindWrong = (record) => {
  const taken = new Map<string, RequestEvent>();
  return acknowledgedIn(record).flatMap((request) => {
    const { follows, client, itemId, region, dataRegion, startedMs, atMs } = request;
    // That there is no version may be true again, after a deletion.
    if (follows === undefined || follows === '*' || dataRegion !== region) return [];
    if (faultsBetween(record, startedMs - DISTURBED_MS, atMs).length > 0) return [];
    const key = `${itemId} ${follows} ${region}`;
    const before = taken.get(key);
    taken.set(key, request);
    return before ? [`${client} and ${before.client} both followed ${follows} of ${itemId} in ${region}`] : [];
  });
};
