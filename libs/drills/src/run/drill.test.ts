import { runDrill, type Progress } from './drill';
import { renderText } from '../report/render-text';
import { parseScenario, type ScenarioOptions } from '../schedule/scenario';
import { fakeTwin, type FakeFaults } from '../testing/fake-twin';
import type { UnknownValue } from '@dr/terraform-json';
import { graphOf, SOUND_STACK } from '../testing/fixtures';
import { OURS } from '../systems/ours';
import { startClients } from './clients';
import { placesOf } from './start';

const drill = (
  options: Partial<ScenarioOptions> & {
    seed?: number;
    faults?: FakeFaults;
    stack?: object;
    unknown?: UnknownValue[];
  } = {},
) => {
  const twin = fakeTwin({ seed: options.seed ?? 1, faults: options.faults ?? {} });
  const objective = { rtoSeconds: 60, rpoSeconds: 5 };
  const small = { clients: 20, requestsPerSecond: 4, durationSeconds: 100 };
  const scenario = parseScenario({ objective, ...small, ...options }, placesOf(OURS, twin.world.regions));
  const seen: Progress[] = [];
  const graph = { ...graphOf({ ...SOUND_STACK, ...options.stack }), unknown: options.unknown ?? [] };
  const onProgress = (progress: Progress): void => void seen.push(progress);
  return runDrill({ twin, graph, scenario, replay: 'replay', wallMs: () => 0, onProgress }).then((report) => ({
    report,
    seen,
  }));
};

test('a lost region is measured from clients and log, and passes when all holds', async () => {
  const { report, seen } = await drill();
  expect(report.reasons).toEqual([]);
  expect(report.passed).toBe(true);
  expect(report.rto?.clientsAffected).toBe(10);
  expect(report.rto?.worstSeconds).toBeGreaterThan(40);
  expect(report.rto?.worstSeconds).toBeLessThanOrEqual(report.predicted.worstClientSeconds);
  expect(report.rpo.writesAtRisk).toBeGreaterThan(0);
  expect(report.rpo.oldestAtRiskSeconds).toBeLessThanOrEqual(0.8);
  expect(report.timeline.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining([
      'fault',
      'first-failing-probe',
      'checkers-unhealthy',
      'dns-answer',
      'last-client-recovered',
    ]),
  );
  expect(report.timeline.map(({ kind }) => kind).slice(-2)).toEqual(['notification', 'failback']);
  expect(report.requests.total / report.simulation.virtualSeconds).toBeGreaterThan(3);
  expect(new Set(seen.map(({ phase }) => phase))).toEqual(new Set(['warm-up', 'fault', 'recovery', 'settling']));
});

test('the same seed gives the same report, another seed another log', async () => {
  const [first, again, other] = await Promise.all([drill(), drill(), drill({ seed: 2 })]);
  expect(again.report).toEqual(first.report);
  expect(other.report.eventLogHash).not.toBe(first.report.eventLogHash);
});

const failing: readonly [string, Parameters<typeof drill>[0], RegExp][] = [
  [
    'the router answers 500',
    { faults: { routerStatus: 500 } },
    /requests to mumbai failed before any fault .* 500.*aws_lambda_function.mumbai_traffic_router/,
  ],
  [
    '/health is a fixed response',
    { faults: { shallowHealth: true } },
    /health-is-deep: the health check of mumbai is answered by fixed-response/,
  ],
  ['nobody is told', { faults: { silent: true } }, /no failover notification was sent/],
  [
    'the objective is missed',
    { objective: { rtoSeconds: 45, rpoSeconds: 5 } },
    /aws_route53_health_check.mumbai, .*3 failures every 10 s cannot meet 45 s: /,
  ],
  [
    'a write is older than the objective',
    { objective: { rtoSeconds: 60, rpoSeconds: 0.1 } },
    /a write [\d.]+ s old was at risk; the objective is 0.1 s/,
  ],
  [
    'no client can be affected',
    { clients: 1, requestsPerSecond: 0.1, region: 'singapore' },
    /region-dark in singapore affected no client/,
  ],
];
test.each(failing)('fails, naming the cause, when %s', async (_name, options, reason) => {
  const { report } = await drill(options);
  expect(report.passed).toBe(false);
  expect(report.reasons.filter((text) => reason.test(text))).toHaveLength(1);
});

