// The clients: near each region, each with its own resolver cache and phase; after a failure they try again as users do.
import { CLIENT_WAIT_SECONDS } from '@dr/failover';
import type { RegionId } from '@dr/twin';
import type { Load } from '../schedule/scenario';
import type { ClientLife, RunningStack, Workload } from '../system-under-drill';
import { exchange, identityOf, type ClientIdentity } from './client-request';
import { otherClients, PACE_OF_OTHERS } from './populations';

export const PAUSE_MS = CLIENT_WAIT_SECONDS.pause * 1000;

export interface Clients {
  /** Each client ends after the request it is in. */
  stop(): void;
  /** Throws what a client met that is no outcome of a request: a defect of the twin or of the workload. */
  assertSound(): void;
}

/** Starts every client. What they see is in the event log. */
export function startClients(stack: RunningStack, load: Load, workload: Workload, searching = false): Clients {
  const run = { stopped: false };
  const defects: unknown[] = [];
  const ordinary = Array.from({ length: load.clients }, (_, index) => {
    const home = stack.world.regions[index % stack.world.regions.length] as RegionId;
    return identityOf(stack, `client-${String(index).padStart(4, '0')}`, home);
  });
  const lives = [...ordinary, ...otherClients(stack, load)].map(
    (identity): ClientLife =>
      (state) =>
        live(stack, identity, load, workload, state),
  );
  for (const life of [...lives, ...workload.others({ searching })]) {
    life(run).catch((defect: unknown) => defects.push(defect));
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

/** One client until the run stops. A failed operation is tried again, the same one, until it succeeds. */
async function live(
  stack: RunningStack,
  identity: ClientIdentity,
  load: Load,
  workload: Workload,
  run: { readonly stopped: boolean },
): Promise<void> {
  const { scheduler } = stack.world;
  const pace = identity.population === undefined ? 1 : PACE_OF_OTHERS;
  const periodMs = pace * (load.clients / load.requestsPerSecond) * 1000;
  const random = stack.world.random.stream(`client/${identity.client}`);
  const next = workload.next(identity.client, random, load.writeShare);
  await scheduler.sleep(random.next() * periodMs);
  while (!run.stopped) {
    const plannedMs = scheduler.now() + random.between(0.5, 1.5) * periodMs;
    const operation = next();
    while (!run.stopped && (await exchange(stack, identity, operation)).outcome !== 'ok')
      await scheduler.sleep(PAUSE_MS);
    await scheduler.sleep(plannedMs - scheduler.now());
  }
}
