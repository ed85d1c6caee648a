// The account as it is, held against what the stack needs of it.
import { GLOBAL_REGION } from '@dr/contracts';
import { FUNCTIONS } from '@dr/contracts/system';
import { readStack } from '@dr/terraform-json';
import type { Context } from '../../context';
import { checkAccount } from './account';
import { isReady, judge } from './judge';
import { needsOf } from './needs';
import { refusal, render } from './render';

export interface PreflightFlags {
  readonly account?: string;
  readonly resolver?: string;
  readonly json?: true;
}

export async function preflight(context: Context, flags: PreflightFlags): Promise<number> {
  const config = context.config();
  const expectedAccount = flags.account ?? config.options.accountId;
  const { account: reader } = context;
  const dns = context.publicDns(flags.resolver);
  const identity = await reader.identity(GLOBAL_REGION);
  const { account, arn } = identity;
  checkAccount(identity, expectedAccount);
  const needs = needsOf(readStack(await context.synthesize([], context.temporaryDirectory())));
  const nowMs = context.operator.now();
  const bundled = new Map(FUNCTIONS.map((name) => [name, context.packagesIn(name)]));
  const checks = await judge({ config, needs, identity, expectedAccount, reader, dns, bundled, nowMs });
  const ready = isReady(checks);
  context.out(flags.json ? `${JSON.stringify({ schema: 1, account, arn, ready, checks })}\n` : render(checks));
  if (ready === false) context.err(`${refusal(checks)}\n`);
  return ready === false ? 1 : 0;
}
