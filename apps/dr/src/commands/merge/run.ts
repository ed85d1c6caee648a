// What `dr merge` does: reads the shards, holds them to each other, and tells of them as of one search.
import { InputError } from '@dr/contracts';
import { hasPassed, mergeReports } from '@dr/drills';
import { drillsReportOf, type DrillsResult } from '@dr/player';
import type { Checkout, Context } from '../../context';
import { exitCode, written } from '../drill/leave';
import { replayable } from '../drill/search';
import { renderSearch } from '../drill/search-text';
import { aboutRun, checkApart, reportPlaces, writeReport } from '../report/written';
import { shardsIn, type ShardFile } from './shards';

export interface MergeFlags {
  readonly report?: string;
  readonly json?: true;
}

export function merge(context: Context, paths: readonly string[], { report, json }: MergeFlags): number {
  const places = report === undefined ? undefined : reportPlaces(context, 'report', report);
  if (places) checkApart(context, 'report', places, paths);
  const shards = shardsIn(context, paths);
  const [first] = shards as [ShardFile];
  if (report !== undefined && first.declarationSha256 !== undefined)
    throw new InputError('--report', 'is not for a declared system', 'Leave --report out');
  const search = mergeReports(shards.map((shard) => shard.search));
  const failures = replayable(context, first.shard.whole, search.failures);
  const passed = hasPassed(search);
  const look = { commit: first.commit, color: context.outColor, shards: shards.length };
  if (!json) context.out(renderSearch(search, failures, first.checks ?? [], look));
  const result: DrillsResult = { ...ofWhole(context, shards), passed, search: { ...search, failures } };
  const kept =
    places === undefined ||
    written(context, 'report', () => writeReport(context, places, drillsReportOf(result, aboutRun())));
  if (json) context.out(`${JSON.stringify(result)}\n`);
  return exitCode(passed, kept);
}

/** What is true of all shards. */
function ofWhole(context: Context, shards: readonly ShardFile[]) {
  const [first] = shards as [ShardFile];
  const { seed, replay } = first.shard.whole;
  return {
    ...first,
    ...{ path: undefined, shard: undefined },
    checkout: checkoutOf(shards),
    writtenAt: context.now().toISOString(),
    ...{ seed, replay },
  };
}

/** What one machine has changed, or cannot tell, is so of the whole. */
const checkoutOf = (shards: readonly ShardFile[]): Checkout =>
  (['changed', 'unknown'] as const).find((one) => shards.some(({ checkout }) => checkout === one)) ?? 'clean';
