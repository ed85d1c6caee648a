// A new region joins a system that serves: the stack is applied there in virtual time, and clients of the others go on.
import type { Graph } from '@dr/terraform-json';
import type { Join } from '../../aftermath/plan';
import { startClients } from '../../run/clients';
import { ofKind, seconds } from '../../run/run-record';
import { startTwin, type Subject } from '../../run/start';
import type { RunningStack } from '../../system-under-drill';
import { servedAt } from './first-start';

export interface JoinOptions extends Subject {
  readonly seed: number;
  /** The stack before: what of it is in the new one has been there for long. */
  readonly standing: Graph;
  /** Regions that serve already, by name. */
  readonly serving: readonly string[];
  /** The region that is new. */
  readonly joins: string;
}

/** After the apply; a region that does not serve by then is reported so. */
const WATCHED_SECONDS = 600;
const STEP_MS = 10_000;
const CLIENTS = { clients: 20, requestsPerSecond: 2, writeShare: 0.5 } as const;

/** Throws InputError on what the stack gets wrong. The same seed gives the same join. */
export async function runJoin({ standing, serving, joins, ...start }: JoinOptions): Promise<Join> {
  const stack = await startTwin({ ...start, firstApply: true, standing: { graph: standing, regions: serving } });
  const { scheduler, creation, regions } = stack.world;
  if (!regions.some(({ name }) => name === joins)) throw new Error(`${joins} is not in the stack that is to have it`);
  const appliedMs = creation?.doneMs ?? 0;
  stack.start();
  const clients = startClients(stack, CLIENTS, stack.system.workload(stack));
  let servingSeconds: number | null = null;
  while (servingSeconds === null && scheduler.now() < appliedMs + WATCHED_SECONDS * 1000) {
    await scheduler.runUntil(scheduler.now() + STEP_MS);
    clients.assertSound();
    if (scheduler.now() >= appliedMs) servingSeconds = answeredAt(stack, joins);
  }
  const requests = ofKind(stack.world.events, 'request').filter(({ client }) => client.startsWith('client-'));
  return {
    appliedSeconds: seconds(appliedMs),
    servingSeconds,
    requests: requests.length,
    failed: requests.filter(({ outcome }) => outcome !== 'ok').length,
  };
}

/** When the region served by its own record, and had answered a client. */
function answeredAt(stack: RunningStack, region: string): number | null {
  const served = servedAt(stack, region);
  if (served === null) return null;
  const first = ofKind(stack.world.events, 'request').find(
    (request) => request.region === region && request.outcome === 'ok' && seconds(request.atMs) >= served,
  );
  return first ? seconds(first.atMs) : null;
}
