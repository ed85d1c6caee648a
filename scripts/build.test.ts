// Staleness is judged by content: a project of its own is built by the real scripts, changed, and built again.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const project = mkdtempSync(join(tmpdir(), 'dr-build-test-'));
const at = (...path: readonly string[]): string => join(project, ...path);
const LONG_AGO = new Date('2001-01-01');

function node(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr };
}
const build = () => node(['scripts/build.mjs']);
const bundle = (app: string): string => readFileSync(at('dist', app, app === 'infra' ? 'main.js' : 'index.js'), 'utf8');
/** Changes a file and gives it an old time, as one that was moved over has. */
function replace(file: string, change: (text: string) => string): () => void {
  const before = readFileSync(at(file), 'utf8');
  writeFileSync(at(file), change(before));
  utimesSync(at(file), LONG_AGO, LONG_AGO);
  return () => writeFileSync(at(file), before);
}

beforeAll(() => {
  for (const name of [
    'apps',
    'libs',
    'scripts',
    'dr.config.ts',
    'package.json',
    'package-lock.json',
    'tsconfig.base.json',
  ])
    cpSync(join(root, name), at(name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), at('node_modules'));
  expect(build()).toEqual({ status: 0, stdout: '', stderr: '' });
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

test('the record of a bundle names the packages in it, in the version that is installed', () => {
  const { packages } = JSON.parse(readFileSync(at('dist/traffic-router/build.json'), 'utf8')) as { packages: string[] };
  const { version } = JSON.parse(
    readFileSync(join(root, 'node_modules/@aws-sdk/client-dynamodb/package.json'), 'utf8'),
  ) as { version: string };
  expect(packages).toContain(`@aws-sdk/client-dynamodb@${version}`);
  expect(packages.filter((one) => !/^(@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+/.test(one))).toEqual([]);
});

const timesOfBundles = (): number[] => ['infra', 'health-checker'].map((app) => statSync(at('dist', app)).mtimeMs);

test('a file that has a new time and its old content makes nothing stale', () => {
  const before = timesOfBundles();
  utimesSync(at('dr.config.ts'), new Date(), new Date());
  expect(build().status).toBe(0);
  expect(timesOfBundles()).toEqual(before);
});

/** Every process that a command starts, and each that those start: the file and its first arguments. */
const recorder = at('recorder.cjs');
const started = at('started.jsonl');
const RECORDER = `const { ChildProcess } = require('node:child_process');
  const { appendFileSync } = require('node:fs');
  const { spawn } = ChildProcess.prototype;
  ChildProcess.prototype.spawn = function (options) {
    appendFileSync(process.env.DR_STARTED, JSON.stringify(options.args.slice(0, 4)) + '\\n');
    return spawn.call(this, options);
  };`;

/** The drill, as somebody types it. */
function drillIn(): { readonly status: number | null; readonly started: readonly string[] } {
  writeFileSync(recorder, RECORDER);
  writeFileSync(started, '');
  const drill = ['scripts/dr.mjs', 'drill', '--json', '--duration', '30', '--clients', '2', '--rate', '1'];
  const { status } = node(drill, { NODE_OPTIONS: `--require ${recorder}`, DR_STARTED: started });
  return { status, started: readFileSync(started, 'utf8').trim().split('\n') };
}

const filesOfBuild = (): string[] =>
  readdirSync(at('dist'), { recursive: true, encoding: 'utf8' })
    .map((name) => {
      const { ino, mtimeMs, ctimeMs, size } = statSync(at('dist', name));
      return [name, ino, mtimeMs, ctimeMs, size].join(' ');
    })
    .sort();

test('a second drill of the same sources builds and synthesizes nothing: it touches no file of the build', () => {
  const restore = replace('dr.config.ts', (text) => `${text}\n`);
  const first = drillIn();
  expect(first.status).toBe(0);
  expect(first.started.filter((one) => /esbuild/.test(one))).toHaveLength(1);
  const before = filesOfBuild();
  expect(before.length).toBeGreaterThan(20);
  const second = drillIn();
  expect(second.status).toBe(0);
  expect(filesOfBuild()).toEqual(before);
  // The command line, and what asks git for the commit.
  expect(second.started.filter((one) => !/"git"/.test(one))).toEqual([expect.stringContaining('dist/dr/main.js')]);
  expect(second.started).toEqual(first.started.filter((one) => !/esbuild|dist\/infra/.test(one)));
  restore();
});

test('an older config that is moved over is the one that is built, and functions are left alone', () => {
  const [, functionBefore] = timesOfBundles();
  const restore = replace('dr.config.ts', (text) => text.replace("system: 'dr'", "system: 'older'"));
  expect(build()).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(bundle('infra')).toContain('system: "older"');
  expect(timesOfBundles()[1]).toBe(functionBefore);
  restore();
});

test('what the config imports is a source too, wherever it is', () => {
  mkdirSync(at('sites'));
  writeFileSync(at('sites', 'names.ts'), "export const zone = 'first.test';\n");
  const restore = replace(
    'dr.config.ts',
    (text) => `import { zone } from './sites/names';\n${text.replace("zone: 'example.com'", 'zone')}`,
  );
  build();
  expect(bundle('infra')).toContain('first.test');
  replace('sites/names.ts', (text) => text.replace('first', 'second'));
  build();
  expect(bundle('infra')).toContain('second.test');
  restore();
});

/** What the next command would build. */
const stale = (): string[] =>
  JSON.parse(
    node(['-e', "import('./scripts/freshness.mjs').then(({ staleApps }) => console.log(JSON.stringify(staleApps())))"])
      .stdout,
  ) as string[];

test.each([
  ['scripts/bundle-options.mjs', 6],
  ['scripts/bundle.mjs', 6],
  ['tsconfig.base.json', 6],
  ['package.json', 6],
  ['package-lock.json', 6],
  ['apps/health-checker/src/main.ts', 1],
  ['apps/health-checker/src/main.test-of-nothing.ts', 6],
  ['libs/contracts/src/system/config.js', 6],
])('a change of %s with an old time makes %d bundles stale', (file, count) => {
  build();
  expect(stale()).toEqual([]);
  const isNew = !existsSync(at(file));
  if (isNew) writeFileSync(at(file), '');
  const restore = replace(file, (text) => `${text}\n`);
  expect(stale()).toHaveLength(count);
  restore();
  if (isNew) rmSync(at(file));
  expect(stale()).toEqual([]);
});

test.each(['truncated', 'other', 'gone', 'without its record'])('a bundle that is %s is made again', (how) => {
  build();
  const file = at('dist/traffic-router/index.js');
  const good = bundle('traffic-router');
  if (how === 'gone') rmSync(file);
  else if (how === 'without its record') rmSync(at('dist/traffic-router/build.json'));
  else writeFileSync(file, how === 'other' ? bundle('health-checker') : good.slice(0, 1000));
  // No source is newer than it.
  expect(build()).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(bundle('traffic-router')).toBe(good);
});

test.each([
  ['a config that is gone', () => rmSync(at('dr.config.ts')), /^dr\.config\.ts is missing, .*\n$/],
  [
    'a config that does not parse',
    () => writeFileSync(at('dr.config.ts'), 'export default {'),
    /^dr\.config\.ts:\d+:\d+: .*\. The build failed, and the command was not run\.\n$/,
  ],
  [
    'a config that throws',
    () => writeFileSync(at('dr.config.ts'), "throw new Error('no credentials\\nfor this');"),
    /^dr\.config\.ts: throws when it is read \(no credentials for this\)\. Mend it there\n$/,
  ],
])('fails with 2 on %s, and runs nothing', (_, harm, message) => {
  build();
  const restore = replace('dr.config.ts', (text) => text);
  harm();
  const { status, stdout, stderr } = node(['scripts/dr.mjs', 'cost']);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(message);
  restore();
});

test('fails with 2 on a config that is a device, and does not read it', () => {
  build();
  const restore = replace('dr.config.ts', (text) => text);
  rmSync(at('dr.config.ts'));
  symlinkSync('/dev/zero', at('dr.config.ts'));
  const { status, stderr } = node(['scripts/dr.mjs', 'cost']);
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringMatching(/^dr\.config\.ts is no file, .*\n$/) });
  rmSync(at('dr.config.ts'));
  restore();
});

test('where there is no config, init writes one, and the next command is built with it', () => {
  build();
  const restore = replace('dr.config.ts', (text) => text);
  rmSync(at('dr.config.ts'));
  expect(node(['scripts/dr.mjs', 'init', '--yes', '--system', 'shop', '--rto', '107'])).toMatchObject({
    status: 0,
    stderr: '',
  });
  const { status, stdout } = node(['scripts/dr.mjs', 'objectives', '--json']);
  expect({ status, ...(JSON.parse(stdout) as object) }).toMatchObject({ status: 0, objective: { rtoSeconds: 107 } });
  restore();
});

test('a build that was killed holds up nobody', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  replace('dr.config.ts', (text) => `${text}\n`);
  mkdirSync(at('dist/.building'));
  writeFileSync(at('dist/.building/pid'), String(pid));
  expect(build()).toEqual({ status: 0, stdout: '', stderr: '' });
});

