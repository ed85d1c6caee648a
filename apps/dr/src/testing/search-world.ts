// The command line with a search whose seeds come to what they come to in an instant. For tests.
import type { SeedOutcome, SeedPool } from '@dr/drills';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { besideReport, checkWritable, samePlace, writeFile } from '../adapters/files-adapter';
import { lineFile, placeIn } from '../adapters/line-file-adapter';
import { readTextFile } from '../adapters/project-adapter';
import type { Context, Processes } from '../context';
import { searchedStack as ours, systemOf } from './run-on';

/** Gone with the tests of the file. */
export const directory = mkdtempSync(join(tmpdir(), 'dr-search-test-'));
afterAll(() => rmSync(directory, { recursive: true }));
/** A path in it; with a text, a file. */
export const at = (name: string, text?: string): string => {
  const path = join(directory, name);
  if (text !== undefined) writeFileSync(path, text);
  return path;
};

const fault = { kind: 'region-dark', region: 'mumbai', startSeconds: 20, durationSeconds: 30 } as const;
const beside = { kind: 'sns-down', region: 'singapore', startSeconds: 30, durationSeconds: 30 } as const;
const outcomeOf = (seed: number): SeedOutcome => ({
  seed,
  schedule: { faults: seed % 3 === 0 ? [fault, beside] : [fault], orders: [] },
  violations: [8, 11].includes(seed) ? [{ id: '5-I1', detail: `left alone by ${seed}` }] : [],
  met: { failovers: 1, conflicts: seed % 4 },
  orders: [],
  ...{ invocations: 1_000 + seed, requests: 900, failed: 0, outages: [], virtualSeconds: 125 },
  eventLogHash: `hash-${seed}`,
});

const stack = at(
  'stack.tf.json',
  JSON.stringify({
    provider: { aws: [{ region: 'us-east-1' }] },
    resource: { aws_sns_topic: { one: { name: 'one' } } },
  }),
);
export interface World {
  readonly processes?: Partial<Processes>;
  readonly context?: Partial<Context>;
}

/** `ran`: the seeds that were run. */
export async function dr({ processes, context }: World, ...argv: readonly string[]) {
  const ran: number[] = [];
  const pool: SeedPool = {
    size: 1,
    run: (seed) => (ran.push(seed), Promise.resolve(outcomeOf(seed))),
    shrink: (seed) => Promise.resolve({ outcome: outcomeOf(seed), tries: 12 }),
    drill: () => Promise.reject(new Error('no drill here')),
  };
  const answer = await systemOf({
    context: {
      processes: {
        seedPool: () => pool,
        commit: () => 'abc1234',
        codeSha256: () => 'c0de',
        arrayIndexes: () => ({}),
        lineFile,
        placeIn,
        checkout: () => 'clean',
        readFile: readTextFile,
        keepSchedule: (name) => `dist/schedules/${name}`,
        ...processes,
      },
      synthesize: () => Promise.resolve(stack),
      startTwin: () => Promise.resolve(ours),
      temporaryDirectory: () => directory,
      ...{ writeFile, checkWritable, besideReport, samePlace },
      ...context,
    },
  }).dr(argv[0] ?? '', ...argv.slice(1));
  return { ...answer, ran };
}

export const SEARCH = ['drill', '--seeds', '10', '--seed', '5'] as const;

/** The result of a search without what it cannot have in common with another run of it. */
export const comparable = (json: string): unknown => {
  const { search, ...rest } = JSON.parse(json) as { search: Record<string, unknown> };
  return { ...rest, search: { ...search, processes: 0, wallSeconds: 0, schedulesPerMinute: 0 } };
};
