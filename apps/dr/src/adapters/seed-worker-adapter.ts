// A process of the pool: reads a stack once, then runs one seed after another until its parent is gone.
import { drillRow, OURS, searchSeed, shrinkSeed } from '@dr/drills';
import { readStack, type Graph } from '@dr/terraform-json';
import { setFlagsFromString } from 'node:v8';
import type { SeedJob, SeedReply } from './seed-protocol';

/** First argument of such a process. */
export const SEED_WORKER = 'seed-worker';

/**
 * Bytes of bytecode that a function runs before it is compiled with optimisation; V8's default is 67,584. Every execution
 * environment runs its bundle in a context of its own and is warm only for some seconds of a run: sooner pays.
 */
const OPTIMISE_AFTER_BYTES = 10_000;

export function serveSeeds(): void {
  // Here and not on the command line, where a later Node that does not know it would refuse to start.
  setFlagsFromString(`--interrupt-budget=${OPTIMISE_AFTER_BYTES}`);
  let current: { readonly stack: string; readonly graph: Graph } | undefined;
  const graphOf = (stack: string): Graph => {
    if (current?.stack !== stack) current = { stack, graph: readStack(stack) };
    return current.graph;
  };
  process.on('message', (job: SeedJob) => {
    void answer(job, graphOf)
      .catch((error: unknown) => defect(job, error))
      .then((reply) => process.send?.(reply));
  });
  // The command line has let go of the channel, which is all that keeps this process.
  process.channel?.ref();
  process.once('disconnect', () => process.exit(0));
}

async function answer(job: SeedJob, graphOf: (stack: string) => Graph): Promise<SeedReply> {
  const subject = { system: OURS, graph: graphOf(job.stack) };
  switch (job.kind) {
    case 'run':
      return { kind: 'run', outcome: await searchSeed(subject, job.seed) };
    case 'shrink':
      return { kind: 'shrink', shrunk: await shrinkSeed(subject, job.seed, job.id, job.maxTries) };
    case 'drill':
      return { kind: 'drill', row: await drillRow(subject, job.seed, job.fault, job.objective) };
  }
}

const defect = ({ seed }: SeedJob, error: unknown): SeedReply => ({
  kind: 'defect',
  message: `seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
});
