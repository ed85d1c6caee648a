// `dr keys rotate`: a new key for the item API while the one before stays good; on AWS, or rehearsed on the twin.
import type { Command } from 'commander';
import type { Run } from '../context';
import type { RotateFlags } from '../operate/rotate-keys';
import { manual, type ManualPage } from '../terminal/manual';
import { seedOption, targetOption } from '../terminal/options';

const KEYS_PAGE: ManualPage = {
  examples: [['keys rotate', 'a new key for the item API']],
};
const ROTATE_PAGE: ManualPage = {
  examples: [
    ['keys rotate', 'the new key is in the secret; the one before stays good'],
    ['keys rotate --show', 'the same, and prints the key'],
    ['keys rotate --target twin', 'rehearse it: two rotations under load, nothing is changed'],
  ],
  exits: {
    0: 'the key is stored, or the rehearsal passed',
    1: 'it may not be stored (stderr says more), or the rehearsal failed',
  },
  json: {
    schema: 'number: 1',
    target: 'string: aws',
    secret: 'string: name of the secret',
    first: 'boolean: there was no key before',
    'replicas[].region': 'string: another region',
    'replicas[].has': 'boolean: its replica of the secret has the new key',
    'replicas[].found': 'string: the same in words, or why it was not read',
    knownWithinSeconds: 'number: every function knows the new key by then',
    'key?': 'string: with --show',
  },
  otherJson: {
    '--target twin': {
      schema: 'number: 1',
      target: 'string: twin',
      passed: 'boolean: no good key was refused, and no old or guessed one was taken for too long',
      'reasons[]?': 'string: why it did not pass',
      virtualSeconds: 'number: length of the rehearsal',
      requests: 'number: with a good key',
      failed: 'number: of them',
      refused: 'number: of them, with 401',
      'newKeyRefusedForSeconds.*': 'number: by region',
      'oldKeyAcceptedForSeconds.*': 'number: by region, after two rotations',
      'guesses.sent': 'number: keys that were guessed',
      'guesses.succeeded': 'number: of them',
    },
  },
};

export function keysCommand(command: Command, run: (run: Run) => void): void {
  manual(command, KEYS_PAGE);
  manual(command.command('rotate'), ROTATE_PAGE)
    .description('make a new key; the one before stays good until the next rotation')
    .option('--target <where>', 'aws: the applied system; twin: rehearse it, nothing is changed', targetOption, 'aws')
    .option('--show', 'print the new key (aws); else it is only in the secret')
    .option('--seed <number>', 'seed of the rehearsal (twin)', seedOption, 1)
    .option('--json', 'print one JSON object')
    .action((flags: RotateFlags) =>
      run(async (context) => {
        const { rehearse, rotate } = await import('../operate/rotate-keys');
        return flags.target === 'twin' ? rehearse(context, flags) : rotate(context, flags);
      }),
    );
}
