// Every option that names a file to read, given what never ends. Real processes.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
// eslint-disable-next-line @nx/enforce-module-boundaries -- a log as dr writes it
import { eventLogText } from '../apps/dr/src/testing/event-log';

const root = resolve(__dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'dr-given-files-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const at = (name: string): string => join(scratch, name);
const OUT = ['--out', at('out.html')];
const DR = ['dist/dr/main.js'];
const LIMIT_MS = 60_000;

const log = at('log.jsonl');
writeFileSync(log, eventLogText());
const stack = at('zip.tf.json');
const golden = JSON.parse(execFileSync('cat', ['golden/cdk.tf.json'], { cwd: root, encoding: 'utf8' })) as object;
writeFileSync(stack, JSON.stringify(golden).replaceAll(/"filename":"[^"]*"/g, '"filename":"/dev/zero"'));

function run(args: readonly string[], stdin: number | 'ignore' = 'ignore') {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    ...{ cwd: root, encoding: 'utf8', timeout: LIMIT_MS },
    stdio: [stdin, 'pipe', 'pipe'],
  });
  return { status, out: stdout, err: stderr };
}

test.each([
  [[...DR, 'report', '/dev/zero', ...OUT], 'log "/dev/zero": is a device'],
  [[...DR, 'report', log, '/dev/zero', ...OUT], 'log "/dev/zero": is a device'],
  [[...DR, 'drill', '--compare', '/dev/zero'], 'log "/dev/zero": is a device'],
  [[...DR, 'drill', '--schedule', '/dev/zero'], '--schedule "/dev/zero": is a device'],
  [[...DR, 'drill', '--stack', '/dev/zero'], 'stack "/dev/zero": is a device'],
  [[...DR, 'drill', '--seeds', '2', '--stack', '/dev/zero'], 'stack "/dev/zero": is a device'],
  [[...DR, 'drill', '--first-start', '--stack', '/dev/zero'], 'stack "/dev/zero": is a device'],
  [[...DR, 'drill', '--stack', stack], 'function code /dev/zero: cannot be read: is a device'],
  [[...DR, 'cost', '--stack', '/dev/zero'], 'stack "/dev/zero": is a device'],
  [[...DR, 'console', '--stack', '/dev/zero'], 'stack "/dev/zero": is a device'],
  [[...DR, 'plan-check', '--plan', '/dev/zero'], '--plan "/dev/zero": is a device'],
  [['dist/infra/main.js', '--applied', '/dev/zero', ...OUT], 'infra --applied /dev/zero: is a device'],
])('a device is refused in one sentence: %j', (args, said) => {
  const { status, out, err } = run(args);
  expect(err.slice(0, said.length)).toBe(said);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
  expect({ status, out }).toEqual({ status: 2, out: '' });
});

test('a pipe is read as a file is, and no further than one', () => {
  const shell = (script: string) => {
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['-c', script, process.execPath, ...DR, log, at('piped.html')],
      {
        ...{ cwd: root, encoding: 'utf8', timeout: LIMIT_MS },
      },
    );
    return { status, out: stdout, err: stderr };
  };
  const whole = shell('cat "$2" | "$0" "$1" report /dev/stdin --out "$3"');
  expect(whole).toMatchObject({ status: 0, err: '', out: expect.stringMatching(/^PASSED /) as string });
  const endless = shell('yes | "$0" "$1" report /dev/stdin --out "$3"');
  expect(endless).toMatchObject({ status: 2, out: '' });
  expect(endless.err).toBe('log "/dev/stdin": is larger than 256 MB. Name a file that is meant for it\n');
});

test('a former run is read once, so that it may come from a pipe', () => {
  const load = ['--duration', '60', '--clients', '20', '--rate', '4'];
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', 'cat "$0" | "$@"', log, process.execPath, ...DR, 'drill', ...load, '--json', '--compare', '/dev/stdin'],
    {
      ...{ cwd: root, encoding: 'utf8', timeout: 4 * LIMIT_MS },
    },
  );
  expect(JSON.parse(stdout)).toMatchObject({ passed: true });
  expect(stderr).toMatch(/^ +stdin +this run +difference$/m);
  expect(status).toBe(0);
});

test('Ctrl-C ends a command that waits for a pipe', async () => {
  execFileSync('mkfifo', [at('silent')]);
  // Its other end stays open, and nothing comes.
  const child = spawn(process.execPath, [...DR, 'report', at('silent'), ...OUT], { cwd: root, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const writer = openSync(at('silent'), 'w');
  child.kill('SIGINT');
  expect(await ended).toEqual([null, 'SIGINT']);
  closeSync(writer);
});
