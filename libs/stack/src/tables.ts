// The tables of the stack: keys, indexes, expiry, and the regions that hold a replica.
import { NEW_TABLE_UNITS } from '@dr/contracts';
import {
  blockOf,
  blocksOf,
  flagOf,
  knownOrAbsent,
  numberOf,
  textOf,
  textsOf,
  type Graph,
  type Resource,
  type Values,
} from '@dr/terraform-json';

export interface TableIndex {
  readonly kind: 'local' | 'global';
  readonly name: string;
  readonly hashKey: string;
  readonly rangeKey: string | undefined;
  readonly projection: string;
  readonly nonKey: readonly string[];
}

/** Units a second. */
export interface Throughput {
  /** What the table takes at once: provisioned, or warm. */
  readonly ready: number;
  /** What it never takes more than. Infinity: the stack sets no such limit. */
  readonly most: number;
}

export interface TableConfig {
  readonly address: string;
  readonly name: string;
  /** In the owner's region. */
  readonly arn: string;
  readonly hashKey: string;
  readonly rangeKey: string | undefined;
  readonly attributes: readonly { readonly name: string; readonly type: string }[];
  readonly indexes: readonly TableIndex[];
  readonly onDemand: boolean;
  readonly reads: Throughput;
  readonly writes: Throughput;
  /** Its replicas are encrypted with keys of KMS, a customer's or AWS's; otherwise with one that DynamoDB owns. */
  readonly usesKms: boolean;
  /** Attribute with the epoch seconds after which an item expires. */
  readonly ttlAttribute: string | undefined;
  /** AWS regions that hold it; the owner first. */
  readonly awsRegions: readonly string[];
  /** Of those, the ones that a write waits for: multi-Region strong consistency. */
  readonly strongIn: readonly string[];
}

export function readTables(graph: Graph): TableConfig[] {
  return graph.ofType('aws_dynamodb_table').map((resource) => readTable(graph, resource));
}

function readTable(graph: Graph, resource: Resource): TableConfig {
  const { values } = resource;
  const name = String(values['name']);
  const hashKey = String(values['hash_key']);
  const [ttl] = blocksOf(values, 'ttl');
  const arn = graph.attribute(resource, 'arn');
  const separate = graph.ofType('aws_dynamodb_table_replica').filter((one) => one.values['global_table_arn'] === arn);
  return {
    address: resource.address,
    name,
    arn: String(arn),
    hashKey,
    rangeKey: textOf(values, 'range_key'),
    attributes: blocksOf(values, 'attribute').map((one) => ({ name: String(one['name']), type: String(one['type']) })),
    indexes: [
      ...blocksOf(values, 'global_secondary_index').map((one) => readIndex('global', one, hashKey)),
      ...blocksOf(values, 'local_secondary_index').map((one) => readIndex('local', one, hashKey)),
    ],
    onDemand: values['billing_mode'] === 'PAY_PER_REQUEST',
    reads: throughputOf(values, 'read'),
    writes: throughputOf(values, 'write'),
    usesKms: flagOf(blocksOf(values, 'server_side_encryption')[0] ?? {}, 'enabled') === true,
    ttlAttribute: ttl && flagOf(ttl, 'enabled') === true ? textOf(ttl, 'attribute_name') : undefined,
    awsRegions: [
      ...new Set([
        resource.awsRegion,
        ...blocksOf(values, 'replica').map((one) => String(one['region_name'])),
        ...separate.map((one) => one.awsRegion),
      ]),
    ],
    strongIn: blocksOf(values, 'replica')
      .filter((one) => textOf(one, 'consistency_mode') === 'STRONG')
      .map((one) => String(one['region_name'])),
  };
}

/** Replicas have the same: warm throughput and capacity are of the global table. */
function throughputOf(values: Values, use: 'read' | 'write'): Throughput {
  const units = (block: Values | undefined, key: string): number | undefined =>
    block && knownOrAbsent(() => numberOf(block, key));
  if (values['billing_mode'] !== 'PAY_PER_REQUEST') {
    const provisioned = units(values, `${use}_capacity`) ?? Infinity;
    return { ready: provisioned, most: provisioned };
  }
  const warm = units(
    knownOrAbsent(() => blockOf(values, 'warm_throughput')),
    `${use}_units_per_second`,
  );
  const most =
    units(
      knownOrAbsent(() => blockOf(values, 'on_demand_throughput')),
      `max_${use}_request_units`,
    ) ?? -1;
  return { ready: Math.max(NEW_TABLE_UNITS[use], warm ?? 0), most: most < 0 ? Infinity : most };
}

function readIndex(kind: 'local' | 'global', values: Values, tableHashKey: string): TableIndex {
  return {
    kind,
    name: String(values['name']),
    hashKey: textOf(values, 'hash_key') ?? tableHashKey,
    rangeKey: textOf(values, 'range_key'),
    projection: textOf(values, 'projection_type') ?? 'ALL',
    nonKey: textsOf(values, 'non_key_attributes'),
  };
}
