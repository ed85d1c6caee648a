// `dr merge FILE...`: the shards of a search as the result of the whole.
import type { Command } from 'commander';
import type { Run } from '../../context';
import { manual, type ManualPage } from '../../terminal/manual';
import { MANY_JSON } from '../drill/json-shape';
import type { MergeFlags } from './run';

const PAGE: ManualPage = {
  examples: [
    ['merge shard-1.jsonl shard-2.jsonl', 'what both came to, as one search would have said it'],
    [
      'merge shards/*.jsonl --report search.html',
      'of all files in a directory, as a page; search.json holds its figures',
    ],
  ],
  exits: {
    0: 'no check is broken, and a search of this size met what it must',
    1: 'a check is broken, or something was never met',
  },
  json: MANY_JSON,
};

export function mergeCommand(command: Command, run: (run: Run) => void): void {
  manual(command, PAGE)
    .argument(
      '<file...>',
      'what drill --seeds N --shard I/N kept in the file of --progress, or printed with --json; all shards, in any order',
    )
    .option('--report <file>', 'write one HTML file to hand to an auditor; its figures go beside it, as FILE.json')
    .option('--json', 'print the result as one JSON object')
    .action((paths: readonly string[], flags: MergeFlags) =>
      run(async (context) => (await import('./run')).merge(context, paths, flags)),
    );
}
