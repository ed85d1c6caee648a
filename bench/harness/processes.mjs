// Runs a command and says what it took: CPU of all its processes, the memory of the one that had most, and wall.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const USAGE = fileURLToPath(new URL('../programs/usage.cjs', import.meta.url));
/** Processes that outlive the command, as workers whose channel closes, end within that time. */
const LINGER_MS = 5_000;
const LOOK_MS = 20;
const TAIL = 2_000;

/** Resolves to `{ cpuMs, peakMb, wallMs, stdout }`. `exits`: the exit codes that are no failure. */
export async function measured(command, args, { cwd, env = {}, exits = [0], keep = true } = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'dr-bench-usage-'));
  const remove = () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  process.once('exit', remove);
  try {
    const given = { ...process.env, ...env, DR_BENCH_USAGE: directory };
    given.NODE_OPTIONS = [env.NODE_OPTIONS, `--require ${JSON.stringify(USAGE)}`].filter(Boolean).join(' ');
    const { stdout, wallMs } = await finished(command, args, { cwd, env: given, exits, keep });
    return { ...(await usedIn(directory)), wallMs, stdout };
  } finally {
    process.off('exit', remove);
    remove();
  }
}

/** The same without its cost: `stdout`. */
export const ran = async (command, args, options = {}) =>
  (await finished(command, args, { exits: [0], keep: true, ...options })).stdout;

function finished(command, args, { cwd, env, exits, keep }) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', keep ? 'pipe' : 'ignore', 'pipe'] });
    const [out, wrong] = [[], []];
    child.stdout?.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => wrong.push(chunk));
    child.on('error', reject);
    // Whoever ends the bench ends what it measures.
    const end = () => child.kill();
    process.once('exit', end);
    let wallMs = 0;
    child.on('exit', () => (wallMs = performance.now() - started));
    child.on('close', (code, signal) => {
      process.off('exit', end);
      const stdout = Buffer.concat(out).toString('utf8');
      if (exits.includes(code)) return resolve({ stdout, wallMs });
      const said = (Buffer.concat(wrong).toString('utf8').trim() || stdout.trim()).slice(-TAIL);
      reject(new Error(`${[command, ...args].join(' ')} ended with ${code ?? signal}: ${said}`));
    });
  });
}

/** Milliseconds of CPU that all processes have left there. Throws when one has not ended. */
async function usedIn(directory) {
  for (let waitedMs = 0; ; waitedMs += LOOK_MS) {
    const texts = readdirSync(directory).map((name) => readFileSync(join(directory, name), 'utf8'));
    if (!texts.includes('')) {
      const used = texts.map((text) => JSON.parse(text));
      return {
        cpuMs: used.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
        peakMb: Math.max(...used.map(({ peakMb }) => peakMb)),
      };
    }
    if (waitedMs > LINGER_MS) throw new Error('a process of the command did not end by itself: its CPU is not known');
    await pause(LOOK_MS);
  }
}
