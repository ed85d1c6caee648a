// A signal is not lost while a file is read. In a process of its own: the signals of a test's process are the runner's.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const scratch = mkdtempSync(join(tmpdir(), 'dr-interruptions-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Exit code, or the signal that it died of, of a process that is told to end while it is busy and reads a file then. */
function endOf(path: string): number | string | null {
  const { outputFiles } = buildSync({
    stdin: {
      contents: `
        import { Interruptions } from './interruptions';
        import { textFileReader } from './project-adapter';
        const interruptions = new Interruptions();
        interruptions.listen();
        process.kill(process.pid, 'SIGINT');
        textFileReader((work) => interruptions.letThrough(work))('file', process.argv[1]);
        setTimeout(() => process.exit(0), 2_000);
      `,
      resolveDir: __dirname,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  const { status, signal } = spawnSync(process.execPath, ['-e', outputFiles[0]?.text ?? '', path]);
  return status ?? signal;
}

test('a signal that came while the process was busy is told of once it has read a file', () => {
  const path = join(scratch, 'file.json');
  writeFileSync(path, '{}');
  expect(endOf(path)).toBe(130);
});
