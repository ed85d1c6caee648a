// DynamoDB of all regions: permissions, faults, latency, then the region's engine; writes go on to the other replicas.
import { InputError } from '@dr/contracts';
import { arnInRegion, readTables, type TableConfig } from '@dr/stack';
import { TWIN_ACCOUNT_ID, type Graph } from '@dr/terraform-json';
import { jsonResponse, type HttpRequest, type HttpResponse } from '../../http';
import { entryOf } from '../../kernel/entry-of';
import type { Random } from '../../kernel/random';
import { uuidOf } from '../../runtime/virtual-crypto';
import { silence } from '../../site';
import type { World } from '../../world';
import { notAuthorized } from '../iam/policy';
import type { Authorize, Caller, Metrics, ServiceEndpoint } from '../ports';
import { KeptKeys } from '../kept-keys';
import { DynamoEngine, type AttributeMap, type ItemChange } from './engine';
import { fromAttributes, toAttribute, toAttributes } from './items';
import type { UnreplicatedWrite } from './outbox';
import { Replication } from './replication';
import { OrderedStore, replicaRows } from './store';
import { TableLimits } from './table-limits';
import { TimeToLive } from './ttl';

/** [A] Service time of one call, without the network. */
const LATENCY_MS = { median: 4, p99: 12 };
/** [A] Fault dynamodb-slow. */
const SLOW_MS = 5_000;

const READS = ['GetItem', 'BatchGetItem', 'Query', 'Scan'];
const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];
const OPERATIONS = [...READS, ...WRITES, 'DescribeTable', 'ListTables'];
const CONTENT_TYPE = 'application/x-amz-json-1.0';

type Plain = Readonly<Record<string, unknown>>;

interface Table {
  readonly config: TableConfig;
  readonly replication: Replication;
}

export class DynamoDb implements ServiceEndpoint {
  static readonly reads = ['aws_dynamodb_table', 'aws_dynamodb_table_replica'];
  readonly service = 'dynamodb';
  private readonly engines = new Map<string, DynamoEngine>();
  /** Of the tables in all regions. */
  private readonly rows = replicaRows();
  private readonly tables = new Map<string, Table>();
  private readonly chance: Random;
  private readonly limits: TableLimits;
  private readonly keys: KeptKeys;

  constructor(
    private readonly world: World,
    private readonly graph: Graph,
    private readonly ports: { readonly authorize: Authorize; readonly metrics: Metrics },
  ) {
    this.chance = world.random.stream('dynamodb');
    const configs = readTables(graph);
    this.limits = new TableLimits(world, configs);
    this.keys = new KeptKeys(world);
    for (const config of configs) {
      refuseStrong(config);
      for (const awsRegion of config.awsRegions) this.engineIn(awsRegion).createTable(config);
      const ttl = new TimeToLive(world, config, this.engines, (...change) => this.changed(...change));
      const replication = new Replication(world, config, this.engines, {
        metrics: ports.metrics,
        limits: this.limits,
        onWritten: ttl.written.bind(ttl),
      });
      this.tables.set(config.name, { config, replication });
    }
  }

