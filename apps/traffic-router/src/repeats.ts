// Which versions were written with one key: what repeats an earlier write, and what contradicts another one. The records of keys alone
// decide it, however much of the item has been read: else a page and the whole of a history would say different things.
import type { ItemVersion, KeyUse } from '@dr/contracts/system';
import { contradict, IDEMPOTENCY_WINDOW_MS, keyUsedAtMs, repeats, shareKey } from '@dr/failover';
import { versionAt } from './item-reads';
import { keyUsesAround } from './key-records';
import type { Replica } from './stored-records';

export interface Judge {
  /** It repeats no earlier version. */
  readonly isShown: (version: ItemVersion) => Promise<boolean>;
  /** Shown versions with its key and another content: each of the two names the other. */
  readonly contradictions: (version: ItemVersion) => Promise<readonly ItemVersion[]>;
}

/** Versions of older versions of the function have the key itself, and no records of it. */
const DIGEST = /^[0-9a-f]{64}$/;

/** `whole`: `versions` are all that there are of the item. Then records are read only where two of them have one key. */
export function createJudge(
  replica: Replica,
  id: string,
  { versions, whole }: { readonly versions: readonly ItemVersion[]; readonly whole: boolean },
): Judge {
  const uses = once((key: string, atMs: number) => keyUsesAround(replica, key, atMs).then((around) => around.uses));
  const stored = once((stamp: string) => versionAt(replica, id, stamp));
  const inHand = new Map(versions.map((version) => [version.timestamp, version]));

  const findRelatives = async (version: ItemVersion): Promise<readonly ItemVersion[]> => {
    const { idempotencyKey: key } = version;
    if (key === undefined || !DIGEST.test(key)) return [];
    const related = (other: ItemVersion): boolean => other.timestamp !== version.timestamp && shareKey(other, version);
    if (whole && !versions.some(related)) return [];
    const atMs = keyUsedAtMs(version);
    const near = ({ itemId, atMs: usedAtMs }: KeyUse): boolean =>
      itemId === id && Math.abs(usedAtMs - atMs) <= IDEMPOTENCY_WINDOW_MS;
    const stamps = new Set((await uses(key, atMs)).filter(near).map(({ stamp }) => stamp));
    stamps.delete(version.timestamp);
    const found = await Promise.all(
      [...stamps].map((stamp) => inHand.get(stamp) ?? (whole ? undefined : stored(stamp))),
    );
    return found.flatMap((other) => (other && related(other) ? [other] : []));
  };
  const byStamp = new Map<string, Promise<readonly ItemVersion[]>>();
  const relativesOf = (version: ItemVersion): Promise<readonly ItemVersion[]> => {
    const found = byStamp.get(version.timestamp) ?? findRelatives(version);
    byStamp.set(version.timestamp, found);
    return found;
  };
  const isShown = async (version: ItemVersion): Promise<boolean> =>
    !(await relativesOf(version)).some((other) => repeats(version, other));

  return {
    isShown,
    contradictions: async (version) => {
      const others = (await relativesOf(version)).filter((other) => contradict(version, other));
      const judged = await Promise.all(
        others.map(async (other) => {
          const knows = (await relativesOf(other)).some(({ timestamp }) => timestamp === version.timestamp);
          return knows && (await isShown(other));
        }),
      );
      return others.filter((_, at) => judged[at]);
    },
  };
}

/** Each is asked once. */
function once<A extends readonly unknown[], T>(ask: (...given: A) => Promise<T>): (...given: A) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (...given) => {
    const key = JSON.stringify(given);
    const found = asked.get(key) ?? ask(...given);
    asked.set(key, found);
    return found;
  };
}
