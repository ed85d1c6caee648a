// Room for what the stack adds to an account that others use too.
import type { Fact } from '../fact';
import type { Limit, ServiceQuota } from './reader';
import { fail, judgedRow, ok, type Finding, type Row } from './row';

/** Quota codes of Service Quotas; `aws service-quotas list-aws-default-service-quotas` lists them. */
export const QUOTAS = {
  vpcs: { title: 'VPCs', serviceCode: 'vpc', quotaCode: 'L-F678F1CE' },
  addresses: { title: 'elastic IP addresses', serviceCode: 'ec2', quotaCode: 'L-0263D0A3' },
  loadBalancers: { title: 'load balancers', serviceCode: 'elasticloadbalancing', quotaCode: 'L-53DA6B97' },
} as const satisfies Record<string, ServiceQuota & { readonly title: string }>;
export type QuotaName = keyof typeof QUOTAS;
export const QUOTA_NAMES = Object.keys(QUOTAS) as readonly QuotaName[];

export interface Usage extends Limit {
  /** Of those used, how many are this system's already. */
  readonly ours: number;
}

export const quotaRow = (name: QuotaName, awsRegion: string, usage: Fact<Usage>, needed: number): Row =>
  judgedRow(QUOTAS[name].title, awsRegion, usage, (known) =>
    room(known, needed, (least) => moreOf(QUOTAS[name], awsRegion, least)),
  );

export const healthCheckRow = (usage: Fact<Usage>, needed: number): Row =>
  judgedRow('health checks', null, usage, (known) =>
    room(known, needed, (least) => `Ask AWS Support for ${least} Route 53 health checks, or delete some`),
  );

/** How to ask AWS for a larger quota. */
export const moreOf = ({ serviceCode, quotaCode }: ServiceQuota, awsRegion: string, least: number): string =>
  `Ask for more: aws service-quotas request-service-quota-increase --region ${awsRegion} ` +
  `--service-code ${serviceCode} --quota-code ${quotaCode} --desired-value ${least}`;

function room({ limit, used, ours }: Usage, needed: number, more: (least: number) => string): Finding {
  const missing = Math.max(needed - ours, 0);
  const found = `${used} of ${limit} used; ${missing === 0 ? 'ours are there' : `${missing} more needed`}`;
  return used + missing <= limit ? ok(found) : fail(found, more(used + missing));
}
