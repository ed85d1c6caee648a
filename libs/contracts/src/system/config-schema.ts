// The schema of dr.config.ts: every key with its type, its limits and its default.
import * as z from 'zod';
import { FRONT_DOORS } from '../accelerator';
import { bucketNameProblem } from '../bucket-name';
import { AWS_REGIONS, findAwsRegion } from '../regions';
import { ROUTINGS } from '../route53';
import { NEW_TABLE_UNITS } from '../table-units';

const hostName = z
  .string()
  .max(253)
  .regex(
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{0,58}[a-z0-9])$/,
    'must be a lower-case DNS name such as example.com: no final dot, other alphabets as xn--...',
  );

const shortName = z
  .string()
  .regex(/^[a-z][a-z0-9]{1,14}$/, 'must be 2-15 lower-case letters and digits, beginning with a letter');

/** Words that stand where a region's name can stand in what is printed, kept or asked for. */
const NOT_REGIONS = ['all', 'checkers', 'client', 'clients', 'nobody', 'none', 'operator', 'total', 'twin', 'unknown'];

const regionSchema = z.strictObject({
  /** Short name, part of resource and host names. */
  name: shortName
    .refine((name) => !NOT_REGIONS.includes(name), 'means something else in reports: use the name of the city')
    .refine((name) => !(name in {}), 'is a word of JavaScript that no list can be kept by: use the name of the city'),
  awsRegion: z.string().refine((id) => findAwsRegion(id) !== undefined, {
    message: `must be an AWS region: ${AWS_REGIONS.map((r) => r.id).join(', ')}`,
  }),
});

const unitsPerSecond = (use: 'read' | 'write', least: number) =>
  z
    .int()
    .min(least, `must be ${least} or more, the ${use} units a second that a new table has: AWS refuses less`)
    .max(1_000_000);

const objectivesSchema = z.strictObject({
  /** Worst time without service of any client, from the loss of a region. */
  rtoSeconds: z.number().positive().max(3600),
  /** Age of the oldest acknowledged write that a loss may put at risk. */
  rpoSeconds: z.number().positive().max(3600).default(5),
  /** Peak requests/s of the whole system: the survivor takes all of it. */
  requestsPerSecond: z.number().positive().max(100_000).default(100),
  monthlyBudgetUsd: z.number().positive().max(1_000_000_000).default(100),
});

/** Units a second. AWS refuses less than a new on-demand table has (DynamoDB developer guide, warm-throughput-scenarios). */
const warmThroughputSchema = z.strictObject({
  readUnitsPerSecond: unitsPerSecond('read', NEW_TABLE_UNITS.read),
  writeUnitsPerSecond: unitsPerSecond('write', NEW_TABLE_UNITS.write),
});

const optionsSchema = z.strictObject({
  /** The AWS account that the system belongs to: in any other one, nothing is planned, applied or read. */
  accountId: z
    .string()
    .regex(/^\d{12}$/, 'must be the twelve digits of an AWS account, as text')
    .optional(),
  /** Deletion protection everywhere; false is the only way to a stack that can be destroyed. */
  protect: z.boolean().default(true),
  /** Keep the hosted zone in a stack of its own (`--zone`). The main stack looks the zone up in either case. */
  createZone: z.boolean().default(false),
  /** Id of the hosted zone, where two zones of that name are in the account. @default looked up by name */
  zoneId: z
    .string()
    // Route 53's API model gives the length and no pattern.
    .regex(/^[A-Z0-9]{1,32}$/, 'must be the id of a hosted zone such as Z0123456789ABCDEFGHIJ')
    .optional(),
  logRetentionDays: z.literal([1, 3, 5, 7, 14, 30, 90]).default(7),
  /** `key`: /items needs a bearer key. `none`: open, warned about at synth. */
  auth: z.enum(['key', 'none']).default('key'),
  /** Put the functions in private subnets behind VPC endpoints (costs extra). */
  privateSubnets: z.boolean().default(false),
  /** The account's Lambda concurrency quota, 10 in a new account; concurrency is reserved only when it is given and large enough. */
  lambdaConcurrencyQuota: z.int().min(1).max(1_000_000).optional(),
  /** What the table takes at once in every region. AWS bills it once, and never lowers it again. @default that of a new table */
  warmThroughput: warmThroughputSchema.optional(),
  /** `none` where another trail of the account or its organization keeps the management events: each one after the first costs by the event. */
  auditTrail: z.enum(['create', 'none']).default('create'),
  /** Add a FIS experiment template that pauses replication. */
  faultInjection: z.boolean().default(false),
  /** What `dr gameday` needs in the stack: a network ACL, and roles that end a fault without anybody's help. */
  gameDay: z.boolean().default(false),
  /** One more renews the token in the path of the health checks; never by more than one at a time. */
  checkGeneration: z.number().int().min(1).max(1_000_000).default(1),
  /** Resolvers assumed to ask for the name, for the cost of queries. */
  resolvers: z.int().min(1).max(10_000_000).default(20),
});

