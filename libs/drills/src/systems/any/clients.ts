// Clients of the public names of any stack: some at each place that records tell apart, who ask for / and nothing else.
import { CLIENT_WAIT_SECONDS } from '@dr/failover';
import type { Asker } from '@dr/stack';
import type { OpaqueTwin, Site } from '@dr/twin';
import { PAUSE_MS } from '../../run/clients';
import { exchange, identityOf } from '../../run/client-request';
import type { Operation } from '../../system-under-drill';

const CLIENTS_A_PLACE = 8;
const PERIOD_MS = 5_000;
/** While answers may change, somebody new asks so often: the last to be told the old answer keeps it for its whole TTL. */
const ARRIVAL_MS = 3_000;

/** Whom a name's requests come from. `longestSeconds`: what something on the way may wait for before it answers. */
export interface Audience {
  readonly name: string;
  readonly place: number;
  readonly asker: Asker;
  readonly longestSeconds: number;
  /** How long its clients keep an answer for themselves, whatever the TTL. @default 0 */
  readonly ownCacheSeconds?: number;
}

export const clientPrefix = ({ name, place }: Pick<Audience, 'name' | 'place'>): string => `${name}/${place}/`;

/** They go on for ever; what they see is in the event log. */
export function startAudience(twin: OpaqueTwin, audience: Audience): void {
  for (let index = 0; index < CLIENTS_A_PLACE; index += 1) void live(twin, audience, `${index}`);
}

/** From now on to `lastMs`. Whoever arrives goes when it is served, and at `closeMs`. */
export async function letArrive(
  twin: OpaqueTwin,
  audience: Audience,
  { lastMs, closeMs }: { readonly lastMs: number; readonly closeMs: number },
): Promise<void> {
  const { scheduler } = twin.world;
  for (let index = 0; scheduler.now() < lastMs; index += 1) {
    void visit(twin, audience, `new-${index}`, closeMs);
    await scheduler.sleep(ARRIVAL_MS);
  }
}

async function live(twin: OpaqueTwin, audience: Audience, id: string): Promise<void> {
  const { scheduler, random } = twin.world;
  const chance = random.stream(`client/${clientPrefix(audience)}${id}`);
  const ask = requestsOf(twin, audience, id);
  await scheduler.sleep(chance.next() * PERIOD_MS);
  for (;;) await scheduler.sleep((await ask()) ? chance.between(0.5, 1.5) * PERIOD_MS : PAUSE_MS);
}

async function visit(twin: OpaqueTwin, audience: Audience, id: string, closeMs: number): Promise<void> {
  const { scheduler } = twin.world;
  const ask = requestsOf(twin, audience, id, 'new');
  while (scheduler.now() < closeMs && !(await ask())) await scheduler.sleep(PAUSE_MS);
}

/** One client's requests, one after another: true where it is served. */
function requestsOf(
  { world, internet }: OpaqueTwin,
  audience: Audience,
  id: string,
  cache: 'held' | 'new' = 'held',
): () => Promise<boolean> {
  const { name, asker, longestSeconds, ownCacheSeconds = 0 } = audience;
  const { awsRegion, ...place } = asker;
  const site: Site = { group: 'clients', at: awsRegion, place };
  const home = { name: awsRegion, awsRegion };
  const identity = identityOf({ world, internet }, clientPrefix(audience) + id, home, { site, cache, ownCacheSeconds });
  const operation = getOf(name);
  const timeoutMs = (longestSeconds + CLIENT_WAIT_SECONDS.timeout) * 1_000;
  return async () => (await exchange({ world, domain: name }, identity, operation, timeoutMs)).outcome === 'ok';
}

/** Served is whoever gets an answer that is no error of the server's. */
const getOf = (name: string): Operation => ({
  method: 'GET',
  route: `GET https://${name}/`,
  itemId: name,
  toHttp: (host) => ({ method: 'GET', path: '/', headers: { host }, body: Buffer.alloc(0) }),
  judge: (reply) =>
    typeof reply === 'string'
      ? { outcome: reply }
      : { outcome: reply.status < 500 ? 'ok' : 'http-error', status: reply.status },
});
