// Tables: capacity for what one region must serve alone, and a replica in every region that serves.
import { finding, frontBalancers, readTables, type Finding } from '@dr/stack';
import { blockOf, blocksOf, numberOf, textOf, type Resource } from '@dr/terraform-json';
import type { Rule } from './rule';

/** [A] Half of the requests write, and every replica takes all writes; each write or read is one unit at least. */
const WRITE_SHARE = 0.5;

export const TABLE_RULES: readonly Rule[] = [
  {
    id: 'table-carries-the-promised-load',
    of: 'serving',
    *judge({ graph }, { requestsPerSecond }) {
      const promised = requestsPerSecond?.(graph);
      for (const table of graph.ofType('aws_dynamodb_table'))
        if (promised !== undefined) yield* capacity(table, promised);
    },
  },
  {
    id: 'replication-is-eventual',
    of: 'serving',
    *judge({ graph }) {
      for (const { address, values } of graph.ofType('aws_dynamodb_table'))
        for (const replica of blocksOf(values, 'replica')) {
          if (textOf(replica, 'consistency_mode') !== 'STRONG') continue;
          const region = textOf(replica, 'region_name') ?? 'a region';
          const sentence = `replicates to ${region} with strong consistency, which the twin does not know`;
          yield finding(address, sentence, 'Use consistency_mode EVENTUAL');
        }
    },
  },
  {
    id: 'table-is-in-every-region',
    of: 'failover',
    *judge({ graph, names }) {
      const served = new Set(frontBalancers(names).map(({ awsRegion }) => awsRegion));
      for (const { address, awsRegions } of readTables(graph))
        for (const awsRegion of [...served].filter((one) => !awsRegions.includes(one))) {
          const sentence = `has no replica in ${awsRegion}: what is written elsewhere is lost to it`;
          yield finding(address, sentence, `Add a replica in ${awsRegion}`);
        }
    },
  },
];

function* capacity({ address, values }: Resource, requestsPerSecond: number): Iterable<Finding> {
  const onDemand = textOf(values, 'billing_mode') === 'PAY_PER_REQUEST';
  const limits = onDemand ? (blockOf(values, 'on_demand_throughput') ?? {}) : values;
  // Half a unit reads 4 KB with eventual consistency.
  const needed = { read: (requestsPerSecond * (1 - WRITE_SHARE)) / 2, write: requestsPerSecond * WRITE_SHARE };
  for (const use of ['read', 'write'] as const) {
    const key = onDemand ? `max_${use}_request_units` : `${use}_capacity`;
    const units = numberOf(limits, key, { least: -1, most: 1e9 }) ?? (onDemand ? Infinity : 0);
    const least = Math.ceil(needed[use]);
    const sentence = `has ${key} ${units}: ${requestsPerSecond} requests a second need ${least} at least, and the rest is throttled`;
    if (units !== -1 && units < least)
      yield finding(address, sentence, `Give ${least}, or bill by request without a cap`);
  }
}
