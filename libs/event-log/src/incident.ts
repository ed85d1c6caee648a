// A public incident that a run enacts: what happened then, by whose account, and which part of the run stands for it.
import * as z from 'zod';

const text = (meaning: string) => z.string().describe(meaning);
const number = (meaning: string) => z.number().describe(meaning);

const PHASE = z
  .object({
    when: text('when, as the source says it'),
    what: text('what happened'),
    by: z.array(z.number()).readonly().describe('who says so: places in `sources`, from 1'),
    lastedSeconds: number('how long it lasted, s, where that is known').exactOptional(),
    unconfirmed: text('what of it no source that was read confirms').exactOptional(),
    fromSeconds: number('for a phase that is enacted: from here, s since the start of the run').exactOptional(),
    toSeconds: number('for a phase that is enacted: to here').exactOptional(),
    enacted: text('for a phase that is enacted: the faults and orders').exactOptional(),
    assumed: text('what of it is an assumption').exactOptional(),
    notEnacted: text('for a phase that is not enacted: why').exactOptional(),
  })
  .readonly();

export const INCIDENT = z
  .object({
    name: text('name, as `dr drill --incident` takes it'),
    title: text('title, for people'),
    date: text('day on which it happened'),
    happenedIn: text('where it happened'),
    region: text('region of the system that stands for it'),
    look: text('what the system can do about it, and what to look at'),
    sources: z
      .array(z.object({ title: text('title'), url: text('address') }).readonly())
      .readonly()
      .describe('public accounts'),
    phases: z.array(PHASE).readonly().describe('what happened, in order'),
  })
  .readonly()
  .describe('the public incident that the run enacts');

export type IncidentRecord = z.infer<typeof INCIDENT>;
export type IncidentPhase = IncidentRecord['phases'][number];
