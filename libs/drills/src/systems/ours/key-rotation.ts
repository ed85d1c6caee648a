// A rehearsal: the item API's key is rotated twice on the twin while clients work, as an operator would do it, and what
// they are answered is measured.
import { InputError } from '@dr/contracts';
import type { RegionId } from '@dr/twin';
import { exchange, identityOf } from '../../run/client-request';
import { UNAUTHENTICATED_CLIENT } from '../../run/run-record';
import type { RequestEvent, RunningStack } from '../../system-under-drill';
import { currentKey, storeKeys, type ApiKeys } from './api-key';
import { itemOperation } from './item-requests';

/** An execution environment looks for new keys at most this often. */
export const KEY_KNOWN_WITHIN_SECONDS = 60;
/** It forgets a key that is in the secret no more at the latest after this long, and the call that it is in. */
export const KEY_FORGOTTEN_WITHIN_SECONDS = 305;

export interface RotationReport {
  readonly passed: boolean;
  readonly reasons: readonly string[];
  readonly virtualSeconds: number;
  /** Of clients that used a good key as operators are told to: the old one, or the new one a minute after the rotation. */
  readonly requests: number;
  readonly refused: number;
  readonly failed: number;
  /** By region: after the first rotation, how long the new key was still refused now and then; 0 = never. */
  readonly newKeyRefusedForSeconds: Readonly<Record<string, number>>;
  /** By region: after the second rotation, how long the key before the previous one still opened. */
  readonly oldKeyAcceptedForSeconds: Readonly<Record<string, number>>;
  /** Requests with a key that never was one, and how many of them succeeded. */
  readonly guesses: { readonly sent: number; readonly succeeded: number };
}

const FIRST_ROTATION_SECONDS = 15;
const CLIENTS_SWITCH_SECONDS = FIRST_ROTATION_SECONDS + KEY_KNOWN_WITHIN_SECONDS;
const SECOND_ROTATION_SECONDS = CLIENTS_SWITCH_SECONDS + 10;
const END_SECONDS = SECOND_ROTATION_SECONDS + KEY_FORGOTTEN_WITHIN_SECONDS + 5;
/** A key that nobody has accepted for this long is gone: guesses make every environment look once a minute. */
const GONE_AFTER_SECONDS = KEY_KNOWN_WITHIN_SECONDS + 10;
/** One changes to the new key as soon as it may, the other not before it must. */
const CLIENTS_A_REGION = 2;
const EVERY_MS = 2_000;
const KEY_BYTES = 32;

/** Who sends what, named by the prefix of its client name. */
const WORKER = 'worker';
const EARLY = 'early';
const LATE = 'late';
/** Counted nowhere as a client: it has no key. It makes the router look for new ones as often as it may. */
const GUESSER = `${UNAUTHENTICATED_CLIENT}-guesser`;

export async function rehearseRotation(
  stack: RunningStack,
  onProgress: (virtualSeconds: number) => void = () => undefined,
): Promise<RotationReport> {
  const { world, operator } = stack;
  const first = currentKey(operator);
  if (first === undefined) {
    throw new InputError('the stack', 'has no secret with keys of the item API', "Set options.auth to 'key'");
  }
  const random = world.random.stream('key-rotation');
  const newKey = (): string => random.bytes(KEY_BYTES).toString('base64url');
  const [second, third, guess] = [newKey(), newKey(), newKey()];
  const { scheduler } = world;
  const rotate = (atSeconds: number, keys: ApiKeys): void =>
    void scheduler.at(atSeconds * 1000, () => storeKeys(operator.secrets, keys));
  rotate(FIRST_ROTATION_SECONDS, { current: second, previous: first });
  rotate(SECOND_ROTATION_SECONDS, { current: third, previous: second });
  const nowSeconds = (): number => scheduler.now() / 1000;

  // The twin is not started: nothing fails here, and probes would take more time than the clients.
  const defects: unknown[] = [];
  for (const region of world.regions) {
    const start = (name: string, from: number, keyOf: () => string): void =>
      void live(stack, `${name}-${region.name}`, region, { from, keyOf }).catch((defect: unknown) =>
        defects.push(defect),
      );
    for (let at = 0; at < CLIENTS_A_REGION; at += 1) {
      const switches = at % 2 === 0 ? CLIENTS_SWITCH_SECONDS : SECOND_ROTATION_SECONDS - 1;
      start(`${WORKER}-${at}`, 1, () => (nowSeconds() < switches ? first : second));
    }
    start(EARLY, FIRST_ROTATION_SECONDS, () => second);
    start(LATE, SECOND_ROTATION_SECONDS, () => first);
    start(GUESSER, 1, () => guess);
  }
  let acceptedSeconds = SECOND_ROTATION_SECONDS;
  world.events.subscribe((event) => {
    if (event.kind !== 'request' || event.outcome !== 'ok') return;
    if (event.client.startsWith(LATE)) acceptedSeconds = event.atMs / 1000;
  });
  for (let at = 1; at <= Math.min(END_SECONDS, acceptedSeconds + GONE_AFTER_SECONDS); at += 1) {
    await scheduler.runUntil(at * 1000);
    if (defects.length > 0) throw defects[0];
    onProgress(at);
  }
  const regions = world.regions.map(({ name }) => name);
  return judgeRotation(world.events.ofKind('request'), regions, nowSeconds());
}

