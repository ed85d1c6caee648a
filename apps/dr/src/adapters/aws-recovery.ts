// Point-in-time recovery of a DynamoDB table, and the versions in it and in the table that is made beside it.
import { InputError } from '@dr/contracts';
import { PARTITION_KEY, SORT_KEY } from '@dr/contracts/system';
import type { ReplicaItem } from '@dr/consistency';
import type { AttributeValue, DynamoDB } from '@aws-sdk/client-dynamodb';
import type { OpenRecovery, TableRecovery, VersionPage, VersionTable } from '../operate/restore/ports';
import { isNamed, orAbsent, service } from './sdk';

type Named = (name: string) => DynamoDB;

const values = () => import('@aws-sdk/util-dynamodb');

type Key = Record<string, AttributeValue>;

/** A number that no double holds is still read. */
const UNMARSHALL = { wrapNumbers: Number } as const;
/** What DescribeContinuousBackups and RestoreTableToPointInTime call a table that is not there (DynamoDB API reference). */
const NO_TABLE = ['TableNotFoundException', 'ResourceNotFoundException'];
const OFF = ['PointInTimeRecoveryUnavailableException', 'ContinuousBackupsUnavailableException'];

export const awsRecovery: OpenRecovery = (awsRegion, table): TableRecovery => {
  const dynamoDb = service('dynamodb', async () => (await import('@aws-sdk/client-dynamodb')).DynamoDB);
  const tableNamed: Named = (name) => dynamoDb(awsRegion, `table ${name}`);
  return {
    async window() {
      const [described, backups] = await Promise.all([
        orAbsent(NO_TABLE, tableNamed(table).describeTable({ TableName: table })),
        orAbsent([...NO_TABLE, ...OFF], tableNamed(table).describeContinuousBackups({ TableName: table })),
      ]);
      const arn = described?.Table?.TableArn;
      if (arn === undefined)
        throw new InputError(
          `table ${table} in ${awsRegion}`,
          'does not exist in this account',
          'Apply the stack first, or use credentials for the account that it is in',
        );
      const {
        PointInTimeRecoveryStatus: status,
        EarliestRestorableDateTime: earliest,
        LatestRestorableDateTime: latest,
      } = backups?.ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
      return {
        arn,
        enabled: status === 'ENABLED',
        earliestMs: earliest?.getTime() ?? null,
        latestMs: latest?.getTime() ?? null,
      };
    },

    async restored(name) {
      const found = await orAbsent(NO_TABLE, tableNamed(name).describeTable({ TableName: name }));
      if (!found?.Table) return undefined;
      const { TableStatus: status = '', RestoreSummary: from } = found.Table;
      return { status, sourceArn: from?.SourceTableArn ?? null, toMs: from?.RestoreDateTime?.getTime() ?? null };
    },

    async restore(name, toMs) {
      const asked = tableNamed(table).restoreTableToPointInTime({
        SourceTableName: table,
        TargetTableName: name,
        RestoreDateTime: new Date(toMs),
        // It is read through once or twice: what the source has reserved would be paid by the hour for as long as it is kept.
        BillingModeOverride: 'PAY_PER_REQUEST',
      });
      try {
        await asked;
        return 'begun';
      } catch (error) {
        if (isNamed(error, ['TableAlreadyExistsException', 'TableInUseException'])) return 'taken';
        throw explainedRestore(error, table, awsRegion);
      }
    },

    versions: (name) => versionsOf(tableNamed(name), name),
  };
};

/** What was checked may have changed since. */
function explainedRestore(error: unknown, table: string, awsRegion: string): unknown {
  const said = (error as Error).message;
  const cause = { cause: error };
  if (isNamed(error, ['InvalidRestoreTimeException']))
    return new InputError('--to', `is outside the recovery window (${said})`, 'Give a time in the window', cause);
  if (isNamed(error, OFF))
    return new InputError(`table ${table} in ${awsRegion}`, `has no recovery (${said})`, 'Apply the stack', cause);
  return error;
}

function versionsOf(table: DynamoDB, name: string): VersionTable {
  const plainly = async (items: readonly Key[] = []): Promise<ReplicaItem[]> => {
    const { unmarshall } = await values();
    return items.map((item) => unmarshall(item, UNMARSHALL) as ReplicaItem);
  };
  return {
    async scan(from, limit): Promise<VersionPage> {
      const { Items, LastEvaluatedKey: last } = await table.scan({
        TableName: name,
        Limit: limit,
        ...(from === undefined ? {} : { ExclusiveStartKey: JSON.parse(from) as Key }),
      });
      const items = await plainly(Items);
      return last ? { items, next: JSON.stringify(last) } : { items };
    },

    async history(id, before, limit): Promise<VersionPage> {
      const { Items, LastEvaluatedKey: last } = await table.query({
        TableName: name,
        ConsistentRead: true,
        ScanIndexForward: false,
        Limit: limit,
        KeyConditionExpression: `#id = :id${before === undefined ? '' : ' AND #at < :before'}`,
        ExpressionAttributeNames: { '#id': PARTITION_KEY, ...(before === undefined ? {} : { '#at': SORT_KEY }) },
        ExpressionAttributeValues: { ':id': { S: id }, ...(before === undefined ? {} : { ':before': { S: before } }) },
      });
      const items = await plainly(Items);
      const next = last?.[SORT_KEY]?.S;
      return next === undefined ? { items } : { items, next };
    },

    async add(item) {
      const { marshall } = await values();
      const put = table.putItem({
        TableName: name,
        Item: marshall(item, { removeUndefinedValues: true }),
        ConditionExpression: 'attribute_not_exists(#id)',
        ExpressionAttributeNames: { '#id': PARTITION_KEY },
      });
      return (await orAbsent(['ConditionalCheckFailedException'], put)) ? 'written' : 'refused';
    },
  };
}
