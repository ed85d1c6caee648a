// Which write has used an idempotency key: records under an id of the key's own, so that a retry finds its first try in one read,
// whatever has been written since (docs/decisions/0017).
import { createHash } from 'node:crypto';
import { keyRecordId, keyUseKey, keyUsePlace, type KeyUse } from '@dr/contracts/system';
import { IDEMPOTENCY_WINDOW_MS } from '@dr/failover';
import { Problem, type Item } from '@dr/handler-core';
import { descend } from './item-reads';
import type { Replica } from './stored-records';

/** A key has one, unless it is used again after its window or by two regions. */
const MAX_USES = 32;

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface KeyUses {
  readonly keyDigest: string;
  readonly aroundMs: number;
  readonly uses: readonly KeyUse[];
  /** Sort keys of what was read, fit or not. */
  readonly taken: ReadonlySet<string>;
}

/**
 * The last uses, of all replicas, that can lie within the window of one at `atMs`, as far as they have arrived in this replica. A use is
 * sorted by the time of the one before it, so neither later uses nor their number change what is found.
 */
export async function keyUsesAround(replica: Replica, keyDigest: string, atMs: number): Promise<KeyUses> {
  const taken = new Set<string>();
  const parse = (items: readonly Item[]): readonly KeyUse[] => {
    for (const { timestamp } of items) taken.add(timestamp);
    return replica.records.keyUses(items);
  };
  const range = { id: keyRecordId(keyDigest), before: keyUsePlace(atMs + 2 * IDEMPOTENCY_WINDOW_MS) };
  const { fit } = await descend(replica, range, parse, () => MAX_USES);
  return { keyDigest, aroundMs: atMs, uses: fit, taken };
}

/** By the same request within the window, oldest stamp first. Throws Problem 422 when only other requests have used the key. */
export function usesBy({ uses }: KeyUses, request: string, nowMs: number): readonly KeyUse[] {
  const recent = uses.filter(({ atMs }) => Math.abs(nowMs - atMs) <= IDEMPOTENCY_WINDOW_MS);
  const own = recent.filter((use) => use.request === request).sort((a, b) => (a.stamp < b.stamp ? -1 : 1));
  if (own.length > 0 || recent.length === 0) return own;
  throw new Problem(
    422,
    'idempotency-key-reused',
    'The Idempotency-Key belongs to another request',
    'A request of another method, item or body has used it within 15 minutes. Use a new key for a new request',
  );
}

/** Whether the key was taken in this region's replica. */
export const isUseIn = (region: string, { timestamp }: KeyUse): boolean => timestamp.endsWith(`#${region}`);

/** False: somebody else has used the key in this replica since the uses were read. */
export async function claimKey(
  { region, table, signal }: Replica,
  { keyDigest, aroundMs, uses, taken }: KeyUses,
  use: Omit<KeyUse, 'id' | 'timestamp'>,
): Promise<boolean> {
  // Who has read the same uses comes to the same place, so one of them gets it. Where nobody would look it would not be found again.
  const times = uses.map(({ atMs }) => Math.floor(atMs)).filter((atMs) => atMs <= aroundMs + IDEMPOTENCY_WINDOW_MS);
  let placeMs = Math.max(0, ...times, ...uses.map(({ timestamp }) => placeOf(timestamp) + 1));
  while (taken.has(keyUseKey(placeMs, region))) placeMs += 1;
  const record: KeyUse = { id: keyRecordId(keyDigest), timestamp: keyUseKey(placeMs, region), ...use };
  return (await table.put({ ...record }, { kind: 'absent' }, signal)) === 'written';
}

/** Records of older versions count from 1. */
function placeOf(sortKey: string): number {
  const [place = ''] = sortKey.split('#');
  return /^\d{6}$/.test(place) ? Number(place) - 1 : Date.parse(place);
}
