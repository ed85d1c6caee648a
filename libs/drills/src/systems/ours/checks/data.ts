// Checks of data over a schedule's run: invariants 1 to 4, and what they rest on (stamps, one version a request, retries).
import type { FindWrong } from '../../../judge/check';
import { clientRequests, isAcknowledgedWrite, storedVersions } from '../../../run/run-record';
import type { ReplicaItem, RequestEvent } from '../../../system-under-drill';

/** What was written upon sight of a version comes after it, whatever the clocks say. */
export const stampsFollowWhatWasSeen: FindWrong = (record) =>
  storedVersions(record).flatMap(({ id, timestamp, previous }) =>
    typeof previous === 'string' && timestamp <= previous
      ? [`${id} @ ${timestamp} was written upon sight of ${previous}, which sorts after it`]
      : [],
  );

/** A request that was tried at two replicas is one version. */
export const oneVersionARequest: FindWrong = (record) => {
  const sent = counted(
    clientRequests(record).filter(({ method }) => method !== 'GET'),
    ({ client, itemId, method }) => `${method === 'DELETE' ? SOMEBODY : client} ${itemId}`,
  );
  const stored = counted(storedVersions(record), (item) => `${writerOf(item)} ${item.id}`);
  return [...stored].flatMap(([key, versions]) => {
    const requests = sent.get(key) ?? 0;
    const [client, item] = key.split(' ');
    return versions > requests
      ? [`${client} sent ${requests} writes of ${item}, and ${versions} versions of it are stored`]
      : [];
  });
};

/** A deletion does not tell whose it was. */
const SOMEBODY = 'somebody';

/** The client that wrote the version, as its document says. */
function writerOf({ json, value, deleted }: ReplicaItem): string | undefined {
  if (deleted) return SOMEBODY;
  const document = typeof json === 'string' ? (JSON.parse(json) as unknown) : value;
  return (document as { by?: string } | null | undefined)?.by;
}

/** Two clients that were both told "written" wrote two versions. */
export const acknowledgedApart: FindWrong = (record) => {
  const owner = new Map<string, string>();
  return clientRequests(record)
    .filter(isAcknowledgedWrite)
    .flatMap(({ client, itemId, stamp }) => {
      const key = `${itemId} @ ${stamp}`;
      const before = owner.get(key);
      owner.set(key, client);
      return before !== undefined && before !== client ? [`${key} was acknowledged to ${before} and to ${client}`] : [];
    });
};

/** A client that reads from the replica that took its write finds that write or a later one. */
export const readYourWrites: FindWrong = (record) => {
  const last = new Map<string, string>();
  // A write with a key may be shown as its first try, which another region took.
  const keyed = new Set(
    storedVersions(record).flatMap((item) => (item['idempotencyKey'] === undefined ? [] : [item.timestamp])),
  );
  // Who reads nothing has read the item's last deletion, or one before it.
  const deletedAt = new Map<string, string>();
  for (const { id, timestamp, deleted } of storedVersions(record)) {
    if (deleted) deletedAt.set(id, laterOf(timestamp, deletedAt.get(id)));
  }
  const inOrder = [...clientRequests(record)].sort((a, b) => a.startedMs - b.startedMs);
  return inOrder.flatMap((request) => {
    if (request.outcome !== 'ok' || request.dataRegion === undefined) return [];
    const key = `${request.client} ${request.itemId} ${request.dataRegion}`;
    if (request.method !== 'GET') {
      if (!isAcknowledgedWrite(request) || request.stamp === undefined || keyed.has(request.stamp)) return [];
      last.set(key, laterOf(request.stamp, last.get(key)));
      return [];
    }
    const written = last.get(key);
    if (written === undefined || (request.stamp ?? '') >= written) return [];
    const isGone = request.stamp === undefined && (deletedAt.get(request.itemId) ?? '') >= written;
    return isGone ? [] : [unread(request, written)];
  });
};

const laterOf = (a: string | undefined, b: string | undefined): string =>
  (a ?? '') > (b ?? '') ? (a ?? '') : (b ?? '');

const unread = ({ client, itemId, dataRegion, stamp, startedMs }: RequestEvent, written: string): string =>
  `${client} had written ${itemId} @ ${written} in ${dataRegion} and read ${stamp ?? 'nothing'} there at ${startedMs / 1000} s`;

/** Retried writes show once, and the same way in every region. */
export const retriesAreOneWrite: FindWrong = ({ audits }) => {
  const seen = new Map<string, string>();
  return audits.flatMap(({ region, itemId, versions }) => {
    if (!versions) return [`${region} does not show the history of ${itemId}`];
    const keys = counted(
      versions.filter(({ keyUse }) => keyUse !== undefined),
      ({ keyUse }) => String(keyUse),
    );
    const twice = [...keys].filter(([, times]) => times > 1).map(([key]) => key);
    const history = versions.map(({ timestamp }) => timestamp).join(' ');
    const before = seen.get(itemId);
    seen.set(itemId, history);
    return [
      ...twice.map((key) => `${region} shows two versions of ${itemId} with the key ${key}`),
      ...(before !== undefined && before !== history ? [`the regions show two histories of ${itemId}`] : []),
    ];
  });
};

function counted<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(keyOf(value), (counts.get(keyOf(value)) ?? 0) + 1);
  return counts;
}
