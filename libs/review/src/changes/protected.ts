// The resources that no plan may take unasked, and the settings by which AWS itself holds on to them.
import { isObject, type Values } from './plan-json';

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

export interface Hold {
  readonly attribute: string;
  /** What people call it. */
  readonly name: string;
  /** Of null: what AWS or the provider takes where nothing is given. */
  readonly isOn: (value: unknown) => boolean;
  /** AWS refuses to delete the resource while it is on. */
  readonly refusesDeletion: boolean;
  /** What may happen without it. */
  readonly without: string;
  readonly source: string;
}

const isTrue = (value: unknown): boolean => value === true;
const isNotTrue = (value: unknown): boolean => value !== true;
const isNotFalse = (value: unknown): boolean => value !== false;

const AWS = 'https://docs.aws.amazon.com';
const PROVIDER = 'https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources';
const DELETE_CLUSTER = `${AWS}/AmazonRDS/latest/APIReference/API_DeleteDBCluster.html`;
const TABLES = `${AWS}/amazondynamodb/latest/developerguide`;

const deletionProtection = (attribute = 'deletion_protection', source = DELETE_CLUSTER): Hold => ({
  attribute,
  name: 'deletion protection',
  isOn: isTrue,
  refusesDeletion: true,
  without: 'AWS no longer refuses to delete it',
  source,
});
const lastSnapshot: Hold = {
  attribute: 'skip_final_snapshot',
  name: 'the last snapshot (skip_final_snapshot = false)',
  isOn: isNotTrue,
  refusesDeletion: false,
  without: 'nothing is left of it when it is deleted',
  source: DELETE_CLUSTER,
};
const backups: Hold = {
  attribute: 'backup_retention_period',
  name: 'automatic backup',
  isOn: (value) => Number(value ?? 1) > 0,
  refusesDeletion: false,
  without: 'it can be restored to no point in time',
  source: `${AWS}/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html`,
};

const isPointInTime = (value: unknown): boolean => {
  const block: unknown = Array.isArray(value) ? value[0] : value;
  return block === true || (isObject(block) && block['enabled'] === true);
};
const pointInTime: Hold = {
  attribute: 'point_in_time_recovery',
  name: 'point-in-time recovery',
  isOn: isPointInTime,
  refusesDeletion: false,
  without: 'what is overwritten or deleted by mistake cannot be had back',
  source: `${TABLES}/PointInTimeRecovery_Howitworks.html`,
};

const OF_DATABASES = [deletionProtection(), lastSnapshot, backups];

/** AWS's own protection by type (API references of each service, and the provider's own defaults). */
export const HOLDS: Readonly<Record<string, readonly Hold[]>> = {
  aws_dynamodb_table: [
    deletionProtection('deletion_protection_enabled', `${TABLES}/globaltables-bestpractices.html`),
    pointInTime,
  ],
  aws_dynamodb_table_replica: [
    deletionProtection('deletion_protection_enabled', `${TABLES}/globaltables-bestpractices.html`),
    pointInTime,
  ],
  aws_lb: [deletionProtection('enable_deletion_protection', `${PROVIDER}/lb`)],
  aws_alb: [deletionProtection('enable_deletion_protection', `${PROVIDER}/lb`)],
  aws_rds_global_cluster: [deletionProtection()],
  aws_rds_cluster: OF_DATABASES,
  aws_db_instance: OF_DATABASES,
  aws_docdb_cluster: OF_DATABASES,
  aws_neptune_cluster: OF_DATABASES,
  aws_docdb_global_cluster: [deletionProtection()],
  aws_neptune_global_cluster: [deletionProtection()],
  // S3 deletes no bucket that holds objects, and Terraform empties it only with force_destroy.
  aws_s3_bucket: [
    {
      attribute: 'force_destroy',
      name: 'protection of its objects (force_destroy = false)',
      isOn: isNotTrue,
      refusesDeletion: true,
      without: 'Terraform empties it when it deletes it',
      source: `${PROVIDER}/s3_bucket`,
    },
  ],
  aws_route53_zone: [
    {
      attribute: 'force_destroy',
      name: 'protection of its records (force_destroy = false)',
      isOn: isNotTrue,
      refusesDeletion: false,
      without: 'Terraform deletes every record in it when it deletes it',
      source: `${PROVIDER}/route53_zone`,
    },
  ],
  aws_secretsmanager_secret: [
    {
      attribute: 'recovery_window_in_days',
      name: 'the time in which it can be restored',
      isOn: (value) => Number(value ?? 30) > 0,
      refusesDeletion: false,
      without: 'once deleted, it is gone at once',
      source: `${PROVIDER}/secretsmanager_secret`,
    },
  ],
  aws_cloudtrail: [
    {
      attribute: 'enable_logging',
      name: 'logging',
      isOn: isNotFalse,
      refusesDeletion: false,
      without: 'nothing is recorded',
      source: `${PROVIDER}/cloudtrail`,
    },
  ],
  aws_kms_key: [
    {
      attribute: 'is_enabled',
      name: 'the key',
      isOn: isNotFalse,
      refusesDeletion: false,
      without: 'what is encrypted with it cannot be read',
      source: `${PROVIDER}/kms_key`,
    },
  ],
};

/** The setting that lets AWS refuse the deletion; undefined when it would delete. */
export const heldBy = (type: string, before: Values): string | undefined =>
  HOLDS[type]?.find(
    ({ attribute, refusesDeletion, isOn }) => refusesDeletion && attribute in before && isOn(before[attribute]),
  )?.name;

/** The settings of AWS's protection that the update turns off; what `after` has not is unknown. */
export const turnedOff = (type: string, before: Values, after: Values): string[] =>
  (HOLDS[type] ?? [])
    .filter(({ attribute, isOn }) => attribute in after && isOn(before[attribute]) && !isOn(after[attribute]))
    .map(({ name }) => name);

const REPLICA_REGION: Readonly<Record<string, string>> = {
  aws_dynamodb_table: 'region_name',
  aws_secretsmanager_secret: 'region',
};

/** AWS regions that a block of the resource gives a replica; undefined for a type without such blocks. */
export function replicaRegions(type: string, { replica }: Values): string[] | undefined {
  const key = REPLICA_REGION[type];
  if (key === undefined) return undefined;
  return (Array.isArray(replica) ? (replica as Values[]) : []).map((block) => String(block[key]));
}

/** AWS regions that lose the replica which a block of the resource gave them. */
export function replicasRemoved(type: string, before: Values, after: Values): string[] {
  if (!Array.isArray(after['replica'])) return [];
  const kept = new Set(replicaRegions(type, after));
  return (replicaRegions(type, before) ?? []).filter((region) => !kept.has(region));
}
