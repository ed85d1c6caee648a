// What a loss does to data: clients are moved, and what they ask for is not where they are led.
import { readEndpoints, readGlobalDatabases, readReplicasAbroad, readTables } from '@dr/stack';
import { knownOrAbsent, textOf, type Graph, type Resource } from '@dr/terraform-json';
import type { Cause } from './cause';
import type { Loss, Outcome } from './outcome';

export type LostStores = readonly Cause[];

/** What of a stack's data is lost with a region. */
export function lostStores(graph: Graph, { fault, awsRegion }: Loss): LostStores {
  if (fault !== 'region-dark') return [];
  const only = onlyIn(graph, awsRegion);
  // What is nowhere else has nobody to be failed over to.
  const writers = writersIn(graph, awsRegion).filter((one) => !only.some(({ address }) => address === one.address));
  return [...writers, ...sourcesIn(graph, awsRegion), ...only];
}

/** The outcome for clients of a stack that loses such data. */
export function withStores(lost: LostStores, outcome: Outcome): Outcome {
  if (lost.length === 0 || outcome.kind === 'never' || outcome.kind === 'unknown') return outcome;
  return {
    ...outcome,
    // Who waits for a person to be served at all, waits for one to write, too.
    kind: outcome.kind === 'manual' ? 'manual' : 'partly',
    why: [outcome.why, ...lost.map(({ address, why }) => `${address} ${why}`)].join('; '),
    causes: [...outcome.causes, ...lost],
  };
}

const writersIn = (graph: Graph, awsRegion: string): Cause[] =>
  readGlobalDatabases(graph).flatMap(({ address, writer }): Cause[] => {
    if (!writer || regionOf(writer) !== awsRegion) return [];
    const why = `is written by ${writer.address} alone: until somebody fails it over, reads are answered and writes are not`;
    return [{ kind: 'one-region-writes', address, why }];
  });

const sourcesIn = (graph: Graph, awsRegion: string): Cause[] =>
  readReplicasAbroad(graph)
    .filter(({ source }) => regionOf(source) === awsRegion)
    .flatMap(({ source, replica }): Cause[] => [
      {
        kind: 'one-region-writes',
        address: source.address,
        why: `is written in ${awsRegion} alone: until somebody promotes ${replica.address}, reads are answered and writes are not`,
      },
      {
        kind: 'replica-waits-to-be-promoted',
        address: replica.address,
        why: `only reads until somebody promotes it: ${source.address} is lost with ${awsRegion}`,
      },
    ]);

/** Tables and databases of that region alone, in a stack that serves from others as well. */
function onlyIn(graph: Graph, awsRegion: string): Cause[] {
  const serving = new Set(readEndpoints(graph).flatMap((endpoint) => endpoint.awsRegion ?? []));
  if (!serving.has(awsRegion) || serving.size < 2) return [];
  const why = `is in ${awsRegion} alone: where clients are moved to, its data is not`;
  const globals = readGlobalDatabases(graph).filter(({ awsRegions }) => awsRegions?.join() === awsRegion);
  const stores = [
    ...globals.map((one) => one.address),
    ...tablesIn(graph, awsRegion),
    ...databasesIn(graph, awsRegion),
  ];
  return stores.map((address) => ({
    kind: 'data-in-one-region',
    address,
    why,
  }));
}

function tablesIn(graph: Graph, awsRegion: string): string[] {
  const tables = graph.ofType('aws_dynamodb_table');
  const whole = knownOrAbsent(() => readTables(graph)) ?? [];
  return whole
    .filter(({ address, awsRegions, hashKey, name }) => {
      // Terraform's own locks are no data of an application; a table of that name elsewhere is a copy that the application keeps.
      const isCopied = (): boolean =>
        tables.some((one) => one.address !== address && knownOrAbsent(() => one.values['name']) === name);
      return awsRegions.join() === awsRegion && hashKey !== 'LockID' && !isCopied();
    })
    .map(({ address }) => address);
}

const DATABASES = ['aws_rds_cluster', 'aws_db_instance', 'aws_docdb_cluster', 'aws_neptune_cluster'];

/** A database of another region may be a replica, or hold the same data in a way that nobody can see here. */
function databasesIn(graph: Graph, awsRegion: string): string[] {
  const databases = DATABASES.flatMap((type) => graph.ofType(type));
  const isGlobal = ({ values }: Resource): boolean =>
    knownOrAbsent(() => textOf(values, 'global_cluster_identifier')) !== undefined;
  if (databases.some((one) => regionOf(one) !== awsRegion || isGlobal(one))) return [];
  return databases.map(({ address }) => address);
}

const regionOf = (resource: Resource): string | undefined => knownOrAbsent(() => resource.awsRegion);
