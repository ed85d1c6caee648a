// After the run: the item API itself is asked, in every region, what became of writes that had been retried.
import { Sequence } from '@dr/event-log';
import { regionalDomain } from '@dr/contracts/system';
import type { HttpResponse } from '@dr/twin';
import type { Audit, ReplicaItem, RunningStack } from '../../system-under-drill';
import { currentKey } from './api-key';
import { isClientData } from './control-records';
import { headersOf } from './item-requests';

/** Of those items that need it; each costs a request in every region. */
const MAX_ITEMS = 3;
const PATIENCE_MS = 5_000;

/** The histories, in each of `regions`, of items of which one key was stored twice: retries that had to become one write. Takes virtual time. */
export async function auditRetries(stack: RunningStack, regions: readonly string[]): Promise<readonly Audit[]> {
  const retried = [...new Set(regions.flatMap((region) => repeated(stack.replicas.items(region))))].slice(0, MAX_ITEMS);
  const audits: Audit[] = [];
  for (const itemId of retried) for (const region of regions) audits.push(await audit(stack, region, itemId));
  return audits;
}

/** The API shows nobody's keys: they are looked up in the replica. */
function withKeys(items: Iterable<ReplicaItem>, itemId: string, versions: Versions): Audit['versions'] {
  const stored = new Map(
    Sequence.of(items)
      .filter(({ id }) => id === itemId)
      .map((item) => [item.timestamp, useOf(item)]),
  );
  return versions.map(({ timestamp }) => {
    const keyUse = stored.get(timestamp);
    return { timestamp, ...(keyUse === undefined ? {} : { keyUse }) };
  });
}

/** The key and what was written with it: with other contents it is another write, which both are shown. */
function useOf({ idempotencyKey: key, json, deleted }: ReplicaItem): string | undefined {
  return typeof key === 'string' ? `${key} of ${deleted ? 'a deletion' : String(json)}` : undefined;
}

type Versions = readonly { readonly timestamp: string }[];

function repeated(items: Iterable<ReplicaItem>): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const item of items) {
    const use = useOf(item);
    if (use === undefined || !isClientData(item)) continue;
    const named = `${item.id}\n${use}`;
    if (seen.has(named)) twice.add(item.id);
    seen.add(named);
  }
  return [...twice];
}

async function audit(stack: RunningStack, region: string, itemId: string): Promise<Audit> {
  const { world, internet, domain, operator } = stack;
  const site = { group: 'clients', at: world.regions[0]?.awsRegion ?? '' } as const;
  const host = regionalDomain(domain, region);
  const address = internet.resolve(host, site);
  if (!address) return { region, itemId, versions: null };
  const headers = headersOf(host, currentKey(operator));
  const request = { method: 'GET', path: `/items/${itemId}/versions?limit=100`, headers, body: Buffer.alloc(0) };
  const timeouts = { connectMs: PATIENCE_MS, responseMs: PATIENCE_MS };
  const asked = internet.request(site, address, { protocol: 'https', port: 443 }, request, timeouts);
  let reply: HttpResponse | string | undefined;
  void asked.then((answer) => (reply = answer));
  await world.scheduler.runUntil(world.scheduler.now() + PATIENCE_MS);
  const body =
    typeof reply === 'object' && reply.status === 200 ? (JSON.parse(reply.body.toString('utf8')) as unknown) : null;
  const versions = (body as { versions?: Versions } | null)?.versions;
  return { region, itemId, versions: versions ? withKeys(stack.replicas.items(region), itemId, versions) : null };
}
