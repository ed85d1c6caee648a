// What a request carries for the conditions of policies (FN-05). Source: IAM user guide, global condition keys.
import { parseArn } from '@dr/stack';
import type { GivenPrincipal } from './policy';

export interface RequestOf {
  readonly principal: GivenPrincipal;
  readonly accountId: string;
  /** ARN. */
  readonly resource: string;
  /** Where the ARN names no region. @default the request names none */
  readonly awsRegion?: string;
}

/**
 * Keys in lower case. `aws:RequestedRegion` is the region that is called, which is the resource's, wherever the caller is. Only a service
 * that calls by itself has `aws:SourceAccount`; an account and an ARN are those of roles alone. `more` is what the call itself gives.
 */
export function requestContext(
  { principal, accountId, resource, awsRegion }: RequestOf,
  more: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, string> {
  const { service, roleArn } = principal;
  const called = parseArn(resource)?.awsRegion || awsRegion;
  const all = {
    'aws:SecureTransport': 'true',
    'aws:PrincipalIsAWSService': String(service !== undefined),
    ...(called ? { 'aws:RequestedRegion': called } : {}),
    ...(service === undefined
      ? { 'aws:PrincipalAccount': accountId, ...(roleArn === undefined ? {} : { 'aws:PrincipalArn': roleArn }) }
      : { 'aws:SourceAccount': accountId, 'aws:PrincipalServiceName': service }),
    ...more,
  };
  return new Map(Object.entries(all).map(([key, value]) => [key.toLowerCase(), value]));
}