describe('a fault that is over before it is found', () => {
  test.each([1, 20, 39])('of %i s passes: nothing had to move, and nobody was hurt beyond the objective', async (s) => {
    const { report } = await drill({ durationSeconds: s });
    expect(report.reasons).toEqual([]);
    expect(report.passed).toBe(true);
    expect(report.judgement).toContain(`${s} s is no longer than detection may take (42 s), so nothing had to move`);
    expect(report.judgement).toContain('and nothing did');
    expect(renderText(report, { color: false })).toContain(report.judgement);
  });

  test('passes with settings that promise less than the objective: they were not put to the test', async () => {
    const { report } = await drill({ durationSeconds: 20, objective: { rtoSeconds: 45, rpoSeconds: 5 } });
    expect(report.reasons).toEqual([]);
  });

  test('fails when somebody was without service for longer than the objective', async () => {
    const { report } = await drill({ durationSeconds: 20, objective: { rtoSeconds: 10, rpoSeconds: 5 } });
    expect(report.reasons).toEqual([
      expect.stringMatching(/3 failures every 10 s cannot meet 10 s/),
      expect.stringMatching(
        /the worst client that honours the TTL and opens a new connection was without service .* objective is 10 s/,
      ),
    ]);
  });

  test('fails when nobody was sent to the region before it: then nothing was shown', async () => {
    const { report } = await drill({ durationSeconds: 5, clients: 1, requestsPerSecond: 0.1, region: 'singapore' });
    expect(report.reasons.join()).toMatch(/region-dark in singapore affected no client/);
  });

  test('demands that people are told once the region was found, and that it was, where the fault is longer', async () => {
    const found = await drill({ durationSeconds: 41, faults: { silent: true } });
    expect(found.report.judgement).toMatch(/nothing had to move; Route 53 moved clients all the same, after 40 s/);
    expect(found.report.reasons).toContain('no failover notification was sent');
    const told = await drill({ durationSeconds: 41 });
    expect(told.report.reasons).toEqual([]);
    const longer = await drill({ durationSeconds: 43 });
    expect(longer.report.judgement).toMatch(/^mumbai was found unhealthy after 40 s\./);
    expect(longer.report.reasons).toEqual([]);
  });
});

test('a system that fails without a fault is not broken further: the drill ends after the warm-up', async () => {
  const { report, seen } = await drill({ faults: { routerStatus: 500 } });
  expect(report).toMatchObject({ passed: false, rto: null, requests: { succeeded: 0 } });
  expect(report.reasons).toContain('more than 10 % of the requests failed before any fault, so none was injected');
  expect(seen.at(-1)).toMatchObject({ phase: 'warm-up', virtualSeconds: 60 });
});

test('the text report names what the object holds, without colour codes unless asked', async () => {
  const { report } = await drill({ faults: { silent: true } });
  const text = renderText(report, { color: false });
  for (const part of [
    'FAILED',
    String(report.rto?.worstSeconds.toFixed(1)),
    report.eventLogHash,
    'replay',
    ...report.reasons,
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('\u001b[');
  expect(renderText(report, { color: true })).toContain('\u001b[');
});

test('what is unknown in the stack, and nobody needs, is said with its place and the reason', async () => {
  const { report } = await drill({
    unknown: [{ address: 'aws_x.label', path: 'name', reason: 'var.asked has no default' }],
  });
  expect(report.passed).toBe(true);
  expect(report.unknown).toEqual(['aws_x.label: name: var.asked has no default']);
  expect(renderText(report, { color: false })).toMatch(
    /Unknown before an apply\n\s*aws_x\.label: name: var\.asked has no default/,
  );
  expect(renderText((await drill()).report, { color: false })).not.toContain('Unknown before an apply');
});

test('resolver caches end at times of their own, however long the TTL', async () => {
  const asked = new Map<string, number[]>();
  const twin = fakeTwin();
  twin.world.events.subscribe((event) => {
    if (event.kind === 'dns-query' && event.client.startsWith('client-'))
      asked.set(event.client, [...(asked.get(event.client) ?? []), event.ttlSeconds]);
  });
  const load = { clients: 40, requestsPerSecond: 40, writeShare: 0.5 };
  twin.start();
  startClients(twin, load, OURS.workload(twin));
  await twin.world.scheduler.runUntil(30_000);
  const first = [...asked.values()].map(([ttlSeconds]) => ttlSeconds ?? 0);
  expect(Math.min(...first)).toBeLessThan(twin.settings.ttlSeconds * 0.2);
  expect(Math.max(...first)).toBeGreaterThan(twin.settings.ttlSeconds * 0.8);
  for (const [, ...later] of asked.values()) expect(new Set(later)).toEqual(new Set([twin.settings.ttlSeconds]));
});
