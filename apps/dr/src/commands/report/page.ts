// What `dr report --help` says below its options.
import type { ManualPage } from '../../terminal/manual';
import { REPORT_FILES } from './json-shape';

export const PAGE: ManualPage = {
  examples: [
    ['report events.jsonl --out report.html', 'one page: the player and the report; report.json holds its figures'],
    ['report before.jsonl after.jsonl --out compared.html', 'two runs side by side, their clocks at the fault'],
    ['report last-week.html events.jsonl --out compared.html', 'a former report holds its log, and stands in for it'],
    ['report events.jsonl game-day.json --out report.html', 'the run on AWS beside the twin, of the same fault'],
    ['report search.json --out search.html', 'what drill --seeds 1000 --json printed'],
    ['report game-day.json --out game-day.html', 'what gameday kept: objective, prediction, twin and AWS'],
  ],
  exits: {
    0: 'the run of the last log passed, or its log was cut off; so did the search or the game day',
    1: 'it failed',
  },
  json: {
    schema: 'number: 1',
    passed: 'boolean | null: of the last log; null: it was cut off, so nobody knows',
    headline: 'string: the verdict in a sentence or two',
    'reasons[]?': 'string: why it failed',
    complete: 'boolean: the log has its last line',
    'differences[].what?': 'string: of two logs, a figure',
    'differences[].before?': 'string: in the first log',
    'differences[].now?': 'string: in the second log',
    'differences[].change?': 'string: by how much',
    'differences[].judged?': 'string: better, worse, same, or not judged: two logs are one seed each',
    'differences[].note?': 'string: why it is not judged',
  },
  files: REPORT_FILES,
};
