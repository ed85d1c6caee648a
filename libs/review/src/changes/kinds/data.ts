// Where data is: tables with their replicas, databases that span regions, and what encrypts and keeps them.
import { blocksOf, flagOf, knownOrAbsent, numberOf, textOf } from '@dr/terraform-json';
import { replicaRegions } from '../protected';
import { sentences } from './dns';
import { flag, number, reference, several, text, told, type Kind, type Kinds, type Setting } from './kind';

/** Regions by the blocks of the resource itself. */
const replicas = (type: string): Setting =>
  several(
    'replica',
    (gone, added) => sentences(gone, 'the replica is removed from', added, 'a replica is added in'),
    ({ resource: { values } }) => replicaRegions(type, values) ?? [],
  );

/** What of an index only a new one can have. */
const INDEX = ['name', 'hash_key', 'range_key', 'projection_type', 'non_key_attributes'];

const TABLE: readonly Setting[] = [
  replicas('aws_dynamodb_table'),
  several(
    'replica.kms_key_arn',
    () => 'the key of a replica changes: AWS deletes the replica and copies it anew',
    ({ resource: { values } }) =>
      blocksOf(values, 'replica').flatMap((one) => {
        const key = knownOrAbsent(() => textOf(one, 'kms_key_arn'));
        return key === undefined ? [] : [`${textOf(one, 'region_name')} ${key}`];
      }),
  ),
  several(
    'global_secondary_index',
    () => 'an index is deleted and built anew: what asks it fails until it is filled',
    ({ graph, resource: { values } }) =>
      blocksOf(values, 'global_secondary_index').map((one) => told({ graph }, one, INDEX) ?? ''),
  ),
  text('billing_mode', 'it takes another load'),
  capacity('read_capacity'),
  capacity('write_capacity'),
  flag('stream_enabled', false, 'its stream is turned on', 'its stream is turned off: nothing follows its writes'),
];

/** Of a table that is billed by request it says nothing. */
function capacity(key: string): Setting {
  return number({
    key,
    read: ({ resource: { values } }) =>
      textOf(values, 'billing_mode') === 'PAY_PER_REQUEST' ? undefined : knownOrAbsent(() => numberOf(values, key)),
    more: () => 'it takes more load',
    less: () => 'it takes less load: what another region served may be throttled',
  });
}

const GONE_WITH_DATA = 'its data goes with it';
const NEW_IS_EMPTY = 'the new one is empty';
const store = (noun: string, settings: readonly Setting[] = []): Kind => ({
  noun,
  removed: GONE_WITH_DATA,
  replaced: NEW_IS_EMPTY,
  settings,
});
const span = (noun: string): Kind => ({
  noun,
  removed: 'its clusters no longer follow one another: no region has what another one writes',
  replaced: 'its clusters no longer follow one another until they are joined again',
  settings: [],
});

const CLUSTER: readonly Setting[] = [
  {
    key: 'global_cluster_identifier',
    read: reference('global_cluster_identifier'),
    says: (was, is) =>
      is === undefined ? `it leaves ${was}: it no longer gets what the other regions write` : `it joins ${is}`,
  },
  flag(
    'enable_global_write_forwarding',
    false,
    'write forwarding is turned on: it hands writes on to the region that writes',
    'write forwarding is turned off: it refuses what it is asked to write',
  ),
  text('engine_version', 'it restarts for it', ({ resource: { values } }) =>
    knownOrAbsent(() => textOf(values, 'engine_version')),
  ),
];

const INSTANCE: readonly Setting[] = [
  flag(
    'multi_az',
    false,
    'a standby in another zone takes over',
    'no standby takes over when its zone is lost',
    ({ resource: { values } }) => knownOrAbsent(() => flagOf(values, 'multi_az')),
  ),
  {
    key: 'replicate_source_db',
    read: reference('replicate_source_db'),
    says: (was, is) =>
      is === undefined
        ? `it no longer follows ${was}: it gets nothing more of what is written there`
        : `it follows ${is}`,
  },
];

const GROUP: readonly Setting[] = [
  flag('automatic_failover_enabled', false, 'a replica takes over by itself', 'no replica takes over by itself'),
  flag('multi_az_enabled', false, 'it is in several zones', 'it is in one zone'),
  {
    key: 'global_replication_group_id',
    read: ({ resource: { values }, graph }) =>
      knownOrAbsent(() => reference('global_replication_group_id')({ graph, resource: { values } as never })),
    says: (was, is) =>
      is === undefined ? `it leaves ${was}: it gets nothing more of what is written there` : `it joins ${is}`,
  },
];

export const DATA_KINDS: Kinds = {
  aws_dynamodb_table: store('the table', TABLE),
  aws_dynamodb_table_replica: {
    noun: 'the replica of the table',
    removed: 'its region has no copy of the data',
    replaced: 'its region has no copy of the data until it is copied anew',
    settings: [],
  },
  aws_dynamodb_global_table: span('the global table'),
  aws_rds_global_cluster: span('the global database'),
  aws_docdb_global_cluster: span('the global database'),
  aws_neptune_global_cluster: span('the global database'),
  aws_elasticache_global_replication_group: span('the global replication group'),
  aws_rds_cluster: store('the database', CLUSTER),
  aws_docdb_cluster: store('the database', CLUSTER),
  aws_neptune_cluster: store('the database', CLUSTER),
  aws_rds_cluster_instance: {
    noun: 'the instance of the database',
    removed: 'one less can take over',
    replaced: 'one less can take over until it is made again',
    settings: [],
  },
  aws_db_instance: store('the database', INSTANCE),
  aws_elasticache_replication_group: store('the cache', GROUP),
  aws_s3_bucket: store('the bucket'),
  aws_s3_bucket_replication_configuration: {
    noun: 'the replication of the bucket',
    removed: 'new objects reach no other region',
    replaced: 'new objects reach no other region until it is made again',
    settings: [
      several(
        'rule.status',
        () => 'a rule of it is turned on or off',
        ({ resource: { values } }) =>
          blocksOf(values, 'rule').map(
            (one) => `${knownOrAbsent(() => textOf(one, 'id')) ?? ''} ${textOf(one, 'status') ?? ''}`,
          ),
      ),
    ],
  },
  aws_kms_key: {
    noun: 'the key',
    removed: 'what is encrypted with it cannot be read once its waiting period is over',
    replaced: 'what is encrypted with the old one cannot be read once its waiting period is over',
    settings: [],
  },
  aws_kms_replica_key: {
    noun: 'the replica of the key',
    removed: 'its region cannot read what is encrypted with it',
    replaced: 'its region cannot read what is encrypted with it until it is made again',
    settings: [],
  },
  aws_secretsmanager_secret: store('the secret', [replicas('aws_secretsmanager_secret')]),
  aws_backup_plan: {
    noun: 'the backup plan',
    removed: 'nothing is backed up by it any more',
    replaced: 'its history of backups begins anew',
    settings: [],
  },
  aws_cloudtrail: {
    noun: 'the trail',
    removed: 'nothing is recorded any more',
    replaced: 'nothing is recorded until it is made again',
    settings: [],
  },
};
