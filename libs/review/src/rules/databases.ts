// Databases and caches of several regions: who promotes them, whether they can be, and what they are restored from.
import { finding, readGlobalDatabases } from '@dr/stack';
import { flagOf, knownOrAbsent, numberOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { inEach, managed, ofEach } from './each';
import { GLOBAL_DATABASE_RECOVERY } from './pages';
import type { Rule } from './rule';

const RDS = 'https://docs.aws.amazon.com/AmazonRDS/latest';
const CACHE = 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg';
const INSTANCE = ['aws_db_instance'];
const CLUSTER_INSTANCES = ['aws_rds_cluster_instance'];

export const DATABASE_RULES: readonly Rule[] = [
  {
    id: 'standby-database-has-an-instance',
    of: 'advice',
    source: `${RDS}/AuroraUserGuide/aurora-global-database-attach.console.headless.html`,
    statement: 'Each cluster of a global database has an instance.',
    atFailover: 'An instance has to be made before the cluster reads or writes',
    judge: ({ graph }) =>
      inEach(membersOf(graph), function* (cluster) {
        if (instancesOf(graph, cluster).length > 0) return;
        yield finding(
          cluster.address,
          'belongs to a global database and has no instance',
          'Add an aws_rds_cluster_instance',
        );
      }),
  },
  {
    id: 'global-database-is-of-one-version',
    of: 'advice',
    source: GLOBAL_DATABASE_RECOVERY,
    statement: 'The clusters of a global database have one engine version, to the patch.',
    atFailover: 'AWS refuses to fail the database over',
    judge: ({ graph }) =>
      inEach(readGlobalDatabases(graph), function* ({ writer, members }) {
        if (!writer) return;
        const version = textOf(writer.values, 'engine_version');
        for (const { address, values } of members) {
          const own = textOf(values, 'engine_version');
          if (own === undefined || version === undefined || own === version) continue;
          yield finding(address, `has version ${own}, and ${writer.address} has ${version}`, `Use ${version}`);
        }
      }),
  },
  {
    id: 'global-database-is-set-alike',
    of: 'advice',
    severity: 'note',
    source: GLOBAL_DATABASE_RECOVERY,
    statement: 'The clusters of a global database have instances of one class.',
    atFailover: 'The promoted cluster keeps its own settings, and may be too small',
    judge: ({ graph }) =>
      inEach(readGlobalDatabases(graph), function* ({ writer, members }) {
        const classes = writer && classesOf(graph, writer);
        for (const member of members.filter((one) => one !== writer)) {
          const own = classesOf(graph, member);
          if (!writer || !classes || own === '' || own === classes) continue;
          yield finding(member.address, `runs on ${own}, and ${writer.address} on ${classes}`, `Use ${classes}`);
        }
      }),
  },
  {
    id: 'global-datastore-waits-for-a-person',
    of: 'advice',
    source: `${CACHE}/Redis-Global-Datastore.html`,
    statement: 'Nothing is written to a cache of a global datastore in another region before somebody promotes it.',
    atFailover: 'The cache that is left is read only, until somebody promotes it',
    judge: ofEach(['aws_elasticache_global_replication_group'], function* ({ address }, { graph }) {
      const followers = managed(graph, 'aws_elasticache_replication_group').filter(
        ({ values }) => textOf(values, 'global_replication_group_id') !== undefined,
      );
      if (followers.length === 0) return;
      yield finding(
        address,
        `is written in one region; ${followers.map((one) => one.address).join(', ')} only follows`,
        'Write down who promotes it and how, and drill it',
      );
    }),
  },
  {
    id: 'cache-fails-over-between-zones',
    of: 'advice',
    severity: 'note',
    source: `${CACHE}/AutoFailover.html`,
    statement: 'A cache with replicas promotes one by itself when its primary fails.',
    atFailover: 'The loss of one zone stops its writes for as long as a new node takes',
    judge: ofEach(['aws_elasticache_replication_group'], function* ({ address, values }) {
      const nodes = numberOf(values, 'num_cache_clusters') ?? 1 + (numberOf(values, 'replicas_per_node_group') ?? 0);
      if (nodes < 2 || flagOf(values, 'automatic_failover_enabled') === true) return;
      yield finding(
        address,
        `has ${nodes} nodes and no automatic failover`,
        'Set automatic_failover_enabled and multi_az_enabled',
      );
    }),
  },
  {
    id: 'database-fails-over-between-zones',
    of: 'advice',
    severity: 'note',
    source: `${RDS}/UserGuide/Concepts.MultiAZ.html`,
    statement: 'A database of RDS has a standby in another zone.',
    atFailover: 'The loss of one zone is as bad as that of the region',
    judge: ofEach(INSTANCE, function* ({ address, values }) {
      if (flagOf(values, 'multi_az') === true || textOf(values, 'replicate_source_db') !== undefined) return;
      yield finding(address, 'is in one zone', 'Set multi_az to true');
    }),
  },
  {
    id: 'database-is-backed-up',
    of: 'advice',
    severity: 'note',
    source: `${RDS}/UserGuide/USER_WorkingWithAutomatedBackups.html`,
    statement: 'A database keeps automated backups.',
    atFailover: 'What was deleted by mistake cannot be brought back in any region',
    judge: ofEach(INSTANCE, function* ({ address, values }) {
      const isReplica = textOf(values, 'replicate_source_db') !== undefined;
      // Unset, the provider asks for none.
      if (isReplica || (numberOf(values, 'backup_retention_period') ?? 0) > 0) return;
      yield finding(address, 'keeps no automated backups', 'Set backup_retention_period from 1 to 35');
    }),
  },
  {
    id: 'database-is-protected-from-deletion',
    of: 'advice',
    severity: 'note',
    source: `${RDS}/UserGuide/USER_DeleteInstance.html`,
    statement: 'A database cannot be deleted before its protection is taken away.',
    atFailover: 'An apply in a hurry may delete it',
    judge: ofEach([...INSTANCE, 'aws_rds_cluster', 'aws_rds_global_cluster'], function* ({ address, values }) {
      if (flagOf(values, 'deletion_protection') === true) return;
      yield finding(address, 'has no protection from deletion', 'Set deletion_protection to true');
    }),
  },
];

const membersOf = (graph: Graph): readonly Resource[] => readGlobalDatabases(graph).flatMap(({ members }) => members);

/** Throws where an instance does not tell whose it is. */
const instancesOf = (graph: Graph, cluster: Resource): readonly Resource[] => {
  const ids = ['id', 'cluster_identifier'].map((name) => knownOrAbsent(() => graph.attribute(cluster, name)));
  return managed(graph, ...CLUSTER_INSTANCES).filter(
    ({ values, references }) =>
      references['cluster_identifier']?.includes(cluster.address) || ids.includes(textOf(values, 'cluster_identifier')),
  );
};

const classesOf = (graph: Graph, cluster: Resource): string =>
  [...new Set(instancesOf(graph, cluster).flatMap(({ values }) => textOf(values, 'instance_class') ?? []))]
    .sort()
    .join(', ');
