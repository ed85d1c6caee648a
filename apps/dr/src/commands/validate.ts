// `dr validate`: compares a region's replica with every other one, shows how far it is, and says what differs; on AWS or the twin.
import type { Command } from 'commander';
import type { Run } from '../context';
import type { ValidateFlags } from '../operate/validate';
import { manual, type ManualPage } from '../terminal/manual';
import { seedOption, targetOption } from '../terminal/options';

const PAGE: ManualPage = {
  examples: [
    ['validate', 'on AWS: the first region against all others'],
    ['validate --region singapore', 'with three regions, the pairs that the first one is not in'],
    ['validate --target twin', 'rehearse it on the twin; nothing outside this process is touched'],
  ],
  exits: { 0: 'the replicas are equal', 1: 'something differs, or a replica could not be read completely' },
  json: {
    schema: 'number: 2',
    region: 'string: the region that compares',
    status: 'string: idle, open or finished',
    busy: 'boolean: another invocation is at work on the run',
    run: 'string | null: id of the run',
    startedAt: 'string | null: ISO 8601',
    finishedAt: 'string | null: ISO 8601',
    passed: 'boolean: all replicas were read completely and are equal',
    newer: 'number: versions written after the run began, which are not compared',
    'progress.items': 'number: versions of this replica that were read',
    'progress.pages': 'number: pages of all replicas',
    'progress.invocations': 'number: of the function',
    'progress.share': 'number | null: 0 to 1; null in the first run',
    'progress.open': 'number: keys to be read again',
    'progress.waitingFor?': 'string: why the run waits',
    peers: 'list: one for each other region',
    'peers[].peer': 'string: region',
    'peers[].complete': 'boolean: its replica was read completely',
    'peers[].incompleteBecause?': 'string: why not',
    'peers[].itemsHere': 'number: versions in this replica',
    'peers[].itemsThere': 'number: versions in the other one',
    'peers[].missingHere': 'number: versions that this replica lacks',
    'peers[].missingThere': 'number: versions that the other one lacks',
    'peers[].divergent': 'number: versions whose contents differ',
    'peers[].conflicting': 'number: items that both hold in conflicting versions',
    'peers[].inFlight': 'number: versions still on their way',
    'peers[].samples': 'list: some of the differences',
    'peers[].conflicts': 'list: some of the conflicts',
  },
};

export function validateCommand(command: Command, run: (run: Run) => void): void {
  manual(command, PAGE)
    .option('--region <name>', 'region that compares its replica with all others (default: the first one)')
    .option(
      '--target <where>',
      'aws: the applied system; twin: a twin of the stack with some clients',
      targetOption,
      'aws',
    )
    .option('--seed <number>', 'seed of the twin', seedOption, 1)
    .option('--json', 'print one JSON object')
    .action((flags: ValidateFlags) =>
      run(async (context) => (await import('../operate/validate')).validate(context, flags)),
    );
}
