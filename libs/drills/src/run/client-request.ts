// One request of a client, from DNS to the outcome that its user sees, logged as one `request` event.
import { CLIENT_WAIT_SECONDS } from '@dr/failover';
import type { HttpFailure, HttpResponse, RegionId, Site } from '@dr/twin';
import type { Answer, Operation, RunningStack } from '../system-under-drill';
import { CachingResolver } from './resolver';

export type ClientIdentity = ReturnType<typeof identityOf>;

const TIMEOUT_MS = CLIENT_WAIT_SECONDS.timeout * 1000;
/** A client whose name does not resolve is sent to no region. */
export const NO_REGION = 'none';

/** `home`: the nearest region. */
export function identityOf({ world, internet }: RunningStack, client: string, home: RegionId) {
  const site: Site = { group: 'clients', at: home.awsRegion };
  return { client, home: home.name, site, resolver: new CachingResolver(world, internet, { client, site }) };
}

/** Never takes longer than the client's time-out. */
export async function exchange(stack: RunningStack, identity: ClientIdentity, operation: Operation): Promise<Answer> {
  const { world, domain, internet } = stack;
  const startedMs = world.scheduler.now();
  const target = identity.resolver.resolve(domain);
  const sent = target
    ? internet.request(identity.site, target, { protocol: 'https', port: 443 }, operation.toHttp(domain), {
        connectMs: TIMEOUT_MS,
        responseMs: TIMEOUT_MS,
      })
    : undefined;
  const reply = sent
    ? await world.scheduler.within<HttpResponse | HttpFailure, HttpFailure>(TIMEOUT_MS, sent, () => 'response-timeout')
    : 'refused';
  const answer = operation.judge(reply);
  const { method, route, itemId, details } = operation;
  world.events.record({
    kind: 'request',
    client: identity.client,
    home: identity.home,
    method,
    route,
    itemId,
    region: target?.awsRegion ?? NO_REGION,
    startedMs,
    ...answer,
    ...details,
  });
  return answer;
}
