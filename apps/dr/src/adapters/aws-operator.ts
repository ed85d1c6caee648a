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
} from '../operate/operator';
import { liveFunction } from './aws-function';
import { isNamed, orAbsent, service } from './sdk';

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
  const dynamoDb = service('dynamodb', async () => (await import('@aws-sdk/client-dynamodb')).DynamoDB);
  const table = dynamoDb(awsRegion, `table ${name}`);
  const values = () => import('@aws-sdk/util-dynamodb');
  const put = async (item: OrderRecord | ControlItem, place: Place): Promise<'written' | 'refused'> => {
    const Item = (await values()).marshall(item, { removeUndefinedValues: true });
    const asked = table.putItem({ TableName: name, Item, ...conditionOf(place) });
    return (await orAbsent(['ConditionalCheckFailedException'], asked)) ? 'written' : 'refused';
  };
  return {
    read: async (from, before) => {
      const { unmarshall } = await values();
      const items: ControlItem[] = [];
      let start: Record<string, AttributeValue> | undefined;
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const { Items = [], LastEvaluatedKey } = await table.query({
          TableName: name,
          ConsistentRead: true,
          KeyConditionExpression: '#id = :id AND #at BETWEEN :from AND :before',
          ExpressionAttributeNames: { '#id': PARTITION_KEY, '#at': SORT_KEY },
          ExpressionAttributeValues: { ':id': { S: CONTROL_ID }, ':from': { S: from }, ':before': { S: before } },
          ExclusiveStartKey: start,
        });
        items.push(...Items.map((item) => unmarshall(item, UNMARSHALL) as ControlItem));
        // BETWEEN includes its upper end.
        if (!LastEvaluatedKey) return items.filter(({ timestamp }) => timestamp !== before);
        start = LastEvaluatedKey;
      }
      throw new TooMany(
        `table ${name} in ${awsRegion}`,
        `holds more than ${MAX_PAGES} MB of control records from ${from} to ${before}`,
        'Export and delete the oldest of them',
      );
    },
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
    'secretsmanager',
    async () => (await import('@aws-sdk/client-secrets-manager')).SecretsManager,
  );
  const secret = secrets(awsRegion, `secret ${name}`);
  const read = async (): Promise<SecretVersion | undefined> => {
    // AWS says the same of a secret that is not there and of one that is empty: writing tells them apart.
    const found = await orAbsent(
      ['ResourceNotFoundException'],
      secret.getSecretValue({ SecretId: name, VersionStage: 'AWSCURRENT' }),
    );
    const { SecretString: text, VersionId: versionId } = found ?? {};
    return text === undefined || versionId === undefined ? undefined : { text, versionId };
  };

  /** AWS moves a stage only away from the version that is named, and fails when another one has it (UpdateSecretVersionStage). */
  const makeCurrent = async (versionId: string, from: string | undefined): Promise<boolean> => {
    try {
      const move = { SecretId: name, VersionStage: 'AWSCURRENT', MoveToVersionId: versionId };
      await secret.updateSecretVersionStage({ ...move, RemoveFromVersionId: from });
      return true;
    } catch (error) {
      if (!isNamed(error, ['InvalidParameterException', 'InvalidRequestException'])) throw error;
      const current = await read();
      // The answer to a first attempt may have been lost.
      if (current?.versionId === versionId) return true;
      if (current?.versionId === from) throw error;
      return false;
    }
  };

  return {
    read,
    /** First as a version that nobody reads yet; the first one of a secret is its current one at once. */
    write: async (text, replaces) => {
      const { VersionId: versionId = '', VersionStages = [] } = await secret.putSecretValue({
        SecretId: name,
        SecretString: text,
        VersionStages: ['AWSPENDING'],
      });
      const isCurrent = VersionStages.includes('AWSCURRENT');
      return isCurrent || (await makeCurrent(versionId, replaces)) ? versionId : undefined;
    },
  };
}
