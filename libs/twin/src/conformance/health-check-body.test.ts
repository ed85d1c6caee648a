// An answer whose body comes after its status (HC-02): what a checker, a client and a kept connection make of it.
import type { FaultKind } from '@dr/contracts';
import type { Door } from '../services/ports';
import { PublicInternet } from '../services/route53/internet';
import { DOMAIN, edgeOf, fetchFrom, healthCheck, loadBalancer, MUMBAI, near, regionalName } from './edge-fixture';
import { SINGAPORE, type Values } from './edge-fixture';

const SECOND = 1_000;
const SEARCH = { type: 'HTTPS_STR_MATCH', search_string: 'all fine' };

/** Two load balancers that answer 200 at once, and send the body so long after it. */
function edgeWith(bodyAfterMs: number, check: Values = SEARCH) {
  const checkers = { regions: ['us-west-2', 'us-east-1', 'eu-west-1'], failure_threshold: 1 };
  const resources = [
    healthCheck('hc', { ...checkers, ...check }),
    ...[MUMBAI, SINGAPORE].flatMap((at) => loadBalancer(at)),
  ];
  const edge = edgeOf({ resources });
  const handle: Door['handle'] = async () => ({ status: 200, headers: {}, body: Buffer.from('all fine'), bodyAfterMs });
  const doors = {
    find(name: string): Door | undefined {
      const door = edge.loadBalancers.find(name);
      return door && Object.assign(Object.create(door) as Door, { handle });
    },
    onTargetHealth: () => undefined,
  };
  return { ...edge, internet: new PublicInternet(edge.world, { dns: edge.dns, doors }) };
}

/** What the checkers find in 20 s, in which the fault may begin. */
async function outcomes(
  edge: ReturnType<typeof edgeWith>,
  fault?: { readonly kind: FaultKind; readonly atMs: number },
) {
  edge.health.start(edge.internet);
  if (fault)
    edge.world.scheduler.after(fault.atMs, () =>
      edge.world.faults.start({ kind: fault.kind, region: 'mumbai', startSeconds: 0, durationSeconds: 60 }),
    );
  await edge.world.scheduler.runUntil(20 * SECOND);
  const found = edge.world.events.ofKind('probe').map(({ outcome }) => outcome);
  expect(found.length).toBeGreaterThan(0);
  return new Set(found);
}

test.each([
  ['within two seconds of the status', 1_999, SEARCH, 'healthy'],
  ['later', 2_001, SEARCH, 'response-timeout'],
  ['later, where no text is looked for', 60_000, { type: 'HTTPS' }, 'healthy'],
] as const)('HC-02 a body that comes %s (%i ms)', async (_name, bodyAfterMs, check, outcome) => {
  expect(await outcomes(edgeWith(bodyAfterMs, check))).toEqual(new Set([outcome]));
});

test.each(['region-dark', 'alb-dark'] as const)('HC-02 %s between status and body: the body is lost', async (kind) => {
  const before = await outcomes(edgeWith(0), { kind, atMs: 9_000 });
  expect(before).toContain('healthy');
  // No check has begun 1.9 s before the fault and is through with its body.
  expect(await outcomes(edgeWith(1_900), { kind, atMs: 1_000 })).not.toContain('healthy');
});

test.each([
  [1_700, { status: 200 }],
  [1_999, 'response-timeout'],
])('HC-02 a client waits for status and body together: %i ms', async (bodyAfterMs, result) => {
  // Two seconds for all, of which TLS and the request take two round trips.
  expect(await fetchFrom(edgeWith(bodyAfterMs), near(MUMBAI))).toMatchObject({ result });
});

test('HC-02 so does one that keeps its connection', async () => {
  for (const [bodyAfterMs, expected] of [
    [1_700, { status: 200 }],
    [1_999, 'response-timeout'],
  ] as const) {
    const edge = edgeWith(bodyAfterMs);
    const at = edge.internet.resolve(regionalName(MUMBAI), near(MUMBAI));
    if (!at) throw new Error('the name does not resolve');
    const kept = edge.internet.keep(near(MUMBAI), at, { protocol: 'https', port: 443 });
    const request = { method: 'GET', path: '/', headers: { host: DOMAIN }, body: Buffer.alloc(0) };
    const met = await edge.settle(kept.request(request, { connectMs: 2_000, responseMs: 2_000 }));
    expect(met).toEqual(typeof expected === 'string' ? expected : expect.objectContaining(expected));
  }
});
