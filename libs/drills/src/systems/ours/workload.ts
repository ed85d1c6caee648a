// What clients of the item API do: writes and reads over a few items of their own and some that all share.
import type { Random, RegionId } from '@dr/twin';
import { exchange, identityOf } from '../../run/client-request';
import { UNAUTHENTICATED_CLIENT } from '../../run/run-record';
import type { ClientLife, RunningStack, Workload } from '../../system-under-drill';
import { carefulClients } from './careful-clients';
import { itemOperation, type ItemRequest } from './item-requests';
import { currentKey } from './api-key';

const OWN_ITEMS = 3;
const SHARED_ITEMS = 10;
const SHARED_SHARE = 0.2;
/** Clients that name their writes, so that a retry is no second version. The others take a second one. */
const KEYED_SHARE = 0.1;
const LOCK_CHECK_EVERY_MS = 60_000;

export function workloadOf(stack: RunningStack): Workload {
  const apiKey = currentKey(stack.operator);
  const { regions } = stack.world;
  return {
    next(client, random, writeShare) {
      const next = requestsOf(client, random, writeShare);
      return () => itemOperation(next(), apiKey);
    },
    others: ({ searching }) => [
      ...(searching ? carefulClients(stack, apiKey) : []),
      ...(apiKey === undefined ? [] : regions.map((region) => lockCheck(stack, region))),
    ],
  };
}

/** The first operation writes. */
function requestsOf(client: string, random: Random, writeShare: number): () => ItemRequest {
  const keyed = random.next() < KEYED_SHARE;
  let count = 0;
  return () => {
    count += 1;
    const shared = random.next() < SHARED_SHARE;
    const itemId = shared ? `shared-${random.integer(SHARED_ITEMS)}` : `${client}-${random.integer(OWN_ITEMS)}`;
    const writes = random.next() < writeShare || count === 1;
    if (!writes) return { method: 'GET', itemId };
    const write: ItemRequest = { method: 'PUT', itemId, value: { by: client, count } };
    return keyed && !shared ? { ...write, idempotencyKey: `${client}-${count}` } : write;
  };
}

/** Reads now and then without a key: whatever is answered, it must not be a success. */
function lockCheck(stack: RunningStack, region: RegionId): ClientLife {
  const identity = identityOf(stack, `${UNAUTHENTICATED_CLIENT}-${region.name}`, region);
  const { scheduler } = stack.world;
  return async (run) => {
    await scheduler.sleep(LOCK_CHECK_EVERY_MS / 2);
    while (!run.stopped) {
      await exchange(stack, identity, itemOperation({ method: 'GET', itemId: 'shared-0' }, undefined));
      await scheduler.sleep(LOCK_CHECK_EVERY_MS);
    }
  };
}
