// The stack as the infra app synthesizes it, with the bundles as they were built: for tests that need the real thing.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readStack, type Graph } from '@dr/terraform-json';

const root = resolve(__dirname, '../../../..');

export const THREE_REGIONS: readonly string[] = [
  '--set',
  `regions=${JSON.stringify([
    { name: 'mumbai', awsRegion: 'ap-south-1' },
    { name: 'singapore', awsRegion: 'ap-southeast-1' },
    { name: 'seoul', awsRegion: 'ap-northeast-2' },
  ])}`,
];

const directory = mkdtempSync(join(tmpdir(), 'dr-stack-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** By its arguments: each is synthesized once in a test file. */
const graphs = new Map<string, Graph>();

/** `args`: options of the infra app. The stack's files are there until the test file ends; twins read them as they start. */
export async function withSynthesizedStack<T>(args: readonly string[], use: (graph: Graph) => Promise<T>): Promise<T> {
  const key = JSON.stringify(args);
  const graph = graphs.get(key) ?? readStack(synthesizeInto(join(directory, String(graphs.size)), args));
  graphs.set(key, graph);
  return use(graph);
}

/** The stack's file in that directory. */
export function synthesizeInto(out: string, args: readonly string[]): string {
  const infra = join(root, 'dist/infra/main.js');
  execFileSync(process.execPath, [infra, ...args, '--out', out], { cwd: root, stdio: 'pipe' });
  return join(out, 'stacks/dr/cdk.tf.json');
}
