// `dr drill --system`: a declared system is drilled without a dr.config.ts, by one fault, by a schedule and by a search.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { searchSeed, shrinkSeed, type SeedPool } from '@dr/drills';
import { checkWritable, samePlace, writeFile } from '../../adapters/files-adapter';
import { lineFile, placeIn } from '../../adapters/line-file-adapter';
import { readTextFile } from '../../adapters/project-adapter';
import { subjectOf, type GivenSubject } from '../../drilled';
import { systemOf } from '../../testing/run-on';

const root = join(__dirname, '../../../../..');
const EXAMPLE = join(root, 'docs/guides/system-example');
const PLAN = join(EXAMPLE, 'plan.json');
const SYSTEM = join(EXAMPLE, 'system.json');
const GIVEN = ['--stack', PLAN, '--system', SYSTEM];

const directory = mkdtempSync(join(tmpdir(), 'declared-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, value: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
}

/** The work of the pool, in this process. */
const seedPool = (given: GivenSubject): SeedPool => ({
  size: 1,
  run: (seed) => searchSeed(subjectOf(given), seed),
  shrink: (seed, id, tries) => shrinkSeed(subjectOf(given), seed, id, tries),
  drill: () => Promise.reject(new Error('no table of faults')),
});

const drill = async (...args: readonly string[]) => {
  const config = (): never => {
    throw new Error('dr.config.ts was read');
  };
  const processes = {
    seedPool,
    commit: () => 'abc1234',
    checkout: () => 'clean' as const,
    codeSha256: () => 'c0de',
    arrayIndexes: () => ({}),
    lineFile,
    placeIn,
    readFile: readTextFile,
    keepSchedule: (name: string) => `dist/schedules/${name}`,
  };
  return systemOf({ context: { config, processes, writeFile, checkWritable, samePlace } }).dr('drill', ...args);
};

test('one fault, with its event log and the command that repeats it', async () => {
  const events = join(directory, 'events.jsonl');
  const args = ['--clients', '10', '--rate', '4', '--duration', '120', '--events', events, '--json'];
  const { code, out } = await drill(...GIVEN, ...args);
  const report = JSON.parse(out) as { passed: boolean; replay: string; rpo: object; objective: object };
  expect([code, report.passed, report.objective]).toEqual([0, true, { rtoSeconds: 120, rpoSeconds: 5 }]);
  expect(report.replay).toContain(`--stack ${PLAN} --system ${SYSTEM}`);
  const [first = '', ...lines] = readFileSync(events, 'utf8').trim().split('\n');
  const header = JSON.parse(first) as Record<string, unknown>;
  expect(header).toMatchObject({ run: 'drill', domain: 'orders.shop.example' });
  expect(header['declarationSha256']).toMatch(/^[0-9a-f]{64}$/);
  expect(header).not.toHaveProperty('configSha256');
  expect(lines.some((line) => line.includes('"kind":"item-written"'))).toBe(true);
});

test('--rto takes the place of the declared objective', async () => {
  const { code, out } = await drill(...GIVEN, '--clients', '10', '--rate', '4', '--duration', '120', '--rto', '3');
  expect(code).toBe(1);
  expect(out).toMatch(
    /the worst client that honours the TTL and opens a new connection was without service for [\d.]+ s; the objective is 3 s/,
  );
});

test('a schedule', async () => {
  const fault = { kind: 'dynamodb-slow', region: 'eu-west-1', startSeconds: 20, durationSeconds: 20 };
  const { code, out } = await drill(...GIVEN, '--schedule', file('slow.json', { faults: [fault] }));
  expect(out).toContain('dynamodb-slow eu-west-1 20-40 s; seed 1, commit abc1234');
  expect(out).toMatch(/✓ 4-rpo-is-met\n/);
  expect(code).toBe(0);
});

test('a search, whose failures are made smaller and can be repeated', async () => {
  const declared = { ...(JSON.parse(readFileSync(SYSTEM, 'utf8')) as object) };
  const functions = { orders: { bundle: join(EXAMPLE, 'orders/index.js') } };
  const strict = file('strict.json', { ...declared, functions, objectives: { rtoSeconds: 0.5, rpoSeconds: 5 } });
  const { code, out } = await drill(
    ...['--stack', PLAN, '--system', strict, '--seeds', '12', '--stop-after', '1', '--shrink', '2', '--json'],
  );
  expect(code).toBe(1);
  const { search, checks } = JSON.parse(out) as {
    search: { failures: { violations: { id: string }[]; replay: string; smallest?: object }[] };
    checks: string[];
  };
  expect(checks).toContain('6-clients-recover-in-time');
  const [failure] = search.failures;
  expect(failure?.violations.map(({ id }) => id)).toContain('6-clients-recover-in-time');
  expect(failure?.smallest).toBeDefined();
  expect(failure?.replay).toContain(`--stack ${PLAN} --system ${strict} --schedule dist/schedules/seed-`);
});

test.each([
  [['--system', SYSTEM], '--system: says nothing of what Terraform makes. Give its files with --stack, too'],
  [[...GIVEN, '--faults', 'matrix'], '--faults with --system: is not for a declared system. Leave --faults out'],
  [[...GIVEN, '--report', 'r.html'], '--report with --system: is not for a declared system. Leave --report out'],
  [[...GIVEN, '--routing', 'latency'], '--routing with --system: is not for a declared system'],
  [
    [...GIVEN, '--region', 'mumbai'],
    '--region "mumbai": the stack has no such region. Use one of eu-central-1, eu-west-1',
  ],
  [[...GIVEN, '--fault', 'sns-down'], '--fault "sns-down": cannot happen to this system. Use one of region-dark'],
  [[...GIVEN, '--function', 'cart'], '--function "cart": the stack has no such function. Use one of orders'],
  [['--stack', PLAN, '--system', file('odd.json', { name: 'x', rto: 1 })], 'odd.json: unknown key "rto"'],
  [['--stack', PLAN, '--system', join(directory, 'none.json')], 'none.json": there is no such file'],
])('fails with %j', async (args, message) => {
  const { code, err, out } = await drill(...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(message);
});

test('the guide shows the example as it is', () => {
  const guide = readFileSync(join(root, 'docs/guides/system.md'), 'utf8');
  expect(guide).toContain(`\`\`\`json\n${readFileSync(SYSTEM, 'utf8')}\`\`\``);
});