export const FAILBACKS = ['automatic', 'manual'] as const;
/** A week. */
const MAX_WAITING_PAGE_MINUTES = 10_080;

/** Explicit settings; they win over what the objectives would select, and must still meet them. And how a region comes back. */
const recoverySchema = z.strictObject({
  intervalSeconds: z.literal([10, 30]).optional(),
  failureThreshold: z.int().min(1).max(10).optional(),
  ttlSeconds: z.int().min(1).max(86_400).optional(),
  /** `manual`: a region that was out of service and has caught up waits for `dr readmit` before it serves beside another one. */
  failback: z.enum(FAILBACKS).default('automatic'),
  /** People are paged once a region has waited for so long. @default 30 */
  waitingPageMinutes: z.int().min(1).max(MAX_WAITING_PAGE_MINUTES).optional(),
});

const localState = z.strictObject({ backend: z.literal('local') });

const s3State = z.strictObject({
  backend: z.literal('s3'),
  bucket: z.string().superRefine((name, { addIssue }) => {
    const problem = bucketNameProblem(name);
    if (problem !== undefined) addIssue(problem);
  }),
  region: z.string().refine((id) => findAwsRegion(id) !== undefined, 'is no AWS region: use an id such as us-east-1'),
  /**
   * Object of the state, 1,024 bytes at most (S3). Terraform's backend refuses a slash at either end.
   * @default `<system>/terraform.tfstate`: two systems may share a bucket
   */
  key: z
    .string()
    .min(1)
    .refine((key) => new TextEncoder().encode(key).length <= 1024, 'is longer than the 1,024 bytes that S3 takes')
    .refine((key) => !/^\/|\/$|\/\//.test(key), 'must not begin or end with a slash, nor hold two in a row')
    .optional(),
});

export const configSchema = z.strictObject({
  system: shortName,
  /** The hosted zone. */
  zone: hostName,
  /** The name clients use: below the zone, or the zone itself (apex: an alias, TTL 60). */
  domain: hostName,
  regions: z.array(regionSchema).min(2, 'needs two regions or more: with one there is nothing to fail over to').max(4),
  objectives: objectivesSchema,
  /** What clients reach first. `global-accelerator`: static addresses, and no client depends on DNS (docs/decisions/0040-which-front-door.md). */
  frontDoor: z.enum(FRONT_DOORS).default('dns'),
  routing: z.enum(ROUTINGS).default('latency'),
  /** Shares for weighted routing, one for each region by name; equal when absent. */
  weights: z.record(z.string(), z.int().min(0).max(255)).optional(),
  alerts: z
    .strictObject({
      emails: z.array(z.email('must be an e-mail address')).default([]),
      sms: z
        .array(z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a phone number in E.164 form such as +919812345678'))
        .default([]),
    })
    .default({ emails: [], sms: [] }),
  failback: z.strictObject({ waitForValidation: z.boolean().default(false) }).default({ waitForValidation: false }),
  recovery: recoverySchema.prefault({}),
  options: optionsSchema.prefault({}),
  /** Region name -> bundle directory to release there instead of dist/ (one region at a time). */
  release: z.record(z.string(), z.string().min(1)).default({}),
  /** Terraform state; `local` for drills and tests. */
  state: z
    .discriminatedUnion('backend', [localState, s3State], {
      error: ({ code }) => (code === 'invalid_union' ? 'needs a backend: "local" or "s3"' : undefined),
    })
    .default({ backend: 'local' }),
});

export type DrConfigInput = z.input<typeof configSchema>;
export type DrConfig = z.output<typeof configSchema>;
export type RegionConfig = DrConfig['regions'][number];
