// Every mistake in a declaration is named: the file, the key, what is wrong with it and what to write instead.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declarationJsonSchema, parseDeclaration } from './declaration';

const root = join(__dirname, '../../../../..');
const EXAMPLE = JSON.parse(readFileSync(join(root, 'docs/guides/system-example/system.json'), 'utf8')) as Plain;
type Plain = Readonly<Record<string, unknown>>;
const [WRITE, READ] = EXAMPLE['requests'] as [Plain, Plain];

const read = (change: Plain) => () => parseDeclaration(JSON.stringify({ ...EXAMPLE, ...change }), 'system.json');
const without = (key: string): Plain => ({ [key]: undefined });

test('the example is read, with what it leaves out', () => {
  const { functions, requests, keys } = read({})();
  expect(functions['orders']).toEqual({ bundle: 'orders/index.js', handler: 'index.handler', environment: {} });
  expect(keys).toEqual({ format: 'order-{number}', count: 50 });
  expect(requests[1]).toMatchObject({ does: 'read', share: 3, headers: {} });
  const { requests: bare } = read({ requests: [WRITE, { does: 'read', method: 'GET', path: '/' }] })();
  expect(bare[1]).toMatchObject({ share: 1, answer: { statuses: [200, 201, 202, 204], body: {} } });
});

test.each<[string, Plain, string]>([
  [
    'an unknown key',
    { rto: 60 },
    'system.json: unknown key "rto": nothing has that name here. Allowed: $schema, name,',
  ],
  [
    'an unknown key further down',
    { requests: [WRITE, { ...READ, answer: { status: 200 } }] },
    'system.json: requests[1].answer: unknown key "status": nothing has that name here. Allowed: statuses, body',
  ],
  [
    'an unknown key of a function',
    { functions: { orders: { zip: 'a.zip', bundle: 'a.js' } } },
    'system.json: functions.orders: unknown key "zip": nothing has that name here. Allowed: bundle, handler, environment',
  ],
  ['no objectives', without('objectives'), 'system.json: objectives: is missing'],
  ['no requests', { requests: [] }, 'system.json: requests []: '],
  ['a share of nothing', { requests: [{ ...WRITE, share: 0 }] }, 'system.json: requests[0].share 0: '],
  ['no function', { functions: {} }, 'system.json: functions: names none, so nothing would be run'],
  [
    'a placeholder of its own',
    { requests: [{ ...READ, path: '/orders/{id}' }] },
    'system.json: requests[0].path "/orders/{id}": has a placeholder that is neither {key} nor {version}',
  ],
  [
    'a path from nowhere',
    { requests: [{ ...READ, path: 'orders' }] },
    'system.json: requests[0].path "orders": must begin with /',
  ],
  [
    'a read that posts',
    { requests: [WRITE, { ...READ, method: 'POST' }] },
    'requests[1].method "POST": is not simulated for a read',
  ],
  [
    'a write that gets',
    { requests: [{ ...WRITE, method: 'GET' }] },
    'requests[0].method "GET": is not simulated for a write',
  ],
  ['a deletion', { requests: [{ ...WRITE, method: 'DELETE' }] }, 'system.json: requests[0].method "DELETE": '],
  ['a write to nowhere', without('data'), 'system.json: requests[0]: writes, and nothing says where. Give "data"'],
  ['data that nobody writes', { requests: [READ] }, 'system.json: data: is given, and no request writes'],
  [
    'a write of no version',
    { requests: [{ ...WRITE, body: { note: 'paid' }, answer: {} }] },
    'system.json: requests[0]: writes a version that nobody knows',
  ],
  [
    'a write without a key',
    { requests: [{ ...WRITE, path: '/orders' }] },
    'system.json: requests[0]: writes without a key',
  ],
  ['no objective for data', { objectives: { rtoSeconds: 60 } }, 'system.json: objectives.rpoSeconds: is missing'],
  [
    'an item without a version',
    { data: { table: 'orders', mode: 'register', item: { pk: '{key}' } } },
    'system.json: data.item: must hold {version} once',
  ],
  ['another store', { data: { table: 'orders', mode: 'sql', item: {} } }, 'system.json: data.mode "sql": '],
  ['keys that are one', { keys: { format: 'key' } }, 'system.json: keys.format "key": must hold {number}'],
  [
    'lost updates of what is never overwritten',
    {
      objectives: { rtoSeconds: 60, rpoSeconds: 5, lostUpdates: 0 },
      data: { ...(EXAMPLE['data'] as Plain), mode: 'append' },
    },
    'system.json: objectives.lostUpdates: is for a register',
  ],
  ['a list', { functions: [] }, 'system.json: functions []: '],
])('fails with %s', (_, change, message) => {
  expect(read(change)).toThrow(message);
});

test.each([
  ['nothing', ''],
  ['half of it', '{"requests": ['],
])('fails with %s', (_, text) => {
  expect(() => parseDeclaration(text, 'system.json')).toThrow('system.json: is not JSON');
});

test('a declaration may begin with a byte order mark', () => {
  expect(parseDeclaration(`\ufeff${JSON.stringify(EXAMPLE)}`, 'x').objectives.rtoSeconds).toBe(120);
});

test('the schema says of every key what it means', () => {
  const unsaid = (part: object, path: string): string[] => {
    const { properties = {}, items, additionalProperties } = part as Record<string, Record<string, object>>;
    const below = Object.entries(properties).flatMap(([name, one]) => [
      ...('description' in one || 'properties' in one ? [] : [`${path}${name}`]),
      ...unsaid(one, `${path}${name}.`),
    ]);
    return [items, additionalProperties].reduce<string[]>(
      (found, one) => [...found, ...(typeof one === 'object' ? unsaid(one, path) : [])],
      below,
    );
  };
  expect(unsaid(declarationJsonSchema(), '')).toEqual([]);
  expect(JSON.parse(readFileSync(join(root, 'docs/system.schema.json'), 'utf8'))).toEqual(declarationJsonSchema());
});
