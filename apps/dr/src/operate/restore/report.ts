// What a restore has made, found, planned and written: the JSON that the command prints, and what its text is made of.
import { parseStamp } from '@dr/failover';
import type { FoundKind, ItemPlan, Outcome } from './item-plan';
import type { Progress } from './progress';
import type { RestoreRequest } from './request';
import type { Made } from './restored-table';

export type RestoreReport = ReturnType<typeof reportOf>;

const isoOf = (ms: number): string => new Date(ms).toISOString();

export function reportOf(
  request: RestoreRequest,
  progress: Progress,
  { found: wasThere }: Made,
  seconds: { readonly made: number; readonly compared: number; readonly written: number },
  isCarriedOut: boolean,
) {
  const { items, outcomes, scanned } = progress;
  const planOf = (action: ItemPlan['action']): number => items.filter((item) => item.action === action).length;
  const became = (outcome: Outcome): number => [...outcomes.values()].filter((one) => one === outcome).length;
  const differing = items.filter(({ found }) => found.length > 0);
  const versions = differing.flatMap(({ found }) => found);
  const of = (kind: FoundKind): number => versions.filter(([, one]) => one === kind).length;
  const { state } = scanned;
  return {
    schema: 1 as const,
    table: request.table,
    region: request.region.name,
    awsRegion: request.region.awsRegion,
    to: isoOf(request.toMs),
    restored: { table: request.into, wasThere, seconds: seconds.made },
    compared: {
      asOf: isoOf(progress.startedAtMs),
      seconds: seconds.compared,
      /** Of the whole tables; null: only the items that were named were compared. */
      versionsNow: state?.here.items ?? null,
      versionsThen: state?.peers[0]?.items ?? null,
      named: request.ids?.length ?? null,
    },
    found: {
      versions: versions.length,
      items: differing.length,
      added: of('added'),
      altered: of('altered'),
      gone: of('gone'),
      /** Of those added: stamped at that time or before, so that they were on their way then, or somebody has forged the stamp. */
      late: versions.filter(([stamp, kind]) => kind === 'added' && isBy(stamp, request.toMs)).length,
    },
    items: { toWrite: planOf('write'), same: planOf('same'), changed: planOf('changed'), unknown: planOf('unknown') },
    written: isCarriedOut
      ? { written: became('written'), already: became('already'), changed: became('changed'), seconds: seconds.written }
      : null,
    /** Items that are to show something else and do not, though the plan was carried out. */
    left: isCarriedOut ? became('changed') + planOf('changed') : 0,
    plan: items
      .filter(({ found, action }) => found.length > 0 || action === 'changed' || action === 'unknown')
      .map(({ id, action, now, then, found }) => ({
        ...{ id, action, now, then },
        versions: found.map(([timestamp, kind]) => ({ timestamp, kind })),
        ...(outcomes.has(id) ? { outcome: outcomes.get(id) as Outcome } : {}),
      })),
  };
}

const isBy = (stamp: string, ms: number): boolean => (parseStamp(stamp)?.atMs ?? Number.POSITIVE_INFINITY) <= ms;
