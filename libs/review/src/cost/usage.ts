// How much a stack is used in a month: a file of it, or the load that the first description of the system priced.
import { InputError } from '@dr/contracts';
import { readGivenFile } from '@dr/terraform-json/given-file';

interface Key {
  readonly meaning: string;
  /** An assumption [A], as long as nobody says otherwise. */
  readonly usual: number;
}

export const USAGE_KEYS = {
  requests: { meaning: 'requests of clients', usual: 100_000 },
  requestSeconds: { meaning: 'seconds that a function works on a request', usual: 0.1 },
  reads: { meaning: 'read request units of all tables', usual: 500_000 },
  writes: { meaning: 'write request units of all tables; each replica bills them again', usual: 500_000 },
  storedGb: { meaning: 'GB in all tables, in each replica', usual: 1 },
  notifications: { meaning: 'messages published to all topics', usual: 1_000 },
  logGb: { meaning: 'GB written into all log groups', usual: 1 },
  dnsQueries: { meaning: 'DNS queries that aliases do not make free', usual: 1_000_000 },
  outGb: { meaning: 'GB sent to clients', usual: 1 },
  betweenRegionsGb: { meaning: 'GB that replication sends to other regions', usual: 1 },
  backupGb: { meaning: 'GB of backups in S3', usual: 0 },
} as const satisfies Readonly<Record<string, Key>>;

export type UsageKey = keyof typeof USAGE_KEYS;
export type Usage = Readonly<Record<UsageKey, number>>;

const KEYS = Object.keys(USAGE_KEYS) as UsageKey[];

export const USUAL_USAGE = Object.fromEntries(KEYS.map((key) => [key, USAGE_KEYS[key].usual])) as Usage;

const MAX_BYTES = 1 << 16;

/** Throws InputError for what is no JSON object of those keys with numbers from 0. */
export function readUsage(file: string): Usage {
  const refused = (why: string, fix: string, cause?: unknown): InputError =>
    new InputError(`the usage file ${file}`, why, fix, { cause });
  const text = readGivenFile({ path: file, maxBytes: MAX_BYTES, refused }).toString('utf8');
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (cause) {
    throw refused('is not JSON', `Write an object, such as {"requests": ${USUAL_USAGE.requests}}`, cause);
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw refused('is not an object', `Write an object, such as {"requests": ${USUAL_USAGE.requests}}`);
  for (const [key, value] of Object.entries(given)) {
    if (!(KEYS as string[]).includes(key))
      throw refused(`has the unknown key ${key}`, `The keys are ${KEYS.join(', ')}`);
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
      throw refused(`gives ${JSON.stringify(value)} for ${key}`, 'Give a number of a month, 0 or more');
  }
  return { ...USUAL_USAGE, ...given };
}
