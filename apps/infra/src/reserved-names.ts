// Words that are part of Terraform ids: a region of that name could not be told from them, by people or by the parity check.
import { InputError } from '@dr/contracts';
import type { DrConfig } from '@dr/contracts/config';

/** A test holds this list to the words of the default stack. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(
  (
    'access account address alb alerts alias api audit aws bucket certificate check checker commit comparison consistency data ' +
    'dns domain dynamodb east email encryption endpoints error events experiment failover failures fault from function functions ' +
    'gateway group health high http https internet issued key keys lag lambda latency lifecycle live logs name nat ' +
    'network objectives orchestrator overview peer performance policy port private public rate rates record regional ' +
    'regions replica replication role route route53 router routes rule schedule secretsmanager security settings shared slow sms sns ' +
    'stale subscription system table target targets throttled topic traffic trail undelivered unhealthy us validation ' +
    'validator versioning vpc zone zones'
  ).split(' '),
);

/** Throws InputError for a region whose name is a word of Terraform ids. */
export function checkRegionNames({ regions }: DrConfig): void {
  const taken = regions.find(({ name }) => RESERVED_NAMES.has(name));
  if (!taken) return;
  throw new InputError(
    `dr.config.ts: regions[].name "${taken.name}"`,
    'is a word that names of resources are made of',
    'Use the name of the city, such as mumbai',
  );
}
