// The example of docs/guides, drilled: another team's code runs where its plan has it, and what it loses is found.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseStack } from '@dr/terraform-json';
import { verdictsOf } from '../../judge/judge-schedule';
import { runDrill } from '../../run/drill';
import { ofKind } from '../../run/run-record';
import { runSchedule } from '../../run/run-schedule';
import { placesOf, startTwin } from '../../run/start';
import { parseScenario } from '../../schedule/scenario';
import { parseSchedule } from '../../schedule/schedule-file';
import { runSeed, shrinkSeed } from '../../search/run-seed';
import { drawSchedule } from '../../search/seeded-draw';
import { declaredSystem, parseDeclaration, type Declaration } from '.';

const EXAMPLE = join(__dirname, '../../../../../docs/guides/system-example');
const PLAN = readFileSync(join(EXAMPLE, 'plan.json'), 'utf8');
const CODE = readFileSync(join(EXAMPLE, 'orders/index.js'), 'utf8');
const DECLARED = parseDeclaration(readFileSync(join(EXAMPLE, 'system.json'), 'utf8'), 'system.json');
const A = 'eu-west-1';
const B = 'eu-central-1';

const directory = mkdtempSync(join(tmpdir(), 'declared-'));
afterAll(() => rmSync(directory, { recursive: true }));

interface Changes {
  readonly declaration?: Partial<Declaration>;
  /** Text of the plan that is replaced, and by what. */
  readonly plan?: readonly [string | RegExp, string];
  /** The same of the code. */
  readonly code?: readonly [string, string];
}

let codes = 0;

function subject({ declaration = {}, plan, code }: Changes = {}) {
  const text = plan ? PLAN.replaceAll(plan[0], plan[1]) : PLAN;
  const changed = code ? CODE.replace(...code) : CODE;
  if ((plan && text === PLAN) || (code && changed === CODE)) throw new Error('nothing is changed');
  const bundle = join(directory, `${(codes += 1)}.js`);
  writeFileSync(bundle, changed);
  const functions = { orders: { bundle, handler: 'index.handler', environment: {} } };
  const graph = parseStack(JSON.parse(text), EXAMPLE, 'plan.json');
  const given = { ...DECLARED, functions, ...declaration };
  return { graph, system: declaredSystem({ declaration: given, name: 'system.json', directory: EXAMPLE, graph }) };
}

async function drilled(changes: Changes = {}, fault: { readonly kind?: string; readonly region?: string } = {}) {
  const { system, graph } = subject(changes);
  const twin = await startTwin({ system, graph, seed: 1 });
  const scenario = parseScenario(
    {
      ...{ objective: { rtoSeconds: 120, rpoSeconds: 5 }, clients: 20, requestsPerSecond: 8, durationSeconds: 150 },
      ...{ fault: fault.kind, region: fault.region ?? A },
    },
    placesOf(system, twin.world.regions),
  );
  return { twin, report: await runDrill({ twin, graph, scenario, replay: '', wallMs: () => 0 }) };
}

const checked = (report: { invariants: readonly { id: string; holds: boolean; detail: string }[] }, id: string) =>
  report.invariants.find((one) => one.id === id);

test('a region is lost: the code of each region answers, clients move in time, and writes at risk are counted', async () => {
  const { twin, report } = await drilled();
  expect(report.reasons).toEqual([]);
  expect(report.rto?.clientsAffected).toBe(10);
  expect(report.rto?.worstSeconds).toBeGreaterThan(15);
  expect(report.rto?.worstSeconds).toBeLessThan(report.predicted.worstClientSeconds);
  const runs = ofKind(twin.world.events, 'invocation').filter(({ outcome }) => outcome === 'ok');
  expect(new Set(runs.map(({ region, functionName }) => `${region} ${functionName}`))).toEqual(
    new Set([`${A} orders`, `${B} orders`]),
  );
  expect(Object.keys(report.latency)).toEqual(['GET /orders/{key}', 'PUT /orders/{key}']);
  expect(report.rpo.writesAtRisk).toBeGreaterThan(0);
  expect(checked(report, 'lost-updates')?.detail).toMatch(/^\d+ acknowledged writes were overwritten/);
  expect(report.notModelled).toEqual([]);
});

test('the same seed is the same run', async () => {
  const [one, other] = [await drilled(), await drilled()];
  expect(one.report.eventLogHash).toBe(other.report.eventLogHash);
});

