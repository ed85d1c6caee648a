// A twin with some clients' data in its tables, for those who want to look at it rather than break it.
import type { RunningStack } from '../system-under-drill';
import { startClients } from './clients';

const LOAD = { clients: 10, requestsPerSecond: 10, writeShare: 0.5 };
const LOAD_SECONDS = 60;
/** Replication's p99 is 2.5 s. */
const CALM_SECONDS = 10;

/** Arms everything, and lets clients work for a virtual minute. */
export async function underLoad(stack: RunningStack): Promise<void> {
  const { scheduler } = stack.world;
  stack.start();
  const clients = startClients(stack, LOAD, stack.system.workload(stack));
  await scheduler.runUntil(scheduler.now() + LOAD_SECONDS * 1000);
  clients.stop();
  await scheduler.runUntil(scheduler.now() + CALM_SECONDS * 1000);
  clients.assertSound();
}
