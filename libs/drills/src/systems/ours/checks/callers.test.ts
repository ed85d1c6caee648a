// The checks of callers who delete, set preconditions or use a key twice: each holds for a sound record and names what is wrong.
import type { LoggedEvent } from '@dr/twin';
import { request } from '../../../testing/fixtures';
import { recordOf, wrongBy } from '../../../testing/schedule-fixtures';
import type { ReplicaItem, RunRecord } from '../../../system-under-drill';

/** [check, what, sound, broken, what it says]. */
const cases: readonly [string, string, RunRecord, RunRecord, RegExp][] = [
  [
    'one-version-a-request',
    'one deletion is two tombstones',
    recordOf({ events: [put(1_000, { method: 'DELETE' })], ...stored(['t1'], { deleted: true }) }),
    recordOf({ events: [put(1_000, { method: 'DELETE' })], ...stored(['t1', 't2'], { deleted: true }) }),
    /somebody sent 1 writes of a, and 2 versions of it are stored/,
  ],
  [
    'deletions-survive',
    'an acknowledged deletion is a version like any other in one replica',
    recordOf({ events: [put(1_000, { method: 'DELETE' })], ...stored(['t1'], { deleted: true }) }),
    recordOf({
      events: [put(1_000, { method: 'DELETE' })],
      replicas: { mumbai: versions(['t1'], { deleted: true }), singapore: versions(['t1']) },
    }),
    /the deletion of a @ t1 was acknowledged, and singapore has no tombstone/,
  ],
  [
    'keys-belong-to-one-request',
    'another request takes a key in the table that has taken it',
    recordOf({
      events: [put(1_000), put(2_000, { reuses: 't1', status: 422 }), put(3_000, { reuses: 't1', stamp: 't2' })],
      // Singapore had not heard of the key yet.
      ...taken(['t1', 'mumbai'], ['t2', 'singapore']),
    }),
    recordOf({
      events: [put(1_000), put(2_000, { reuses: 't1', stamp: 't2' })],
      ...taken(['t1', 'mumbai'], ['t2', 'mumbai']),
    }),
    /c1 used the key of t1 for another request of a, and mumbai, which knew the key, took it and answered 200/,
  ],
  [
    'keys-belong-to-one-request',
    'another request takes a key where its record has arrived',
    recordOf({
      // Mumbai took the key before it had heard of it, and its table failed then: the write was finished where the key was known.
      events: [put(1_000), heard('t1', 'mumbai', 2_500), put(3_000, { reuses: 't1', stamp: 't2', startedMs: 2_000 })],
      ...taken(['t1', 'singapore'], ['t2', 'mumbai']),
    }),
    recordOf({
      events: [put(1_000), heard('t1', 'mumbai', 1_500), put(3_000, { reuses: 't1', stamp: 't2', startedMs: 2_000 })],
      ...taken(['t1', 'singapore'], ['t2', 'mumbai']),
    }),
    /mumbai, which knew the key, took it and answered 200/,
  ],
  [
    'keys-belong-to-one-request',
    'another request is answered as the first one',
    recordOf({ events: [put(1_000)], ...taken(['t1', 'mumbai']) }),
    recordOf({ events: [put(1_000), put(2_000, { reuses: 't1' })], ...taken(['t1', 'mumbai']) }),
    /it was answered 200 without taking the key/,
  ],
  [
    'keys-belong-to-one-request',
    'another request is written and takes no key',
    recordOf({ events: [put(1_000)], ...taken(['t1', 'mumbai']) }),
    recordOf({ events: [put(1_000), put(2_000, { reuses: 't1', stamp: 't2' })], ...taken(['t1', 'mumbai']) }),
    /it was answered 200 without taking the key/,
  ],
  [
    'keys-belong-to-one-request',
    'a retry is refused its own key',
    recordOf({ events: [put(1_000), put(2_000)] }),
    recordOf({ events: [put(1_000), put(2_000, { outcome: 'http-error', status: 422 })] }),
    /c1 was refused the key that it had used for this very write of a/,
  ],
  [
    'preconditions-hold',
    'a write follows another version than the one that it named',
    recordOf({ events: [put(1_000, { follows: 't0' })], ...stored(['t1'], { previous: 't0' }) }),
    recordOf({ events: [put(1_000, { follows: 't0' })], ...stored(['t1'], { previous: 't00' }) }),
    /c1 wrote a on condition that t0 is the latest version, and it was t00/,
  ],
  [
    'preconditions-hold',
    'an item is written that was to be new',
    recordOf({ events: [put(1_000, { follows: '*' })], ...stored(['t1'], { previous: null }) }),
    recordOf({ events: [put(1_000, { follows: '*' })], ...stored(['t0', 't1'], { previous: 't0' }) }),
    /c1 wrote a on condition that \* is the latest version, and it was t0/,
  ],
  [
    'one-follows-a-version',
    'one region takes two writes that follow one version',
    recordOf({
      events: [
        put(1_000, { follows: 't0' }),
        put(1_100, { follows: 't0', status: 412 }),
        put(1_200, { follows: 't0', stamp: 't2', region: 'singapore', dataRegion: 'singapore' }),
      ],
    }),
    recordOf({ events: [put(1_000, { follows: 't0' }), put(1_100, { follows: 't0', stamp: 't2', client: 'c2' })] }),
    /c2 and c1 both followed t0 of a in mumbai/,
  ],
  [
    'read-your-writes',
    'a client reads what it had deleted',
    recordOf({
      events: [put(1_000, { method: 'DELETE', stamp: 't2' }), request(2_000, { status: 404, dataRegion: 'mumbai' })],
      ...stored(['t2'], { deleted: true }),
    }),
    recordOf({
      events: [put(1_000, { method: 'DELETE', stamp: 't2' }), request(2_000, { stamp: 't1', dataRegion: 'mumbai' })],
      ...stored(['t2'], { deleted: true }),
    }),
    /c1 had written a @ t2 in mumbai and read t1 there at 2 s/,
  ],
];

