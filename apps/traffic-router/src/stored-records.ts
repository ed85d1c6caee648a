// Versions, uses of keys and successors as they may be trusted. What this function has not written so is named, and counts as absent.
import type { ItemVersion, KeyUse, SuccessorRecord } from '@dr/contracts/system';
import {
  count,
  fields,
  optional,
  orNull,
  text,
  time,
  tryRead,
  Unfit,
  type BadRecord,
  type Read,
} from '@dr/contracts/system/records';
import { itemId, matching, MAX_AHEAD_MS, stampMs, region, stamp, versionReader } from '@dr/failover/stored-version';
import {
  bytesInResponse,
  jsonIn,
  MAX_RESPONSE_BYTES,
  type Cancellation,
  type Clock,
  type Item,
  type Table,
} from '@dr/handler-core';

/** Status, headers, and all of a response that is no version. */
export const ENVELOPE_BYTES = 4_000;

/** One replica, asked by one request. */
export interface Replica {
  /** Of the replica. */
  readonly region: string;
  readonly table: Table;
  readonly signal: Cancellation;
  readonly records: Records;
}

/** Of what a table gives: the records that are fit. The others are told. */
export interface Records {
  readonly nowMs: () => number;
  readonly versions: (items: readonly Item[]) => readonly ItemVersion[];
  readonly keyUses: (items: readonly Item[]) => readonly KeyUse[];
  readonly successor: (item: Item | undefined) => {
    readonly record: SuccessorRecord | undefined;
    readonly bad: BadRecord | undefined;
  };
}

export function createRecords(clock: Pick<Clock, 'wallMs'>, tellBad: (bad: readonly BadRecord[]) => void): Records {
  const sorted = <T>(items: readonly Item[], read: Read<T>): { fit: readonly T[]; bad: readonly BadRecord[] } => {
    const [fit, bad]: [T[], BadRecord[]] = [[], []];
    for (const item of items) {
      const found = tryRead(read, item);
      const { id, timestamp, version } = item;
      if ('is' in found) fit.push(found.is);
      else bad.push({ key: `${id} ${timestamp}`, why: found.why, version });
    }
    if (bad.length > 0) tellBad(bad);
    return { fit, bad };
  };
  // The clock is read for the first record, and for one that is later than was possible then.
  let latestMs = Number.NEGATIVE_INFINITY;
  const isAhead = (ms: number): boolean => {
    if (ms > latestMs) latestMs = clock.wallMs() + MAX_AHEAD_MS;
    return ms > latestMs;
  };
  const by =
    <T extends object>(read: Read<T>, stampOf: (record: T) => string): Read<T> =>
    (value, path) => {
      const record = read(value, path);
      if (!isAhead(stampMs(stampOf(record)))) return record;
      throw new Unfit('it is of times to come');
    };
  const version = by(readVersion, ({ timestamp }) => timestamp);
  const keyUse = by(readKeyUse, ({ stamp }) => stamp);
  const successor = by(readSuccessor, ({ stamp }) => stamp);
  return {
    nowMs: () => clock.wallMs(),
    versions: (items) => sorted(items, version).fit,
    keyUses: (items) => sorted(items, keyUse).fit,
    successor: (item) => {
      const { fit, bad } = sorted(item ? [item] : [], successor);
      return { record: fit[0], bad: bad[0] };
    },
  };
}

const digest = matching('a SHA-256 as hex', (given) => /^[0-9a-f]{64}$/.test(given));
const USE_KEY = /^(?:\d{6}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)#[a-z][a-z0-9]*$/;
const useKey = matching('the sort key of a use', (given) => USE_KEY.test(given));

/** Texts go into responses as they are. */
const jsonText: Read<string> = (value, path) => {
  if (typeof value === 'string' && jsonIn(value) !== undefined) return value;
  throw new Unfit(`${path} is not JSON`);
};
/** Written out, control characters take six bytes and more: unlike a text, it may be longer than a response. */
const jsonValue: Read<unknown> = (value, path) => {
  if (value === undefined || bytesInResponse(JSON.stringify(value)) <= MAX_RESPONSE_BYTES - ENVELOPE_BYTES)
    return value;
  throw new Unfit(`${path} is longer than a response may be`);
};

const readVersion = versionReader({ json: jsonText, value: jsonValue });

const shapeOfKeyUse = fields({
  id: text(),
  timestamp: useKey,
  itemId,
  request: digest,
  stamp,
  previous: orNull(stamp),
  atMs: time,
  after: optional(orNull(stamp)),
});

const readKeyUse: Read<KeyUse> = (item, path) => {
  const use = shapeOfKeyUse(item, path);
  const seen = [use.previous, use.after ?? null].some((one) => one !== null && one >= use.stamp);
  if (seen || use.atMs > stampMs(use.stamp)) throw new Unfit('it names a version that is older than it can be');
  return use;
};

const shapeOfSuccessor = fields({
  id: text(),
  timestamp: region,
  version: count,
  after: orNull(stamp),
  stamp,
  atMs: time,
  key: optional(digest),
});

const readSuccessor: Read<SuccessorRecord> = (item, path) => {
  const record = shapeOfSuccessor(item, path);
  if ((record.after ?? '') >= record.stamp) throw new Unfit('it names a version that is older than it can be');
  return record;
};
