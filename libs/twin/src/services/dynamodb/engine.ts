// DynamoDB's data plane in one region: dynalite, loaded without sockets, timers, a clock or randomness.
import type { TableConfig, TableIndex } from '@dr/stack';
import { TWIN_ACCOUNT_ID } from '@dr/terraform-json';
import * as nodeCrypto from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../../http';
import { entryOf } from '../../kernel/entry-of';
import { EPOCH_MS } from '../../kernel/scheduler';
import { loadCommonJs } from '../../runtime/commonjs';
import { virtualDate } from '../../runtime/virtual-globals';
import { call, callOverHttp, isOrdinary, type Checks, type Operation, type RequestHandler } from './calls';
import { callbackDatabase, PlaceholderLevel, soon, type CallbackDatabase } from './database';
import { parsedOnce, type ExpressionParser } from './expressions';
import { Pipeline } from './pipeline';
import { OrderedStore } from './store';

/** An item in DynamoDB's own JSON: attribute -> { S: '...' } and the like. */
export type AttributeMap = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The item's key in its table and what it is now, or what it was before it was deleted. */
export type ItemChange = [key: string, item: AttributeMap | undefined, deleted: AttributeMap | undefined];

interface DynaliteStore {
  db: CallbackDatabase;
}

interface DynaliteDb {
  create(options: unknown): DynaliteStore;
  updateIndexes(store: DynaliteStore, table: unknown, existing: unknown, item: unknown, done: () => void): void;
}

type Dynalite = (options: Readonly<Record<string, unknown>>) => { readonly handler: RequestHandler };

interface Modules {
  readonly dynalite: Dynalite;
  readonly db: DynaliteDb;
  readonly checks: Checks;
  /** By its name in the API, such as PutItem. */
  operationOf(name: string): Operation;
}

/** Loaded once in a process: dynalite keeps no state outside the stores that it creates. */
let loaded: Modules | undefined;

export class DynamoEngine {
  private readonly handler: RequestHandler;
  private readonly store: DynaliteStore;
  private readonly modules: Modules;
  private readonly definitions = new Map<string, TableDefinition>();

  constructor(
    private readonly awsRegion: string,
    private readonly onItemChange: (table: string, ...change: ItemChange) => void,
    private readonly memory = new OrderedStore(),
  ) {
    this.modules = loaded ??= loadDynalite();
    const { dynalite, db } = this.modules;
    const stores: DynaliteStore[] = [];
    const { create } = db;
    db.create = (options) => {
      const store = create(options);
      stores.push(store);
      return store;
    };
    try {
      this.handler = dynalite({ createTableMs: 0 }).handler;
    } finally {
      db.create = create;
    }
    this.store = stores[0] as DynaliteStore;
    Object.assign(this.store.db, callbackDatabase(this.memory));
    this.memory.onChange = (key, value, removed) => this.changed(key, value, removed);
  }

  /** The table is there at once, and active. */
  createTable(config: TableConfig): void {
    const definition = tableDefinition(config, this.awsRegion);
    this.definitions.set(config.name, definition);
    this.memory.share(`table~${config.name}`, definition);
  }

  /** One request of DynamoDB's wire protocol, and what its body holds, which is used up; takes no virtual time. */
  send(operation: string, request: HttpRequest, input: Readonly<Record<string, unknown>>): Promise<HttpResponse> {
    if (!isOrdinary(request)) return callOverHttp(this.handler, request);
    const { checks, operationOf } = this.modules;
    return call(checks, this.store, operationOf(operation), input);
  }

  /**
   * Writes or removes an item and its entries in the indexes, without calling `onItemChange`. `stamp`: of that write; undefined:
   * the item's stamp stays.
   */
  apply(table: string, key: string, item: AttributeMap | undefined, stamp?: string): void {
    const at = itemPrefix(table) + key;
    const definition = this.definitions.get(table);
    if (definition && hasIndexes(definition))
      this.modules.db.updateIndexes(this.store, definition, this.memory.read(at), item, () => undefined);
    if (item) this.memory.write(at, item, stamp);
    else this.memory.remove(at, stamp);
  }

  read(table: string, key: string): AttributeMap | undefined {
    return this.memory.read(itemPrefix(table) + key) as AttributeMap | undefined;
  }

  /** What `stamp` or `apply` put beside the item, or beside one that has been deleted. */
  stampOf(table: string, key: string): string | undefined {
    return this.memory.markOf(itemPrefix(table) + key);
  }

  stamp(table: string, key: string, stamp: string): void {
    this.memory.mark(itemPrefix(table) + key, stamp);
  }

