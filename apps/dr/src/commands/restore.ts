// `dr restore`: the state of an earlier time in a new table, what differs, a plan, and the write-back as new versions.
import type { Command } from 'commander';
import type { Run } from '../context';
import type { RestoreFlags } from '../operate/restore/request';
import { manual, type ManualPage } from '../terminal/manual';

const PAGE: ManualPage = {
  examples: [
    [
      'restore --to 2026-11-28T12:00:00Z',
      'make the table of then beside the one in use, compare all items, print the plan',
    ],
    [
      'restore --to 2026-11-28T12:00:00Z --keys bad.txt --progress restore.jsonl',
      'the items that are named; what is found is kept',
    ],
    ['restore --to 2026-11-28T12:00:00Z --keys bad.txt --progress restore.jsonl --yes', 'carry that plan out'],
  ],
  exits: {
    0: 'the plan is made, or all of it is written back',
    1: 'an item was written to meanwhile and left alone, or AWS did not answer: the same command goes on',
  },
  json: {
    schema: 'number: 1',
    table: 'string: the table in use',
    region: 'string: whose replica was restored, compared and written',
    awsRegion: 'string',
    to: 'string: ISO 8601',
    'restored.table': 'string: the table that has the earlier state',
    'restored.wasThere': 'boolean: an earlier run has made it',
    'restored.seconds': 'number: that this run waited for it',
    'compared.asOf': 'string: ISO 8601; what is stamped later is left out',
    'compared.seconds': 'number',
    'compared.versionsNow': 'number | null: null with --keys',
    'compared.versionsThen': 'number | null: null with --keys',
    'compared.named': 'number | null: items that --keys names',
    'found.versions': 'number: versions that are not as they were',
    'found.items': 'number: items that have one',
    'found.added': 'number: versions that the earlier state does not have',
    'found.altered': 'number: versions with other contents',
    'found.gone': 'number: versions that the earlier state has alone',
    'found.late': 'number: of those added, stamped at that time or before',
    'items.toWrite': 'number: items that get a new version',
    'items.same': 'number: items that show what they showed',
    'items.changed': 'number: items that were written to after the comparison began',
    'items.unknown': 'number: items of --keys that are in neither state',
    written: 'object | null: null without --yes',
    'written.written?': 'number: new versions, in all runs of this plan',
    'written.already?': 'number: items that showed what they showed by then',
    'written.changed?': 'number: items that have a version which the plan does not know',
    'written.seconds?': 'number: of this run',
    left: 'number: items that were not written back with --yes',
    plan: 'list: an element for each item that differs, has changed or is unknown',
    'plan[].id': 'string: the item',
    'plan[].action': 'string: write, same, changed or unknown',
    'plan[].now': 'string | null: version that it showed when the plan was made',
    'plan[].then': 'string | null: version that it showed at that time',
    'plan[].versions[].timestamp': 'string: a version that is not as it was',
    'plan[].versions[].kind': 'string: added, altered or gone',
    'plan[].outcome?': 'string: written, already or changed',
  },
};

export function restoreCommand(command: Command, run: (run: Run) => void): void {
  manual(command, PAGE)
    .requiredOption('--to <time>', 'the last second at which all was well, ISO 8601 with a zone')
    .option('--keys <file>', 'ids of the items that are meant, one a line (default: all items)')
    .option('--region <name>', 'region whose replica is restored, compared and written (default: the first one)')
    .option(
      '--into <table>',
      'name of the table that is made (default: that of the table in use, followed by -restored)',
    )
    .option('--progress <file>', 'keep the plan and what is done of it; a run that was ended goes on where it was')
    .option('--yes', 'write back what the plan says, as new versions; nothing is overwritten or deleted')
    .option('--json', 'print one JSON object')
    .action((flags: RestoreFlags) =>
      run(async (context) => (await import('../operate/restore/restore')).restore(context, flags)),
    );
}
