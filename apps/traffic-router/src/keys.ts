// Bearer keys of the item API: read from the secret, kept, compared in constant time, read again when one is not known.
import {
  jsonIn,
  Problem,
  sameText,
  withDeadline,
  type Clock,
  type Moment,
  type Secrets,
  type Telemetry,
} from '@dr/handler-core';

export interface KeysOptions {
  readonly clock: Pick<Clock, 'moment' | 'isWithin' | 'after'>;
  readonly telemetry: Telemetry;
  readonly secrets: Secrets;
  /** The same secret's replicas in the peers' regions, nearest first. @default none */
  readonly peerSecrets?: readonly Secrets[] | undefined;
  readonly secretName: string;
}

interface Keys {
  readonly current: string;
  readonly previous?: string | undefined;
}

const READ_DEADLINE_MS = 700;
/** For all replicas of the secret together: what is left of the 3 s that a client waits [A] is for the table. */
const TOTAL_DEADLINE_MS = 1_400;
/** An unknown key makes us read the secret again, but no more often than this. Otherwise anybody could make us ask all day. */
export const REFRESH_MS = 60_000;
/** The pause after a failed read while no key is known. */
const RETRY_MS = 5_000;
/** A revoked key is refused at the latest after this long. */
const MAX_AGE_MS = 5 * 60_000;
const MAX_KEY_CHARACTERS = 512;

/** Throws Problem 401 for a wrong key, 503 while the system has none. */
export type CheckKey = (authorization: string | undefined) => Promise<void>;

export function createKeyCheck({ clock, telemetry, secrets, peerSecrets = [], secretName }: KeysOptions): CheckKey {
  const replicas = [secrets, ...peerSecrets];
  const deadlineMs = Math.min(READ_DEADLINE_MS, TOTAL_DEADLINE_MS / replicas.length);
  let keys: Keys | undefined;
  let tried: { readonly at: Moment; readonly restMs: number } | undefined;
  let readAt: Moment | undefined;

  /** False: that replica gave no answer. That there is no such secret is one. */
  const readFrom = async (replica: Secrets): Promise<boolean> => {
    try {
      const text = await withDeadline(clock, deadlineMs, (signal) => replica.read(secretName, signal));
      keys = text === undefined ? undefined : parseKeys(text);
      readAt = clock.moment();
      if (!keys) telemetry.log('ERROR', 'the secret holds no key', { secretName });
      return true;
    } catch (error) {
      telemetry.log('WARN', 'keys cannot be read', { secretName, error });
      return false;
    }
  };

  const refresh = async (): Promise<void> => {
    if (tried && clock.isWithin(tried.at, tried.restMs)) return;
    tried = { at: clock.moment(), restMs: REFRESH_MS };
    // An environment that starts while Secrets Manager or KMS of its region is away knows no key, and would refuse everybody.
    for (const replica of replicas) if (await readFrom(replica)) return;
    // Keys that we have stay good: Secrets Manager being away must not shut the API.
    if (!keys) tried = { at: clock.moment(), restMs: RETRY_MS };
  };

  return async (authorization) => {
    if (!keys || !readAt || !clock.isWithin(readAt, MAX_AGE_MS)) await refresh();
    const given = bearer(authorization);
    if (keys && !accepts(keys, given) && given !== '') await refresh();
    if (!keys) throw noKeys(secretName);
    if (!accepts(keys, given)) throw refused(given);
  };
}

/** `{"current": "...", "previous": "..."}`; undefined for anything else. */
function parseKeys(text: string): Keys | undefined {
  const { current, previous } = (jsonIn(text) ?? {}) as Partial<Record<keyof Keys, unknown>>;
  if (typeof current !== 'string' || current === '') return undefined;
  return { current, previous: typeof previous === 'string' && previous !== '' ? previous : undefined };
}

/** Exactly two parts: anything after the token may be a second token and must not be ignored. */
function bearer(authorization = ''): string {
  const [scheme, token, ...rest] = authorization.trim().split(/\s+/, 3);
  const isBearer = scheme?.toLowerCase() === 'bearer' && rest.length === 0;
  return isBearer && token !== undefined && token.length <= MAX_KEY_CHARACTERS ? token : '';
}

// Both are always compared, and no comparison ends early: the time taken says nothing of the keys.
function accepts({ current, previous }: Keys, given: string): boolean {
  const isCurrent = sameText(current, given);
  const isPrevious = sameText(previous ?? current, given);
  return isCurrent || (isPrevious && previous !== undefined);
}

const noKeys = (secretName: string): Problem =>
  new Problem(
    503,
    'no-keys',
    'The item API has no key yet',
    `The secret ${secretName} holds none that could be read. Create one with: dr keys rotate`,
    { 'retry-after': '60' },
  );

function refused(given: string): Problem {
  const send = 'Send the header authorization: Bearer <key>';
  const detail = given === '' ? send : 'The key is neither the current nor the previous one';
  return new Problem(401, 'unauthorized', 'A valid key is required', detail, { 'www-authenticate': 'Bearer' });
}
