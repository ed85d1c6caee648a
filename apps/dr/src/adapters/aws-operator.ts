// The applied system on AWS: its tables, its secret and its functions.
import { randomBytes } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { CONTROL_ID, PARTITION_KEY, SORT_KEY, type OrderRecord } from '@dr/contracts/system';
import {
  TooMany,
  type ControlItem,
  type ControlTable,
  type Operator,
  type Place,
  type SecretVersion,
  type StoredSecret,
} from '../operator';
import type { AwsCall } from './aws-errors';
import { liveFunction } from './aws-function';
import { saying, service } from './sdk';

/** A page is 1 MB. */
const MAX_PAGES = 64;

export const awsOperator: Operator = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  randomText: (bytes) => randomBytes(bytes).toString('base64url'),
  table: dynamoDbTable,
  secret: managedSecret,
  liveFunction,
};

function dynamoDbTable(awsRegion: string, name: string): ControlTable {
  const dynamoDb = service(
    () => import('@aws-sdk/client-dynamodb'),
    (sdk, options) => new sdk.DynamoDBClient(options),
  );
  const values = () => import('@aws-sdk/util-dynamodb');
  const call = (action: string): AwsCall => ({ action, resource: `table ${name}`, awsRegion });
  const put = (item: OrderRecord | ControlItem, place: Place): Promise<'written' | 'refused'> =>
    saying(call('dynamodb:PutItem'), async () => {
      const [{ sdk, client }, { marshall }] = await Promise.all([dynamoDb(awsRegion), values()]);
      try {
        const Item = marshall(item, { removeUndefinedValues: true });
        await client.send(new sdk.PutItemCommand({ TableName: name, Item, ...conditionOf(place) }));
        return 'written';
      } catch (error) {
        if ((error as Error).name === 'ConditionalCheckFailedException') return 'refused';
        throw error;
      }
    });
  return {
    read: (from, before) =>
      saying(call('dynamodb:Query'), async () => {
        const [{ sdk, client }, { unmarshall }] = await Promise.all([dynamoDb(awsRegion), values()]);
        const items: ControlItem[] = [];
        let start: Record<string, AttributeValue> | undefined;
        for (let page = 0; page < MAX_PAGES; page += 1) {
          const { Items, LastEvaluatedKey } = await client.send(
            new sdk.QueryCommand({
              TableName: name,
              ConsistentRead: true,
              KeyConditionExpression: '#id = :id AND #at BETWEEN :from AND :before',
              ExpressionAttributeNames: { '#id': PARTITION_KEY, '#at': SORT_KEY },
              ExpressionAttributeValues: { ':id': { S: CONTROL_ID }, ':from': { S: from }, ':before': { S: before } },
              ...(start ? { ExclusiveStartKey: start } : {}),
            }),
          );
          items.push(...(Items ?? []).map((item) => unmarshall(item, UNMARSHALL) as ControlItem));
          // BETWEEN includes its upper end.
          if (!LastEvaluatedKey) return items.filter(({ timestamp }) => timestamp !== before);
          start = LastEvaluatedKey;
        }
        throw new TooMany(
          `table ${name} in ${awsRegion}`,
          `holds more than ${MAX_PAGES} MB of control records from ${from} to ${before}`,
          'Export and delete the oldest of them',
        );
      }),

    putOrder: (order, replaces) => put(order, placeOfOrder(order, replaces)),
    put,
  };
}

/** A number that no double holds is still read: such a record is named, and nothing is lost by it. */
const UNMARSHALL = { wrapNumbers: Number } as const;

const placeOfOrder = ({ number }: OrderRecord, replaces: number | null | 'bad'): Place =>
  replaces === 'bad'
    ? { unless: ['number', number] }
    : replaces === null
      ? { absent: true }
      : { absent: false, holding: ['number', replaces] };

