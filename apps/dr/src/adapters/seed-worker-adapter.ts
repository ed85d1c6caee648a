// A process of the pool: reads a stack once, then runs one seed after another until its parent is gone.
import { drillRow, OURS, searchSeed, shrinkSeed } from '@dr/drills';
import { readStack, type Graph } from '@dr/terraform-json';
import { setFlagsFromString } from 'node:v8';

/** What a process of the pool can be asked, each of our system on the stack. */
const WORK = { run: searchSeed, shrink: shrinkSeed, drill: drillRow } as const;
type Work = typeof WORK;
type Subject = Parameters<typeof searchSeed>[0];
/** What is given beside the system; the seed is the first of it. */
export type Given<K extends keyof Work> = Work[K] extends (subject: Subject, ...given: infer G) => unknown ? G : never;
export type Answer<K extends keyof Work> = Awaited<ReturnType<Work[K]>>;

export interface SeedJob {
  readonly kind: keyof Work;
  readonly stack: string;
  readonly given: readonly unknown[];
}
export type SeedReply = { readonly answer: unknown } | { readonly defect: string };

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
  const answer = async ({ kind, stack, given }: SeedJob): Promise<SeedReply> => {
    try {
      const work = WORK[kind] as (subject: Subject, ...given: readonly unknown[]) => Promise<unknown>;
      return { answer: await work({ system: OURS, graph: graphOf(stack) }, ...given) };
    } catch (error) {
      const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { defect: `seed ${String(given[0])}: ${said}` };
    }
  };
  process.on('message', (job: SeedJob) => void answer(job).then((reply) => process.send?.(reply)));
  // The command line has let go of the channel, which is all that keeps this process.
  process.channel?.ref();
  process.once('disconnect', () => process.exit(0));
}
