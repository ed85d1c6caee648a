// Our own stack behind an accelerator, with the real bundles: every population moves alike, and a region that comes back waits.
import type { FaultKind } from '@dr/contracts';
import { parseStack, type Graph } from '@dr/terraform-json';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runDrill } from '../../run/drill';
import { ofKind, seconds } from '../../run/run-record';
import { placesOf } from '../../run/start';
import { parseScenario } from '../../schedule/scenario';
import { whatCannotServe } from '../../serving';
import { withSynthesizedStack } from '../../testing/synthesized-stack';
import { OURS, startOurs } from '.';
import { OUR_SERVICE } from './serving';

const ACCELERATED = ['--set', 'frontDoor="global-accelerator"'];
const LIMIT_SECONDS = 60;

async function drilled(graph: Graph, fault: FaultKind, seed: number) {
  const twin = await startOurs({ graph, seed });
  const { regions, events } = twin.world;
  const asked = {
    ...{ fault, clients: 12, requestsPerSecond: 4, durationSeconds: 150 },
    objective: { rtoSeconds: LIMIT_SECONDS, rpoSeconds: 5 },
    populations: (['keeps', 'stretches', 'far'] as const).map((name) => ({ name, share: 0.34 })),
  };
  const scenario = parseScenario(asked, placesOf(OURS, regions));
  const report = await runDrill({ twin, graph, scenario, replay: '', wallMs: () => 0 });
  return { report, events, healSeconds: scenario.fault.startSeconds + scenario.fault.durationSeconds };
}

test('a dark region: all that open a new connection are served again in time, those that stretch a TTL too', async () => {
  const { report, events, healSeconds } = await withSynthesizedStack(ACCELERATED, (graph) =>
    drilled(graph, 'region-dark', 3),
  );
  expect(report).toMatchObject({ passed: true, reasons: [], routing: 'global-accelerator' });
  expect(report.settings.accelerator).toEqual({ intervalSeconds: 5, unhealthyThreshold: 2, timeoutSeconds: 4 });
  expect(report.predicted.worstClientSeconds).toBe(49);
  expect(report.rto?.worstSeconds).toBeLessThanOrEqual(report.predicted.worstClientSeconds);
  const bounds = Object.fromEntries((report.populations ?? []).map(({ name, boundSeconds }) => [name, boundSeconds]));
  // Kept connections have a line of their own, and the age at which a load balancer ends them.
  expect(bounds).toEqual({ keeps: 109, stretches: 49, far: 49 });
  for (const { name, rto } of report.populations ?? [])
    expect([name, (rto?.worstSeconds ?? 0) <= LIMIT_SECONDS]).toEqual([name, true]);
  // Admission: it is back at 210 s, serves by its own word some 70 s later, and gets its first client after that.
  const serving = ofKind(events, 'control-written').find(
    ({ timestamp, record, atMs }) =>
      timestamp === 'state#mumbai' && record['state'] === 'serving' && seconds(atMs) > healSeconds + 10,
  );
  const first = ofKind(events, 'request').find(
    ({ region, startedMs }) => region === 'mumbai' && seconds(startedMs) > healSeconds,
  );
  expect(seconds(serving?.atMs ?? 0)).toBeGreaterThan(healSeconds + 60);
  expect(first?.startedMs).toBeGreaterThan(serving?.atMs ?? Infinity);
  expect(report.timeline.map(({ kind }) => kind)).toContain('accelerator');
}, 240_000);

test('errors of the router: /health tells the load balancer, and it the accelerator', async () => {
  const { report } = await withSynthesizedStack(ACCELERATED, (graph) => drilled(graph, 'lambda-errors', 4));
  expect(report).toMatchObject({ passed: true, reasons: [] });
  // It has to go through two checks and three looks.
  expect(report.rto?.worstSeconds).toBeGreaterThan(25);
  expect(report.rto?.worstSeconds).toBeLessThanOrEqual(49);
}, 240_000);

describe('what no drill would show is refused', () => {
  const edited = (edit: (text: string) => string): string[] =>
    whatCannotServe(parseStack(JSON.parse(edit(text)) as object, directory), OUR_SERVICE).map(
      ({ address, sentence }) => `${address} ${sentence}`,
    );
  let text = '';
  let directory = '';
  beforeAll(async () => {
    await withSynthesizedStack(ACCELERATED, (graph) => Promise.resolve(void (directory = graph.directory)));
    text = readFileSync(join(directory, 'cdk.tf.json'), 'utf8');
  });

  test('nothing of the stack as it is', () => expect(edited((same) => same)).toEqual([]));

  test.each<[string, (text: string) => string, RegExp]>([
    [
      'a front that asks whether the function runs, and not whether the region serves',
      (json) => json.replaceAll('"path": "/health"', '"path": "/live"'),
      /aws_lb\.mumbai_alb has no target group that asks \/health of health-checker.* still catching up, would get clients/,
    ],
    [
      'a front whose checks are off',
      (json) =>
        json.replaceAll(/"enabled": true,(\s+"healthy_threshold": 5,\s+"interval": 5,)/g, '"enabled": false,$1'),
      /has no target group that asks \/health/,
    ],
    [
      'an accelerator that does not listen for HTTPS',
      (json) => json.replaceAll(/"(from|to)_port": 443/g, '"$1_port": 8443'),
      /aws_globalaccelerator_accelerator\.front_accelerator has no TCP listener on 443/,
    ],
    [
      'an accelerator that is off',
      (json) => json.replace('"ip_address_type": "IPV4"', '"ip_address_type": "IPV4", "enabled": false'),
      /front_accelerator sets enabled to false: it takes no connection/,
    ],
    [
      'a region without weight',
      (json) => json.replace('"weight": 128', '"weight": 0'),
      /aws_lb\.mumbai_alb is led to by no record of app\.example\.com, so clients cannot be sent to ap-south-1/,
    ],
    [
      'what the twin does not know of a group',
      (json) =>
        json.replace('"endpoint_group_region"', '"port_override": [{"listener_port": 443}], "endpoint_group_region"'),
      /sets port_override, which the twin does not know/,
    ],
  ])('%s', (_, edit, says) => {
    expect(edit(text)).not.toBe(text);
    expect(edited(edit).join('\n')).toMatch(says);
  });
});