async function live(
  stack: RunningStack,
  client: string,
  home: RegionId,
  { from, keyOf }: { readonly from: number; readonly keyOf: () => string },
): Promise<void> {
  const { scheduler, random } = stack.world;
  const identity = identityOf(stack, client, home);
  await scheduler.sleep(from * 1000 + random.stream(`client/${client}`).next() * EVERY_MS);
  for (let count = 0; scheduler.now() < END_SECONDS * 1000 - EVERY_MS; count += 1) {
    const what = count % 2 === 0 ? ({ method: 'PUT', value: { count } } as const) : ({ method: 'GET' } as const);
    await exchange(stack, identity, itemOperation({ ...what, itemId: client }, keyOf()));
    await scheduler.sleep(EVERY_MS);
  }
}

/** What the requests of a rehearsal come to. */
export function judgeRotation(
  requests: readonly RequestEvent[],
  regions: readonly string[],
  virtualSeconds: number,
): RotationReport {
  const by = (name: string): RequestEvent[] => requests.filter(({ client }) => client.startsWith(name));
  const workers = by(WORKER);
  const refused = workers.filter(({ status }) => status === 401).length;
  const failed = workers.filter(({ outcome }) => outcome !== 'ok').length;
  const guesses = by(GUESSER);
  const succeeded = guesses.filter(({ outcome }) => outcome === 'ok').length;
  const lastSeconds = (those: readonly RequestEvent[], since: number): Record<string, number> =>
    Object.fromEntries(
      regions.map((name) => {
        const times = those.filter(({ home }) => home === name).map(({ startedMs }) => startedMs / 1000 - since);
        return [name, Math.max(0, ...times)];
      }),
    );
  const refusedEarly = by(EARLY).filter(({ status }) => status === 401);
  const acceptedLate = by(LATE).filter(({ outcome }) => outcome === 'ok');
  const newKeyRefusedForSeconds = lastSeconds(refusedEarly, FIRST_ROTATION_SECONDS);
  const oldKeyAcceptedForSeconds = lastSeconds(acceptedLate, SECOND_ROTATION_SECONDS);
  const over = (spans: Record<string, number>, limit: number): string[] =>
    Object.entries(spans).flatMap(([name, span]) => (span > limit ? [`${name}: ${span.toFixed(1)} s`] : []));
  const tooLate = over(newKeyRefusedForSeconds, KEY_KNOWN_WITHIN_SECONDS);
  const tooLong = over(oldKeyAcceptedForSeconds, KEY_FORGOTTEN_WITHIN_SECONDS);
  const reasons = [
    ...(workers.length === 0 ? ['no client sent anything'] : []),
    ...(failed > 0
      ? [`${failed} of ${workers.length} requests with a good key failed, ${refused} of them with 401`]
      : []),
    ...(tooLate.length > 0
      ? [`the new key was refused for longer than ${KEY_KNOWN_WITHIN_SECONDS} s (${tooLate.join(', ')})`]
      : []),
    ...(tooLong.length > 0
      ? [`a key that had gone was accepted for longer than ${KEY_FORGOTTEN_WITHIN_SECONDS} s (${tooLong.join(', ')})`]
      : []),
    ...(succeeded > 0 ? [`${succeeded} guesses succeeded`] : []),
  ];
  return {
    passed: reasons.length === 0,
    reasons,
    virtualSeconds,
    requests: workers.length,
    refused,
    failed,
    newKeyRefusedForSeconds,
    oldKeyAcceptedForSeconds,
    guesses: { sent: guesses.length, succeeded },
  };
}
