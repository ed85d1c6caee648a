// Aurora global databases: one cluster writes, those of other regions read and may forward what they are asked to write.
import { blocksOf, flagOf, knownOrAbsent, textOf, type Graph, type Resource } from '@dr/terraform-json';

export interface GlobalDatabase {
  readonly address: string;
  /** Cluster that writes; undefined where the stack does not tell which. */
  readonly writer: Resource | undefined;
  readonly members: readonly Resource[];
}

export const readGlobalDatabases = (graph: Graph): readonly GlobalDatabase[] =>
  graph.ofType('aws_rds_global_cluster').map((global) => {
    const ids = ['id', 'global_cluster_identifier'].map((name) => knownOrAbsent(() => graph.attribute(global, name)));
    const members = graph.ofType('aws_rds_cluster').filter(({ values }) => {
      const id = knownOrAbsent(() => textOf(values, 'global_cluster_identifier'));
      return id !== undefined && ids.includes(id);
    });
    return { address: global.address, writer: writerOf(graph, global, members), members };
  });

/** As the applied state says; else the one that has a user of its own: a secondary cluster takes the primary's. */
function writerOf(graph: Graph, { values }: Resource, members: readonly Resource[]): Resource | undefined {
  const applied = (knownOrAbsent(() => blocksOf(values, 'global_cluster_members')) ?? []).find(
    (member) => flagOf(member, 'is_writer') === true,
  );
  const arn = applied && textOf(applied, 'db_cluster_arn');
  const named = members.find((one) => arn !== undefined && knownOrAbsent(() => graph.attribute(one, 'arn')) === arn);
  const owners = members.filter((one) => knownOrAbsent(() => textOf(one.values, 'master_username')) !== undefined);
  return named ?? (owners.length === 1 ? owners[0] : undefined);
}
