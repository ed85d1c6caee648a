// The Table port's contract, held by the fake and by DynamoDB (dynalite over loopback HTTP).
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { fromAttributes, type Attributes } from '../adapters/attribute-values';
import { dynamoDbTable } from '../adapters/dynamodb-table';
import { TableError, type Item, type Table } from '../ports';
import { MemoryTable } from '../testing/memory-table';
import { dynamoDbLoopback, serviceLoopback } from '../testing/loopback-adapter';

const NAME = 'dr-system-table';
const FAILURES = {
  throttled: 'ThrottlingException',
  denied: 'AccessDeniedException',
  unavailable: 'InternalServerError',
} as const;

interface Subject {
  readonly table: Table;
  /** A table that fails in this way. */
  readonly failing: (kind: keyof typeof FAILURES | 'hang') => Promise<Table>;
  readonly close: () => Promise<void>;
}

const memory = (): Promise<Subject> =>
  Promise.resolve({
    table: new MemoryTable(),
    failing: (kind) => Promise.resolve(Object.assign(new MemoryTable(), { failure: kind })),
    close: () => Promise.resolve(),
  });

const dynamoDb = async (): Promise<Subject> => {
  const region = 'ap-south-1';
  const opened = [await dynamoDbLoopback(NAME)];
  return {
    table: dynamoDbTable({ table: NAME, region, identity: opened[0]!.identity }),
    failing: async (kind) => {
      const service = await serviceLoopback(() =>
        kind === 'hang'
          ? undefined
          : {
              status: kind === 'unavailable' ? 500 : 400,
              body: JSON.stringify({ __type: `x#${FAILURES[kind]}`, message: 'm' }),
            },
      );
      opened.push(service);
      return dynamoDbTable({ table: NAME, region, identity: service.identity });
    },
    close: async () => void (await Promise.all(opened.map((one) => one.close()))),
  };
};

const HOSTILE_NAMES = [
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'prototype',
  'length',
  'Map',
  'Object',
  'N',
  'S',
  'then',
  'toJSON',
  ' ',
];

const item = (id: string, timestamp: string, rest: Record<string, unknown> = {}): Item => ({ id, timestamp, ...rest });

