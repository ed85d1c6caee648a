import { MATRIX_FAULTS, OURS, scheduleChecks, type MatrixRow, type RunningStack, type SeedPool } from '@dr/drills';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from '../../context';
import { besideReport, checkWritable, samePlace, writeFile } from '../../adapters/files-adapter';
import { lineFile, placeIn } from '../../adapters/line-file-adapter';
import { readTextFile } from '../../adapters/project-adapter';
import { searchedStack as ours, systemOf } from '../../testing/run-on';

const directory = mkdtempSync(join(tmpdir(), 'dr-many-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

const file = (name: string, value: unknown): string => {
  const path = join(directory, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
};
const fault = { kind: 'region-dark', region: 'mumbai', startSeconds: 20, durationSeconds: 30 };

const row = (name: MatrixRow['fault']): MatrixRow => ({
  fault: name,
  injectedEvents: 3,
  handlerInvocations: 4_000,
  path: 'dns failover',
  rto: 52.6,
  rpo: 1.7,
  alertSeconds: 40,
  invariants: [{ id: 'acknowledged-writes-survive', holds: true, detail: 'all are in both replicas' }],
  met: true,
  reasons: [],
});
const pool: SeedPool = {
  size: 1,
  run: (seed) =>
    Promise.resolve({
      seed,
      schedule: { faults: [], orders: [] },
      violations: seed === 8 ? [{ id: '5-I1', detail: 'left alone' }] : [],
      met: {
        failovers: 1,
        conflicts: 0,
        fallbacks: 0,
        'at-risk writes': 0,
        'refused evacuations': 0,
        'unasked returns': 0,
        deletions: 0,
        'failed preconditions': 0,
        'refused keys': 0,
      },
      orders: [],
      invocations: 1_000,
      requests: 900,
      failed: 0,
      outages: [],
      virtualSeconds: 125,
      eventLogHash: 'abc',
    }),
  shrink: async (seed) => ({ outcome: await pool.run(seed), tries: 12 }),
  drill: (_seed, name) => Promise.resolve(row(name)),
};

const synthesized = file('synthesized.tf.json', {
  provider: { aws: [{ region: 'us-east-1' }] },
  resource: { aws_sns_topic: { one: { name: 'one' } } },
});
const run = (...argv: readonly string[]) => runWith({}, ...argv);

const runWith = async (more: Partial<Context>, ...argv: readonly string[]) => {
  const kept: string[] = [];
  const { dr } = systemOf({
    context: {
      processes: {
        seedPool: () => pool,
        commit: () => 'abc1234',
        checkout: () => 'changed',
        codeSha256: () => 'c0de',
        arrayIndexes: () => ({}),
        lineFile,
        placeIn,
        readFile: readTextFile,
        keepSchedule: (name) => (kept.push(name), `dist/schedules/${name}`),
      },
      synthesize: () => Promise.resolve(synthesized),
      startTwin: () => Promise.resolve(ours),
      temporaryDirectory: () => directory,
      ...{ writeFile, checkWritable, besideReport, samePlace },
      ...more,
    },
  });
  return { ...(await dr('drill', ...argv)), kept };
};

test.each([
  [['--seeds', '0'], /--seeds 0: is out of range\. Give a whole number from 1 to/],
  [['--seeds', '1.5'], /--seeds 1\.5: is out of range/],
  [['--seeds', 'many'], /--seeds "many": is not a number/],
  [['--seeds', '5', '--jobs', '0'], /--jobs 0: is out of range/],
  [['--seeds', '5', '--shrink', '-1'], /--shrink -1: is out of range\. Give a whole number from 0/],
  [
    ['--seeds', '5', '--fault', 'region-dark'],
    /--fault with --seeds: is for the drill of one fault\. Leave --fault out/,
  ],
  [['--seeds', '5', '--region', 'mumbai'], /--region with --seeds/],
  [['--faults', 'all'], /--faults "all": is not known\. Use one of matrix/],
  [['--faults', 'matrix', '--duration', '30'], /--duration with --faults matrix/],
  [['--schedule', join(directory, 'none.json')], /--schedule ".*none\.json": there is no such file\. Name a file/],
  [['--schedule', directory], /--schedule ".*": is a directory\. Name a file that exists and may be read/],
  [['--schedule', file('text.json', 'mumbai')], /text\.json: is not JSON/],
  [
    ['--schedule', file('pune.json', { faults: [{ ...fault, region: 'pune' }] })],
    /region "pune": the stack has no such region/,
  ],
  [['--schedule', file('one.json', { faults: [fault] }), '--fault', 'region-dark'], /--fault with --schedule/],
  [
    ['--schedule', file('two.json', { faults: [fault] }), '--seeds', '5'],
    /--seeds with --schedule: each says what is to break, so only one can be meant\. Leave --seeds out/,
  ],
  [
    ['--schedule', file('three.json', { faults: [fault] }), '--faults', 'matrix'],
    /--faults with --schedule: each says/,
  ],
  [['--schedule', file('four.json', { faults: [fault] }), '--stop-after', '1'], /--stop-after with --schedule/],
  [['--faults', 'matrix', '--shrink', '3'], /--shrink with --faults matrix: is for a search/],
  [['--seeds', '5', '--events', join(directory, 'log')], /--events with --seeds: is the log of one run/],
  [
    ['--seeds', '2', '--seed', '4294967295'],
    /--seed 4294967295 with --seeds 2: goes beyond the last seed, 4294967295\. Begin earlier/,
  ],
  [
    ['--seeds', '5', '--stack', join(__dirname, '../../../../../golden/cdk.tf.json'), '--rto', '40'],
    /--rto with --stack and schedules: changes nothing: a schedule is held to .* Leave --rto out/,
  ],
  [['--seeds', '5', '--stack', join(directory, 'none.json')], /none\.json": there is no such file/],
  [['--faults', 'matrix', '--stack', file('text.tf.json', 'mumbai')], /text\.tf\.json": is not JSON/],
])('fails with 2 and one paragraph for %j', async (argv, message) => {
  const { code, out, err } = await run(...argv, '--json');
  expect(err).toMatch(message);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect({ code, out }).toEqual({ code: 2, out: '' });
});

test('a search says what it ran and met; as JSON it is one object', async () => {
  const { code, out } = await run('--seeds', '3');
  expect(code).toBe(0);
  expect(out).toMatch(/^3 random schedules, seeds 1 to 3, commit abc1234\n/);
  expect(out).toMatch(/failovers: 3/);
  const { search, ...rest } = JSON.parse((await run('--seeds', '3', '--json')).out) as { search: object };
  expect(rest).toEqual({
    schema: 1,
    passed: true,
    ...{ program: 'dr 1.2.3', commit: 'abc1234', checkout: 'changed', writtenAt: '1970-01-01T00:00:00.000Z' },
    configSha256: 'c0',
    codeSha256: 'c0de',
    stackSha256: createHash('sha256').update(readFileSync(synthesized)).digest('hex'),
    seed: 1,
    replay: 'npm run -s dr -- drill --seeds 3 --seed 1',
    // As the stack has them; a schedule is held to no objective of its own.
    settings: {
      regions: [{ name: 'mumbai', awsRegion: 'ap-south-1' }],
      routing: 'latency',
      ...{ intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 10 },
      objective: null,
    },
    checks: scheduleChecks(OURS),
  });
  expect(search).toMatchObject({
    schedules: 3,
    invocations: 3_000,
    violations: 0,
    sometimes: { failovers: 3 },
    failures: [],
  });
});

test('a broken seed ends with 1, its schedule, the commit and the command that repeats it', async () => {
  const { code, out, kept } = await run('--seeds', '3', '--seed', '7', '--rto', '90');
  expect(code).toBe(1);
  expect(out).toContain('5-I1: left alone');
  expect(out).toContain('npm run -s dr -- drill --rto 90 --schedule dist/schedules/seed-8.json --seed 8');
  expect(kept).toEqual(['seed-8.json']);
});

test('the regions of a schedule are those of the stack that it runs on, and so is the routing', async () => {
  const stack = file('cdk.tf.json', {
    provider: { aws: [{ region: 'us-east-1' }] },
    resource: { aws_lambda_function: { one: { function_name: 'traffic-router' } } },
  });
  const other = { routing: 'latency', world: { regions: [{ name: 'paris' }, { name: 'milan' }] } };
  const context = { startTwin: () => Promise.resolve(other as unknown as RunningStack) };
  const pune = file('pune-again.json', { faults: [{ ...fault, region: 'pune' }] });
  const one = await runWith(context, '--schedule', pune, '--stack', stack);
  expect(one).toMatchObject({ code: 2, err: expect.stringContaining('Use one of paris, milan') });
  const two = await runWith(context, '--seeds', '2', '--stack', stack, '--routing', 'failover');
  expect(two).toMatchObject({ code: 2, err: expect.stringContaining('--routing failover with --stack: the stack') });
});

test('the matrix has a row for each class, beside a search when both are asked for', async () => {
  const { code, out } = await run('--faults', 'matrix');
  expect(code).toBe(0);
  expect(out).toMatch(/region-dark +dns failover +52\.6 s +1\.7 s +40\.0 s +3 +4,000 +✓/);
  const both = JSON.parse((await run('--faults', 'matrix', '--seeds', '2', '--json')).out) as {
    rows: MatrixRow[];
    search: object;
  };
  expect(both.rows).toHaveLength(MATRIX_FAULTS.length);
  expect(both.rows[0]).toMatchObject({ fault: 'region-dark', rto: 52.6, rpo: 1.7, alertSeconds: 40, met: true });
  expect(both.search).toMatchObject({ schedules: 2 });
});

test('the report of a search and of the table of faults holds what --json prints, and so does the file beside it', async () => {
  const page = join(directory, 'many.html');
  const { code, out } = await run('--seeds', '2', '--seed', '7', '--faults', 'matrix', '--report', page, '--json');
  expect(code).toBe(1);
  const beside = JSON.parse(readFileSync(join(directory, 'many.json'), 'utf8')) as {
    headline: string;
    drills: unknown;
  };
  expect(beside.drills).toEqual(JSON.parse(out));
  expect(beside).toMatchObject({
    kind: 'report',
    of: 'drills',
    passed: false,
    headline: `2 random schedules: 1 seed broke a promise. All ${MATRIX_FAULTS.length} classes of fault meet what is promised.`,
    reasons: ['1 check broken'],
    replay: 'npm run -s dr -- drill --faults matrix --seeds 2 --seed 7',
  });
  expect(readFileSync(page, 'utf8')).toContain(beside.headline);
});

test('a report that cannot be written is said before anything runs', async () => {
  const page = join(directory, 'none', 'many.html');
  const { code, out, err } = await run('--faults', 'matrix', '--report', page);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^--report ".*many\.html": is not a place to write a file: there is no directory/);
  expect(existsSync(page)).toBe(false);
});

test.each([132, 80, 40])(
  'the table of faults is read on a terminal of %d columns: no row is torn apart',
  async (columns) => {
    const { out } = await runWith({ columns, outTerminal: true }, '--faults', 'matrix');
    const lines = out.trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    const isTable = columns === 132;
    expect(/^fault +path taken +RTO/m.test(out)).toBe(isTable);
    expect(lines.filter((line) => /us-east-1-down-and-region-dark/.test(line))).toHaveLength(1);
    expect(lines.filter((line) => /^ {4}RTO, RPO {5}52\.6 s, 1\.7 s$/.test(line))).toHaveLength(
      isTable ? 0 : MATRIX_FAULTS.length,
    );
  },
);

test('the bar is written over on a terminal and never wraps; elsewhere it is a line now and then', async () => {
  const elsewhere = await run('--seeds', '3');
  expect(elsewhere.err).toMatch(/^searching \[\.{30}\] 0 of 3 {2}0 broken\n.*3 of 3/s);
  expect(elsewhere.err).not.toContain('\u001b');
  const { err, out } = await runWith({ errTerminal: true }, '--seeds', '3', '--json');
  expect(err).not.toContain('\n');
  expect(err).toMatch(/^\r\u001b\[K\u001b\[\?7lsearching .*\u001b\[\?7h\r\u001b\[K$/s);
  expect(out.trim().split('\n')).toHaveLength(1);
});