/** As the condition of a put. */
function conditionOf(place: Place) {
  if (place === 'anywhere') return {};
  if ('unless' in place) {
    return {
      ConditionExpression: 'attribute_not_exists(#holds) OR #holds <> :value',
      ExpressionAttributeNames: { '#holds': place.unless[0] },
      ExpressionAttributeValues: { ':value': valueOf(place.unless[1]) },
    };
  }
  const { absent, holding } = place;
  const alternatives = [...(absent ? ['attribute_not_exists(#id)'] : []), ...(holding ? ['#holds = :value'] : [])];
  return {
    ConditionExpression: alternatives.join(' OR '),
    ExpressionAttributeNames: {
      ...(absent ? { '#id': PARTITION_KEY } : {}),
      ...(holding ? { '#holds': holding[0] } : {}),
    },
    ...(holding ? { ExpressionAttributeValues: { ':value': valueOf(holding[1]) } } : {}),
  };
}

function valueOf(value: string | number | boolean): AttributeValue {
  if (typeof value === 'boolean') return { BOOL: value };
  return typeof value === 'number' ? { N: String(value) } : { S: value };
}

function managedSecret(awsRegion: string, name: string): StoredSecret {
  const secrets = service(
    () => import('@aws-sdk/client-secrets-manager'),
    (sdk, options) => new sdk.SecretsManagerClient(options),
  );
  const call = (action: string): AwsCall => ({ action, resource: `secret ${name}`, awsRegion });
  const read = (): Promise<SecretVersion | undefined> =>
    saying(call('secretsmanager:GetSecretValue'), async () => {
      const { sdk, client } = await secrets(awsRegion);
      try {
        const { SecretString: text, VersionId: versionId } = await client.send(
          new sdk.GetSecretValueCommand({ SecretId: name, VersionStage: 'AWSCURRENT' }),
        );
        return text === undefined || versionId === undefined ? undefined : { text, versionId };
      } catch (error) {
        // AWS says the same of a secret that is not there and of one that is empty: writing tells them apart.
        if ((error as Error).name === 'ResourceNotFoundException') return undefined;
        throw error;
      }
    });

  /** A version that nobody reads yet; the first one of a secret is its current one at once. */
  const add = (text: string) =>
    saying(call('secretsmanager:PutSecretValue'), async () => {
      const { sdk, client } = await secrets(awsRegion);
      const { VersionId: versionId = '', VersionStages = [] } = await client.send(
        new sdk.PutSecretValueCommand({ SecretId: name, SecretString: text, VersionStages: ['AWSPENDING'] }),
      );
      return { versionId, isCurrent: VersionStages.includes('AWSCURRENT') };
    });

  /**
   * Secrets Manager moves a stage only from the version that is named, and fails when another one has it, or has it and none was named
   * (API reference, UpdateSecretVersionStage).
   */
  const makeCurrent = (versionId: string, from: string | undefined): Promise<boolean> =>
    saying(call('secretsmanager:UpdateSecretVersionStage'), async () => {
      const { sdk, client } = await secrets(awsRegion);
      const move = { SecretId: name, VersionStage: 'AWSCURRENT', MoveToVersionId: versionId };
      try {
        await client.send(
          new sdk.UpdateSecretVersionStageCommand({
            ...move,
            ...(from === undefined ? {} : { RemoveFromVersionId: from }),
          }),
        );
        return true;
      } catch (error) {
        if (!['InvalidParameterException', 'InvalidRequestException'].includes((error as Error).name)) throw error;
        const current = await read();
        // The answer to a first attempt may have been lost.
        if (current?.versionId === versionId) return true;
        if (current?.versionId === from) throw error;
        return false;
      }
    });

  const write = async (text: string, replaces: string | undefined): Promise<string | undefined> => {
    const { versionId, isCurrent } = await add(text);
    return isCurrent || (await makeCurrent(versionId, replaces)) ? versionId : undefined;
  };

  return {
    read,
    write,
  };
}