describe.each([
  { name: 'in memory', open: memory },
  { name: 'DynamoDB', open: dynamoDb },
])('Table: $name', ({ open }) => {
  let subject: Subject;
  beforeAll(async () => (subject = await open()));
  afterAll(() => subject.close());

  const filled = async (id: string, keys: readonly string[]): Promise<Table> => {
    for (const key of keys) await subject.table.put(item(id, key), { kind: 'absent' });
    return subject.table;
  };
  const keysOf = (page: { readonly items: readonly Item[] }): string[] => page.items.map(({ timestamp }) => timestamp);

  it('gives back what was put, whatever JSON it holds', async () => {
    const value = { text: 'ü', empty: '', list: [1, -0.5, 1e20, null, true, {}], nested: { deep: { er: [] } } };
    await subject.table.put(item('json', 'a', { value, previous: null, gone: undefined }), { kind: 'absent' });
    const { items } = await subject.table.query({ id: 'json' });
    expect(JSON.parse(JSON.stringify(items))).toEqual([{ id: 'json', timestamp: 'a', value, previous: null }]);
  });

  it.each(HOSTILE_NAMES)('gives back a property named %j, at every depth', async (name) => {
    const own = JSON.parse(`{${JSON.stringify(name)}:{"a":[{${JSON.stringify(name)}:"x"}]}}`) as object;
    const id = `named-${HOSTILE_NAMES.indexOf(name)}`;
    await subject.table.put(item(id, 'a', { value: own }), { kind: 'absent' });
    const { items } = await subject.table.query({ id });
    expect(JSON.stringify(items[0]?.['value'])).toBe(JSON.stringify(own));
  });

  const number = (text: string): unknown => JSON.parse(text);
  const nested = (levels: number): unknown => (levels === 0 ? 0 : [nested(levels - 1)]);
  it.each<[string, Item]>([
    ['an empty id', item('', 'a')],
    ['an empty sort key', item('x', '')],
    ['an id of more than 2048 bytes', item('ü'.repeat(1025), 'a')],
    ['a sort key of more than 1024 bytes', item('x', 'ü'.repeat(513))],
    ['more than 400 KB', item('x', 'a', { text: 'a'.repeat(400 * 1024) })],
    ['more than 400 KB in UTF-8, though less in characters', item('x', 'a', { text: 'ü'.repeat(201 * 1024) })],
    ['more than 400 KB of names', item('x', 'a', { map: { ['ü'.repeat(201 * 1024)]: 1 } })],
    ['a number above 9.99e125', item('x', 'a', { n: number('1e126') })],
    ['a number below 1e-130', item('x', 'a', { n: number('1e-131') })],
    ['a number that is none', item('x', 'a', { n: Number.NaN })],
    ['an endless number', item('x', 'a', { n: number('1e400') })],
    ['more than 32 levels', item('x', 'a', { value: nested(33) })],
    ['a property called __proto__', item('x', 'a', { value: JSON.parse('{"a":{"__proto__":1}}') as unknown })],
    ['a function', item('x', 'a', { value: () => 1 })],
  ])('refuses %s', async (_name, refused) => {
    await expect(subject.table.put(refused, { kind: 'absent' })).rejects.toMatchObject({ kind: 'invalid' });
    expect((await subject.table.query({ id: 'x' })).items).toEqual([]);
  });

  it('takes what is just within the limits', async () => {
    const values = [number('9.9e125'), number('1e-130'), -0, 2 ** 53 + 2, nested(31), 'a'.repeat(399 * 1024)];
    for (const [at, value] of values.entries()) {
      expect(await subject.table.put(item('limits', String(at), { value }), { kind: 'absent' })).toBe('written');
    }
  });

  it.each([
    ['a range that ends before it begins', { id: 'range', from: 'c', before: 'b' }],
    ['a range that ends before it begins, oldest first', { id: 'range', from: 'c', before: 'b', oldestFirst: true }],
    ['an empty id', { id: '' }],
    ['an empty lower end', { id: 'range', from: '' }],
    ['an empty upper end', { id: 'range', before: '' }],
    ['an overlong end', { id: 'range', before: 'x'.repeat(1025) }],
    ['a limit of 0', { id: 'range', limit: 0 }],
  ])('refuses to query %s', async (_name, query) => {
    await expect(subject.table.query(query)).rejects.toMatchObject({ name: 'TableError', kind: 'invalid' });
  });

  it.each(['{}', '[]', '"x"', 'not JSON'])('refuses to scan from %s, and with a limit of 0', async (cursor) => {
    await expect(subject.table.scan(cursor)).rejects.toMatchObject({ name: 'TableError', kind: 'invalid' });
    await expect(subject.table.scan(undefined, undefined, 0)).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('answers oldest first when asked to, and pages on from just above', async () => {
    const table = await filled('ascending', ['a', 'b', 'c', 'd', 'e']);
    const first = await table.query({ id: 'ascending', from: 'b', oldestFirst: true, limit: 2 });
    expect(keysOf(first)).toEqual(['b', 'c']);
    const rest = await table.query({ id: 'ascending', from: `${first.next} `, oldestFirst: true });
    expect(keysOf(rest)).toEqual(['d', 'e']);
    expect(rest.next).toBeUndefined();
  });

  it('ends a page at about 1 MB', async () => {
    for (const at of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await subject.table.put(item('large', at, { text: at.repeat(300 * 1024) }), { kind: 'absent' });
    }
    const page = await subject.table.query({ id: 'large' });
    expect(keysOf(page)).toEqual(['f', 'e', 'd', 'c']);
    expect(keysOf(await subject.table.query({ id: 'large', before: page.next! }))).toEqual(['b', 'a']);
  });

  it('answers newest first, within the range, its lower end included and its upper end not', async () => {
    const table = await filled('range', ['a', 'b', 'c', 'd']);
    expect(keysOf(await table.query({ id: 'range' }))).toEqual(['d', 'c', 'b', 'a']);
    expect(keysOf(await table.query({ id: 'range', from: 'b' }))).toEqual(['d', 'c', 'b']);
    expect(keysOf(await table.query({ id: 'range', before: 'c' }))).toEqual(['b', 'a']);
    expect(keysOf(await table.query({ id: 'range', from: 'b', before: 'd' }))).toEqual(['c', 'b']);
    expect(await table.query({ id: 'nobody' })).toEqual({ items: [] });
  });

  it('pages without a gap or a repeat', async () => {
    const table = await filled('pages', ['a', 'b', 'c', 'd', 'e']);
    const first = await table.query({ id: 'pages', limit: 2 });
    const second = await table.query({ id: 'pages', limit: 2, before: first.next! });
    const third = await table.query({ id: 'pages', limit: 2, before: second.next! });
    expect([first, second, third].flatMap(keysOf)).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect(third.next).toBeUndefined();
  });

  it('scans every item once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 20; page += 1) {
      const { items, cursor: next } = await subject.table.scan(cursor);
      seen.push(...items.map(({ id, timestamp }) => `${id} ${timestamp}`));
      if ((cursor = next) === undefined) break;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(['pages a', 'pages e', 'range d']));
  });

  it('puts a new key once', async () => {
    expect(await subject.table.put(item('once', 'a', { n: 1 }), { kind: 'absent' })).toBe('written');
    expect(await subject.table.put(item('once', 'a', { n: 2 }), { kind: 'absent' })).toBe('refused');
    expect((await subject.table.query({ id: 'once' })).items[0]?.['n']).toBe(1);
  });

  it.each([undefined, 7, '1', true, { a: 1 }, 1e100])(
    'puts over whatever is there, whose version is %j, once',
    async (version) => {
      const at = String(JSON.stringify(version));
      const over = (): Promise<string> =>
        subject.table.put(item('spoiled', at, { version: 1 }), { kind: 'unless-version', version: 1 });
      await subject.table.put(item('spoiled', at, version === undefined ? {} : { version }), { kind: 'absent' });
      expect([await over(), await over()]).toEqual(['written', 'refused']);
    },
  );

  it('replaces a version by the next one only', async () => {
    const put = (version: number, over: number): Promise<string> =>
      subject.table.put(item('lock', 'a', { version }), { kind: 'version', version: over });
    expect(await put(2, 1)).toBe('refused');
    await subject.table.put(item('lock', 'a', { version: 1 }), { kind: 'absent' });
    expect(await put(2, 1)).toBe('written');
    expect(await put(2, 1)).toBe('refused');
  });

  it.each(['throttled', 'denied', 'unavailable'] as const)('fails with the kind of failure: %s', async (kind) => {
    const table = await subject.failing(kind);
    const calls = [
      () => table.query({ id: 'x' }),
      () => table.put(item('x', 'a'), { kind: 'absent' }),
      () => table.scan(),
    ];
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({ name: 'TableError', kind });
    }
  });

  it('fails as timed out when its signal aborts', async () => {
    const table = await subject.failing('hang');
    const controller = new AbortController();
    const call = table.query({ id: 'x' }, controller.signal);
    setTimeout(() => controller.abort(), 20);
    await expect(call).rejects.toBeInstanceOf(TableError);
    await expect(call).rejects.toMatchObject({ kind: 'timeout' });
  });
});

