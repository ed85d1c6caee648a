// Asks an account: built and started by scripts/conformance.mjs, which has asked the person.
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { setTimeout as pause } from 'node:timers/promises';
import { ask, ROWS, type Asked } from './rows';
import { Sandbox } from './sandbox';

export const rows = ROWS.map(({ id, says }) => ({ id, says }));

/** Resolves to the account. Rejects where no credentials are found. */
export async function account(region: string): Promise<string> {
  const { Account } = await new STSClient({ region }).send(new GetCallerIdentityCommand({}));
  return Account ?? 'unknown';
}

export interface Question {
  readonly ids: readonly string[];
  readonly region: string;
  readonly other: string;
  readonly say: (line: string) => void;
}

export async function askAws({ ids, region, other, say }: Question): Promise<Asked> {
  const run = Date.now().toString(36);
  const sandbox = new Sandbox(
    { region, other, run },
    { nowMs: () => performance.now(), sleep: (ms) => pause(ms), say },
  );
  return ask(
    ROWS.filter(({ id }) => ids.includes(id)),
    sandbox,
  );
}
