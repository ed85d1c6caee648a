// Reads a config: unknown keys are refused, and every error names the key, the value and what is allowed.
import type * as z from 'zod';
import { crossCheck } from './config-cross-check';
import { configSchema, type DrConfig } from './config-schema';
import { InputError } from '../input-error';

export { configSchema, type DrConfig, type DrConfigInput, type RegionConfig } from './config-schema';
export { RESERVED_NAMES } from './reserved-names';

/** Parses a config. Throws InputError that names the first offending key, its value and what is allowed. */
export function parseConfig(input: unknown): DrConfig {
  const result = configSchema.safeParse(input);
  if (!result.success) throw toInputError(result.error.issues[0], input);
  checkMaps(input);
  crossCheck(result.data);
  return result.data;
}

/** A map takes any key, and this one is dropped on the way as if it had never been there. */
function checkMaps(input: unknown): void {
  for (const key of ['weights', 'release']) {
    const map = (input as Record<string, unknown>)[key] ?? {};
    if (!Object.hasOwn(map, '__proto__')) continue;
    throw new InputError(`dr.config.ts: ${key}.__proto__`, 'names no region of this config', 'Leave it out');
  }
}

function toInputError(issue: z.core.$ZodIssue | undefined, input: unknown): InputError {
  if (!issue) return new InputError('dr.config.ts', 'is not valid', 'Compare it with the example in README.md');
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const where = path.length > 0 ? ` in ${path.join('.')}` : '';
    return new InputError(
      `dr.config.ts: unknown key "${issue.keys.join('", "')}"${where}`,
      'no setting has that name',
      `Allowed here: ${allowedKeys(path).join(', ')}`,
    );
  }
  const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], input);
  const fix = 'Correct that value; docs/getting-started.md lists every option';
  return new InputError(`dr.config.ts: ${path.join('.') || 'the config'} = ${shown(value)}`, issue.message, fix);
}

const MAX_SHOWN_CHARACTERS = 200;

/** As it is written in the file, as far as that goes: JSON knows no NaN, no BigInt, no function and no circle. */
function shown(value: unknown): string {
  const text = ((): string => {
    if (typeof value !== 'object' || value === null)
      return typeof value === 'string' ? JSON.stringify(value) : String(value);
    try {
      return JSON.stringify(value);
    } catch {
      return 'an object that is no plain data';
    }
  })().replace(/\s+/g, ' ');
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}...` : text;
}

function allowedKeys(path: readonly string[]): string[] {
  let at: unknown = configSchema;
  for (const key of path) at = /^\d+$/.test(key) ? elementOf(at) : shapeOf(at)[key];
  return Object.keys(shapeOf(at));
}

interface SchemaParts {
  readonly shape?: Record<string, unknown>;
  readonly element?: unknown;
  readonly options?: readonly SchemaParts[];
}

/** Unwraps defaults and optionals down to the schema that has a shape, an element or alternatives. */
function unwrap(schema: unknown): SchemaParts {
  let at = schema as (SchemaParts & { def?: { innerType?: unknown } }) | undefined;
  while (at?.def?.innerType) at = at.def.innerType as typeof at;
  return at ?? {};
}
const shapeOf = (schema: unknown): Record<string, unknown> => {
  const { shape, options = [] } = unwrap(schema);
  return shape ?? Object.assign({}, ...options.map((option) => option.shape));
};
const elementOf = (schema: unknown): unknown => unwrap(schema).element;

/** A region that nobody has readmitted by then is forgotten: the system has run without it since the failover, which paged, too. */
const WAITING_PAGE_MINUTES = 30;

/** How long a region waits for an order before people are paged; undefined: none waits. */
export const waitingPageMinutesOf = ({ recovery: { failback, waitingPageMinutes } }: DrConfig): number | undefined =>
  failback === 'manual' ? (waitingPageMinutes ?? WAITING_PAGE_MINUTES) : undefined;

/** What the settings of the health checks are selected for. */
export const recoveryObjectiveOf = ({
  objectives,
  domain,
  zone,
  frontDoor,
  routing,
  options,
  regions,
  recovery,
}: DrConfig) => ({
  rtoSeconds: objectives.rtoSeconds,
  apex: domain === zone,
  frontDoor,
  routing,
  resolvers: options.resolvers,
  regions: regions.length,
  overrides: {
    intervalSeconds: recovery.intervalSeconds,
    failureThreshold: recovery.failureThreshold,
    ttlSeconds: recovery.ttlSeconds,
  },
});
