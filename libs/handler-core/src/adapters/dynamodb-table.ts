// The Table port over DynamoDB: the plain client, which costs a quarter less CPU a call than the document client.
import { PutItemCommand, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PARTITION_KEY, SORT_KEY } from '@dr/contracts/system';
import type { Cancellation } from '../cancellation';
import { jsonIn } from '../json';
import { TableError, type Item, type PutCondition, type Table, type TableErrorKind, type TableQuery } from '../ports';
import { fromAttributes, toAttributes, type Attributes } from './attribute-values';
import type { AwsIdentity } from './aws-request';
import { cheapDynamoDbClient } from './dynamodb-client';

export interface DynamoDbTableOptions {
  readonly table: string;
  readonly region: string;
  readonly identity: AwsIdentity;
  /** Calls in all, the first included. @default 2 */
  readonly maxAttempts?: number;
  /** False: a throttled call fails at once, so that a caller with a deadline can still do something about it. @default true */
  readonly retryThrottled?: boolean;
}

const NAMES = { '#id': PARTITION_KEY, '#at': SORT_KEY };
const SCAN_PAGE_ITEMS = 1000;

export function dynamoDbTable(options: DynamoDbTableOptions): Table {
  const { table, region, identity, maxAttempts = 2, retryThrottled = true } = options;
  const { client, abortWith } = cheapDynamoDbClient(identity, region, { maxAttempts, throttled: retryThrottled });
  const abortable = <C extends { readonly input: object }>(command: C, signal: Cancellation | undefined): C => {
    if (signal) abortWith(command.input, signal);
    return command;
  };

  return {
    async query(query, signal) {
      const output = await guarded(client.send(abortable(queryCommand(table, query), signal)));
      const all = (output.Items ?? []).map(toItem);
      // BETWEEN includes its upper end.
      const items = query.before === undefined ? all : all.filter((item) => item.timestamp !== query.before);
      const next = output.LastEvaluatedKey?.[SORT_KEY]?.S;
      return next === undefined ? { items } : { items, next };
    },

    async put(item, condition, signal) {
      const command = new PutItemCommand({
        TableName: table,
        Item: toAttributes(item),
        ...conditionOf(condition),
      });
      try {
        await guarded(client.send(abortable(command, signal)));
        return 'written';
      } catch (error) {
        if (nameOf((error as TableError).cause) === 'ConditionalCheckFailedException') return 'refused';
        throw error;
      }
    },

    async scan(cursor, signal, limit = SCAN_PAGE_ITEMS) {
      const command = new ScanCommand({
        TableName: table,
        Limit: limit,
        ...(cursor === undefined ? {} : { ExclusiveStartKey: startKeyOf(cursor) }),
      });
      const output = await guarded(client.send(abortable(command, signal)));
      const items = (output.Items ?? []).map(toItem);
      return output.LastEvaluatedKey ? { items, cursor: JSON.stringify(output.LastEvaluatedKey) } : { items };
    },
  };
}

function queryCommand(table: string, { id, from, before, limit, oldestFirst = false }: TableQuery): QueryCommand {
  const range =
    from !== undefined && before !== undefined
      ? ' AND #at BETWEEN :from AND :before'
      : from !== undefined
        ? ' AND #at >= :from'
        : before !== undefined
          ? ' AND #at < :before'
          : '';
  return new QueryCommand({
    TableName: table,
    ConsistentRead: true,
    ScanIndexForward: oldestFirst,
    KeyConditionExpression: `#id = :id${range}`,
    ExpressionAttributeNames: range ? NAMES : { '#id': PARTITION_KEY },
    ExpressionAttributeValues: {
      ':id': { S: id },
      ...(from === undefined ? {} : { ':from': { S: from } }),
      ...(before === undefined ? {} : { ':before': { S: before } }),
    },
    ...(limit === undefined ? {} : { Limit: limit }),
  });
}

const conditionOf = (condition: PutCondition) =>
  condition.kind === 'absent'
    ? { ConditionExpression: 'attribute_not_exists(#id)', ExpressionAttributeNames: { '#id': PARTITION_KEY } }
    : {
        ConditionExpression:
          condition.kind === 'version'
            ? '#version = :version'
            : 'attribute_not_exists(#version) OR #version <> :version',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':version': { N: String(condition.version) } },
      };

/** What an earlier page gave as cursor. Throws TableError `invalid` for anything else, as DynamoDB refuses it. */
function startKeyOf(cursor: string): Attributes {
  const key = jsonIn(cursor) as Partial<Record<string, { readonly S?: unknown }>> | null | undefined;
  const isKey = typeof key?.[PARTITION_KEY]?.S === 'string' && typeof key[SORT_KEY]?.S === 'string';
  if (!isKey) throw new TableError('invalid', 'the cursor is none that a scan has given');
  return key as Attributes;
}

const toItem = (attributes: Attributes): Item => fromAttributes(attributes) as Item;

async function guarded<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw new TableError(kindOf(error), `DynamoDB: ${nameOf(error)}: ${(error as Error).message}`, { cause: error });
  }
}

const nameOf = (error: unknown): string => (error as { name?: string } | undefined)?.name ?? '';

const KINDS: Readonly<Record<string, TableErrorKind>> = {
  ProvisionedThroughputExceededException: 'throttled',
  ThrottlingException: 'throttled',
  RequestLimitExceeded: 'throttled',
  AccessDeniedException: 'denied',
  UnrecognizedClientException: 'denied',
  ValidationException: 'invalid',
  ItemCollectionSizeLimitExceededException: 'invalid',
  AbortError: 'timeout',
  TimeoutError: 'timeout',
};
const kindOf = (error: unknown): TableErrorKind => KINDS[nameOf(error)] ?? 'unavailable';