  async handle(awsRegion: string, caller: Caller, request: HttpRequest): Promise<HttpResponse> {
    const operation = (request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    if (!OPERATIONS.includes(operation)) {
      return failure(400, 'com.amazon.coral.service#UnknownOperationException', `the twin does not serve ${operation}`);
    }
    const input = JSON.parse(request.body.toString('utf8')) as Plain;
    const names = tablesOf(input);
    const denied = this.denial(awsRegion, caller, operation, names);
    if (denied) return denied;
    await this.world.scheduler.sleep(this.chance.logNormal(LATENCY_MS.median, LATENCY_MS.p99));
    const refused = await this.refusal(awsRegion, operation, names[0]?.table ?? '');
    if (refused) return refused;
    const locked = names.find(({ table }) => !this.isReadable(awsRegion, table, caller.roleArn));
    if (locked) return failure(400, 'com.amazon.coral.service#AccessDeniedException', NO_KEY);
    // The region has lost power meanwhile: it writes nothing and does not answer.
    if (this.world.faults.isDown(awsRegion)) return silence();
    if (operation === 'ListTables') return jsonResponse(200, { TableNames: this.tablesIn(awsRegion) }, CONTENT_TYPE);
    const tables = names.map(({ table }) => table);
    const charges = this.limits.chargesOf(awsRegion, caller.name, operation, input, tables);
    if (!this.limits.take(charges)) return this.throttled(awsRegion, operation, tables[0] ?? '');
    const response = await this.engineIn(awsRegion).send(operation, request, input);
    this.limits.settle(charges, response.body.length);
    return { ...response, headers: { ...response.headers, 'x-amzn-requestid': uuidOf(this.chance.bytes(16)) } };
  }

  /** Acknowledged writes of a region that its peer does not hold yet. */
  unreplicated(awsRegion: string, peer: string): UnreplicatedWrite[] {
    return this.systemTable().replication.unreplicated(awsRegion, peer);
  }

  /** The same, oldest first, each read when it is asked for. */
  onTheWay(awsRegion: string, peer: string): Iterable<UnreplicatedWrite> {
    return this.systemTable().replication.onTheWay(awsRegion, peer);
  }

  /** Every item that the region's replica holds, as plain JSON, in order of their keys. Each is read when it is asked for. */
  items(awsRegion: string): Iterable<Record<string, unknown>> {
    const items = this.engineIn(awsRegion).items(this.systemTable().config.name);
    return { [Symbol.iterator]: () => plainly(items) };
  }

  /** An operator writes an item; false when the region does not answer. Throws when DynamoDB refuses it. */
  async put(awsRegion: string, item: Plain): Promise<boolean> {
    return (await this.operate(awsRegion, 'PutItem', { Item: toAttributes(item) })) !== undefined;
  }

  /** An operator reads a partition, strongly; undefined when the region does not answer. */
  async query(awsRegion: string, id: string): Promise<Record<string, unknown>[] | undefined> {
    const answer = await this.operate(awsRegion, 'Query', {
      ConsistentRead: true,
      KeyConditionExpression: '#h = :h',
      ExpressionAttributeNames: { '#h': this.systemTable().config.hashKey },
      ExpressionAttributeValues: { ':h': toAttribute(id) },
    });
    return (answer?.['Items'] as readonly AttributeMap[] | undefined)?.map(fromAttributes);
  }

  private async operate(awsRegion: string, operation: string, input: Plain): Promise<Plain | undefined> {
    const { faults } = this.world;
    if (faults.isDown(awsRegion) || faults.hits('dynamodb-errors', awsRegion)) return undefined;
    if (faults.isNameEmpty(this.service, awsRegion)) return undefined;
    if (!this.isReadable(awsRegion, this.systemTableName(), 'operator')) return undefined;
    const given = { TableName: this.systemTable().config.name, ...input };
    const request = {
      method: 'POST',
      path: '/',
      headers: { ...OPERATOR_HEADERS, 'x-amz-target': `DynamoDB_20120810.${operation}` },
      body: Buffer.from(JSON.stringify(given)),
    };
    const { status, body } = await this.engineIn(awsRegion).send(operation, request, given);
    const answer = JSON.parse(body.toString('utf8')) as Plain;
    if (status !== 200) throw new Error(`DynamoDB refused ${operation}: ${JSON.stringify(answer)}`);
    return answer;
  }

  private denial(
    awsRegion: string,
    caller: Caller,
    operation: string,
    names: readonly TableUse[],
  ): HttpResponse | undefined {
    for (const { table, index } of names) {
      const arn = `${this.arnOf(table, awsRegion)}${index ? `/index/${index}` : ''}`;
      const action = `dynamodb:${operation}`;
      if (this.ports.authorize.allows(caller, action, arn)) continue;
      return failure(400, 'com.amazon.coral.service#AccessDeniedException', notAuthorized(caller.roleArn, action, arn));
    }
    return undefined;
  }

  private isReadable(awsRegion: string, table: string, holder: string): boolean {
    return this.tables.get(table)?.config.usesKms !== true || this.keys.has(awsRegion, `${table} ${holder}`);
  }

  private arnOf(table: string, awsRegion: string): string {
    const known = this.tables.get(table)?.config.arn ?? `arn:aws:dynamodb::${TWIN_ACCOUNT_ID}:table/${table}`;
    return arnInRegion(known, awsRegion);
  }

  /** What the faults in force answer. Takes the time that they take. */
  private async refusal(awsRegion: string, operation: string, table: string): Promise<HttpResponse | undefined> {
    const { faults, scheduler } = this.world;
    if (faults.hits('dynamodb-slow', awsRegion)) await scheduler.sleep(SLOW_MS);
    if (faults.hits('dynamodb-errors', awsRegion)) {
      this.metric(awsRegion, 'SystemErrors', { TableName: table, Operation: operation });
      return failure(500, `${EXCEPTIONS}InternalServerError`, 'Internal server error');
    }
    return faults.hits('dynamodb-throttled', awsRegion) ? this.throttled(awsRegion, operation, table) : undefined;
  }

  private throttled(awsRegion: string, operation: string, table: string): HttpResponse {
    this.metric(awsRegion, 'ThrottledRequests', { TableName: table, Operation: operation });
    const events = READS.includes(operation) ? 'ReadThrottleEvents' : 'WriteThrottleEvents';
    this.metric(awsRegion, events, { TableName: table });
    const onDemand = this.tables.get(table)?.config.onDemand;
    const type = onDemand ? 'ThrottlingException' : 'ProvisionedThroughputExceededException';
    return failure(400, `${EXCEPTIONS}${type}`, 'Throughput exceeds the current capacity of your table or index');
  }

  /** Sorted, and on one page: a stack has no hundred of them. */
  private tablesIn(awsRegion: string): string[] {
    return [...this.tables.values()]
      .flatMap(({ config }) => (config.awsRegions.includes(awsRegion) ? [config.name] : []))
      .sort();
  }

  private metric(awsRegion: string, name: string, dimensions: Readonly<Record<string, string>>): void {
    this.ports.metrics.put({ awsRegion, namespace: 'AWS/DynamoDB', name, dimensions, value: 1 });
  }

  private engineIn(awsRegion: string): DynamoEngine {
    return entryOf(
      this.engines,
      awsRegion,
      () =>
        new DynamoEngine(
          awsRegion,
          (...change) => this.changed(awsRegion, ...change),
          new OrderedStore(this.rows, this.engines.size),
        ),
    );
  }

  private changed(awsRegion: string, table: string, ...change: ItemChange): void {
    this.tables.get(table)?.replication.committed(awsRegion, ...change);
  }

  /** Of the table that clients write to. */
  systemTableName(): string {
    return this.systemTable().config.name;
  }

  /** The table that the system says it writes to; without such a name the only one. */
  private systemTable(): Table {
    const named = this.world.system.table?.(this.graph);
    const tables = named === undefined ? [...this.tables.values()] : [this.tables.get(named)];
    if (tables[0] && tables.length === 1) return tables[0];
    const wanted = named === undefined ? 'name the table' : `no table "${named}"`;
    throw new Error(`${wanted}; there are ${[...this.tables.keys()].join(', ') || 'none'}`);
  }
}

/** DDB-09: a strong table's writes wait for another region, and fail without it. The twin would give it the lag and the RPO of an eventual one. */
function refuseStrong({ address, strongIn }: TableConfig): void {
  const [region] = strongIn;
  if (region === undefined) return;
  const what = `${address}: replica.consistency_mode "STRONG" (${region})`;
  throw new InputError(what, 'is not simulated: the twin replicates with eventual consistency', 'Use EVENTUAL');
}

function* plainly(items: Iterable<AttributeMap>): Generator<Record<string, unknown>> {
  for (const item of items) yield fromAttributes(item);
}

interface TableUse {
  readonly table: string;
  readonly index: string | undefined;
}

/** The tables a request names, by name or ARN. */
function tablesOf(input: Plain): TableUse[] {
  const names = input['RequestItems'] ? Object.keys(input['RequestItems']) : [String(input['TableName'])];
  const index = typeof input['IndexName'] === 'string' ? input['IndexName'] : undefined;
  return names.map((name) => ({ table: name.split('/').at(-1) ?? name, index }));
}

const NO_KEY = 'KMS key access denied error: the key of the table cannot be used';
const EXCEPTIONS = 'com.amazonaws.dynamodb.v20120810#';

const OPERATOR_HEADERS = {
  'content-type': CONTENT_TYPE,
  authorization: 'AWS4-HMAC-SHA256 Credential=operator, SignedHeaders=host, Signature=none',
  'x-amz-date': '20260105T000000Z',
};

const failure = (status: number, type: string, message: string): HttpResponse =>
  jsonResponse(status, { __type: type, message }, CONTENT_TYPE);
