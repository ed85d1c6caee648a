// A first start: the stack is applied to an empty account in virtual time. Nobody may be paged, and no incident recorded.
import { CONTROL_ID, type StateRecord } from '@dr/contracts/system';
import { Sequence } from '@dr/event-log';
import type { LoggedEvent } from '@dr/twin';
import { startClients } from '../../run/clients';
import { ofKind, seconds } from '../../run/run-record';
import { startTwin, type Subject } from '../../run/start';
import type { RequestEvent, RunningStack } from '../../system-under-drill';
import { ORCHESTRATOR } from './notices';

export interface FirstStart {
  /** No page, no incident, every region in service, no client failed. */
  readonly passed: boolean;
  /** From the start of the apply to its last resource. */
  readonly appliedSeconds: number;
  /** When each region first served, seconds from the start of the apply; null: never. */
  readonly servingSeconds: Readonly<Record<string, number | null>>;
  /** What reached people as bad news: alarms that were raised or fell silent, and the orchestrators' messages. */
  readonly pages: readonly { readonly atSeconds: number; readonly region: string; readonly subject: string }[];
  /** Health checks that Route 53 found unhealthy at any time. */
  readonly unhealthy: readonly { readonly atSeconds: number; readonly region: string }[];
  /** Keys of the incidents' transitions in the auditor's history. */
  readonly incidents: readonly string[];
  /** Requests of clients, who come when the apply is done. */
  readonly requests: number;
  readonly failures: number;
}

/** What follows the apply: the slowest alarm's range twice over, Route 53's minute, and two until its data have arrived. */
const WATCHED_SECONDS = 540;
const CLIENTS = { clients: 40, requestsPerSecond: 4, writeShare: 0.5 } as const;

export interface FirstStartOptions extends Subject {
  readonly seed: number;
  /** Given what ran, at the end. */
  readonly observe?: (stack: RunningStack) => void;
}

/** Throws InputError on what the stack gets wrong. The same seed gives the same start. */
export async function runFirstStart({ observe, ...start }: FirstStartOptions): Promise<FirstStart> {
  const stack = await startTwin({ ...start, firstApply: true });
  const { scheduler, creation } = stack.world;
  const doneMs = creation?.doneMs ?? 0;
  stack.start();
  await scheduler.runUntil(doneMs);
  const clients = startClients(stack, CLIENTS, stack.system.workload(stack));
  await scheduler.runUntil(doneMs + WATCHED_SECONDS * 1000);
  clients.assertSound();
  observe?.(stack);
  return judged(stack, doneMs);
}

function judged(stack: RunningStack, doneMs: number): FirstStart {
  const { events } = stack.world;
  const requests = ofKind(events, 'request').filter(isOfClient);
  const pages = [...events].flatMap((event) => pageOf(event) ?? []);
  const incidents = [...new Set(ofKind(events, 'item-written').map(({ timestamp }) => timestamp))].filter((key) =>
    key.startsWith('transition#'),
  );
  const servingSeconds = Object.fromEntries(stack.world.regions.map(({ name }) => [name, servedAt(stack, name)]));
  const failures = requests.filter(({ outcome }) => outcome !== 'ok').length;
  return {
    passed:
      pages.length === 0 &&
      incidents.length === 0 &&
      failures === 0 &&
      requests.length > 0 &&
      Object.values(servingSeconds).every((at) => at !== null),
    appliedSeconds: seconds(doneMs),
    servingSeconds,
    pages,
    unhealthy: ofKind(events, 'health-check')
      .filter(({ healthy }) => !healthy)
      .map(({ atMs, region }) => ({ atSeconds: seconds(atMs), region })),
    incidents,
    requests: requests.length,
    failures,
  };
}

const isOfClient = ({ client }: RequestEvent): boolean => client.startsWith('client-');

function pageOf(event: LoggedEvent): FirstStart['pages'][number] | undefined {
  if (event.kind === 'alarm' && (event.state === 'ALARM' || event.previous === 'OK')) {
    const { atMs, region, alarm, state } = event;
    return { atSeconds: seconds(atMs), region, subject: `${state}: ${alarm}` };
  }
  if (event.kind === 'published' && event.publisher.includes(ORCHESTRATOR)) {
    return { atSeconds: seconds(event.atMs), region: event.region, subject: event.subject };
  }
  return undefined;
}

/** By the region's own record, as its replica holds it at the end. */
export function servedAt(stack: RunningStack, region: string): number | null {
  const own = Sequence.of(stack.replicas.items(region)).find(
    ({ id, timestamp }) => id === CONTROL_ID && timestamp === `state#${region}`,
  );
  const record = own as unknown as StateRecord | undefined;
  if (record?.state !== 'serving' || record.firstStart) return null;
  return seconds((record.stateSinceMs ?? 0) - (stack.world.scheduler.epochNow() - stack.world.scheduler.now()));
}
