// Synthesis: the bundled infra app as a child process, as cdktf would run it.
import { execFile, type ExecFileException } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SynthesisError } from '../context';
import { keepSynthesis, keptSynthesis, synthesisKey } from './kept-synthesis';

const LIMIT_MS = 60_000;
const TOO_SLOW = `the synthesis took longer than ${LIMIT_MS / 1000} s, and was ended. Try again when this machine has less to do`;
const OUTPUT_LIMIT_BYTES = 1 << 20;

export interface SynthesisOptions {
  readonly root: string;
  /** dr.config.ts as it reads now, which may follow the environment. Throws for one that is refused. */
  readonly config: () => unknown;
  readonly warn: (text: string) => void;
}

/**
 * Resolves to the path of cdk.tf.json below `outDirectory`; warnings of the infra app go to `warn`. The same sources and arguments are
 * synthesized once.
 */
export async function synthesize(
  { root, config, warn }: SynthesisOptions,
  args: readonly string[],
  outDirectory: string,
): Promise<string> {
  const dist = join(root, 'dist');
  const infra = join(dist, 'infra', 'main.js');
  if (!existsSync(infra)) {
    throw new SynthesisError(`${infra} is missing: nothing can be synthesized without it. Run "npm run build" first`);
  }
  const kept = join(dist, 'synthesized');
  const key = keyOf(dist, args, config);
  const before = key === undefined ? undefined : keptSynthesis(kept, key, outDirectory);
  if (before !== undefined) {
    if (before) warn(before);
    return findStack(outDirectory);
  }
  const { failure, stderr } = await run(infra, [...args, '--simulate', '--out', outDirectory], root, outDirectory);
  if (failure?.killed) throw new SynthesisError(TOO_SLOW);
  if (failure) throw new SynthesisError(stderr.trim() || `the infra app failed: ${failure.message}`);
  if (stderr) warn(stderr);
  const stack = findStack(outDirectory);
  if (key !== undefined) keepSynthesis(kept, key, outDirectory, stderr);
  return stack;
}

/** undefined: it is synthesized anew. The app itself says what is wrong with the config; a file that is named may change. */
function keyOf(dist: string, args: readonly string[], config: () => unknown): string | undefined {
  if (args.some((arg) => arg.startsWith('--applied'))) return undefined;
  try {
    return synthesisKey(dist, args, config());
  } catch {
    return undefined;
  }
}

/** cdktf calls util.isArray, of which Node 22 and later warn on the user's terminal. */
const QUIET = '--disable-warning=DEP0044';

function run(
  script: string,
  args: readonly string[],
  cwd: string,
  temporary: string,
): Promise<{ failure: ExecFileException | null; stderr: string }> {
  return new Promise((resolve) => {
    // What the app writes aside is gone with the directory, whatever becomes of the app.
    const env = { ...process.env, TMPDIR: temporary, TMP: temporary, TEMP: temporary };
    const app = execFile(
      process.execPath,
      [QUIET, script, ...args],
      { cwd, env, timeout: LIMIT_MS, maxBuffer: OUTPUT_LIMIT_BYTES },
      (failure, _stdout, stderr) => {
        process.off('exit', end);
        resolve({ failure, stderr });
      },
    );
    // First of all, so that it writes nothing into a directory that is being removed.
    const end = (): void => void app.kill('SIGKILL');
    process.prependListener('exit', end);
  });
}

function findStack(outDirectory: string): string {
  const stacks = join(outDirectory, 'stacks');
  const names = existsSync(stacks) ? readdirSync(stacks) : [];
  const file = names.map((name) => join(stacks, name, 'cdk.tf.json')).find((path) => existsSync(path));
  if (file) return file;
  throw new SynthesisError('the infra app wrote no stack. Run "npm run build", then try again');
}
