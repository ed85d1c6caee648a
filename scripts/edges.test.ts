// Where the world around a command ends: signals, full disks, readers that leave, temporary directories that are none. Real processes.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const root = resolve(__dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'dr-edges-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
/** What is kept there would not be synthesized again. */
beforeEach(() => rmSync(join(root, 'dist', 'synthesized'), { recursive: true, force: true }));

const DR = ['scripts/dr.mjs'];
const NPM_ENV = { npm_config_update_notifier: 'false', npm_config_cache: join(scratch, 'npm') };

function started(program: string, args: readonly string[]) {
  const temporary = mkdtempSync(join(scratch, 'tmp-'));
  const child = spawn(program, args, {
    cwd: root,
    // A group of its own, as a terminal gives to what it starts.
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, ...NPM_ENV, TMPDIR: temporary },
  });
  const ended = new Promise<number | NodeJS.Signals | null>((done) =>
    child.on('exit', (code, signal) => done(code ?? signal)),
  );
  return { child, ended, temporary };
}

async function until(holds: () => boolean, limitMs = 120_000): Promise<void> {
  for (let waitedMs = 0; !holds(); waitedMs += 50) {
    if (waitedMs > limitMs) throw new Error('it did not come to that');
    await pause(50);
  }
}

const isAlive = (group: number): boolean => {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
};
const toGroup = ({ pid = 0 }: ChildProcess, signal: NodeJS.Signals): boolean => process.kill(-pid, signal);
const toParent = ({ pid = 0 }: ChildProcess, signal: NodeJS.Signals): boolean => process.kill(pid, signal);
const beginsWith = (directory: string, prefix: string): boolean =>
  existsSync(directory) && readdirSync(directory).some((name) => name.startsWith(prefix));
/** Of dr itself, or in that one the directory of the synthesis. */
const isSynthesizing = (temporary: string): boolean =>
  readdirSync(temporary).some((name) => beginsWith(join(temporary, name), 'dr-synth-'));
const isDrilling = (temporary: string): boolean =>
  readdirSync(temporary).some((name) => beginsWith(join(temporary, name), 'stacks'));

const NODE = process.execPath;
const DRILL = [...DR, 'drill', '--clients', '1000'];
const NPM = ['run', '-s', 'dr', '--', 'drill', '--clients', '1000'];
const MUTANTS = ['scripts/mutants.mjs', '--only', 'never-goes-home'];
const isAmongMutants =
  (directory: string) =>
  (temporary: string): boolean =>
    readdirSync(temporary).some(
      (name) => name.startsWith('dr-mutants-') && beginsWith(join(temporary, name), directory),
    );
const CONSOLE = ['console', '--port', '0', '--clients', '1000'];
test.each<[string, NodeJS.Signals, typeof toGroup, string, readonly string[], (temporary: string) => boolean, unknown]>(
  [
    ['Ctrl-C in a synthesis', 'SIGINT', toGroup, NODE, DRILL, isSynthesizing, 130],
    ['Ctrl-C in a drill', 'SIGINT', toGroup, NODE, DRILL, isDrilling, 130],
    ['Ctrl-C through npm', 'SIGINT', toGroup, 'npm', NPM, isSynthesizing, 'SIGINT'],
    ['a terminal that is closed', 'SIGHUP', toGroup, NODE, DRILL, isDrilling, 129],
    ['an end that only the parent is told of', 'SIGTERM', toParent, NODE, DRILL, isDrilling, 143],
    ['an end that only npm is told of', 'SIGTERM', toParent, 'npm', NPM, isDrilling, 'SIGTERM'],
    ['Ctrl-C in a console that is starting', 'SIGINT', toGroup, NODE, [...DR, ...CONSOLE], isSynthesizing, 130],
    ['Ctrl-C in a console', 'SIGINT', toGroup, NODE, [...DR, ...CONSOLE], isDrilling, 130],
    [
      'an end of a console that only npm is told of',
      'SIGTERM',
      toParent,
      'npm',
      ['run', '-s', 'dr', '--', ...CONSOLE],
      isDrilling,
      'SIGTERM',
    ],
    ['Ctrl-C in what mutants begin with', 'SIGINT', toGroup, NODE, MUTANTS, isAmongMutants('sound'), 130],
    [
      'an end that only mutants are told of',
      'SIGTERM',
      toParent,
      NODE,
      MUTANTS,
      isAmongMutants('never-goes-home'),
      143,
    ],
    ['a parent that is killed', 'SIGKILL', toParent, NODE, DRILL, isDrilling, 'SIGKILL'],
  ],
)('%s leaves no directory and no process', async (_, signal, send, program, args, isThen, expected) => {
  const { child, ended, temporary } = started(program, args);
  await until(() => isThen(temporary));
  send(child, signal);
  expect(await ended).toBe(expected);
  await until(() => !isAlive(child.pid ?? 0));
  expect(readdirSync(temporary).filter((name) => name.startsWith('dr-'))).toEqual([]);
});

test('the infra app by itself leaves no directory at Ctrl-C', async () => {
  const out = join(scratch, 'out');
  const { child, ended, temporary } = started(NODE, ['dist/infra/main.js', '--simulate', '--out', out]);
  await until(() => beginsWith(temporary, 'dr-synth-'));
  toGroup(child, 'SIGINT');
  expect([130, 0]).toContain(await ended);
  expect(readdirSync(temporary)).toEqual([]);
});

