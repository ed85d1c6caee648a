// The console as a person starts it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface RunningConsole {
  /** Address of its page. */
  readonly page: string;
  /** DNS as a client near the first region asks it. */
  readonly dns: { readonly address: string; readonly port: number; readonly name: string };
  /** Its exit code after Ctrl-C. */
  stop(): Promise<number | null>;
}

/** So many that a busy machine keeps up. */
const LOAD = ['--clients', '40', '--rate', '8'];

/** Rejects when it ends before it says where it is. */
export async function startConsole(): Promise<RunningConsole> {
  const child = spawn('node', ['scripts/dr.mjs', 'console', '--port', '0', '--json', ...LOAD], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const first = await Promise.race([once(createInterface(child.stdout), 'line'), once(child, 'exit')]);
  const line = String(first[0]);
  if (!line.startsWith('{')) throw new Error(`dr console said ${line}`);
  const said = JSON.parse(line) as Pick<RunningConsole, 'page' | 'dns'>;
  const stop = async (): Promise<number | null> => {
    if (child.exitCode !== null) return child.exitCode;
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  };
  return { page: said.page, dns: said.dns, stop };
}
