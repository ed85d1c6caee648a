// What a restore finds of each item, and what would be written back.
import { differenceOf, HERE, newRun, OpenKeys, tooMany, ValidationRun, type DifferenceKind } from '@dr/consistency';
import { isWrittenBy, showSame } from '@dr/consistency/restore';
import { InputError } from '@dr/contracts';
import { parseStamp } from '@dr/failover';
import type { Operator } from '../operator';
import { showing, sideBySide } from './history';
import type { FoundKind, ItemPlan } from './item-plan';
import { patiently } from './patience';
import type { VersionTable } from './ports';
import type { Progress } from './progress';
import type { RestoreRequest } from './request';

const KINDS: Readonly<Record<DifferenceKind, FoundKind>> = {
  'missing-there': 'added',
  divergent: 'altered',
  'missing-here': 'gone',
};

export interface Tables {
  readonly live: VersionTable;
  readonly restored: VersionTable;
}

/** Keys that may differ, as far as the tables have been read: about 400 MB of this process. */
const LIMITS = { keys: 1_000_000, bytes: 300_000_000 };
const CHUNK_BYTES = 1_000_000;
/** Looked at together, and kept together. */
export const BATCH = 32;

export interface Planning {
  readonly operator: Pick<Operator, 'now' | 'sleep'>;
  readonly tables: Tables;
  readonly request: RestoreRequest;
  readonly restorer: string;
  readonly say: (line: string) => void;
}

/** Goes on where `progress` says that an earlier run was. */
export async function plan(planning: Planning, progress: Progress): Promise<void> {
  const { request, say } = planning;
  const ids = request.ids ?? (await differing(planning, progress));
  for (let at = progress.looked; at < ids.length; at = progress.looked) {
    say(`${at} of ${ids.length} items looked at`);
    const batch = ids.slice(at, at + BATCH);
    progress.planned(await Promise.all(batch.map((id) => itemPlan(planning, id, progress.startedAtMs))));
  }
  progress.endPlan();
}

/** Ids of items that have a version which is not the same in both tables. Both are gone through once, page by page. */
async function differing({ operator, tables, say }: Planning, progress: Progress): Promise<readonly string[]> {
  const { startedAtMs, scanned } = progress;
  const start = scanned.state ?? newRun({ id: 'restore', startedAtMs, settleMs: 0, peers: ['restored'] });
  const run = new ValidationRun(start, new OpenKeys(scanned.chunks), LIMITS);
  while (run.stage === 'scanning') {
    const read = run.nextPages().map(async ({ replica, cursor, limit }) => {
      const table = replica === HERE ? tables.live : tables.restored;
      const { items, next } = await patiently(operator, () => table.scan(cursor, limit));
      return { replica, items, cursor: next };
    });
    run.addPages(await Promise.all(read), operator.now());
    progress.scan(run.snapshot(), run.open.takeRecent(CHUNK_BYTES));
    const { here, peers } = run.snapshot();
    say(`${here.items} versions compared with ${peers[0]?.items ?? 0} of before, ${run.open.size} may differ`);
  }
  if (run.snapshot().peers[0]?.incompleteBecause === tooMany(LIMITS))
    throw new InputError(
      'the two tables',
      `differ in more than ${LIMITS.keys} versions, or are not listed in one order`,
      'Name the items that are meant, in parts, with --keys FILE',
    );
  const ids = new Set<string>();
  for (const { id } of run.open.values()) ids.add(id);
  return [...ids].sort();
}

async function itemPlan({ operator, tables, restorer }: Planning, id: string, startedAtMs: number): Promise<ItemPlan> {
  const { live, restored } = tables;
  return patiently(operator, async () => {
    const found: [string, FoundKind][] = [];
    let isThere = false;
    let isNewer = false;
    for await (const { timestamp, now, then } of sideBySide(live, restored, id)) {
      isThere = true;
      if (!then && isWrittenBy(restorer, timestamp)) continue;
      if (!then && isAfter(timestamp, startedAtMs)) {
        isNewer = true;
        continue;
      }
      const difference = differenceOf({ id, timestamp }, now, then);
      if (difference) found.push([timestamp, KINDS[difference.kind]]);
    }
    const nowMs = operator.now();
    const [shows, showed] = await Promise.all([showing(live, id, nowMs), showing(restored, id, nowMs)]);
    const action = !isThere
      ? 'unknown'
      : showSame(shows.version, showed.version)
        ? 'same'
        : isNewer
          ? 'changed'
          : 'write';
    const stampOf = (version: typeof shows.version): string | null => version?.timestamp ?? null;
    return { id, found, action, now: stampOf(shows.version), then: stampOf(showed.version), newest: shows.newest };
  });
}

/** What is stamped after the comparison began may be on its way for as long as it lasts: it is left out. */
const isAfter = (timestamp: string, ms: number): boolean => (parseStamp(timestamp)?.atMs ?? 0) > ms;