  /** In order of their keys; each is read when it is asked for. */
  items(table: string): Iterable<AttributeMap> {
    const { memory } = this;
    const prefix = itemPrefix(table);
    return { [Symbol.iterator]: () => memory.values({ gte: prefix, lt: `${prefix}\xFF` }) as Iterator<AttributeMap> };
  }

  private changed(key: string, value: unknown, removed: unknown): void {
    for (const table of this.definitions.keys()) {
      const prefix = itemPrefix(table);
      if (!key.startsWith(prefix)) continue;
      const [item, deleted] = [value, removed] as [AttributeMap | undefined, AttributeMap | undefined];
      this.onItemChange(table, key.slice(prefix.length), item, deleted);
    }
  }
}

const itemPrefix = (table: string): string => `item-${table}~`;

const CONDITION_PARSER = 'db/conditionParser';

function loadDynalite(): Modules {
  const nothing = (): void => undefined;
  const http = { createServer: (handler: RequestHandler) => ({ handler, close: nothing, listen: nothing }) };
  const crypto = { createHash: nodeCrypto.createHash, randomBytes: (size: number) => Buffer.alloc(size) };
  const { version, versions } = process;
  const globals = {
    process: { env: {}, nextTick: process.nextTick.bind(process), argv: [], version, versions },
    console,
    Date: virtualDate(() => EPOCH_MS),
    Math: Object.create(Math, { random: { value: () => 0 } }) as Math,
    setImmediate: soon,
    setTimeout: (run: () => void) => soon(run),
    clearTimeout: nothing,
    globalThis,
  };
  const entry = require.resolve('dynalite');
  const conditions = loadCommonJs(entry, { globals, replaced: {} })(`dynalite/${CONDITION_PARSER}`) as ExpressionParser;
  const load = loadCommonJs(entry, {
    globals,
    replaced: {
      http,
      https: http,
      crypto,
      'memory-level': { MemoryLevel: PlaceholderLevel },
      level: {},
      minimist: {},
      lazy: Pipeline,
      [`../${CONDITION_PARSER}`]: parsedOnce(conditions),
    },
  });
  const operations = new Map<string, Operation>();
  return {
    dynalite: load('dynalite') as Dynalite,
    db: load('dynalite/db') as DynaliteDb,
    checks: load('dynalite/validations') as Checks,
    operationOf: (name) =>
      entryOf(operations, name, () => {
        const file = name.charAt(0).toLowerCase() + name.slice(1);
        return {
          run: load(`dynalite/actions/${file}`) as Operation['run'],
          rules: load(`dynalite/validations/${file}`) as Operation['rules'],
        };
      }),
  };
}

type TableDefinition = Readonly<Record<string, unknown>>;

const hasIndexes = (definition: TableDefinition): boolean =>
  'LocalSecondaryIndexes' in definition || 'GlobalSecondaryIndexes' in definition;

/** What dynalite keeps of a table, as CreateTable would have left it. */
function tableDefinition(config: TableConfig, awsRegion: string): TableDefinition {
  const arn = `arn:aws:dynamodb:${awsRegion}:${TWIN_ACCOUNT_ID}:table/${config.name}`;
  const throughput = { ReadCapacityUnits: 0, WriteCapacityUnits: 0, NumberOfDecreasesToday: 0 };
  const indexOf = ({ kind, name, hashKey, rangeKey, projection, nonKey }: TableIndex): object => ({
    IndexName: name,
    IndexArn: `${arn}/index/${name}`,
    KeySchema: keySchema(hashKey, rangeKey),
    Projection: { ProjectionType: projection, ...(nonKey.length > 0 ? { NonKeyAttributes: nonKey } : {}) },
    ...(kind === 'global' ? { IndexStatus: 'ACTIVE', ProvisionedThroughput: throughput } : {}),
  });
  const indexes = (kind: TableIndex['kind'], key: string): object => {
    const list = config.indexes.filter((index) => index.kind === kind).map(indexOf);
    return list.length > 0 ? { [key]: list } : {};
  };
  return {
    TableName: config.name,
    TableArn: arn,
    TableId: '00000000-0000-4000-8000-000000000000',
    TableStatus: 'ACTIVE',
    CreationDateTime: EPOCH_MS / 1000,
    AttributeDefinitions: config.attributes.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: keySchema(config.hashKey, config.rangeKey),
    ProvisionedThroughput: throughput,
    ...(config.onDemand ? { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } } : {}),
    ItemCount: 0,
    TableSizeBytes: 0,
    ...indexes('local', 'LocalSecondaryIndexes'),
    ...indexes('global', 'GlobalSecondaryIndexes'),
  };
}

const keySchema = (hashKey: string, rangeKey: string | undefined): object[] => [
  { AttributeName: hashKey, KeyType: 'HASH' },
  ...(rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: 'RANGE' }]),
];
