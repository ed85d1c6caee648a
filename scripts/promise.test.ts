// `npm run promise`: what it refuses, and that a client who is late breaks the promise.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..');

test.each([
  [['--seeds', '0'], '--seeds "0" is not a whole number from 1'],
  [['--seeds', 'many'], '--seeds "many" is not a whole number from 1'],
  [['--seeds', '1', '--seeds=2'], '--seeds is given twice'],
  [['--jobs', '0'], '--jobs "0" is not a whole number from 1'],
  [['--fault', 'partition'], '--fault "partition" moves no client, or is not known; it must be region-dark,'],
  [['--front', 'cloudfront'], '--front "cloudfront" is not known; it must be dns or accelerator'],
  [['--routing', 'latency'], "Unknown option '--routing'"],
])('%j is refused before anything is built', (args, says) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, ['scripts/promise.mjs', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^promise: /);
  expect(stderr).toContain(says);
  expect([status, stdout]).toEqual([2, '']);
});

const rtoOf = (worstSeconds: number): object => ({ clientsAffected: 1, worstSeconds });
const keepAlive = (seconds: number): object => ({ seconds, defaultSeconds: 3_600, boundAtDefaultSeconds: 3_657 });
const kept = (worstSeconds: number, seconds = 60): object => ({
  ...{ name: 'keeps', rto: rtoOf(worstSeconds) },
  ...{ boundSeconds: 57 + seconds, keepAlive: keepAlive(seconds) },
});
const REPORT = {
  ...{ passed: true, reasons: [], rto: rtoOf(57), predicted: { worstClientSeconds: 57 } },
  populations: [kept(117), { name: 'stretches', rto: rtoOf(500), boundSeconds: 347 }],
};

/** What the module says of a report. */
function asked(call: string): unknown {
  const script = `import { brokenIn, linesOf } from './scripts/promise-verdict.mjs'; console.log(JSON.stringify(${call}));`;
  const args = ['--input-type=module', '-e', script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}
const brokenIn = (change: object): unknown => asked(`brokenIn(${JSON.stringify({ ...REPORT, ...change })})`);

test.each<[string, object, string[]]>([
  ['at the limits it is kept', {}, []],
  [
    'a client that honours the TTL is late',
    { rto: rtoOf(57.1) },
    ['a client that honours the TTL and opens a new connection waited for 57.1 s; 57 s is predicted'],
  ],
  ['nobody was affected', { rto: null }, ['no client was affected, so nothing was shown']],
  [
    'a client that keeps its connection is late',
    { populations: [kept(117.1)] },
    ['a client that keeps its connection waited for 117.1 s; 117 s follow from client_keep_alive and the prediction'],
  ],
  ['it is reported alone without the remedy', { populations: [kept(4_000, 3_600)] }, []],
  ['none ran that keeps its connection', { populations: [] }, ['no client that keeps connections ran']],
  [
    'an accelerator lets a client of another population wait',
    {
      settings: { accelerator: {} },
      populations: [kept(60), { name: 'stretches', rto: rtoOf(50), boundSeconds: 49 }],
    },
    ['a client (stretches) that the accelerator moves as any other waited for 50 s; 49 s is predicted'],
  ],
  ['the drill did not pass', { passed: false, reasons: ['why'] }, ['the drill did not pass: why']],
])('%s', (_name, change, expected) => {
  expect(brokenIn(change)).toEqual(expected);
});

test('the worst of all drills is told, of each kind of client', () => {
  const later = { ...REPORT, rto: rtoOf(56.2), populations: [kept(80)] };
  expect(asked(`linesOf('latency', ${JSON.stringify([REPORT, later])})`)).toEqual([
    '  latency    promised     worst 57.0 s, at most 57 s',
    '  latency    keeps       worst 117.0 s, at most 117 s',
    '  latency    stretches   worst 500.0 s, computed 347 s',
  ]);
});

test('CI runs a sample of it', () => {
  expect(readFileSync(join(root, '.ci/run'), 'utf8')).toContain('npm run -s promise -- --seeds 1\n');
});
