// DynamoDB over loopback with point-in-time recovery: dynalite holds the tables, and what was written to them is remembered beside it.
// For tests.
import { CreateTableCommand, DynamoDBClient, PutItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import type { IncomingHttpHeaders } from 'node:http';
// eslint-disable-next-line @nx/enforce-module-boundaries -- what stands in for DynamoDB in the contract suite does so here
import { dynamoDbLoopback, type Loopback } from '../../../../libs/handler-core/src/testing/loopback-adapter';
import { serveAws, whole } from './aws-in-test';

type Item = Record<string, AttributeValue>;
interface Body {
  readonly TableName?: string;
  readonly SourceTableName?: string;
  readonly TargetTableName?: string;
  readonly RestoreDateTime?: number;
  readonly Item?: Item;
}
type Answer = readonly [status: number, body: object];

const arnOf = (name: string): string => `arn:aws:dynamodb:ap-south-1:123456789012:table/${name}`;
const KEPT_SECONDS = 3_600;
const BEHIND_SECONDS = 300;

export class RecoveryLoopback {
  /** Seconds since the epoch, as the wire has them. */
  nowSeconds = 1_795_867_200;
  isOff = false;
  /** What RestoreTableToPointInTime was asked. */
  readonly asked: Body[] = [];
  private readonly written: { readonly at: number; readonly item: Item }[] = [];
  /** Table -> the time that it is of. */
  private readonly restored = new Map<string, number>();
  private readonly engine: DynamoDBClient;

  constructor(
    private readonly table: string,
    private readonly loopback: Loopback,
  ) {
    this.engine = new DynamoDBClient({ region: 'ap-south-1', ...loopback.identity });
  }

  async close(): Promise<void> {
    this.engine.destroy();
    await this.loopback.close();
  }

  answer(headers: IncomingHttpHeaders, text: string): Answer | Promise<Answer> {
    const target = String(headers['x-amz-target']).split('.')[1];
    if (target === 'DescribeContinuousBackups') return this.backups();
    const body = JSON.parse(text) as Body;
    return target === 'RestoreTableToPointInTime' ? this.restore(body) : this.through(headers, text, body);
  }

  private window(): readonly [earliest: number, latest: number] {
    return [this.nowSeconds - KEPT_SECONDS, this.nowSeconds - BEHIND_SECONDS];
  }

  private backups(): Answer {
    const [EarliestRestorableDateTime, LatestRestorableDateTime] = this.window();
    const PointInTimeRecoveryDescription = this.isOff
      ? { PointInTimeRecoveryStatus: 'DISABLED' }
      : { PointInTimeRecoveryStatus: 'ENABLED', EarliestRestorableDateTime, LatestRestorableDateTime };
    const description = { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription };
    return [200, { ContinuousBackupsDescription: description }];
  }

  private async restore(body: Body): Promise<Answer> {
    this.asked.push(body);
    const { SourceTableName: source, TargetTableName: TableName = '', RestoreDateTime: to = 0 } = body;
    const [earliest, latest] = this.window();
    if (source !== this.table) return refused('TableNotFoundException', 'Table not found');
    if (this.isOff) return refused('PointInTimeRecoveryUnavailableException', 'Point in time recovery is not enabled');
    if (this.restored.has(TableName))
      return refused('TableAlreadyExistsException', `Table already exists: ${TableName}`);
    if (to < earliest || to > latest)
      return refused('InvalidRestoreTimeException', 'An invalid restore time was specified');
    this.restored.set(TableName, to);
    await this.engine.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['id', 'timestamp'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'timestamp', KeyType: 'RANGE' },
        ],
      }),
    );
    for (const { at, item } of this.written)
      if (at <= to) await this.engine.send(new PutItemCommand({ TableName, Item: item }));
    return [200, { TableDescription: { TableName, TableStatus: 'CREATING' } }];
  }

  /** What dynalite answers, with what it does not know of tables. */
  private async through(headers: IncomingHttpHeaders, text: string, body: Body): Promise<Answer> {
    const kept = Object.entries(headers).filter(([name]) => !['host', 'content-length', 'connection'].includes(name));
    const answer = await fetch(this.loopback.identity.endpoint ?? '', {
      method: 'POST',
      body: text,
      headers: Object.fromEntries(kept) as Record<string, string>,
    });
    const said = (await answer.json()) as { Table?: Record<string, unknown> };
    const { TableName: name = '', Item: item } = body;
    const to = this.restored.get(name);
    if (said.Table) said.Table['TableArn'] = arnOf(name);
    if (said.Table && to !== undefined)
      said.Table['RestoreSummary'] = {
        SourceTableArn: arnOf(this.table),
        RestoreDateTime: to,
        RestoreInProgress: false,
      };
    if (answer.ok && name === this.table && item) this.written.push({ at: this.nowSeconds, item });
    return [answer.status, said];
  }
}

/** Serves all of AWS from now on: one table, in the state that requests make of it. */
export async function serveRecovery(table: string): Promise<RecoveryLoopback> {
  const service = new RecoveryLoopback(table, await dynamoDbLoopback(table));
  await serveAws(
    whole((request, text, response) => {
      const send = ([status, answer]: Answer): void =>
        void response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
      void Promise.resolve(service.answer(request.headers, text)).then(send, (error: unknown) =>
        send([500, { message: String(error) }]),
      );
    }),
  );
  return service;
}

const refused = (name: string, message: string): Answer => [
  400,
  { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message },
];
