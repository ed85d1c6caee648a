// A gray failure: a share of the requests that reach a region from elsewhere fails, and Route 53 finds out late or never.
import type { Fault } from '@dr/contracts';
import { checkUnhealthyPart, turningShare } from '@dr/failover';
import { regionSite } from '../site';
import { edgeOf, fetchFrom, healthCheck, loadBalancer, MUMBAI, near, regionalName, SINGAPORE } from './edge-fixture';
import { worldOf } from './fixtures';

const SECOND = 1_000;
const ALL = [MUMBAI, SINGAPORE];

const grayOf = (more: Partial<Fault> = {}): Fault => ({
  kind: 'gray',
  region: 'mumbai',
  startSeconds: 0,
  durationSeconds: 60,
  ...more,
});

const statuses = async (from: Parameters<typeof fetchFrom>[1], to: string, fault: Fault, times: number) => {
  const edge = edgeOf();
  edge.world.faults.start(fault);
  const answers: unknown[] = [];
  for (let i = 0; i < times; i += 1) {
    const { result } = await fetchFrom(edge, from, to);
    answers.push(typeof result === 'string' ? result : result.status);
  }
  return { edge, answers, failed: answers.filter((status) => status === 503).length / times };
};

test.each([
  ['three of ten, where the fault does not say', grayOf(), 0.3],
  ['the share that the fault says', grayOf({ intensity: 0.7 }), 0.7],
])('of the requests of clients %s fail, and the function sees none of those', async (_name, fault, share) => {
  const times = 1_000;
  const { edge, answers, failed } = await statuses(near(MUMBAI), regionalName(MUMBAI), fault, times);
  // Four standard deviations.
  expect(Math.abs(failed - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / times));
  expect(new Set(answers)).toEqual(new Set([200, 503]));
  expect(edge.functions.calls).toHaveLength(answers.filter((status) => status === 200).length);
  expect(edge.world.faults.timesStruck('gray')).toBe(answers.length - edge.functions.calls.length);
});

test('requests of peers fail too; those of the region to itself and to another region do not', async () => {
  const all = grayOf({ intensity: 1 });
  const failed = async (from: string, to: string) =>
    (await statuses(regionSite(from), regionalName(to), all, 5)).failed;
  expect(await failed(SINGAPORE, MUMBAI)).toBe(1);
  expect(await failed(MUMBAI, MUMBAI)).toBe(0);
  expect(await failed(MUMBAI, SINGAPORE)).toBe(0);
});

test('it draws from a stream of its own: what another fault strikes stays what it was', () => {
  const struck = (withGray: boolean): boolean[] => {
    const { faults } = worldOf();
    faults.start({ ...grayOf(), kind: 'dynamodb-errors', intensity: 0.5 });
    if (withGray) faults.start(grayOf());
    return Array.from({ length: 200 }, () => {
      faults.isStruckByGray(near(MUMBAI), MUMBAI);
      return faults.hits('dynamodb-errors', MUMBAI);
    });
  };
  expect(struck(true)).toEqual(struck(false));
});

/** Probes of the region while it lasts, and the part of the time that its check was unhealthy. */
async function watched(intensity: number, hours: number) {
  const check = healthCheck('hc', {});
  const edge = edgeOf({ resources: [check, ...ALL.flatMap((region) => loadBalancer(region))], start: true });
  edge.world.faults.start(grayOf({ intensity }));
  const endMs = hours * 3_600 * SECOND;
  await edge.world.scheduler.runUntil(endMs);
  const probes = edge.world.events.ofKind('probe');
  let [unhealthyMs, sinceMs] = [0, Infinity];
  for (const { atMs, healthy } of edge.world.events.ofKind('health-check')) {
    if (!healthy) sinceMs = atMs;
    else unhealthyMs += atMs - sinceMs;
    if (healthy) sinceMs = Infinity;
  }
  if (sinceMs < endMs) unhealthyMs += endMs - sinceMs;
  return { probes, failed: probes.filter(({ outcome }) => outcome !== 'healthy').length, part: unhealthyMs / endMs };
}

test('a probe that it strikes says no at once', async () => {
  const { probes } = await watched(1, 0.1);
  expect(new Set(probes.map(({ outcome, status, answeredBy }) => `${outcome} ${status} ${answeredBy}`))).toEqual(
    new Set(['bad-status 503 load-balancer']),
  );
});

test.each([0.55, 0.66, 0.75])(
  'HC-05, HC-07: with %d of the probes failing the check is unhealthy for as long as the closed form says',
  async (share) => {
    const { probes, failed, part } = await watched(share, 6);
    expect(Math.abs(failed / probes.length - share)).toBeLessThan(0.01);
    expect(Math.abs(part - checkUnhealthyPart(share, 3))).toBeLessThan(0.05);
  },
  60_000,
);

test('three of ten turn no check in six hours, and well above the turning share it stays unhealthy', async () => {
  expect((await watched(0.3, 6)).part).toBe(0);
  expect((await watched(turningShare(3) + 0.2, 2)).part).toBeGreaterThan(0.98);
}, 60_000);

test('it takes out the region that it is in, and no other', async () => {
  const checks = [healthCheck('mumbai', {}), healthCheck('singapore', { fqdn: regionalName(SINGAPORE) })];
  const resources = [...checks, ...ALL.flatMap((region) => loadBalancer(region))];
  const edge = edgeOf({ resources, start: true });
  edge.world.faults.start(grayOf({ intensity: 1 }));
  await edge.world.scheduler.runUntil(90 * SECOND);
  expect(edge.world.events.ofKind('health-check').map(({ region, healthy }) => [region, healthy])).toEqual([
    ['mumbai', false],
  ]);
});
