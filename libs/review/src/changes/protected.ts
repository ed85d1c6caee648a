// The resources that no plan may take unasked, and the settings by which AWS itself holds on to them.
import type { Values } from './plan-json';

/** Type -> what its loss takes away. The stack sets `prevent_destroy` on the same types; this works when the block is gone. */
const PROTECTED: Readonly<Record<string, string>> = {
  aws_dynamodb_table: 'the table, with all data and the whole record of incidents',
  aws_dynamodb_table_replica: "the region's copy of the data",
  aws_route53_zone: 'the hosted zone, with the name servers that it was delegated to',
  aws_route53_record: 'a name that clients or health checks follow',
  aws_lb: "the region's front door",
  aws_alb: "the region's front door",
  aws_secretsmanager_secret: 'the keys of the item API',
  aws_kms_key: 'the key that alerts and logs are encrypted with',
  aws_s3_bucket: "the auditor's logs",
  aws_cloudtrail: "the auditor's trail",
};

/** What the loss of the resource takes away; undefined for a resource that Terraform may take. */
export function lossOf(type: string, before: Values): string | undefined {
  // ACM's validation records: nobody is routed by them, and a new certificate replaces them.
  if (type === 'aws_route53_record' && String(before['name']).startsWith('_')) return undefined;
  return PROTECTED[type];
}

interface Hold {
  readonly attribute: string;
  /** What people call it. */
  readonly name: string;
  readonly isOn: (value: unknown) => boolean;
  /** AWS refuses to delete the resource while it is on. */
  readonly refusesDeletion: boolean;
}

const isTrue = (value: unknown): boolean => value === true;
const deletionProtection = (attribute: string): Hold => ({
  attribute,
  name: 'deletion protection',
  isOn: isTrue,
  refusesDeletion: true,
});

/** AWS's own protection by type (API references of each service). */
const HOLDS: Readonly<Record<string, Hold>> = {
  aws_dynamodb_table: deletionProtection('deletion_protection_enabled'),
  aws_dynamodb_table_replica: deletionProtection('deletion_protection_enabled'),
  aws_lb: deletionProtection('enable_deletion_protection'),
  aws_alb: deletionProtection('enable_deletion_protection'),
  // S3 deletes no bucket that holds objects, and Terraform empties it only with force_destroy.
  aws_s3_bucket: {
    attribute: 'force_destroy',
    name: 'protection of its objects (force_destroy = false)',
    isOn: (value) => value === false,
    refusesDeletion: true,
  },
  aws_secretsmanager_secret: {
    attribute: 'recovery_window_in_days',
    name: 'the time in which it can be restored',
    isOn: (value) => Number(value) > 0,
    refusesDeletion: false,
  },
  aws_cloudtrail: { attribute: 'enable_logging', name: 'logging', isOn: isTrue, refusesDeletion: false },
  aws_kms_key: { attribute: 'is_enabled', name: 'the key', isOn: isTrue, refusesDeletion: false },
};

/** The setting that lets AWS refuse the deletion; undefined when it would delete. */
export function heldBy(type: string, before: Values): string | undefined {
  const hold = HOLDS[type];
  return hold?.refusesDeletion && hold.isOn(before[hold.attribute]) ? hold.name : undefined;
}

/** The setting of AWS's protection that the update turns off. */
export function turnedOff(type: string, before: Values, after: Values): string | undefined {
  const hold = HOLDS[type];
  if (!hold || !(hold.attribute in after)) return undefined;
  return hold.isOn(before[hold.attribute]) && !hold.isOn(after[hold.attribute]) ? hold.name : undefined;
}

const REPLICA_REGION: Readonly<Record<string, string>> = {
  aws_dynamodb_table: 'region_name',
  aws_secretsmanager_secret: 'region',
};

/** AWS regions that lose the replica which a block of the resource gave them. */
export function replicasRemoved(type: string, before: Values, after: Values): string[] {
  const key = REPLICA_REGION[type];
  if (key === undefined || !Array.isArray(after['replica'])) return [];
  const regionsIn = ({ replica }: Values): string[] =>
    (Array.isArray(replica) ? (replica as Values[]) : []).map((block) => String(block[key]));
  const kept = new Set(regionsIn(after));
  return regionsIn(before).filter((region) => !kept.has(region));
}
