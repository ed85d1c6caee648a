// The versions of one item as two tables have them, side by side, and what the item shows.
import type { ReplicaItem } from '@dr/consistency';
import type { ItemVersion } from '@dr/contracts/system';
import { fitVersions, shownOf } from '@dr/consistency/restore';
import type { VersionPage, VersionTable } from './ports';

const PAGE = 100;

async function* versionsOf(table: VersionTable, id: string): AsyncGenerator<ReplicaItem, undefined> {
  let before: string | undefined;
  do {
    const page: VersionPage = await table.history(id, before, PAGE);
    yield* page.items;
    before = page.next;
  } while (before !== undefined);
  return undefined;
}

export interface Pair {
  readonly timestamp: string;
  readonly now: ReplicaItem | undefined;
  readonly then: ReplicaItem | undefined;
}

/** Each version that one of the two has, newest first; no more than a page of each is held. */
export async function* sideBySide(live: VersionTable, restored: VersionTable, id: string): AsyncGenerator<Pair> {
  const here = versionsOf(live, id);
  const there = versionsOf(restored, id);
  let [now, then] = (await Promise.all([here.next(), there.next()])).map(({ value }) => value);
  while (now || then) {
    const order = !now ? -1 : !then ? 1 : inTable(now.timestamp, then.timestamp);
    const timestamp = (order >= 0 ? now : then)?.timestamp as string;
    yield { timestamp, now: order >= 0 ? now : undefined, then: order <= 0 ? then : undefined };
    if (order >= 0) now = (await here.next()).value;
    if (order <= 0) then = (await there.next()).value;
  }
}

/** DynamoDB sorts by bytes of UTF-8. */
const inTable = (a: string, b: string): number => (a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b)));

export interface Shows {
  /** undefined: there is none, or it is of no form that the item API takes. */
  readonly version: ItemVersion | undefined;
  /** Its newest version that may be trusted, shown or not. */
  readonly newest: string | null;
}

export async function showing(table: VersionTable, id: string, nowMs: number): Promise<Shows> {
  const versions: ItemVersion[] = [];
  let before: string | undefined;
  for (;;) {
    const { items, next }: VersionPage = await table.history(id, before, PAGE);
    versions.push(...fitVersions(items, nowMs));
    const shown = shownOf(versions, next === undefined);
    if (shown) return { version: shown.version, newest: versions[0]?.timestamp ?? null };
    before = next;
  }
}