test('fails where code acknowledges what it has not stored', async () => {
  const { report } = await drilled({ code: ["await dynamodb('PutItem'", "void ('PutItem'"] });
  expect(report.passed).toBe(false);
  expect(checked(report, 'acknowledged-writes-survive')?.detail).toMatch(/was acknowledged and never stored/);
});

test('fails where a read answers another version than any that was written', async () => {
  const { report } = await drilled({ code: ['revision: found.Item.revision.S, note', "revision: 'none', note"] });
  expect(checked(report, 'nothing-read-unwritten')?.holds).toBe(false);
});

test('fails where the role may not write, and names the role and the action', async () => {
  const { report } = await drilled({ plan: ['dynamodb:PutItem', 'dynamodb:Query'] });
  expect(report.reasons.join('\n')).toMatch(/aws_iam_role\.orders lacks dynamodb:PutItem on .*table\/orders/);
});

test('fails where the table has no replica: what the other region asks for is not there', async () => {
  const { report } = await drilled({ plan: ['"region_name": "eu-central-1"', '"region_name": "eu-north-1"'] });
  expect(report.passed).toBe(false);
  expect(report.reasons.join('\n')).toContain('eu-central-1 failed before any fault');
});

test('fails with lost updates where none is allowed', async () => {
  const objectives = { ...DECLARED.objectives, lostUpdates: 0 };
  const { report } = await drilled({ declaration: { objectives } });
  expect(report.reasons.filter((reason) => reason.startsWith('lost-updates: '))).toHaveLength(1);
});

test('where every write is an item of its own, all of them are kept; fails with code that overwrites them', async () => {
  const [write, read] = DECLARED.requests;
  const data = { table: 'orders', mode: 'append' as const, item: { pk: 'ORDER#{key}#{version}' } };
  const declaration = { data, requests: [write, read] } as Partial<Declaration>;
  const appends = [
    'const item = { pk: { S: `ORDER#${id}` }',
    'const item = { pk: { S: `ORDER#${id}#${revision}` }',
  ] as const;
  const { report } = await drilled({ declaration, code: appends });
  expect(report.reasons).toEqual([]);
  expect(report.rpo.recoveredAfterHeal).toBe(true);
  expect(checked(report, 'lost-updates')).toBeUndefined();
  const overwriting = await drilled({ declaration });
  expect(checked(overwriting.report, 'acknowledged-writes-survive')?.detail).toMatch(/order-\d+ @ .* is not in eu-/);
});

test('all of the application fails, and its clients go elsewhere', async () => {
  const { report } = await drilled({}, { kind: 'app-errors' });
  expect(report.requests.byRegion[A]?.['http-502']).toBeGreaterThan(0);
  expect(report.rto?.worstSeconds).toBeLessThan(report.predicted.worstClientSeconds);
});

test('a region whose code is not given answers by assumption, and says so', async () => {
  const [, read] = DECLARED.requests;
  const reads = { ...read, path: '/health', answer: { statuses: [200], body: { region: 'eu-{key}' } } };
  const functions = {
    'module.ireland.aws_lambda_function.orders': {
      bundle: join(EXAMPLE, 'orders/index.js'),
      handler: 'index.handler',
      environment: {},
    },
  };
  const keys = { format: 'west-{number}', count: 1 };
  const declaration = { ...DECLARED, data: undefined, functions, keys, requests: [reads] } as unknown as Declaration;
  const { report } = await drilled({ declaration });
  expect(report.reasons).toEqual([]);
  expect(report.notModelled).toEqual(['module.frankfurt.aws_lb.orders (answers by assumption)']);
  await expect(drilled({ declaration: { functions } })).rejects.toThrow(
    'system.json: data: writes may reach module.frankfurt.aws_lb.orders, which is not run and stores nothing',
  );
});

test.each<[string, Changes, string]>([
  [
    'a function that is not there',
    { declaration: { functions: { cart: { bundle: 'x.js', handler: 'index.handler', environment: {} } } } },
    'system.json: functions["cart"]: the stack has no such function. Use one of orders',
  ],
  [
    'another runtime',
    { plan: ['nodejs22.x', 'python3.13'] },
    'system.json: functions["orders"]: module.frankfurt.aws_lambda_function.orders runs python3.13, and only Node is run here',
  ],
  [
    'a table that is not there',
    { declaration: { data: { table: 'carts', mode: 'append', item: {} } } },
    'system.json: data.table "carts": the stack has no such DynamoDB table. Use one of aws_dynamodb_table.orders',
  ],
  [
    'a name that is not there',
    { declaration: { name: 'www.shop.example' } },
    'system.json: name "www.shop.example": the stack has no such name with a routing policy. Use one of orders.shop.example',
  ],
])('fails with %s', (_, changes, message) => {
  expect(() => subject(changes)).toThrow(message);
});

