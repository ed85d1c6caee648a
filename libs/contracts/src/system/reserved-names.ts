// Words of Terraform ids and expressions: a region of that name could not be told from them, by people or by the parity check.
import type { DrConfig } from './config-schema';
import { FUNCTION_SPECS, FUNCTIONS } from './functions';
import { InputError } from '../input-error';
import { ALARMS } from './names';

/** Those of functions and alarms, and those that a test finds in the widest stack besides. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  ...[...FUNCTIONS, ...ALARMS].flatMap((name) => name.split('-')),
  ...FUNCTIONS.map((name) => FUNCTION_SPECS[name].short),
  ...(
    'accelerator access account acl acm address alarm alb alerts alias api arn audit availability aws bucket bus ' +
    'caller certificate check cloudwatch commit comparison day dns domain dynamodb ' +
    'east eip element email encryption endpoints event experiment failures fault for ' +
    'from front functions game gateway globalaccelerator group hosted http https iam id identity if in internet issued ' +
    'key keys kms lag lambda lb lifecycle listener live log logs name names nat network objectives one ' +
    'options overview performance policy port private public queue rates record ' +
    'regional regions replica resource role route routes rule s3 schedule secret ' +
    'secretsmanager security sensitive settings shared sms sns sqs subnet subscription suffix ' +
    'system targets terraform token topic trail type undo ' +
    'us validation value var version versioning vpc zone zones'
  ).split(' '),
]);

/** Throws InputError for a region whose name is a word of Terraform's. */
export function checkRegionNames({ regions }: DrConfig): void {
  const taken = regions.find(({ name }) => RESERVED_NAMES.has(name));
  if (!taken) return;
  throw new InputError(
    `dr.config.ts: regions[].name "${taken.name}"`,
    'is a word that names of resources are made of',
    'Use the name of the city, such as mumbai',
  );
}
