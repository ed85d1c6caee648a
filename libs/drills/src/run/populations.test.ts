// Populations of clients at work: how each asks DNS, that none disturbs the ordinary ones, and what client_keep_alive is worth.
import type { Population } from '@dr/contracts';
import { parseStack, readStack, type Graph } from '@dr/terraform-json';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ofKind } from './run-record';
import { startTwin } from './start';
import { startClients } from './clients';
import { runDrill } from './drill';
import type { RunningStack } from '../system-under-drill';
import { OURS } from '../systems/ours';
import { fakeTwin } from '../testing/fake-twin';
import { synthesizeInto } from '../testing/synthesized-stack';

const LOAD = { clients: 8, requestsPerSecond: 4, writeShare: 0.5 };

async function ran(populations: readonly Population[], seconds = 400): Promise<RunningStack> {
  const twin = fakeTwin();
  twin.start();
  const clients = startClients(twin, { ...LOAD, populations }, OURS.workload(twin));
  await twin.world.scheduler.runUntil(seconds * 1000);
  clients.stop();
  clients.assertSound();
  return twin;
}

const one = (name: Population['name'], seconds?: number): readonly Population[] => [
  { name, share: 1, ...(seconds === undefined ? {} : { seconds }) },
];
const queriesOf = ({ world }: RunningStack, prefix: string) =>
  ofKind(world.events, 'dns-query').filter(({ client }) => client.startsWith(prefix));
const requestsOf = ({ world }: RunningStack, prefix: string) =>
  ofKind(world.events, 'request').filter(({ client }) => client.startsWith(prefix));

test('ordinary clients draw and send what they would without others, and only others carry a name', async () => {
  const all: readonly Population[] = ['keeps', 'stretches', 'far'].map((name) => ({
    name: name as Population['name'],
    share: 0.5,
  }));
  const [alone, beside] = await Promise.all([ran([], 60), ran(all, 60)]);
  const sent = (twin: RunningStack) =>
    requestsOf(twin, 'client-').map(({ client, startedMs, method, itemId }) => [client, startedMs, method, itemId]);
  expect(sent(beside)).toEqual(sent(alone));
  const names = new Set(ofKind(beside.world.events, 'request').map(({ population }) => population));
  expect(names).toEqual(new Set([undefined, 'keeps', 'stretches', 'far']));
  expect(new Set(requestsOf(beside, 'far-').map(({ client }) => client)).size).toBe(4);
});

test.each([
  ['60 s and 300 s by turns', undefined, [60, 300]],
  ['as set', 120, [120]],
  ['no less than the TTL', 5, [10]],
])('CL-05 a resolver that stretches a TTL keeps an answer for its least: %s', async (_name, seconds, expected) => {
  const twin = await ran(one('stretches', seconds));
  const seen = new Map<string, number>();
  for (const { client, ttlSeconds } of queriesOf(twin, 'stretches-'))
    seen.set(client, Math.max(seen.get(client) ?? 0, ttlSeconds));
  expect([...new Set(seen.values())].sort((a, b) => a - b)).toEqual(expected);
  expect(Math.max(...queriesOf(twin, 'client-').map(({ ttlSeconds }) => ttlSeconds))).toBe(10);
});

test('CL-06 a resolver elsewhere gets the answers of where it is: its clients go to a farther region', async () => {
  const twin = await ran(one('far'), 60);
  const regions = requestsOf(twin, 'far-').map(({ home, region }) => [home, region]);
  expect(regions.length).toBeGreaterThan(10);
  for (const [home, region] of regions) expect(region).toBe(home === 'mumbai' ? 'singapore' : 'mumbai');
});

describe('on our own stack, whose function fails in one region', () => {
  /** As the infra app writes it, and with the keep-alive that a load balancer has where nothing is set. */
  function stacksIn(out: string): readonly [Graph, Graph] {
    const path = synthesizeInto(out, []);
    const stack = JSON.parse(readFileSync(path, 'utf8')) as { resource: { aws_lb: Record<string, object> } };
    const balancers = stack.resource.aws_lb;
    for (const [name, values] of Object.entries(balancers))
      balancers[name] = Object.fromEntries(Object.entries(values).filter(([key]) => key !== 'client_keep_alive'));
    return [readStack(path), parseStack(stack, dirname(path))];
  }

  async function drilled(graph: Graph) {
    const twin = await startTwin({ system: OURS, graph, seed: 1 });
    const fault = { kind: 'lambda-errors', region: 'mumbai', startSeconds: 30, durationSeconds: 180 } as const;
    const load = { clients: 6, requestsPerSecond: 2, writeShare: 0.5, populations: one('keeps') };
    const objective = { rtoSeconds: 60, rpoSeconds: 5 };
    const plan = { twin, graph, replay: '', wallMs: () => 0, scenario: { fault, load, objective } };
    return runDrill(plan);
  }

  test('CL-07 a kept connection outlives DNS: client_keep_alive bounds it, and with the default it lasts as long as the fault', async () => {
    const out = mkdtempSync(join(tmpdir(), 'dr-keep-alive-'));
    const [withRemedy, without] = stacksIn(out);
    const [remedied, plain] = [await drilled(withRemedy), await drilled(without)];
    rmSync(out, { recursive: true });
    for (const { passed, reasons, rto, predicted } of [remedied, plain]) {
      expect(reasons).toEqual([]);
      expect(passed).toBe(true);
      expect(rto?.worstSeconds).toBeLessThanOrEqual(predicted.worstClientSeconds);
    }
    const [kept] = remedied.populations ?? [];
    const [stuck] = plain.populations ?? [];
    expect(kept).toMatchObject({ recoveredLate: 0, keepAlive: { seconds: 60 } });
    expect(kept?.rto?.worstSeconds).toBeLessThanOrEqual(kept?.boundSeconds ?? 0);
    expect(stuck).toMatchObject({ recoveredLate: 3, keepAlive: { seconds: 3_600 } });
    expect(stuck?.rto?.worstSeconds).toBeGreaterThan(180);
  }, 600_000);
});
