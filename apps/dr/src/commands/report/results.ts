// Results that a report is made of, as files: what many drills came to, and the record of a game day. None of it is trusted.
import type { DrillsResult, GameDayRecord } from '@dr/player';
import * as z from 'zod';

const text = z.string();
const number = z.number();
const seconds = z.number().min(0);
const count = z.number().int().min(0);
const texts = z.array(text).readonly();
const counts = z.record(text, count);

const settings = z.looseObject({
  regions: z.array(z.looseObject({ name: text, awsRegion: text })).readonly(),
  routing: text,
  intervalSeconds: seconds,
  failureThreshold: seconds,
  ttlSeconds: seconds,
  objective: z.looseObject({ rtoSeconds: seconds, rpoSeconds: seconds }).nullable(),
});

const provenance = {
  program: text.optional(),
  commit: text,
  checkout: z.enum(['clean', 'changed', 'unknown']).optional(),
  writtenAt: text.optional(),
  configSha256: text.optional(),
  declarationSha256: text.optional(),
  stackSha256: text.optional(),
  settings: settings.optional(),
};

const violations = z.array(z.looseObject({ id: text, detail: text })).readonly();

const brokenSeed = z.looseObject({
  seed: count,
  violations,
  schedule: z.unknown(),
  smallest: z.looseObject({ outcome: z.looseObject({ violations, schedule: z.unknown() }), tries: count }).optional(),
  described: text.optional(),
  replay: text,
});

const search = z.looseObject({
  firstSeed: count,
  seeds: count.optional(),
  schedules: count,
  requests: count,
  invocations: count,
  virtualSeconds: seconds,
  violations: count,
  sometimes: counts,
  drawn: counts,
  pairsMet: count,
  neverMet: texts,
  failures: z.array(brokenSeed).readonly(),
  processes: count,
  wallSeconds: seconds,
});

const faultRow = z.looseObject({
  fault: text,
  path: text,
  rto: seconds.nullable(),
  rpo: seconds,
  alertSeconds: seconds.nullable(),
  injectedEvents: count,
  handlerInvocations: count,
  invariants: z
    .array(z.looseObject({ id: text, holds: z.boolean(), detail: text }))
    .readonly()
    .optional(),
  met: z.boolean(),
  reasons: texts,
});

export const DRILLS_RESULT = z.looseObject({
  schema: z.literal(1),
  passed: z.boolean(),
  ...provenance,
  seed: count.optional(),
  replay: text.optional(),
  checks: texts.optional(),
  shard: z.looseObject({ index: count, of: count }).optional(),
  rows: z.array(faultRow).readonly().optional(),
  search: search.optional(),
}) satisfies z.ZodType<DrillsResult>;

const recoveryTime = z.looseObject({
  clientsAffected: count,
  p50Seconds: number,
  p95Seconds: number,
  worstSeconds: number,
});

const population = z.looseObject({
  clients: count,
  requests: count,
  failed: count,
  rto: recoveryTime.nullable(),
  notBeforeHeal: count,
});

export const GAME_DAY_RECORD = z.looseObject({
  schema: z.literal(1),
  kind: z.literal('game-day'),
  name: text,
  system: text,
  domain: text,
  account: text,
  by: text,
  where: z.enum(['aws', 'emulated']),
  endpoint: text.nullable(),
  region: text,
  awsRegion: text,
  fault: text,
  durationSeconds: seconds,
  startedAt: text,
  faultAt: text.nullable(),
  healedAt: text.nullable(),
  undoneBy: z.enum(['dr', 'aws']).nullable(),
  objective: z.looseObject({ rtoSeconds: seconds }),
  predicted: z.looseObject({ worstDetectionSeconds: seconds, worstClientSeconds: seconds }),
  twin: z.looseObject({
    fault: text,
    passed: z.boolean(),
    rto: recoveryTime.nullable(),
    replay: text,
    eventLogHash: text,
  }),
  measured: z
    .looseObject({ newConnections: population, keptConnections: population, backAfterSeconds: number.nullable() })
    .nullable(),
  passed: z.boolean(),
  reasons: texts,
  ...provenance,
}) satisfies z.ZodType<GameDayRecord>;
