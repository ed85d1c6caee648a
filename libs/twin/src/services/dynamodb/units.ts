// Units that a call takes, and the partition that it takes them from. Source: DynamoDB developer guide, read-write-operations.
import type { AttributeMap } from './engine';

export type Use = 'read' | 'write';

export interface Demand {
  readonly use: Use;
  /** Of one item collection; undefined: of several, or of the whole table. */
  readonly partition: string | undefined;
  /** Writes are paid as they come, reads by what they return: these at least. */
  readonly units: number;
  /** Of each unit that is read. */
  readonly share: number;
}

type Input = Readonly<Record<string, unknown>>;

const WRITE_BYTES = 1_024;
const READ_BYTES = 4_096;
const EVENTUALLY = 0.5;

/** What a call asks of one of the tables that it names. `hashKey`: of that table. */
export function demandOf(operation: string, input: Input, table: string, hashKey: string): Demand | undefined {
  const share = input['ConsistentRead'] === true ? 1 : EVENTUALLY;
  const key = (input['Key'] ?? input['Item']) as AttributeMap | undefined;
  switch (operation) {
    case 'GetItem':
      return { use: 'read', partition: partitionOf(key, hashKey), units: 1, share };
    case 'Query':
      return { use: 'read', partition: queried(input, hashKey), units: 1, share };
    case 'Scan':
      return { use: 'read', partition: undefined, units: 1, share };
    case 'BatchGetItem': {
      const { Keys = [], ConsistentRead } = of<{ Keys?: unknown[]; ConsistentRead?: boolean }>(input, table) ?? {};
      return { use: 'read', partition: undefined, units: Keys.length, share: ConsistentRead ? 1 : EVENTUALLY };
    }
    case 'PutItem':
      return { use: 'write', partition: partitionOf(key, hashKey), units: writeUnits(key), share: 1 };
    // [A] The item that is there counts too; it is taken to be no larger than a unit.
    case 'UpdateItem':
    case 'DeleteItem':
      return { use: 'write', partition: partitionOf(key, hashKey), units: 1, share: 1 };
    case 'BatchWriteItem': {
      const requests = of<{ PutRequest?: { Item?: AttributeMap } }[]>(input, table) ?? [];
      const units = requests.reduce((sum, { PutRequest }) => sum + writeUnits(PutRequest?.Item), 0);
      return { use: 'write', partition: undefined, units, share: 1 };
    }
    default:
      return undefined;
  }
}

/** Of an answer. [A] The text of the answer is as long as the items are. */
export const readUnits = ({ units, share }: Demand, bytes: number): number =>
  share * Math.max(units, Math.ceil(bytes / READ_BYTES));

export const writeUnits = (item: AttributeMap | undefined): number =>
  Math.max(1, Math.ceil(bytesOf(item ?? {}) / WRITE_BYTES));

export function partitionOf(key: AttributeMap | undefined, hashKey: string): string | undefined {
  const attribute = key?.[hashKey];
  return attribute && String(Object.values(attribute)[0]);
}

function queried(input: Input, hashKey: string): string | undefined {
  const names = (input['ExpressionAttributeNames'] ?? {}) as Readonly<Record<string, string>>;
  const values = (input['ExpressionAttributeValues'] ?? {}) as AttributeMap;
  const expression = typeof input['KeyConditionExpression'] === 'string' ? input['KeyConditionExpression'] : '';
  if (input['IndexName'] !== undefined) return undefined;
  for (const [, name = '', value = ''] of expression.matchAll(/([#\w.-]+)\s*=\s*(:\w+)/g))
    if ((names[name] ?? name) === hashKey) return partitionOf({ [hashKey]: values[value] ?? {} }, hashKey);
  return undefined;
}

const of = <T>(input: Input, table: string): T | undefined => {
  const entries = Object.entries((input['RequestItems'] ?? {}) as Readonly<Record<string, T>>);
  return entries.find(([name]) => name === table || name.endsWith(`/${table}`))?.[1];
};

/** Names and values. [A] A value is as long as its text. */
function bytesOf(item: AttributeMap): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) bytes += Buffer.byteLength(name) + lengthOf(value);
  return bytes;
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value !== 'object' || value === null) return 1;
  let bytes = 0;
  for (const one of Object.values(value)) bytes += lengthOf(one);
  return bytes;
}
