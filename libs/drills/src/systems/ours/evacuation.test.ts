// An evacuated region is not a broken one: through a whole evacuation its functions run, and no target is found unhealthy.
import { CONTROL_ID, orderKey, parseAlarmName, type OrderRecord, type StateRecord } from '@dr/contracts/system';
import { readStack, type Graph } from '@dr/terraform-json';
import { Twin } from '@dr/twin';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { behindPort } from '../../run/start';
import { withSynthesizedStack } from '../../testing/synthesized-stack';
import { OURS } from '.';

const ORDERED_AT_SECONDS = 60;
/** Longer than two checks of the load balancer, which it needs to find a target unhealthy, the alarm's three minutes, and two until data arrive. */
const EVACUATED_SECONDS = 540;

/** Mumbai's state after the evacuation, and the alarms that went off meanwhile. */
async function evacuated(graph: Graph): Promise<{ state: unknown; alarms: readonly string[] }> {
  const twin = new Twin({ graph, seed: 1, system: OURS });
  const { world, operator, start } = await behindPort(twin, OURS);
  const run = (seconds: number): Promise<void> => world.scheduler.runUntil(seconds * 1000);
  start();
  await run(ORDERED_AT_SECONDS);
  const order: OrderRecord = {
    id: CONTROL_ID,
    timestamp: orderKey('singapore', 'mumbai'),
    writer: 'singapore',
    target: 'mumbai',
    kind: 'evacuate',
    number: 1,
    expiresAtMs: world.scheduler.epochNow() + 3_600_000,
  };
  expect(await operator.put('singapore', order)).toBe(true);
  await run(ORDERED_AT_SECONDS + EVACUATED_SECONDS);
  const records = ((await operator.read('mumbai', CONTROL_ID)) ?? []) as unknown as StateRecord[];
  const alarms = world.events
    .ofKind('alarm')
    .filter(({ state }) => state === 'ALARM')
    .map(({ alarm }) => parseAlarmName('dr', alarm)?.alarm ?? alarm);
  return { state: records.find(({ timestamp }) => timestamp === 'state#mumbai')?.state, alarms };
}

test('target-unhealthy stays silent, whatever Route 53 is told', async () => {
  const { state, alarms } = await withSynthesizedStack([], evacuated);
  expect(state).toBe('evacuated');
  expect(alarms).toContain('route53-unhealthy');
  expect(alarms).not.toContain('target-unhealthy');
}, 120_000);

test('fails to stay silent where the load balancer asks /health itself', async () => {
  const { state, alarms } = await withSynthesizedStack([], (graph) => {
    const file = join(graph.directory, 'cdk.tf.json');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('"path": "/live"', '"path": "/health"'));
    return evacuated(readStack(file));
  });
  expect(state).toBe('evacuated');
  expect(alarms).toContain('target-unhealthy');
}, 120_000);
