// Tables: capacity for what one region must serve alone, and a replica in every region that serves.
import { finding, frontBalancers, readTables, type Finding } from '@dr/stack';
import { blockOf, blocksOf, numberOf, textOf, type Resource, type Values } from '@dr/terraform-json';
import type { Rule } from './rule';

/** [A] Half of the requests write, and every replica takes all writes; each write or read is one unit at least. */
const WRITE_SHARE = 0.5;
/** Units for a request; half a unit reads 4 KB with eventual consistency. */
const NEEDED = { read: (1 - WRITE_SHARE) / 2, write: WRITE_SHARE } as const;

export const TABLE_RULES: readonly Rule[] = [
  {
    id: 'table-carries-the-promised-load',
    of: 'serving',
    *judge({ graph }, { requestsPerSecond }) {
      if (!requestsPerSecond) return;
      for (const table of graph.ofType('aws_dynamodb_table')) yield* capacity(table, requestsPerSecond(graph));
    },
  },
  {
    id: 'replication-is-eventual',
    of: 'serving',
    *judge({ graph }) {
      for (const { address, strongIn } of readTables(graph))
        for (const region of strongIn) {
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

/** Undefined where only what clients do may tell. */
function* capacity({ address, values }: Resource, requestsPerSecond: number | undefined): Iterable<Finding> {
  const onDemand = textOf(values, 'billing_mode') === 'PAY_PER_REQUEST';
  // A write that an index has no unit for is refused by the table (DynamoDB, "Global Secondary Index Considerations"). None of them is read.
  const indexes = blocksOf(values, 'global_secondary_index').map((index) => ({
    of: ` of its index ${textOf(index, 'name') ?? ''}`,
    limits: unitsIn(index, onDemand).filter(({ use }) => use === 'write'),
  }));
  for (const { of, limits } of [{ of: '', limits: unitsIn(values, onDemand) }, ...indexes])
    for (const { use, key, units } of limits) {
      if (units === Infinity) continue;
      const has = `has ${key} ${units}${of}`;
      const unknown = `${has}, and no output objectives.requestsPerSecond says what it must carry: whether that is enough is unknown`;
      if (requestsPerSecond === undefined) {
        yield finding(address, unknown, 'Say how many requests a second one region must carry, or bill by request');
        continue;
      }
      const least = Math.ceil(requestsPerSecond * NEEDED[use]);
      const sentence = `${has}: ${requestsPerSecond} requests a second need ${least} at least, and the rest is throttled`;
      if (units < least) yield finding(address, sentence, `Give ${least}, or bill by request without a cap`);
    }
}

/** Of a table or of an index. */
function unitsIn(values: Values, onDemand: boolean) {
  const limits = onDemand ? (blockOf(values, 'on_demand_throughput') ?? {}) : values;
  return (['read', 'write'] as const).map((use) => {
    const key = onDemand ? `max_${use}_request_units` : `${use}_capacity`;
    const units = numberOf(limits, key, { least: -1, most: 1e9 }) ?? (onDemand ? -1 : 0);
    return { use, key, units: units === -1 ? Infinity : units };
  });
}
