// `dr preflight`: may the stack be applied in this account, and will it hold? Reads only; before the first apply and every day.
import { InputError } from '@dr/contracts';
import type { Command } from 'commander';
import type { Run } from '../context';
import type { PreflightFlags } from '../operate/preflight';
import { manual, type ManualPage } from '../terminal/manual';

const PAGE: ManualPage = {
  examples: [
    ['preflight', 'what this AWS account still lacks, and what to do about it'],
    ['preflight --account 210987654321', 'only if the credentials are for that account'],
    ['preflight --resolver 1.1.1.1', "ask that server about the zone's delegation"],
  ],
  exits: { 0: 'no check fails', 1: 'a check fails: stderr says which, with the fix' },
  json: {
    schema: 'number: 1',
    account: 'string: its twelve digits',
    arn: 'string: whose the credentials are',
    ready: 'boolean | null: null when nothing fails and something is unknown',
    'checks[].check': 'string: what is checked',
    'checks[].region': 'string | null: AWS region; null is the whole account',
    'checks[].found': 'string: what was found',
    'checks[].verdict': 'string: ok, warn, fail or unknown',
    'checks[].toDo': 'string | null: what to do about it',
  },
};

export function preflightCommand(command: Command, run: (run: Run) => void): void {
  manual(command, PAGE)
    .option('--account <id>', 'account to expect (default: options.accountId)', accountOption)
    .option(
      '--resolver <address>',
      'DNS server to ask for the delegation, such as 1.1.1.1 (default: those of this machine)',
    )
    .option('--json', 'print one JSON object')
    .action((flags: PreflightFlags) =>
      run(async (context) => (await import('../operate/preflight')).preflight(context, flags)),
    );
}

function accountOption(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InputError(`--account "${text}"`, 'is not the id of an AWS account', 'Give its twelve digits');
}
