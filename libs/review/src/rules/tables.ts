// Tables: capacity for what one region must serve alone, and a replica in every region that serves.
import { finding, frontBalancers, readTables, type Finding } from '@dr/stack';
import { blockOf, blocksOf, numberOf, textOf, type Resource } from '@dr/terraform-json';
import type { Rule } from './rule';

/** [A] Half of the requests write, and every replica takes all writes; each write or read is one unit at least. */
const WRITE_SHARE = 0.5;

const enough: Rule = {
  id: 'table-carries-the-promised-load',
  of: 'serving',
  judge: ({ graph }, { requestsPerSecond }) =>
    graph.ofType('aws_dynamodb_table').flatMap((table) => capacity(table, requestsPerSecond?.(graph))),
};

const eventual: Rule = {
  id: 'replication-is-eventual',
  of: 'serving',
  judge: ({ graph }) =>
    graph.ofType('aws_dynamodb_table').flatMap(({ address, values }) =>
      blocksOf(values, 'replica')
        .filter((replica) => textOf(replica, 'consistency_mode') === 'STRONG')
        .map((replica) => {
          const region = textOf(replica, 'region_name') ?? 'a region';
          const sentence = `replicates to ${region} with strong consistency, which the twin does not know`;
          return finding(address, sentence, 'Use consistency_mode EVENTUAL');
        }),
    ),
};

const replicated: Rule = {
  id: 'table-is-in-every-region',
  of: 'failover',
  judge: ({ graph, names }) => {
    const served = [...new Set(frontBalancers(names).map(({ awsRegion }) => awsRegion))];
    return readTables(graph).flatMap(({ address, awsRegions }) =>
      served
        .filter((awsRegion) => !awsRegions.includes(awsRegion))
        .map((awsRegion) =>
          finding(
            address,
            `has no replica in ${awsRegion}: what is written elsewhere is lost to it`,
            `Add a replica in ${awsRegion}`,
          ),
        ),
    );
  },
};

function capacity(table: Resource, requestsPerSecond: number | undefined): Finding[] {
  if (requestsPerSecond === undefined) return [];
  const { address, values } = table;
  const onDemand = textOf(values, 'billing_mode') === 'PAY_PER_REQUEST';
  const limits = onDemand ? (blockOf(values, 'on_demand_throughput') ?? {}) : values;
  const keys = onDemand ? ['max_read_request_units', 'max_write_request_units'] : ['read_capacity', 'write_capacity'];
  // Half a unit reads 4 KB with eventual consistency.
  const needed = [(requestsPerSecond * (1 - WRITE_SHARE)) / 2, requestsPerSecond * WRITE_SHARE];
  return keys.flatMap((key, at) => {
    const given = numberOf(limits, key, { least: -1, most: 1e9 });
    const units = given ?? (onDemand ? Infinity : 0);
    const least = Math.ceil(needed[at] as number);
    if (units === -1 || units >= least) return [];
    return [
      finding(
        address,
        `has ${key} ${units}: ${requestsPerSecond} requests a second need ${least} at least, and the rest is throttled`,
        `Give ${least}, or bill by request without a cap`,
      ),
    ];
  });
}

export const TABLE_RULES: readonly Rule[] = [enough, eventual, replicated];
