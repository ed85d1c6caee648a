// Which write has used an idempotency key: records under an id of the key's own, so that a retry finds its first try in one read,
// whatever has been written since (docs/decisions/0017).
import { createHash } from 'node:crypto';
import { keyRecordId, keyUseKey, type KeyUse } from '@dr/contracts/system';
import { IDEMPOTENCY_WINDOW_MS } from '@dr/failover';
import { Problem, type Item, type Table } from '@dr/handler-core';

/** The last ones, of all replicas: a key has one, unless it is used again after its window or by two regions. */
const MAX_USES = 32;

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface KeyUses {
  readonly keyDigest: string;
  readonly uses: readonly KeyUse[];
  /** The highest number that is taken. */
  readonly last: number;
}

/** As far as they have arrived in this replica. A record that is none of ours counts as absent. */
export async function readKeyUses(table: Table, keyDigest: string, signal: AbortSignal): Promise<KeyUses> {
  const { items } = await table.query({ id: keyRecordId(keyDigest), limit: MAX_USES }, signal);
  const numbers = items.map(({ timestamp }) => Number(/^\d{6}(?=#)/.exec(timestamp)?.[0] ?? 0));
  return { keyDigest, uses: items.filter(isKeyUse), last: Math.max(0, ...numbers) };
}

function isKeyUse(item: Item): item is Item & KeyUse {
  const { itemId, request, stamp, previous, atMs } = item;
  return (
    [itemId, request, stamp].every((text) => typeof text === 'string' && text !== '') &&
    (previous === null || typeof previous === 'string') &&
    typeof atMs === 'number'
  );
}

/** The first use within the window by the same request. Throws Problem 422 when only other requests have used the key. */
export function useBy({ uses }: KeyUses, request: string, nowMs: number): KeyUse | undefined {
  const recent = uses.filter(({ atMs }) => nowMs - atMs <= IDEMPOTENCY_WINDOW_MS);
  const [first] = recent.filter((use) => use.request === request).sort((a, b) => (a.stamp < b.stamp ? -1 : 1));
  if (first || recent.length === 0) return first;
  throw new Problem(
    422,
    'idempotency-key-reused',
    'The Idempotency-Key belongs to another request',
    'A request of another method, item or body has used it within 15 minutes; nothing was written. Use a new key for a new request',
  );
}

/** False: somebody else has used the key in this replica since the uses were read. `replica`: its region. */
export async function claimKey(
  table: Table,
  replica: string,
  { keyDigest, last }: KeyUses,
  use: Omit<KeyUse, 'id' | 'timestamp'>,
  signal: AbortSignal,
): Promise<boolean> {
  const record: KeyUse = { id: keyRecordId(keyDigest), timestamp: keyUseKey(last + 1, replica), ...use };
  return (await table.put({ ...record }, { kind: 'absent' }, signal)) === 'written';
}
