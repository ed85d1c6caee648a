// `dr merge FILE...`: the shards of a search as the result of the whole.
import { InputError } from '@dr/contracts';
import { hasPassed, mergeReports } from '@dr/drills';
import { drillsReportOf, type DrillsResult } from '@dr/player';
import type { Command } from 'commander';
import type { Checkout, Context, Run } from '../../context';
import { manual, type ManualPage } from '../../terminal/manual';
import { MANY_JSON } from '../drill/json-shape';
import { exitCode, written } from '../drill/leave';
import { replayable } from '../drill/search';
import { renderSearch } from '../drill/search-text';
import { aboutRun, checkApart, reportPlaces, writeReport } from '../report/written';
import { shardsIn, type ShardFile } from './shards';

const PAGE: ManualPage = {
  examples: [
    ['merge shard-1.json shard-2.json', 'what both came to, as one search would have said it'],
    ['merge shards/*.json --report search.html', 'the same as a page; search.json holds its figures'],
  ],
  exits: {
    0: 'no check is broken, and a search of this size met what it must',
    1: 'a check is broken, or something was never met',
  },
  json: MANY_JSON,
};

interface Flags {
  readonly report?: string;
  readonly json?: true;
}

export function mergeCommand(program: Command, run: (run: Run) => void): void {
  manual(program.command('merge'), PAGE)
    .description('put the shards of a search together: the result is that of one search of all its seeds')
    .argument('<file...>', 'what drill --seeds N --shard I/N printed with --json; all shards, in any order')
    .option('--report <file>', 'write one HTML file to hand to an auditor; its figures go beside it, as FILE.json')
    .option('--json', 'print the result as one JSON object')
    .action((paths: readonly string[], flags: Flags) =>
      run((context) => Promise.resolve(merge(context, paths, flags))),
    );
}

function merge(context: Context, paths: readonly string[], { report, json }: Flags): number {
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
