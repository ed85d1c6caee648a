// DynamoDB tables of several regions: a replica where clients are led, what replication needs, and what it does not save from.
import { finding, readTables, type TableConfig } from '@dr/stack';
import { blockOf, blocksOf, flagOf, knownOrAbsent, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { managed, ofEach } from './each';
import { STANDBY } from './pages';
import type { Rule } from './rule';
import { servedRegions } from './served';

const GUIDE = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide';
const REQUIREMENTS = `${GUIDE}/globaltables_reqs_bestpractices.html`;
const TABLE = ['aws_dynamodb_table'];
export const REPLICA_RULES: readonly Rule[] = [
  {
    id: 'replicas-are-where-clients-are-led',
    of: 'advice',
    source: `${GUIDE}/V2globaltables_HowItWorks.html`,
    statement: 'A table with replicas has one in each region that clients are led to.',
    atFailover: 'In the region without a replica the data is not there',
    *judge(stack) {
      const served = [...servedRegions(stack)].sort();
      for (const { address, awsRegions } of tablesOf(stack.graph).filter((one) => one.awsRegions.length > 1))
        for (const region of served.filter((one) => !awsRegions.includes(one)))
          yield finding(address, `has replicas, and none in ${region}`, `Add a replica in ${region}`);
    },
  },
  {
    id: 'global-table-streams-both-images',
    of: 'advice',
    source: REQUIREMENTS,
    statement: 'A table with replicas streams new and old images.',
    atFailover: 'The apply fails, so there is no replica',
    judge: ofEach(TABLE, function* (table, { graph }) {
      const view = textOf(table.values, 'stream_view_type');
      if (view === undefined || view === 'NEW_AND_OLD_IMAGES' || !isReplicated(graph, table)) return;
      yield finding(table.address, `has replicas, and streams ${view}`, 'Set stream_view_type to NEW_AND_OLD_IMAGES');
    }),
  },
  {
    id: 'replicated-table-scales-its-writes',
    of: 'advice',
    severity: 'note',
    source: REQUIREMENTS,
    statement: 'A replicated table with provisioned capacity scales its writes, or is billed by request.',
    atFailover: 'What one region then writes and reads for both may be throttled',
    judge: ofEach(TABLE, function* (table, { graph }) {
      const { address, values } = table;
      if ((textOf(values, 'billing_mode') ?? 'PROVISIONED') !== 'PROVISIONED' || !isReplicated(graph, table)) return;
      const id = `table/${textOf(values, 'name') ?? ''}`;
      const isScaled = managed(graph, 'aws_appautoscaling_target').some(
        (one) => (knownOrAbsent(() => textOf(one.values, 'resource_id')) ?? id) === id,
      );
      if (isScaled) return;
      yield finding(
        address,
        'has replicas, provisioned capacity, and no auto scaling',
        'Scale it, or set billing_mode to PAY_PER_REQUEST',
      );
    }),
  },
  {
    id: 'table-can-be-restored',
    of: 'advice',
    severity: 'note',
    source: STANDBY,
    statement: 'A replicated table can be restored to an earlier moment: a replica takes bad data like good data.',
    atFailover: 'A deletion by mistake is in every region within a second',
    judge: ofEach(TABLE, function* (table, { graph }) {
      if (!isReplicated(graph, table) || hasRecovery(table)) return;
      yield finding(table.address, 'has replicas and no point-in-time recovery', 'Enable point_in_time_recovery');
    }),
  },
  {
    id: 'replica-can-be-restored',
    of: 'advice',
    severity: 'note',
    source: `${GUIDE}/PointInTimeRecovery_Howitworks.html`,
    statement: 'Where a table can be restored to an earlier moment, its replicas can be as well.',
    atFailover: 'In the region that is left nothing can be restored',
    judge: ofEach(TABLE, function* (table, { graph }) {
      if (!hasRecovery(table)) return;
      const bare = blocksOf(table.values, 'replica').filter((one) => flagOf(one, 'point_in_time_recovery') !== true);
      for (const one of bare)
        yield finding(
          table.address,
          `has no point-in-time recovery in ${textOf(one, 'region_name')}`,
          'Enable it in the replica',
        );
      for (const { address, values } of replicasOf(graph, table))
        if (flagOf(values, 'point_in_time_recovery') !== true)
          yield finding(address, `has no point-in-time recovery, and ${table.address} has`, 'Enable it in the replica');
    }),
  },
];

const tablesOf = (graph: Graph): readonly TableConfig[] => knownOrAbsent(() => readTables(graph)) ?? [];

const replicasOf = (graph: Graph, table: Resource): readonly Resource[] =>
  managed(graph, 'aws_dynamodb_table_replica').filter(
    ({ values }) => textOf(values, 'global_table_arn') === graph.attribute(table, 'arn'),
  );

const isReplicated = (graph: Graph, table: Resource): boolean =>
  blocksOf(table.values, 'replica').length > 0 || replicasOf(graph, table).length > 0;

const hasRecovery = ({ values }: Resource): boolean =>
  flagOf(blockOf(values, 'point_in_time_recovery') ?? {}, 'enabled') === true;
