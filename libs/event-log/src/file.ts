// The file that an event log is kept in: JSON lines. The first line says what ran, the last one how it ended; between them stand the
// events in order, and the SHA-256 is that of their lines alone.
import { WORST_CLIENT, type DrillReport } from '@dr/contracts';
import * as z from 'zod';
import { fault } from './events';
import { INCIDENT } from './incident';

/** Changes when a field or a kind goes or changes its meaning. New kinds and new fields leave it. */
export const SCHEMA = 1;

const text = (meaning: string) => z.string().describe(meaning);
const number = (meaning: string) => z.number().describe(meaning);

export const HEADER = z
  .object({
    kind: z.literal('log'),
    schema: z.literal(SCHEMA).describe('version of the format; a reader refuses one that it does not know'),
    program: text('program that wrote the log, and its version'),
    commit: text('commit of the project, or `unknown`'),
    checkout: z
      .enum(['clean', 'changed', 'unknown'])
      .describe('whether the files that git knows were as in the commit')
      .exactOptional(),
    configSha256: text('SHA-256 of dr.config.ts as the run read it').exactOptional(),
    declarationSha256: text('SHA-256 of the declaration, of a system that was declared').exactOptional(),
    writtenAt: text('date and time when the log was written, ISO 8601, UTC'),
    run: z
      .enum(['drill', 'schedule', 'first-start', 'live'])
      .describe(
        '`drill`: one fault, held to an objective; `schedule`: several faults and orders; `first-start`: the first apply; `live`: steered by hand in `dr console`',
      ),
    seed: number('seed of everything random'),
    domain: text('name that the clients ask for'),
    regions: z
      .array(
        z.object({
          name: text('name that the system gives it; events name it so'),
          awsRegion: text('AWS id'),
          city: text('place, for people').exactOptional(),
        }),
      )
      .readonly()
      .describe("regions in the stack's order"),
    routing: text('Route 53 policy, or `global-accelerator`'),
    settings: z
      .object({
        intervalSeconds: number('between two probes of one checker'),
        failureThreshold: number('probes in a row that change a checker'),
        ttlSeconds: number('TTL of the record'),
      })
      .readonly()
      .describe('what the recovery time follows from'),
    clients: number('ordinary clients in all').exactOptional(),
    populations: z
      .array(
        z.object({
          name: text('as in the field `population` of a request'),
          share: number('of the ordinary clients: so many more of these'),
          seconds: number(
            'for `keeps`: age at which a client gives a connection up; for `stretches`: the least TTL',
          ).exactOptional(),
        }),
      )
      .readonly()
      .describe('clients that the promise is not about')
      .exactOptional(),
    requestsPerSecond: number('requests a second of all clients together').exactOptional(),
    faults: z.array(fault).readonly().describe('what was planned'),
    orders: z
      .array(
        z.object({
          order: text('`evacuate` or `readmit`'),
          region: text('region that is ordered'),
          via: text('region that takes the order'),
          atSeconds: number('when, s since the start of the run'),
        }),
      )
      .readonly()
      .describe('orders of an operator that were planned'),
    objective: z
      .object({
        rtoSeconds: number(`for the ${WORST_CLIENT}`),
        rpoSeconds: number('for the oldest write at risk'),
      })
      .readonly()
      .describe('what the run was held to')
      .exactOptional(),
    predicted: z
      .object({
        worstDetectionSeconds: number('until Route 53 finds the region unhealthy, at most'),
        worstClientSeconds: number(`for the ${WORST_CLIENT}, at most`),
      })
      .readonly()
      .describe('what the settings promise')
      .exactOptional(),
    stackSha256: text('SHA-256 of the Terraform JSON that ran; of several files, one after another'),
    replay: text('command that repeats the run').exactOptional(),
    incident: INCIDENT.exactOptional(),
  })
  .describe('The first line: what ran.');

export const END = z
  .object({
    kind: z.literal('end'),
    atMs: number('end of the run, ms since its start'),
    events: number('events in the log, without the first and the last line'),
    sha256: text('SHA-256 of the lines of the events, each with its newline'),
    passed: z.boolean().describe('whether all that was promised was kept'),
    reasons: z.array(z.string()).readonly().describe('why it did not pass; empty when it did'),
    report: z.custom<DrillReport>().describe('for a drill: its report, as `dr drill --json` prints it').exactOptional(),
  })
  .describe('The last line: how it ended. A log without it was cut off.');

export type LogHeader = z.infer<typeof HEADER>;
export type LogEnd = z.infer<typeof END>;

/** What an event log gives: how many events it has, their lines, each with its newline, and the lines' SHA-256 (hex). */
export interface KeptEvents {
  readonly length: number;
  lines(): Iterable<string>;
  hash(): string;
}

/** The first line, with its newline. */
export const headerLine = (header: Omit<LogHeader, 'kind' | 'schema'>): string =>
  `${JSON.stringify({ kind: 'log', schema: SCHEMA, ...header } satisfies LogHeader)}\n`;

/** The lines of the file, each with its newline. `end` undefined: the log is cut off, and has no last line. */
export function* fileLines(
  header: Omit<LogHeader, 'kind' | 'schema'>,
  kept: KeptEvents,
  end: Omit<LogEnd, 'kind' | 'events' | 'sha256'> | undefined,
): Generator<string> {
  yield headerLine(header);
  yield* kept.lines();
  if (end) yield `${JSON.stringify(lastLine(kept, end))}\n`;
}

/** What the last line says. */
export function lastLine(kept: KeptEvents, { atMs, ...rest }: Omit<LogEnd, 'kind' | 'events' | 'sha256'>): LogEnd {
  return { kind: 'end', atMs, events: kept.length, sha256: kept.hash(), ...rest };
}
