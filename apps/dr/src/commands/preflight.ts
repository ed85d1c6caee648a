// `dr preflight`: may the stack be applied in this account, and will it hold? Reads only; before the first apply and every day.
import { GLOBAL_REGION, InputError } from '@dr/contracts';
import { readStack } from '@dr/terraform-json';
import type { Command } from 'commander';
import type { Run } from '../context';
import { manual, type ManualPage } from '../terminal/manual';
import { checkAccount } from '../operate/preflight/account';
import { isReady, judge } from '../operate/preflight/judge';
import { needsOf } from '../operate/preflight/needs';
import { refusal, render } from '../operate/preflight/render';

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

interface Flags {
  readonly account?: string;
  readonly resolver?: string;
  readonly json?: true;
}

export function preflightCommand(program: Command, run: (run: Run) => void): void {
  manual(program.command('preflight'), PAGE)
    .description('check whether the stack can be applied in this AWS account, and what to do if not (reads only)')
    .option('--account <id>', 'account to expect (default: options.accountId)', accountOption)
    .option(
      '--resolver <address>',
      'DNS server to ask for the delegation, such as 1.1.1.1 (default: those of this machine)',
    )
    .option('--json', 'print one JSON object')
    .action((flags: Flags) =>
      run(async (context) => {
        const config = context.config();
        const expectedAccount = flags.account ?? config.options.accountId;
        const { account: reader } = context;
        const dns = context.publicDns(flags.resolver);
        const identity = await reader.identity(GLOBAL_REGION);
        const { account, arn } = identity;
        checkAccount(identity, expectedAccount);
        const needs = needsOf(readStack(await context.synthesize([], context.temporaryDirectory())));
        const nowMs = context.operator.now();
        const checks = await judge({ config, needs, identity, expectedAccount, reader, dns, nowMs });
        const ready = isReady(checks);
        context.out(flags.json ? `${JSON.stringify({ schema: 1, account, arn, ready, checks })}\n` : render(checks));
        if (ready === false) context.err(`${refusal(checks)}\n`);
        return ready === false ? 1 : 0;
      }),
    );
}

function accountOption(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InputError(`--account "${text}"`, 'is not the id of an AWS account', 'Give its twelve digits');
}
