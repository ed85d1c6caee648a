// A process of the pool: reads what is drilled once, then runs one seed after another until its parent is gone.
import { drillRow, searchSeed, shrinkSeed, type Subject } from '@dr/drills';
import { subjectOf, type GivenSubject } from '../drilled';
import { expectShortContexts } from './v8-flags';

/** What a process of the pool can be asked, each of what is drilled. */
const WORK = { run: searchSeed, shrink: shrinkSeed, drill: drillRow } as const;
type Work = typeof WORK;
/** What is given beside the system; the seed is the first of it. */
export type Given<K extends keyof Work> = Work[K] extends (subject: Subject, ...given: infer G) => unknown ? G : never;
export type Answer<K extends keyof Work> = Awaited<ReturnType<Work[K]>>;

export interface SeedJob {
  readonly kind: keyof Work;
  readonly subject: GivenSubject;
  readonly given: readonly unknown[];
}
export type SeedReply = { readonly answer: unknown } | { readonly defect: string };

export function serveSeeds(): void {
  expectShortContexts();
  let current: { readonly given: string; readonly subject: Subject } | undefined;
  const drilledIn = (subject: GivenSubject): Subject => {
    const given = JSON.stringify(subject);
    if (current?.given !== given) current = { given, subject: subjectOf(subject) };
    return current.subject;
  };
  const answer = async ({ kind, subject, given }: SeedJob): Promise<SeedReply> => {
    try {
      const work = WORK[kind] as (subject: Subject, ...given: readonly unknown[]) => Promise<unknown>;
      return { answer: await work(drilledIn(subject), ...given) };
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
