// An AWS of one's own for a test file: moto with our wrapper, on a port that the system chose.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface EmulatedAws {
  readonly endpoint: string;
  /** What a program needs to talk to it, and to nothing of the user's. */
  readonly env: NodeJS.ProcessEnv;
  /** What it holds that an unused account does not: count by `service/region/collection`. */
  inventory(): Promise<Readonly<Record<string, number>>>;
  /** What AWS's API models found in the requests so far. */
  modelCheck(): Promise<ModelCheck>;
  /** Sends each of those requests again with one constraint broken. */
  replay(): Promise<Replay>;
  stop(): Promise<void>;
}

export interface ModelCheck {
  readonly requests: number;
  /** Count by `service.Operation`. */
  readonly operations: Readonly<Record<string, number>>;
  readonly constrainedMembers: number;
  readonly constraints: number;
  /** Requests that no model could be applied to, and why. */
  readonly unread: readonly string[];
}

export interface Replay {
  readonly replayed: number;
  readonly refused: number;
  /** What was not refused, or refused without naming the member and the rule. */
  readonly accepted: readonly string[];
  readonly notExpressible: readonly string[];
  /** How many of them got as far as moto, which could have changed something. */
  readonly dispatched: number;
}

const START_SECONDS = 30;
const SERVER = join(__dirname, '..', 'moto', 'server.py');

export const CREDENTIALS = { accessKeyId: 'e2e', secretAccessKey: 'e2e' };

export async function startEmulatedAws(): Promise<EmulatedAws> {
  // What it and the functions log goes to a file, which scripts/e2e.mjs shows the end of when a test has failed.
  const log = openSync(join(process.env['DR_E2E_DIRECTORY'] ?? '', 'aws.log'), 'a');
  // Its standard input is a pipe from us: when we are gone, however that came, it ends.
  const server = spawn('python3', [SERVER], {
    stdio: ['pipe', 'pipe', log],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', DR_NODE: process.execPath },
  });
  closeSync(log);
  const endpoint = `http://127.0.0.1:${await portOf(server)}`;
  return {
    endpoint,
    env: environment(endpoint),
    inventory: async () => (await (await fetch(`${endpoint}/inventory`)).json()) as Record<string, number>,
    modelCheck: async () => (await (await fetch(`${endpoint}/model-check`)).json()) as ModelCheck,
    replay: async () => (await (await fetch(`${endpoint}/model-check/replay`, { method: 'POST' })).json()) as Replay,
    stop: () =>
      new Promise((resolve) => {
        server.once('exit', () => resolve());
        server.stdin?.end();
      }),
  };
}

async function portOf(server: ChildProcess): Promise<number> {
  const lines = createInterface({ input: server.stdout! });
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      server.kill('SIGKILL');
      reject(new Error(`e2e/moto/server.py ${why}`));
    };
    const timer = setTimeout(() => fail(`did not listen within ${START_SECONDS} s`), START_SECONDS * 1000);
    server.once('exit', (code) => fail(`ended with ${code}`));
    lines.once('line', (line) => {
      clearTimeout(timer);
      server.removeAllListeners('exit');
      resolve((JSON.parse(line) as { port: number }).port);
    });
  });
}

/** Of the caller's environment only what programs need to run: no AWS settings, no Terraform variables. */
function environment(endpoint: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(AWS_|TF_|npm_)/.test(name));
  return {
    ...Object.fromEntries(kept),
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    // What moto cannot do it answers with 500, and the provider would try that 25 times.
    AWS_MAX_ATTEMPTS: '2',
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    // Terraform waits more than it works: most resources at once.
    ...Object.fromEntries(['plan', 'apply', 'destroy'].map((verb) => [`TF_CLI_ARGS_${verb}`, '-parallelism=40'])),
    TF_CLI_CONFIG_FILE: process.env['DR_E2E_TF_CLI_CONFIG'],
  };
}
