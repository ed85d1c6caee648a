// Databases of which one region writes and others read: global databases of Aurora, DocumentDB and Neptune, and read replicas of RDS.
import {
  blocksOf,
  flagOf,
  knownOrAbsent,
  textOf,
  textsOf,
  type Graph,
  type Resource,
  type Values,
} from '@dr/terraform-json';
import { parseArn } from './arns';

export interface GlobalDatabase {
  readonly address: string;
  /** Cluster that writes; undefined where the stack does not tell which. */
  readonly writer: Resource | undefined;
  readonly members: readonly Resource[];
  /** Of all its clusters, in these files or as applied; undefined where nobody can tell. */
  readonly awsRegions: readonly string[] | undefined;
}

/** Engines of which clusters in several regions make one database. */
const ENGINES = ['rds', 'docdb', 'neptune'] as const;

export const readGlobalDatabases = (graph: Graph): readonly GlobalDatabase[] =>
  ENGINES.flatMap((engine) =>
    graph.ofType(`aws_${engine}_global_cluster`).map((global) => {
      const ids = ['id', 'global_cluster_identifier'].map((name) => knownOrAbsent(() => graph.attribute(global, name)));
      const members = graph.ofType(`aws_${engine}_cluster`).filter(({ values }) => {
        const id = knownOrAbsent(() => textOf(values, 'global_cluster_identifier'));
        return id !== undefined && ids.includes(id);
      });
      return {
        ...{ address: global.address, writer: writerOf(graph, global, members), members },
        awsRegions: regionsOf(graph.ofType(`aws_${engine}_cluster`), members, appliedMembers(global)),
      };
    }),
  );

function regionsOf(
  clusters: readonly Resource[],
  members: readonly Resource[],
  applied: readonly Values[],
): readonly string[] | undefined {
  return knownOrAbsent(() => {
    // One that does not tell may be a member.
    clusters.forEach(({ values }) => textOf(values, 'global_cluster_identifier'));
    const arns = applied.flatMap((one) => [textOf(one, 'db_cluster_arn') ?? [], textsOf(one, 'readers')].flat());
    const regions = arns.flatMap((arn) => parseArn(arn)?.awsRegion ?? []);
    return [...new Set([...members.map(({ awsRegion }) => awsRegion), ...regions])];
  });
}

const appliedMembers = ({ values }: Resource): readonly Values[] =>
  knownOrAbsent(() => blocksOf(values, 'global_cluster_members')) ?? [];

/** A database, and a copy of it in another region that only reads until somebody promotes it. */
export interface ReadReplica {
  readonly source: Resource;
  readonly replica: Resource;
}

/** Type -> the argument of a replica that names its source. */
const REPLICAS = {
  aws_db_instance: 'replicate_source_db',
  aws_rds_cluster: 'replication_source_identifier',
} as const;

/** Those in another region than their source. */
export const readReplicasAbroad = (graph: Graph): readonly ReadReplica[] =>
  Object.entries(REPLICAS).flatMap(([type, argument]) =>
    graph.ofType(type).flatMap((replica) => {
      const named = knownOrAbsent(() => textOf(replica.values, argument));
      const source = graph
        .ofType(type)
        .find((one) => named !== undefined && knownOrAbsent(() => graph.attribute(one, 'arn')) === named);
      // A member of a global database names its source, too.
      if (knownOrAbsent(() => textOf(replica.values, 'global_cluster_identifier')) !== undefined) return [];
      const regions = [source, replica].map((one) => one && knownOrAbsent(() => one.awsRegion));
      return source && regions[0] !== undefined && regions[0] !== regions[1] ? [{ source, replica }] : [];
    }),
  );

/** As the applied state says; else the one that has a user of its own: a secondary cluster takes the primary's. */
function writerOf(graph: Graph, global: Resource, members: readonly Resource[]): Resource | undefined {
  const applied = appliedMembers(global).find((member) => flagOf(member, 'is_writer') === true);
  const arn = applied && textOf(applied, 'db_cluster_arn');
  const named = members.find((one) => arn !== undefined && knownOrAbsent(() => graph.attribute(one, 'arn')) === arn);
  const owners = members.filter((one) => knownOrAbsent(() => textOf(one.values, 'master_username')) !== undefined);
  return named ?? (owners.length === 1 ? owners[0] : undefined);
}