test.each(cases)('%s fails when %s', (id, _what, sound, unsound, message) => {
  expect(wrongBy(id, sound)).toEqual([]);
  expect(wrongBy(id, unsound).join('; ')).toMatch(message);
});

/** By `c1` in mumbai; acknowledged as `t1` unless told otherwise. */
function put(atMs: number, more: Parameters<typeof request>[1] = {}): LoggedEvent {
  const isRefused = (more.status ?? 200) >= 300;
  return request(atMs, { method: 'PUT', dataRegion: 'mumbai', ...(isRefused ? {} : { stamp: 't1' }), ...more });
}
function keyUse(stamp: string, region: string, number = 1): ReplicaItem {
  return { id: 'control-key#k', timestamp: `00000${number}#${region}`, stamp };
}
/** Records of the key, `[stamp, region that took it]`, as every replica holds them in the end. */
function taken(...uses: readonly [string, string][]): Pick<RunRecord, 'replicas'> {
  const items = uses.map(([stamp, region], index) => keyUse(stamp, region, index + 1));
  return { replicas: { mumbai: items, singapore: items } };
}
/** The record that singapore wrote of the key arrives in the region. */
function heard(stamp: string, region: string, atMs: number): LoggedEvent {
  const { id, timestamp } = keyUse(stamp, 'singapore');
  return { atMs, kind: 'item-replicated', region, from: 'singapore', id, timestamp, lagMs: 500, applied: true };
}
function versions(timestamps: readonly string[], more: object = {}): readonly ReplicaItem[] {
  return timestamps.map((timestamp) => ({ id: 'a', timestamp, value: { by: 'c1' }, ...more }));
}
function stored(timestamps: readonly string[], more: object = {}): Pick<RunRecord, 'replicas'> {
  const items = versions(timestamps, more);
  return { replicas: { mumbai: items, singapore: items } };
}
