// Whose account it is, who pays and who is told, and where the state is kept.
import { InputError, reservedNamesOf } from '@dr/contracts';
import type { DrConfig } from '@dr/contracts/system/config';
import type { Fact } from '../fact';
import type { Bucket, Budget, Identity } from './reader';
import { fail, judgedRow, notKnown, ok, row, warn, type Finding, type Row } from './row';

/** Throws InputError when the credentials are of another account than `expected`. */
export function checkAccount({ account, arn }: Identity, expected: string | undefined): void {
  if (expected === undefined || expected === account) return;
  const fix = `Use credentials of ${expected}, or correct options.accountId in dr.config.ts (or --account)`;
  throw new InputError(`AWS account ${account} (${arn})`, `is not ${expected}, which the system belongs to`, fix);
}

export const credentialsRow = ({ account, arn }: Identity, expected: string | undefined): Row => {
  const found = `account ${account}${expected === undefined ? '' : ', as expected'}; ${arn}`;
  const root = /:root$/.test(arn);
  return row('credentials', null, root ? warn(found, 'Use a role or a user: nothing limits the root user') : ok(found));
};

/** Drills go on with such names; AWS gives no certificate for them, and no mail arrives (RFC 2606, RFC 6761). */
export function namesRow(config: Pick<DrConfig, 'zone' | 'domain' | 'alerts'>): Row {
  const check = 'names';
  const reserved = reservedNamesOf(config);
  if (reserved.length === 0) return row(check, null, ok('none is reserved'));
  const found = reserved.map(({ key, value }) => `${key} "${value}"`).join(', ');
  const toDo = 'Write names of your own in dr.config.ts: these can be delegated to nobody';
  return row(check, null, fail(`set aside for documentation and tests: ${found}`, toDo));
}

export const budgetRow = (budgets: Fact<readonly Budget[]>, monthlyUsd: number, objectiveUsd: number): Row =>
  judgedRow('AWS budget', null, budgets, (all) => whoIsTold(all, monthlyUsd, objectiveUsd));

function whoIsTold(all: readonly Budget[], monthlyUsd: number, objectiveUsd: number): Finding {
  const telling = all.filter(({ notifications }) => notifications > 0);
  const make =
    `Make a monthly cost budget of ${objectiveUsd} USD that mails somebody: ` +
    'https://docs.aws.amazon.com/cost-management/latest/userguide/create-cost-budget.html';
  if (telling.length === 0) {
    return warn(
      all.length === 0 ? 'there is none: nobody is told what the account costs' : `${all.length}, none tells anybody`,
      make,
    );
  }
  const found = telling.map(({ name, limitUsd, timeUnit }) => `${name} (${amount(limitUsd)} ${timeUnit})`).join(', ');
  const monthly = telling.flatMap(({ timeUnit, limitUsd }) =>
    timeUnit === 'MONTHLY' && limitUsd !== null ? [limitUsd] : [],
  );
  const highest = Math.max(...monthly);
  if (monthly.length === telling.length && highest < monthlyUsd) {
    return warn(
      `${found}: the fixed cost alone, ${monthlyUsd.toFixed(2)} USD, is more`,
      `Raise it, to objectives.monthlyBudgetUsd (${objectiveUsd} USD) or more`,
    );
  }
  return ok(found);
}

const amount = (limitUsd: number | null): string => (limitUsd === null ? 'planned' : `${limitUsd} USD`);

export function costRow(monthlyUsd: number, priced: boolean, objectiveUsd: number): Row {
  const found = `${priced ? '' : 'at least '}${monthlyUsd.toFixed(2)} of ${objectiveUsd} USD a month`;
  const look = 'See "dr cost" line by line; leave out what you do not need, or raise objectives.monthlyBudgetUsd';
  if (monthlyUsd > objectiveUsd) return row('fixed cost', null, fail(found, look));
  if (!priced) return row('fixed cost', null, notKnown(`${found}; prices are missing`, look));
  return row('fixed cost', null, ok(found));
}

export function stateRow({ state }: Pick<DrConfig, 'state'>, bucket: Fact<Bucket | undefined> | undefined): Row {
  const check = 'state of Terraform';
  if (state.backend === 'local' || !bucket) {
    const toDo = 'Keep it in S3 (docs/state.md): releases and pipelines refuse a local state';
    return row(check, null, warn('a local file', toDo));
  }
  return judgedRow(check, state.region, bucket, (known) => {
    if (!known) return fail(`there is no bucket ${state.bucket}`, 'Apply the stack of the state once (docs/state.md)');
    if (known.region !== state.region) {
      return fail(
        `bucket ${state.bucket} is in ${known.region}, not in ${state.region}`,
        `Set state.region in dr.config.ts to ${known.region}, or use another bucket`,
      );
    }
    if (known.versioned) return ok(`bucket ${state.bucket}, versioned`);
    return warn(
      `bucket ${state.bucket} keeps no versions: a state that is lost stays lost`,
      `aws s3api put-bucket-versioning --bucket ${state.bucket} --versioning-configuration Status=Enabled`,
    );
  });
}

export const smsRow = (awsRegion: string, inSandbox: Fact<boolean>, numbers: readonly string[]): Row =>
  judgedRow('SMS', awsRegion, inSandbox, (sandboxed) =>
    sandboxed
      ? warn(
          `in the sandbox: only verified numbers get a message (alerts.sms has ${numbers.length})`,
          `Verify each number, or leave the sandbox: SNS console, ${awsRegion}, Text messaging (SMS)`,
        )
      : ok('out of the sandbox'),
  );
