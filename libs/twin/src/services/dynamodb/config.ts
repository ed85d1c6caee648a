// The tables of the stack: keys, indexes, expiry, and the regions that hold a replica.
import type { Graph, Resource } from '@dr/terraform-json';

export interface TableIndex {
  readonly kind: 'local' | 'global';
  readonly name: string;
  readonly hashKey: string;
  readonly rangeKey: string | undefined;
  readonly projection: string;
  readonly nonKey: readonly string[];
}

export interface TableConfig {
  readonly name: string;
  readonly hashKey: string;
  readonly rangeKey: string | undefined;
  readonly attributes: readonly { readonly name: string; readonly type: string }[];
  readonly indexes: readonly TableIndex[];
  readonly onDemand: boolean;
  /** Attribute with the epoch seconds after which an item expires. */
  readonly ttlAttribute: string | undefined;
  /** AWS regions that hold it; the owner first. */
  readonly awsRegions: readonly string[];
}

type Values = Readonly<Record<string, unknown>>;

export function readTables(graph: Graph): TableConfig[] {
  return graph.ofType('aws_dynamodb_table').map((resource) => readTable(graph, resource));
}

function readTable(graph: Graph, resource: Resource): TableConfig {
  const { values } = resource;
  const name = String(values['name']);
  const hashKey = String(values['hash_key']);
  const [ttl] = blocks(values, 'ttl');
  const arn = graph.attribute(resource, 'arn');
  const separate = graph.ofType('aws_dynamodb_table_replica').filter((one) => one.values['global_table_arn'] === arn);
  return {
    name,
    hashKey,
    rangeKey: optional(values['range_key']),
    attributes: blocks(values, 'attribute').map((one) => ({ name: String(one['name']), type: String(one['type']) })),
    indexes: [
      ...blocks(values, 'global_secondary_index').map((one) => readIndex('global', one, hashKey)),
      ...blocks(values, 'local_secondary_index').map((one) => readIndex('local', one, hashKey)),
    ],
    onDemand: values['billing_mode'] === 'PAY_PER_REQUEST',
    ttlAttribute: ttl?.['enabled'] === true ? optional(ttl['attribute_name']) : undefined,
    awsRegions: [
      ...new Set([
        resource.awsRegion,
        ...blocks(values, 'replica').map((one) => String(one['region_name'])),
        ...separate.map((one) => one.awsRegion),
      ]),
    ],
  };
}

function readIndex(kind: 'local' | 'global', values: Values, tableHashKey: string): TableIndex {
  return {
    kind,
    name: String(values['name']),
    hashKey: optional(values['hash_key']) ?? tableHashKey,
    rangeKey: optional(values['range_key']),
    projection: String(values['projection_type'] ?? 'ALL'),
    nonKey: (values['non_key_attributes'] ?? []) as readonly string[],
  };
}

const optional = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
const blocks = (values: Values, name: string): readonly Values[] => (values[name] ?? []) as readonly Values[];
