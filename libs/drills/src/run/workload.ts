// The clients: near each region, each with its own resolver cache and phase; after a failure they try again as users do.
import { CLIENT_WAIT_SECONDS } from '@dr/failover';
import type { Random, RegionId, Site, World } from '@dr/twin';
import { sendRequest, type ClientIdentity, type Operation } from './client-request';
import { CachingResolver } from './resolver';
import { UNAUTHENTICATED_CLIENT } from './run-record';
import type { Workload } from '../schedule/scenario';
import type { Twin } from './twin-port';

export const PAUSE_MS = CLIENT_WAIT_SECONDS.pause * 1000;
const OWN_ITEMS = 3;
const SHARED_ITEMS = 10;
const SHARED_SHARE = 0.2;
/** Clients that name their writes, so that a retry is no second version. The others take a second one. */
const KEYED_SHARE = 0.1;
const LOCK_CHECK_EVERY_MS = 60_000;

export interface Clients {
  /** Each client ends after the request it is in. */
  stop(): void;
  /** Throws what a client met that is no outcome of a request: a defect of the twin or of this file. */
  assertSound(): void;
}

/** One client, until the run stops; it begins no request after that. */
export type ClientLife = (run: Run) => Promise<void>;

export interface Run {
  readonly stopped: boolean;
}

/** Starts every client, and the `others`. What they see is in the event log. */
export function startClients(twin: Twin, workload: Workload, others: readonly ClientLife[] = []): Clients {
  const run = { stopped: false };
  const defects: unknown[] = [];
  const keep = (defect: unknown): void => void defects.push(defect);
  const periodMs = (workload.clients / workload.requestsPerSecond) * 1000;
  for (let index = 0; index < workload.clients; index += 1) {
    const home = twin.world.regions[index % twin.world.regions.length] as RegionId;
    const name = `client-${String(index).padStart(4, '0')}`;
    live(twin, identityOf(twin, name, home), { workload, periodMs, run }).catch(keep);
  }
  for (const other of others) other(run).catch(keep);
  if (twin.apiKey !== undefined) {
    for (const region of twin.world.regions) {
      tryLock(twin, identityOf(twin, `${UNAUTHENTICATED_CLIENT}-${region.name}`, region), run).catch(keep);
    }
  }
  return {
    stop() {
      run.stopped = true;
    },
    assertSound() {
      if (defects.length > 0) throw defects[0];
    },
  };
}

interface Life {
  readonly workload: Workload;
  readonly periodMs: number;
  readonly run: Run;
}

/** One client until the run stops. A failed operation is tried again, the same one, until it succeeds. */
async function live(twin: Twin, identity: ClientIdentity, { workload, periodMs, run }: Life): Promise<void> {
  const { scheduler } = twin.world;
  const random = twin.world.random.stream(`client/${identity.client}`);
  const next = operations(identity.client, random, workload.writeShare);
  await scheduler.sleep(random.next() * periodMs);
  while (!run.stopped) {
    const plannedMs = scheduler.now() + random.between(0.5, 1.5) * periodMs;
    const operation = next();
    while (!run.stopped && !(await sendRequest(twin, identity, operation, twin.apiKey)))
      await scheduler.sleep(PAUSE_MS);
    await scheduler.sleep(plannedMs - scheduler.now());
  }
}

/** Writes and reads over a few items of the client's own and some that all share; the first operation writes. */
function operations(client: string, random: Random, writeShare: number): () => Operation {
  const keyed = random.next() < KEYED_SHARE;
  let count = 0;
  return () => {
    count += 1;
    const shared = random.next() < SHARED_SHARE;
    const itemId = shared ? `shared-${random.integer(SHARED_ITEMS)}` : `${client}-${random.integer(OWN_ITEMS)}`;
    const writes = random.next() < writeShare || count === 1;
    if (!writes) return { method: 'GET', itemId };
    const write: Operation = { method: 'PUT', itemId, value: { by: client, count } };
    return keyed && !shared ? { ...write, idempotencyKey: `${client}-${count}` } : write;
  };
}

/** Reads now and then without a key: whatever is answered, it must not be a success. */
async function tryLock(twin: Twin, identity: ClientIdentity, run: Run): Promise<void> {
  const { scheduler } = twin.world;
  await scheduler.sleep(LOCK_CHECK_EVERY_MS / 2);
  while (!run.stopped) {
    await sendRequest(twin, identity, { method: 'GET', itemId: 'shared-0' }, undefined);
    await scheduler.sleep(LOCK_CHECK_EVERY_MS);
  }
}

export function identityOf(twin: Twin, client: string, home: RegionId): ClientIdentity {
  const site: Site = { group: 'clients', at: home.awsRegion };
  const world: World = twin.world;
  return { client, home: home.name, site, resolver: new CachingResolver(world, twin.internet, { client, site }) };
}
