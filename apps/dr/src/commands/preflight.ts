// `dr preflight`: may the stack be applied in this account, and will it hold? Reads only; before the first apply and every day.
import { GLOBAL_REGION, InputError } from '@dr/contracts';
import { readStack } from '@dr/terraform-json';
import type { Command } from 'commander';
import type { Run } from '../context';
import { checkAccount } from '../operate/preflight/account';
import { isReady, judge } from '../operate/preflight/judge';
import { needsOf } from '../operate/preflight/needs';
import { refusal, render } from '../operate/preflight/render';

interface Flags {
  readonly account?: string;
  readonly resolver?: string;
  readonly json?: true;
}

export function preflightCommand(program: Command, run: (run: Run) => void): void {
  program
    .command('preflight')
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
        context.out(flags.json ? `${JSON.stringify({ account, arn, ready, checks })}\n` : render(checks));
        if (ready === false) context.err(`${refusal(checks)}\n`);
        return ready === false ? 1 : 0;
      }),
    );
}

function accountOption(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InputError(`--account "${text}"`, 'is not the id of an AWS account', 'Give its twelve digits');
}
