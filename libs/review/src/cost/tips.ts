// The five tips that came with the first table of costs, computed: what each would save with this stack and this use.
import { blocksOf, knownOrAbsent, numberOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { priceOf } from './book/prices';
import { HOURS, MILLION, type Billing } from './charge';
import { billsOf } from './bills';
import { invocationsOf, isArm, isInstances, memoryMb } from './charges/compute';
import { told } from './told';
import type { Usage } from './usage';

export interface Tip {
  readonly tip: string;
  /** USD a month, below 0 where it would cost more; null where it does not apply, or a price is unknown. */
  readonly savesUsd: number | null;
  /** Why it applies, or why not, and what the figure takes for granted. */
  readonly because: string;
}

type Saving = Omit<Tip, 'tip'>;

/** The memory that the third tip recommends. */
const RECOMMENDED_MB = 512;
/** The retention that the fourth tip recommends. */
const RECOMMENDED_DAYS = 7;
/** [A] What is kept for ever is counted with a year of it. */
const FOR_EVER_DAYS = 365;
const DAYS_A_MONTH = 365 / 12;

export function costTips(graph: Graph, usage: Usage): Tip[] {
  const managed = graph.resources.filter(({ mode }) => mode === 'managed');
  const ofTypes = (...types: readonly string[]) => managed.filter(({ type }) => types.includes(type));
  const billing: Billing = { graph, usage, ofTypes };
  return Object.entries(TIPS).map(([tip, compute]) => {
    const found = told(() => compute(billing));
    return 'value' in found
      ? { tip, ...found.value }
      : { tip, savesUsd: null, because: `cannot be told before an apply: ${found.why}` };
  });
}

const sum = (amounts: readonly (number | null)[]): number | null =>
  amounts.includes(null) ? null : amounts.reduce<number>((total, amount) => total + (amount ?? 0), 0);

function functionsInsteadOfInstances({ graph, usage }: Billing): Saving {
  const running = billsOf(graph, usage).charges.filter(isInstances);
  if (running.length === 0) return { savesUsd: null, because: 'does not apply: no EC2 instance runs here' };
  const now = sum(running.map(({ unitUsd, quantity }) => (unitUsd === null ? null : unitUsd * quantity)));
  const region = running[0]?.awsRegion ?? '';
  const each = priceOf('lambda-requests', region);
  const second = priceOf('lambda-gb-second-x86', region);
  const then =
    each === null || second === null
      ? null
      : usage.requests * (each / MILLION + usage.requestSeconds * (RECOMMENDED_MB / 1024) * second);
  return {
    savesUsd: now === null || then === null ? null : now - then,
    because: `the same ${usage.requests} requests, ${usage.requestSeconds} s each, by functions of ${RECOMMENDED_MB} MB instead of ${running.length === 1 ? 'the instances of one resource' : `the instances of ${running.length} resources`}`,
  };
}

function tablesByRequest({ usage, ofTypes }: Billing): Saving {
  const tables = ofTypes('aws_dynamodb_table');
  const provisioned = tables.filter(
    ({ values }) => knownOrAbsent(() => textOf(values, 'billing_mode')) !== 'PAY_PER_REQUEST',
  );
  if (tables.length === 0) return { savesUsd: null, because: 'does not apply: there is no table' };
  if (provisioned.length === 0) return { savesUsd: 0, because: 'already so: every table is billed by request' };
  const saved = provisioned.flatMap((table) => {
    const regions = [table.awsRegion, ...blocksOf(table.values, 'replica').map((one) => String(one['region_name']))];
    return regions.map((region) => savedByRequest(table, region, usage, tables.length * regions.length, tables.length));
  });
  return {
    savesUsd: sum(saved),
    because: `${provisioned.length} of ${tables.length} tables are provisioned; with ${usage.writes} writes and ${usage.reads} reads a month`,
  };
}

function savedByRequest(
  { values }: Resource,
  region: string,
  usage: Usage,
  readers: number,
  tables: number,
): number | null {
  const prices = [
    priceOf('dynamodb-write-unit-hour', region),
    priceOf('dynamodb-read-unit-hour', region),
    priceOf('dynamodb-writes', region),
    priceOf('dynamodb-reads', region),
  ];
  if (prices.includes(null)) return null;
  const [write = 0, read = 0, writes = 0, reads = 0] = prices.map((usd) => usd ?? 0);
  const now =
    HOURS * (write * (numberOf(values, 'write_capacity') ?? 0) + read * (numberOf(values, 'read_capacity') ?? 0));
  return now - ((usage.writes / tables) * writes + (usage.reads / readers) * reads) / MILLION;
}

function memoryOfFunctions(billing: Billing): Saving {
  const larger = billing
    .ofTypes('aws_lambda_function')
    .filter((fn) => (knownOrAbsent(() => memoryMb(fn)) ?? 0) > RECOMMENDED_MB);
  if (larger.length === 0)
    return { savesUsd: null, because: `does not apply: no function has more than ${RECOMMENDED_MB} MB` };
  const saved = larger.map((fn) => {
    const usd = priceOf(isArm(fn) ? 'lambda-gb-second-arm64' : 'lambda-gb-second-x86', fn.awsRegion);
    const gb = (memoryMb(fn) - RECOMMENDED_MB) / 1024;
    return usd === null ? null : usd * gb * billing.usage.requestSeconds * invocationsOf(fn, billing);
  });
  return {
    savesUsd: sum(saved),
    because: `${larger.length} functions have more, and are taken to need no longer with ${RECOMMENDED_MB} MB`,
  };
}

function logRetention({ usage, ofTypes }: Billing): Saving {
  const groups = ofTypes('aws_cloudwatch_log_group');
  if (groups.length === 0) return { savesUsd: null, because: 'does not apply: the files have no log group' };
  const daysOf = ({ values }: Resource): number =>
    knownOrAbsent(() => numberOf(values, 'retention_in_days')) || FOR_EVER_DAYS;
  const longer = groups.filter((group) => daysOf(group) > RECOMMENDED_DAYS);
  if (longer.length === 0)
    return { savesUsd: 0, because: `already so: no log is kept longer than ${RECOMMENDED_DAYS} days` };
  const saved = longer.map((group) => {
    const usd = priceOf('logs-stored', group.awsRegion);
    const months = (daysOf(group) - RECOMMENDED_DAYS) / DAYS_A_MONTH;
    return usd === null ? null : (usage.logGb / groups.length) * months * usd;
  });
  return {
    savesUsd: sum(saved),
    because: `${longer.length} of ${groups.length} log groups keep more, and ${usage.logGb} GB are written a month${saved.includes(null) ? '; what stored logs cost in their region is unknown' : ''}`,
  };
}

function tieredBackups({ usage, ofTypes }: Billing): Saving {
  if (ofTypes('aws_s3_bucket').length === 0)
    return { savesUsd: null, because: 'does not apply: no backup is kept in S3' };
  if (usage.backupGb === 0)
    return { savesUsd: 0, because: 'with 0 GB of backups in S3; the usage file may say more (backupGb)' };
  return { savesUsd: null, because: `${usage.backupGb} GB in S3; the price of its colder tiers is unknown` };
}

const TIPS: Readonly<Record<string, (billing: Billing) => Saving>> = {
  'Use Lambda instead of EC2': functionsInsteadOfInstances,
  'PAY_PER_REQUEST for DynamoDB': tablesByRequest,
  [`Optimize Lambda memory (${RECOMMENDED_MB} MB)`]: memoryOfFunctions,
  [`Set CloudWatch log retention to ${RECOMMENDED_DAYS} days`]: logRetention,
  'Use S3 Intelligent-Tiering for backups': tieredBackups,
};
