// Every check, in the order in which a person mends what they find. Each asks the account for what it judges, all at once.
import { tableName } from '@dr/contracts/system';
import type { DrConfig } from '@dr/contracts/system/config';
import { factOf, unknown, type Fact } from '../fact';
import { budgetRow, costRow, credentialsRow, namesRow, smsRow, stateRow } from './account';
import type { Needs, RegionNeeds } from './needs';
import { healthCheckRow, QUOTA_NAMES, QUOTAS, quotaRow, type QuotaName, type Usage } from './quotas';
import type { Identity, PreflightReader, PublicDns } from './reader';
import { recoveryRow } from './recovery';
import { concurrencyRow, isDisabled, regionRow, type LambdaQuota } from './regions';
import { VERDICTS, type Row, type Verdict } from './row';
import { runtimeRow } from './runtimes';
import { sdkNodeRows, sdkRows, type Bundled } from './sdk';
import { serviceRoleRow } from './service-roles';
import { zoneFacts, zoneRows } from './zone';

export interface Given {
  readonly config: DrConfig;
  readonly needs: Needs;
  readonly identity: Identity;
  readonly expectedAccount: string | undefined;
  readonly reader: PreflightReader;
  readonly dns: PublicDns;
  readonly bundled: Bundled;
  readonly nowMs: number;
}

/** What AWS does not tell is unknown, with the reason. Rejects only with defects of ours. */
export async function judge(given: Given): Promise<readonly Row[]> {
  const { config, needs, identity, reader, nowMs } = given;
  const { state, objectives } = config;
  const { monthlyBudgetUsd } = objectives;
  const regions = await factOf(() => reader.regions());
  const rows = await Promise.all<Row | readonly Row[]>([
    credentialsRow(identity, given.expectedAccount),
    needs.regions.map(({ awsRegion }) => regionRow(awsRegion, regions)),
    ...needs.regions.map((one) => rowsOfRegion(one, config, reader, isDisabled(one.awsRegion, regions))),
    namesRow(config),
    zoneFacts(config, given).then((facts) => zoneRows(config, facts, needs)),
    factOf(() => healthCheckUsage(reader, needs.healthCheckHosts)).then((usage) =>
      healthCheckRow(usage, needs.healthCheckHosts.length),
    ),
    ...needs.serviceRoles.map(async (role) => serviceRoleRow(role, await factOf(() => reader.hasRole(role.name)))),
    needs.regions.flatMap(({ awsRegion, runtimes }) => runtimes.map((one) => runtimeRow(awsRegion, one, nowMs))),
    sdkRows(given.bundled, nowMs),
    sdkNodeRows(
      needs.regions.flatMap(({ runtimes }) => runtimes),
      nowMs,
    ),
    costRow(needs.monthlyUsd, needs.priced, monthlyBudgetUsd),
    factOf(() => reader.budgets(identity.account)).then((all) => budgetRow(all, needs.monthlyUsd, monthlyBudgetUsd)),
    state.backend === 'local'
      ? stateRow(config, undefined)
      : factOf(() => reader.bucket(state.region, state.bucket)).then((bucket) => stateRow(config, bucket)),
  ]);
  return rows.flat();
}

/** Those of what the stack has there. */
async function rowsOfRegion(
  needs: RegionNeeds,
  config: DrConfig,
  reader: PreflightReader,
  disabled: boolean,
): Promise<readonly Row[]> {
  const { awsRegion } = needs;
  const { sms } = config.alerts;
  const ask = async <T>(question: () => Promise<T>): Promise<Fact<T>> =>
    disabled ? unknown('the region is not enabled', 'Enable it first') : factOf(question);
  const rows: Promise<Row>[] = [];
  if (needs.functionNames.length > 0)
    rows.push(ask(() => lambdaQuota(reader, needs)).then((quota) => concurrencyRow(awsRegion, config, quota)));
  for (const name of QUOTA_NAMES.filter((one) => needs[one] > 0)) {
    const usage = ask(() => usageOf(name, needs, config.system, reader));
    rows.push(usage.then((known) => quotaRow(name, awsRegion, known, needs[name])));
  }
  if (needs.hasTable) {
    const table = tableName(config.system);
    rows.push(ask(() => reader.tableRecovery(awsRegion, table)).then((state) => recoveryRow(awsRegion, table, state)));
  }
  if (sms.length > 0 && needs.topics > 0)
    rows.push(ask(() => reader.inSmsSandbox(awsRegion)).then((sandbox) => smsRow(awsRegion, sandbox, sms)));
  return Promise.all(rows);
}

async function usageOf(
  name: QuotaName,
  { awsRegion, loadBalancerNames }: RegionNeeds,
  system: string,
  reader: PreflightReader,
): Promise<Usage> {
  const limit = await reader.quota(awsRegion, QUOTAS[name]);
  const isOurs: readonly boolean[] =
    name === 'loadBalancers'
      ? (await reader.loadBalancers(awsRegion)).map((one) => loadBalancerNames.includes(one))
      : (await reader[name](awsRegion)).map((one) => one.system === system);
  return { limit, used: isOurs.length, ours: isOurs.filter(Boolean).length };
}

async function lambdaQuota(reader: PreflightReader, { awsRegion, functionNames }: RegionNeeds): Promise<LambdaQuota> {
  const quota = await reader.concurrency(awsRegion);
  // Nothing is reserved: then nothing is reserved for us.
  if (quota.unreserved === quota.limit) return { ...quota, ours: 0 };
  const reserved = await Promise.all(functionNames.map((name) => reader.reservedConcurrency(awsRegion, name)));
  return { ...quota, ours: reserved.reduce((sum, one) => sum + one, 0) };
}

async function healthCheckUsage(reader: PreflightReader, hosts: readonly string[]): Promise<Usage> {
  const [limit, asked] = await Promise.all([reader.healthCheckLimit(), reader.healthCheckHosts()]);
  return { ...limit, ours: hosts.filter((host) => asked.includes(host)).length };
}

/** How many rows have each verdict. */
export const counts = (rows: readonly Row[]): Readonly<Record<Verdict, number>> =>
  Object.fromEntries(
    VERDICTS.map((verdict) => [verdict, rows.filter((one) => one.verdict === verdict).length]),
  ) as Record<Verdict, number>;

/** Whether the stack may be applied; null: nothing speaks against it, but not everything is known. */
export function isReady(rows: readonly Row[]): boolean | null {
  const { fail, unknown: open } = counts(rows);
  return fail > 0 ? false : open > 0 ? null : true;
}