function run(
  args: readonly string[],
  { env = {}, stdout = 'pipe' }: { env?: NodeJS.ProcessEnv; stdout?: 'pipe' | number } = {},
) {
  const {
    status,
    stdout: out,
    stderr,
  } = spawnSync(NODE, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', stdout, 'pipe'],
    env: { ...process.env, ...env },
  });
  return { status, out, err: stderr };
}

test('an event log that finds no room loses no report, and the exit code says that something is missing', () => {
  const { status, out, err } = run([
    ...DR,
    'drill',
    '--json',
    '--duration',
    '60',
    '--clients',
    '20',
    '--events',
    '/dev/full',
  ]);
  expect(JSON.parse(out)).toMatchObject({ passed: true });
  expect(err).toMatch(
    /^--events "\/dev\/full": no space is left on the disk \(ENOSPC\)\. .* What the run found is complete; .*\n$/,
  );
  expect(status).toBe(2);
});

test('a report that finds no room is said in one sentence', () => {
  const full = openSync('/dev/full', 'w');
  const { status, err } = run([...DR, 'cost'], { stdout: full });
  closeSync(full);
  expect(err).toMatch(/^standard output: no space is left on the disk \(ENOSPC\)\. .*\n$/);
  expect(status).toBe(2);
});

test('a reader that leaves ends a command without a word, as SIGPIPE would', () => {
  const { stdout, stderr } = spawnSync(
    'bash',
    ['-c', `"${NODE}" scripts/dr.mjs cost | true; echo "\${PIPESTATUS[0]}"`],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  expect({ stdout, stderr }).toEqual({ stdout: '141\n', stderr: '' });
});

const file = join(scratch, 'file');
writeFileSync(file, '');
test.each([
  ['missing', '/nowhere/at/all', /there is no such file or directory/],
  ['a file', file, /a file is where a directory must be/],
  ['a device', '/dev/null', /a file is where a directory must be/],
])('fails with 2 and one sentence when TMPDIR is %s', (_, TMPDIR, why) => {
  for (const args of [
    [...DR, 'cost'],
    ['dist/infra/main.js', '--golden'],
    ['scripts/golden.mjs'],
    ['scripts/mutants.mjs'],
  ]) {
    const { status, err } = run(args, { env: { TMPDIR } });
    expect(err).toMatch(why);
    expect(err).toMatch(/TMPDIR/);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(status).toBe(2);
  }
  expect(run([...DR, '--version'], { env: { TMPDIR } })).toMatchObject({ status: 0, err: '' });
});

test('a synthesis needs no Terraform, and no other program', () => {
  const { status, err } = run(['dist/infra/main.js', '--golden'], { env: { PATH: scratch } });
  expect({ status, err }).toEqual({ status: 0, err: '' });
});

test('Terraform JSON of more than 100 MB is refused by its size', () => {
  const large = join(scratch, 'large.json');
  writeFileSync(large, '{}');
  truncateSync(large, (100 << 20) + 1);
  for (const args of [
    [...DR, 'drill', '--stack', large],
    [...DR, 'cost', '--stack', large],
    [...DR, 'plan-check', '--plan', large],
    ['dist/infra/main.js', '--applied', large, '--out', join(scratch, 'never')],
  ]) {
    const { status, err } = run(args);
    expect(err).toMatch(/large\.json.*(has 101 MB; 100 MB at most|larger than 100 MB)/);
    expect(status).toBe(2);
  }
});

test('a schedule says how far it is, on stderr', () => {
  const schedule = join(scratch, 'schedule.json');
  writeFileSync(
    schedule,
    JSON.stringify({
      faults: [{ kind: 'lambda-errors', region: 'mumbai', startSeconds: 30, durationSeconds: 30 }],
      orders: [],
    }),
  );
  const { err, out } = run([...DR, 'drill', '--schedule', schedule]);
  expect(err).toMatch(/^schedule +\d+ s\n/);
  expect(out).not.toContain('schedule  ');
});

test.each([
  ['scripts/plan.mjs', '--out'],
  ['scripts/release.mjs', '--commit'],
  ['scripts/lock.mjs', '--to'],
  ['scripts/mutants.mjs', '--seeds'],
  ['scripts/validation-scale.mjs', '--kills'],
  ['scripts/fuzz.mjs', '--only'],
  ['scripts/corpus.mjs', '--stack'],
])('%s refuses a second %s', (script, option) => {
  const { status, err } = run([script, option, 'a', `${option}=b`]);
  expect(err).toContain(`${option} is given twice, and takes one value`);
  expect(status).toBe(2);
});

test('the model check is told one run, and knows its options', () => {
  expect(run(['scripts/model-check.mjs', '--deep', '--mutants'])).toMatchObject({
    status: 2,
    err: 'model-check: --deep and --mutants are two runs: give one of them\n',
  });
  expect(run(['scripts/model-check.mjs', '--depth'])).toMatchObject({
    status: 2,
    err: expect.stringContaining("Unknown option '--depth'") as string,
  });
});
