// How a console ends: signals in the middle of a fault, outputs that cannot be written, a terminal that is gone. Real processes.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readLog } from '@dr/event-log';
import { startConsole, steer, until } from '../../testing/console-process';

const root = resolve(__dirname, '../../../../..');
const directory = mkdtempSync(join(tmpdir(), 'dr-console-endings-'));
afterAll(() => rmSync(directory, { recursive: true }));

const QUIET = ['--clients', '2', '--rate', '0.5'];
const LOSS = { do: 'begin', fault: { kind: 'region-dark', region: 'mumbai' } };
/** A console without a terminal, as a shell runs it. */
const COMMAND = `"${process.execPath}" dist/dr/main.js console --port 0 ${QUIET.join(' ')}`;
const inShell = (line: string) => spawnSync('bash', ['-c', line], { cwd: root, encoding: 'utf8' });

test('Ctrl-C twice in the middle of a fault, without standard input: the log is whole, and it is said why there is no verdict', async () => {
  const file = join(directory, 'in-fault.jsonl');
  const running = await startConsole(['--events', file, ...QUIET], 0, {}, '<&-');
  expect((await steer(running.endpoints.page, LOSS)).status).toBe(204);
  void running.end('SIGINT');
  expect(await running.end('SIGINT')).toBe(130);
  expect(running.said()).toMatch(/No verdict: the run was stopped while region-dark in mumbai was in force\.\n$/);
  const { events, end } = readLog(readFileSync(file, 'utf8'), file);
  expect(events.filter(({ kind }) => kind === 'fault-start')).toHaveLength(1);
  expect(end).toBeNull();
  expect(running.leftBehind()).toEqual([]);
});

test('a log that finds no room: one sentence, and 2 whatever signal ended it', async () => {
  const running = await startConsole(['--events', '/dev/full', ...QUIET]);
  expect(await running.end('SIGHUP')).toBe(2);
  expect(running.said()).toMatch(
    /^--events "\/dev\/full": no space is left on the disk \(ENOSPC\)\. .* The log of this run is lost\.$/m,
  );
  expect(running.leftBehind()).toEqual([]);
});

test('who cannot be told the addresses is not left with a console: no room is 2, a reader that has gone 141', () => {
  const full = inShell(`${COMMAND} > /dev/full`);
  expect(full.stderr).toMatch(/^standard output: no space is left on the disk \(ENOSPC\)\. .*$/m);
  expect(full.status).toBe(2);
  expect(inShell(`${COMMAND} | true; echo "\${PIPESTATUS[0]}"`).stdout).toBe('141\n');
});

/** Of util-linux: runs a command on a terminal of its own. */
const hasTerminals = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;
(hasTerminals ? test : test.skip)(
  'a terminal that is closed (where there is the script of util-linux): the log is written, and it ends by SIGHUP',
  async () => {
    const [file, code, shown] = ['hangup.jsonl', 'code', 'shown'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    // The shell is told that the terminal is gone, and tells its command.
    const line = `trap 'kill -HUP $!' HUP; ${COMMAND} --events ${file} & wait $!; wait $!; echo $? > ${code}`;
    const terminal = spawn('script', ['-qfc', line, shown], { cwd: root, stdio: ['pipe', 'ignore', 'ignore'] });
    await until(() => existsSync(shown) && readFileSync(shown, 'utf8').includes(' of 10 x')).finally(() =>
      terminal.kill('SIGKILL'),
    );
    await until(() => existsSync(code) && readFileSync(code, 'utf8').endsWith('\n'));
    expect(readFileSync(code, 'utf8')).toBe('129\n');
    expect(readLog(readFileSync(file, 'utf8'), file).end).toMatchObject({ passed: true });
  },
);
