// Runs one program to its end, with a time limit and all that it printed in the error when it fails.
import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** @default 0 alone */
  readonly exitCodes?: readonly number[];
  readonly timeoutSeconds: number;
}

export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

const SHOWN_CHARACTERS = 6_000;

/** Rejects when the exit code is none of those expected, or the time is up; the program and its children are dead then. */
export async function run(
  program: string,
  args: readonly string[],
  { cwd, env, exitCodes = [0], timeoutSeconds }: CommandOptions,
): Promise<CommandResult> {
  const started = Date.now();
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, timeoutSeconds * 1000);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? -1));
  }).finally(() => clearTimeout(timer));
  const command = [program, ...args].join(' ');
  process.stderr.write(`  ${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${command}\n`);
  if (late || !exitCodes.includes(exitCode)) {
    const why = late ? `took longer than ${timeoutSeconds} s` : `exit code ${exitCode}`;
    throw new Error(`${command}: ${why}\n${(stdout + stderr).slice(-SHOWN_CHARACTERS)}`);
  }
  return { exitCode, stdout, stderr };
}
