// What an item shows: the latest of its versions that may be trusted and that repeats no earlier one, as the item API decides it.
import type { ItemVersion } from '@dr/contracts/system';
import { tryRead, Unfit, type Read } from '@dr/contracts/system/records';
import { collapse, IDEMPOTENCY_WINDOW_MS, keyUsedAtMs } from '@dr/failover';
import { MAX_AHEAD_MS, stampMs, versionReader } from '@dr/failover/stored-version';

const json: Read<string> = (value, path) => {
  if (typeof value === 'string' && isJson(value)) return value;
  throw new Unfit(`${path} is not JSON`);
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const readVersion = versionReader({ json, value: (value) => value });

/** Of what a table holds, the versions that the item API would take for such at that time; in the same order. */
export const fitVersions = (items: readonly object[], nowMs: number): readonly ItemVersion[] =>
  items.flatMap((item) => {
    const found = tryRead(readVersion, item);
    return 'is' in found && stampMs(found.is.timestamp) <= nowMs + MAX_AHEAD_MS ? [found.is] : [];
  });

/**
 * Of an item's fit versions, newest first, the one that is shown: itself undefined where there is none. undefined: an older version, not
 * yet read, may be what the newest one repeats. `ended`: there are no older ones.
 */
export function shownOf(
  newestFirst: readonly ItemVersion[],
  ended: boolean,
): { readonly version: ItemVersion | undefined } | undefined {
  const [version] = collapse(newestFirst, IDEMPOTENCY_WINDOW_MS);
  const oldest = newestFirst.at(-1);
  if (ended || !version || !oldest) return ended ? { version } : undefined;
  const isSure =
    version.idempotencyKey === undefined ||
    // A version is never older than the use of its key.
    stampMs(oldest.timestamp) < keyUsedAtMs(version) - IDEMPOTENCY_WINDOW_MS;
  return isSure ? { version } : undefined;
}
