// Tables, databases, buckets.
import { blockOf, blocksOf, flagOf, numberOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { HOURS, inRegion, MILLION, standing, unpriced, used, type Bill, type Billing, type Charge } from '../charge';

/** [A] All tables are used alike, each replica answers as many reads as any other, and a write is billed in each. */
function onDemand(where: Parameters<typeof used>[1], billing: Billing, replicas: number): Charge[] {
  const { usage } = billing;
  const tables = billing.ofTypes('aws_dynamodb_table').length;
  return [
    used('DynamoDB', where, 'Table writes', 'dynamodb-writes', usage.writes / tables / MILLION),
    used('DynamoDB', where, 'Table reads', 'dynamodb-reads', usage.reads / tables / replicas / MILLION),
  ];
}

const storage = (where: Parameters<typeof used>[1], billing: Billing, isBackedUp: boolean): Charge[] => {
  const gb = billing.usage.storedGb / billing.ofTypes('aws_dynamodb_table').length;
  return [
    used('DynamoDB', where, 'Table storage', 'dynamodb-storage', gb),
    ...(isBackedUp ? [used('DynamoDB', where, 'Point-in-time recovery', 'dynamodb-pitr', gb)] : []),
  ];
};

const table: Bill = (resource, billing) => {
  const { values } = resource;
  const replicas = blocksOf(values, 'replica');
  const count = 1 + replicas.length + separate(resource, billing).length;
  const isOnDemand = textOf(values, 'billing_mode') === 'PAY_PER_REQUEST';
  const recovery = blockOf(values, 'point_in_time_recovery');
  const isBackedUp = recovery !== undefined && flagOf(recovery, 'enabled') === true;
  const places = [
    { where: inRegion(resource, resource.awsRegion), isBackedUp },
    ...replicas.map((one) => ({
      where: inRegion(resource, String(one['region_name'])),
      isBackedUp: flagOf(one, 'point_in_time_recovery') === true,
    })),
  ];
  return places.flatMap(({ where, isBackedUp: isKept }) => [
    ...(isOnDemand ? onDemand(where, billing, count) : provisioned(where, resource)),
    ...storage(where, billing, isKept),
  ]);
};

/** A table is provisioned unless it says otherwise. */
const provisioned = (where: Parameters<typeof used>[1], { values }: Resource): Charge[] => [
  standing(
    'DynamoDB',
    where,
    'Provisioned writes',
    'dynamodb-write-unit-hour',
    (numberOf(values, 'write_capacity') ?? 0) * HOURS,
  ),
  standing(
    'DynamoDB',
    where,
    'Provisioned reads',
    'dynamodb-read-unit-hour',
    (numberOf(values, 'read_capacity') ?? 0) * HOURS,
  ),
];

/** Of `all`, the resources that are replicas of the table. */
export const replicasOf = (resource: Resource, graph: Graph, all: readonly Resource[]): readonly Resource[] => {
  if (all.length === 0) return [];
  const arn = graph.attribute(resource, 'arn');
  return all.filter(({ values, references }) =>
    references['global_table_arn']?.includes(resource.address) ? true : values['global_table_arn'] === arn,
  );
};

const separate = (resource: Resource, { graph, ofTypes }: Billing): readonly Resource[] =>
  replicasOf(resource, graph, ofTypes('aws_dynamodb_table_replica'));

const replica: Bill = (resource, billing) => {
  const owner = billing
    .ofTypes('aws_dynamodb_table')
    .find((one) => separate(one, billing).some(({ address }) => address === resource.address));
  if (!owner) return [unpriced('DynamoDB', resource, 'Replicas of tables elsewhere', true)];
  const isKept = flagOf(resource.values, 'point_in_time_recovery') === true;
  const count = 1 + blocksOf(owner.values, 'replica').length + separate(owner, billing).length;
  const isOnDemand = textOf(owner.values, 'billing_mode') === 'PAY_PER_REQUEST';
  return [
    ...(isOnDemand ? onDemand(resource, billing, count) : provisioned(resource, owner)),
    ...storage(resource, billing, isKept),
  ];
};

/** Billed, and of no known price. */
const DATABASES: Readonly<Record<string, string>> = {
  aws_db_instance: 'RDS instances',
  aws_rds_cluster_instance: 'Aurora instances',
  aws_elasticache_cluster: 'ElastiCache nodes',
  aws_elasticache_replication_group: 'ElastiCache nodes',
  aws_memorydb_cluster: 'MemoryDB nodes',
  aws_docdb_cluster_instance: 'DocumentDB instances',
  aws_neptune_cluster_instance: 'Neptune instances',
  aws_opensearch_domain: 'OpenSearch domains',
  aws_redshift_cluster: 'Redshift clusters',
  aws_msk_cluster: 'Kafka clusters',
  aws_mq_broker: 'Message brokers',
};

const BY_USE: Readonly<Record<string, string>> = {
  aws_rds_cluster: 'Storage and I/O of Aurora clusters',
  aws_s3_bucket: 'Storage and requests of buckets',
  aws_efs_file_system: 'Storage of file systems',
  aws_sqs_queue: 'Requests to queues',
  aws_kinesis_stream: 'Data streams',
  aws_sfn_state_machine: 'State machines',
  aws_cloudfront_distribution: 'Requests and data of distributions',
};

const all = (of: Readonly<Record<string, string>>, byUse: boolean): Readonly<Record<string, Bill>> =>
  Object.fromEntries(
    Object.entries(of).map(([type, what]) => [type, (resource) => [unpriced('Other', resource, what, byUse)]]),
  );

export const DATA: Readonly<Record<string, Bill>> = {
  aws_dynamodb_table: table,
  aws_dynamodb_table_replica: replica,
  ...all(DATABASES, false),
  ...all(BY_USE, true),
};
