// Clients of the search that delete, set preconditions and use a key twice. What was promised to them is checked afterwards.
import type { Random, RegionId } from '@dr/twin';
import { PAUSE_MS } from '../../run/clients';
import { exchange, identityOf } from '../../run/client-request';
import type { Answer, ClientLife, RunningStack } from '../../system-under-drill';
import { itemOperation, type ItemRequest } from './item-requests';

/** One in each region. */
export const carefulClients = (stack: RunningStack, apiKey: string | undefined): ClientLife[] =>
  stack.world.regions.map((region) => live(stack, region, apiKey));

const PERIOD_MS = 4_000;
/** Nobody writes these with a key, so that a version names the one that it was written upon: what is shown is what is stored. */
const CHECKED_ITEMS = 2;
const KEYED_ITEMS = 3;
const KEYED_SHARE = 0.3;
const CHECKED_SHARE = 0.5;
const DELETED_SHARE = 0.3;
/** Of writes with a precondition: the version that was seen before the last one is named, and the same is sent twice at once. */
const OUTDATED_SHARE = 0.3;
const TWICE_SHARE = 0.3;

interface Turn {
  readonly random: Random;
  readonly client: string;
  readonly count: number;
  /** undefined: the run has stopped, and nothing was sent. */
  readonly send: (request: ItemRequest) => Promise<Answer | undefined>;
  readonly pause: () => Promise<void>;
  /** By item, the last version that the client has read. */
  readonly seen: Map<string, string>;
}

function live(stack: RunningStack, home: RegionId, apiKey: string | undefined): ClientLife {
  const client = `careful-${home.name}`;
  const { scheduler } = stack.world;
  const random = stack.world.random.stream(`client/${client}`);
  const identity = identityOf(stack, client, home);
  const seen = new Map<string, string>();
  const pause = (): Promise<void> => scheduler.sleep(PAUSE_MS);
  return async (run) => {
    const send: Turn['send'] = async (request) =>
      run.stopped ? undefined : exchange(stack, identity, itemOperation(request, apiKey));
    for (let count = 1; !run.stopped; count += 1) {
      await scheduler.sleep(random.between(0.5, 1.5) * PERIOD_MS);
      const draw = random.next();
      const turn =
        draw < KEYED_SHARE ? useKeyTwice : draw < KEYED_SHARE + CHECKED_SHARE ? writeUponSight : writeBlindly;
      await turn({ random, client, count, send, pause, seen });
    }
  };
}

/** A write with a key, until it is acknowledged; then another request with that key. */
async function useKeyTwice({ random, client, count, send, pause }: Turn): Promise<void> {
  const item = random.integer(KEYED_ITEMS);
  const itemOf = (number: number): string => `${client}-keyed-${number % KEYED_ITEMS}`;
  const idempotencyKey = `${client}-${count}`;
  const write: ItemRequest = { method: 'PUT', itemId: itemOf(item), value: { by: client, count }, idempotencyKey };
  let answer = await send(write);
  while (answer && answer.outcome !== 'ok') {
    await pause();
    answer = await send(write);
  }
  if (answer?.stamp === undefined) return;
  const others: readonly ItemRequest[] = [
    { ...write, value: { by: client, count, again: true } },
    { ...write, itemId: itemOf(item + 1) },
    { method: 'DELETE', itemId: write.itemId, idempotencyKey },
  ];
  await send({ ...(others[random.integer(others.length)] as ItemRequest), reuses: answer.stamp });
}

/** Reads, and writes on condition that nothing has changed since. */
async function writeUponSight({ random, client, count, send, seen }: Turn): Promise<void> {
  const itemId = `checked-${random.integer(CHECKED_ITEMS)}`;
  const read = await send({ method: 'GET', itemId });
  if (read?.outcome !== 'ok') return;
  const before = seen.get(itemId);
  if (read.stamp !== undefined) seen.set(itemId, read.stamp);
  const isOutdated = before !== undefined && random.next() < OUTDATED_SHARE;
  const follows = (isOutdated ? before : read.stamp) ?? '*';
  const deletes = follows !== '*' && random.next() < DELETED_SHARE;
  const times = random.next() < TWICE_SHARE ? [1, 2] : [1];
  await Promise.all(
    times.map((time) =>
      send(
        deletes
          ? { method: 'DELETE', itemId, follows }
          : { method: 'PUT', itemId, value: { by: client, count, time }, follows },
      ),
    ),
  );
}

/** What happens to others' preconditions. */
async function writeBlindly({ random, client, count, send }: Turn): Promise<void> {
  const itemId = `checked-${random.integer(CHECKED_ITEMS)}`;
  const deletes = random.next() < DELETED_SHARE;
  await send(deletes ? { method: 'DELETE', itemId } : { method: 'PUT', itemId, value: { by: client, count } });
}
