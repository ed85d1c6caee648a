// A region that is gone for good: no heal, no failback, and the checks ask for neither.
import { renderText } from '../report/render-text';
import { parseScenario } from '../schedule/scenario';
import { OURS } from '../systems/ours';
import { fakeTwin, type FakeFaults } from '../testing/fake-twin';
import { graphOf, SOUND_STACK } from '../testing/fixtures';
import { runDrill, type DrillOptions } from './drill';
import { placesOf } from './start';

const plan = (redundantAfterSeconds: number | null) => ({
  region: { name: 'seoul', awsRegion: 'ap-northeast-2' },
  steps: [],
  tableGb: 1,
  servingMeanwhile: ['singapore'],
  promisedPerSecond: 100,
  redundantAfterSeconds,
  withoutRedundancySeconds: redundantAfterSeconds,
});

async function drill({ seconds = 3_000 as number | null, faults = {} as FakeFaults, neverHeals = true } = {}) {
  const twin = fakeTwin({ faults });
  const options = { clients: 20, requestsPerSecond: 4, durationSeconds: 100, ...(neverHeals ? { neverHeals } : {}) };
  const scenario = parseScenario(
    { objective: { rtoSeconds: 60, rpoSeconds: 5 }, ...options } as Parameters<typeof parseScenario>[0],
    placesOf(OURS, twin.world.regions),
  );
  const afterwards: NonNullable<DrillOptions['afterwards']> = () =>
    Promise.resolve({ degraded: [], plan: plan(seconds) });
  const graph = graphOf(SOUND_STACK);
  const report = await runDrill({ twin, graph, scenario, replay: 'replay', wallMs: () => 0, afterwards });
  return { report, twin };
}

test('passes without a heal, a failback or word of one', async () => {
  const { report, twin } = await drill();
  expect(report.reasons).toEqual([]);
  expect(report).toMatchObject({ passed: true, fault: { neverHeals: true, durationSeconds: 100 } });
  expect(twin.world.events.ofKind('fault-end')).toEqual([]);
  const kinds = report.timeline.map(({ kind }) => kind);
  expect(kinds).toContain('checkers-unhealthy');
  expect(kinds).not.toContain('heal');
  expect(kinds).not.toContain('failback');
  expect(report.rto?.worstSeconds).toBeLessThanOrEqual(report.predicted.worstClientSeconds);
});

test('names every write that is lost, and counts no other', async () => {
  const { report, twin } = await drill();
  const { lost } = report.aftermath ?? { lost: undefined };
  expect(lost?.writes).toBe(report.rpo.writesAtRisk);
  expect(lost?.writes).toBeGreaterThan(0);
  expect(lost?.versions).toHaveLength(lost?.writes ?? -1);
  const left = new Set([...twin.replicas.items('singapore')].map(({ id, timestamp }) => `${id} ${timestamp}`));
  for (const { id, timestamp, ageSeconds } of lost?.versions ?? []) {
    expect(left.has(`${id} ${timestamp}`)).toBe(false);
    expect(ageSeconds).toBeGreaterThanOrEqual(0);
    expect(ageSeconds).toBeLessThanOrEqual(report.rpo.oldestAtRiskSeconds);
  }
  const text = renderText(report, { color: false });
  expect(text).toContain('lost for good');
  expect(text).toContain(
    'singapore serves alone until seoul does, and one more loss is an outage. seoul serves 50 min 0 s after the loss.',
  );
});

test('fails where the new region never comes to serve', async () => {
  const { report } = await drill({ seconds: null });
  expect(report.passed).toBe(false);
  expect(report.reasons).toEqual(['seoul was applied in the place of the lost region, and never came to serve']);
});

test('fails where nobody is told of the loss: no heal is no excuse', async () => {
  const { report } = await drill({ faults: { silent: true } });
  expect(report.passed).toBe(false);
  expect(report.reasons.join()).toContain('no failover notification was sent');
  expect(report.reasons.join()).not.toContain('failback');
});

test('a drill that heals has no aftermath', async () => {
  const { report } = await drill({ neverHeals: false });
  expect(report).not.toHaveProperty('aftermath');
  expect(report.fault).not.toHaveProperty('neverHeals');
});

test('is for the loss of a whole region', () => {
  const options = { fault: 'partition', neverHeals: true as const, objective: { rtoSeconds: 60, rpoSeconds: 5 } };
  expect(() => parseScenario(options, placesOf(OURS, fakeTwin().world.regions))).toThrow(
    /--never-heals with --fault partition: is for the loss of a whole region. Use one of region-dark, /,
  );
});
