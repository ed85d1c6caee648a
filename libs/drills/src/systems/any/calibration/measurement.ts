// What somebody measured on AWS: where it stands, of what settings, and the seconds.
import { InputError } from '@dr/contracts';
import { REVIEWED_FAULTS } from '@dr/review';
import * as z from 'zod';

const text = z.string().min(1, 'must not be empty');

const settingsSchema = z
  .strictObject({
    intervalSeconds: z.union([z.literal(10), z.literal(30)]).describe('request_interval of the health check'),
    failureThreshold: z.number().int().min(1).max(10).describe('failure_threshold of the health check'),
    ttlSeconds: z.number().int().min(1).max(3_600).describe('of the records; 60 for an alias to a load balancer'),
    evaluateTargetHealth: z.boolean().default(false).describe('evaluate_target_health of the records'),
  })
  .describe('two load balancers, a PRIMARY and a SECONDARY record, and a health check that asks the primary');

const measurementSchema = z.strictObject({
  schema: z.literal(1),
  title: text.describe('what was done, and who looked'),
  source: text.describe('where it can be read'),
  date: z.iso.date().describe('day of the measurement, 2026-11-27'),
  settings: settingsSchema,
  clients: z
    .strictObject({
      dnsCacheSeconds: z
        .number()
        .int()
        .min(1)
        .max(86_400)
        .describe(
          'how long each keeps an answer for itself, whatever the TTL: networkaddress.cache.ttl of a JVM, 30 by default',
        ),
    })
    .exactOptional()
    .describe('who was served again, where they are not clients that honour the TTL'),
  fault: z.enum(REVIEWED_FAULTS).describe('what clients lost'),
  quantity: z
    .enum(['detection', 'dns', 'service'])
    .describe(
      'seconds from the fault until the health check is unhealthy; until who goes on asking DNS is given the other region; until a client is served again',
    ),
  seconds: z
    .array(z.number().min(0).max(86_400))
    .min(1)
    .describe('each time that was measured, or both ends of a range'),
});

export type FailoverSettings = z.output<typeof settingsSchema>;

export interface Measurement extends Omit<z.output<typeof measurementSchema>, 'schema'> {
  /** No rule of the twin is to be changed because of it. */
  readonly heldOut: boolean;
  /** Why it lies outside of what the twin simulates, where it does. */
  readonly reason?: string | undefined;
  /** What was part of it and is not simulated, though it lies inside. */
  readonly note?: string | undefined;
}

/** Of a team's own file. `name` is what errors call it. Throws InputError that names the key, what is wrong and what to do. */
export function readMeasurement(value: unknown, name: string): Measurement {
  const read = measurementSchema.safeParse(value);
  if (read.success) {
    const { title, source, date, settings, clients, fault, quantity, seconds } = read.data;
    return { title, source, date, settings, ...(clients ? { clients } : {}), fault, quantity, seconds, heldOut: true };
  }
  const { issues } = read.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  const at = issue?.path.join('.') || 'the file';
  throw new InputError(`${name}: ${at}`, issue?.message ?? 'is not read', 'docs/calibration.md has an example');
}
