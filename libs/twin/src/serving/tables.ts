// Tables: capacity for what one region must serve alone, and replication that a lost region does not stop.
import { blockOf, blocksOf, numberOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { finding, type Finding } from './finding';

/** [A] Half of the requests write, and every replica takes all writes; each write or read is one unit at least. */
const WRITE_SHARE = 0.5;

export function tableFindings(graph: Graph, requestsPerSecond: number | undefined): Finding[] {
  return graph.ofType('aws_dynamodb_table').flatMap((table) => [
    ...capacity(table, requestsPerSecond),
    ...blocksOf(table.values, 'replica')
      .filter((replica) => textOf(replica, 'consistency_mode') === 'STRONG')
      .map((replica) =>
        finding(
          table.address,
          `replicates to ${textOf(replica, 'region_name') ?? 'a region'} with strong consistency, which the twin does not know`,
        ),
      ),
  ]);
}

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
      ),
    ];
  });
}