test('fails with code that is not there', async () => {
  const functions = { orders: { bundle: 'no.js', handler: 'index.handler', environment: {} } };
  const run = startTwin({ ...subject({ declaration: { functions } }), seed: 1 });
  await expect(run).rejects.toThrow(/function code .*no\.js: cannot be read: there is no such file/);
});

test('fails with functions that no load balancer leads to', async () => {
  const run = startTwin({ ...subject({ plan: ['"aws_lb_target_group_attachment"', '"aws_thing"'] }), seed: 1 });
  await expect(run).rejects.toThrow('is behind no application load balancer, HTTP API or function URL of the stack');
});

test('a search draws what can happen to it, and no orders', () => {
  const places = placesOf(subject().system, [{ name: A }, { name: B }]);
  const drawn = Array.from({ length: 200 }, (_, seed) => drawSchedule(seed + 1, places));
  const kinds = new Set(drawn.flatMap(({ faults }) => faults.map(({ kind }) => kind)));
  expect(kinds.size).toBeGreaterThan(15);
  for (const none of ['sns-down', 'sns-disorder', 'us-east-1-down', 'metrics-late', 'bad-records'] as const)
    expect(kinds.has(none)).toBe(false);
  expect(drawn.flatMap(({ orders }) => orders)).toEqual([]);
});

test('fails with an order and with a fault that mean nothing to it', () => {
  const places = placesOf(subject().system, [{ name: A }, { name: B }]);
  const fault = { kind: 'sns-down', region: A, startSeconds: 20, durationSeconds: 30 };
  const order = { order: 'evacuate', region: A, via: B, atSeconds: 5 };
  const parsed = (schedule: object) => () => parseSchedule(JSON.stringify(schedule), 's.json', places);
  expect(parsed({ faults: [fault] })).toThrow('s.json: faults[0].kind "sns-down": cannot happen to this system');
  expect(parsed({ orders: [order] })).toThrow('s.json: orders: mean nothing to this system');
});

test('a schedule of several faults is judged', async () => {
  const { system, graph } = subject();
  const twin = await startTwin({ system, graph, seed: 4 });
  const fault = { kind: 'region-dark', region: A, startSeconds: 20, durationSeconds: 60 } as const;
  const apart = { kind: 'replication-paused', region: A, startSeconds: 18, durationSeconds: 60 } as const;
  const run = await runSchedule({ twin, graph, schedule: { faults: [fault, apart], orders: [] } });
  const verdicts = Object.fromEntries(verdictsOf(run).map(({ id, ...rest }) => [id, rest]));
  expect(verdicts['4-rpo-is-met']?.holds).toBe(true);
  const longer = { ...apart, startSeconds: 8 };
  const again = await startTwin({ system, graph, seed: 4 });
  const late = await runSchedule({ twin: again, graph, schedule: { faults: [fault, longer], orders: [] } });
  const { holds, detail } = verdictsOf(late).find(({ id }) => id === '4-rpo-is-met') ?? {};
  expect(holds).toBe(false);
  expect(detail).toMatch(/region-dark in eu-west-1 at 20 s put \d+ writes at risk, the oldest 1\d\.\d+ s old/);
});

test('a search finds a broken objective, and makes the schedule smaller', async () => {
  const objectives = { rtoSeconds: 120, rpoSeconds: 0.001 };
  const given = subject({ declaration: { objectives } });
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
  for (const seed of seeds) {
    const { violations, schedule } = await runSeed(given, seed);
    if (!violations.some(({ id }) => id === '4-rpo-is-met')) continue;
    const { outcome, tries } = await shrinkSeed(given, seed, '4-rpo-is-met', 6);
    expect(tries).toBeGreaterThan(0);
    expect(outcome.violations.map(({ id }) => id)).toContain('4-rpo-is-met');
    expect(outcome.schedule.faults.length).toBeLessThanOrEqual(schedule.faults.length);
    return;
  }
  throw new Error('no seed broke it');
});