it('gives what others have stored as the SDK reads it, bytes and sets too', async () => {
  const loopback = await dynamoDbLoopback(NAME);
  const { identity } = loopback;
  const client = new DynamoDBClient({ region: 'ap-south-1', ...identity });
  const bytes = Uint8Array.of(0, 255, 128);
  const values: Attributes = {
    bytes: { B: bytes },
    many: { BS: [bytes, Uint8Array.of(7)] },
    nested: { M: { list: { L: [{ B: bytes }, { M: { S: { B: bytes }, B: { S: 'AP+A' } } }] } } },
    texts: { SS: ['a', 'ü'] },
    numbers: { NS: ['1', '-2.5'] },
    long: { N: '12345678901234567890123456789012345678' },
    none: { NULL: true },
    no: { BOOL: false },
  };
  const Item = { id: { S: 'others' }, timestamp: { S: 'a' }, ...values };
  await client.send(new PutItemCommand({ TableName: NAME, Item }));
  const { Items = [] } = await client.send(new ScanCommand({ TableName: NAME }));
  client.destroy();
  const table = dynamoDbTable({ table: NAME, region: 'ap-south-1', identity });
  const [read, scanned] = [await table.query({ id: 'others' }), await table.scan()];
  await loopback.close();
  expect(Items).toHaveLength(1);
  expect(read.items).toEqual(Items.map(fromAttributes));
  expect(scanned.items).toEqual(read.items);
  expect(read.items[0]).toMatchObject({ bytes, many: [bytes, Uint8Array.of(7)], numbers: [1, -2.5], no: false });
});

it.each(['', '<html>', '[]', 'null'])('takes an answer of %j for no items, or for none at all', async (body) => {
  const service = await serviceLoopback(() => ({ status: 200, body }));
  const table = dynamoDbTable({ table: NAME, region: 'ap-south-1', identity: service.identity });
  const read = await table.query({ id: 'x' }).catch((error: unknown) => error);
  await service.close();
  if (body === '<html>') expect(read).toMatchObject({ name: 'TableError', kind: 'unavailable' });
  else expect(read).toEqual({ items: [] });
});

describe('a throttled table', () => {
  const callsOf = async (options: { readonly retryThrottled?: boolean }, status: number, type: string) => {
    let calls = 0;
    const service = await serviceLoopback(() => {
      calls += 1;
      return { status, body: JSON.stringify({ __type: `x#${type}`, message: 'm' }) };
    });
    const table = dynamoDbTable({ table: NAME, region: 'ap-south-1', identity: service.identity, ...options });
    await expect(table.query({ id: 'x' })).rejects.toBeInstanceOf(TableError);
    await service.close();
    return calls;
  };

  it('is asked again, or not, as the caller has time for it', async () => {
    expect(await callsOf({}, 400, FAILURES.throttled)).toBe(2);
    expect(await callsOf({ retryThrottled: false }, 400, FAILURES.throttled)).toBe(1);
  });

  it('is not one that fails: that is asked again all the same', async () => {
    expect(await callsOf({ retryThrottled: false }, 500, FAILURES.unavailable)).toBe(2);
  });
});
