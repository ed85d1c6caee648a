// Every check, in the order in which a person mends what they find: facts in, rows out.
import type { DrConfig } from '@dr/contracts/system/config';
import { budgetRow, costRow, credentialsRow, namesRow, smsRow, stateRow } from './account';
import type { Facts, RegionFacts } from './gather';
import type { Needs } from './needs';
import { healthCheckRow, QUOTA_NAMES, quotaRow } from './quotas';
import type { Identity } from './reader';
import { concurrencyRow, regionRow } from './regions';
import { VERDICTS, type Row, type Verdict } from './row';
import { runtimeRow } from './runtimes';
import { serviceRoleRow } from './service-roles';
import { zoneRows } from './zone';

export interface Judged {
  readonly config: DrConfig;
  readonly needs: Needs;
  readonly identity: Identity;
  readonly expectedAccount: string | undefined;
  readonly facts: Facts;
  readonly nowMs: number;
}

export function judge({ config, needs, identity, expectedAccount, facts, nowMs }: Judged): readonly Row[] {
  const { objectives } = config;
  return [
    credentialsRow(identity, expectedAccount),
    ...needs.regions.map(({ awsRegion }) => regionRow(awsRegion, facts.regions)),
    ...facts.perRegion.flatMap((region) => rowsOfRegion(config, region)),
    namesRow(config),
    ...zoneRows(config, facts.zone, needs),
    healthCheckRow(facts.healthChecks, needs.healthCheckHosts.length),
    ...facts.serviceRoles.map(({ role, exists }) => serviceRoleRow(role, exists)),
    ...needs.regions.flatMap(({ awsRegion, runtimes }) => runtimes.map((one) => runtimeRow(awsRegion, one, nowMs))),
    costRow(needs.monthlyUsd, needs.priced, objectives.monthlyBudgetUsd),
    budgetRow(facts.budgets, needs.monthlyUsd, objectives.monthlyBudgetUsd),
    stateRow(config, facts.bucket),
  ];
}

function rowsOfRegion(config: DrConfig, { needs, concurrency, quotas, inSmsSandbox }: RegionFacts): Row[] {
  const { awsRegion } = needs;
  return [
    ...(concurrency ? [concurrencyRow(awsRegion, config, concurrency)] : []),
    ...QUOTA_NAMES.flatMap((name) => {
      const usage = quotas[name];
      return usage ? [quotaRow(name, awsRegion, usage, needs[name])] : [];
    }),
    ...(inSmsSandbox ? [smsRow(awsRegion, inSmsSandbox, config.alerts.sms)] : []),
  ];
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