/** As a user who owns nothing here: root may write everywhere. */
function asNobody(args: readonly string[]) {
  const unprivileged = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const [program = '', ...rest] = [...unprivileged, process.execPath, ...args];
  const { status, stdout, stderr } = spawnSync(program, rest, { cwd: project, encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('a checkout that may only be read runs what is built, and fails with 2 and one sentence where something is stale', () => {
  chmodSync(project, 0o755);
  build();
  for (const name of ['dist', 'dist/infra']) chmodSync(at(name), 0o555);
  expect(asNobody(['scripts/dr.mjs', 'cost'])).toMatchObject({ status: 0, stderr: '' });
  const restore = replace('dr.config.ts', (text) => `${text}\n`);
  const { status, stderr } = asNobody(['scripts/dr.mjs', 'cost']);
  expect(stderr).toMatch(/^\/.*dist.*: permission is denied\. .*\(EACCES\)\.\n$/);
  expect(status).toBe(2);
  for (const name of ['dist', 'dist/infra']) chmodSync(at(name), 0o755);
  restore();
});

test('bundles without their sources are run as they are, and refused where one was changed', () => {
  build();
  const handed = mkdtempSync(join(tmpdir(), 'dr-handed-over-'));
  // As scripts/hand-over.mjs does.
  for (const name of ['dist', 'scripts', 'libs/contracts/src/system/functions.json'])
    cpSync(at(name), join(handed, name), { recursive: true });
  const run = () => spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: handed, encoding: 'utf8' });
  expect(run()).toMatchObject({ status: 0, stderr: '' });
  writeFileSync(join(handed, 'dist/dr/main.js'), 'process.exit(0)');
  expect(run()).toMatchObject({ status: 2, stderr: expect.stringMatching(/^dist\/dr is not as it was built\. /) });
  rmSync(handed, { recursive: true });
});
