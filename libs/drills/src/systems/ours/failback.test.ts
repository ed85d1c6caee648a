// Failback by hand on the real stack: a region waits until it is ordered back, people are paged, and the last one waits for nobody.
import { METRICS, parseAlarmName } from '@dr/contracts/system';
import type { Graph } from '@dr/terraform-json';
import { violationsOf } from '../../judge/judge-schedule';
import { runDrill } from '../../run/drill';
import { runSchedule } from '../../run/run-schedule';
import { placesOf, startTwin } from '../../run/start';
import { parseScenario } from '../../schedule/scenario';
import type { OrderAction, Schedule } from '../../schedule/schedule';
import { drawSchedule } from '../../search/seeded-draw';
import type { RunRecord } from '../../system-under-drill';
import { withSynthesizedStack } from '../../testing/synthesized-stack';
import { AdmissionHistory } from './checks/admission-history';
import { orderOutcomes } from './orders';
import { emittedMetrics } from './serving';
import { OURS } from '.';

const BY_HAND = ['--set', 'recovery.failback=manual', '--set', 'recovery.waitingPageMinutes=1'];
/** Of real time: each test runs minutes of virtual time with every function in them. */
const TIMEOUT_MS = 600_000;
const LOST = { kind: 'region-dark', region: 'mumbai', startSeconds: 30, durationSeconds: 60 } as const;

const readmit = (atSeconds: number): OrderAction => ({
  order: 'readmit',
  region: 'mumbai',
  via: 'singapore',
  atSeconds,
});

const run = (args: readonly string[], schedule: Schedule): Promise<RunRecord> =>
  withSynthesizedStack(args, async (graph: Graph) =>
    runSchedule({ twin: await startTwin({ system: OURS, graph, seed: 3 }), graph, schedule }),
  );

/** In seconds, when mumbai came into service again after its loss; null: never. */
function backSeconds(record: RunRecord): number | null {
  const back = new AdmissionHistory(record)
    .changes()
    .find(({ region, to, atMs }) => region === 'mumbai' && to === 'serving' && atMs > 60_000);
  return back ? back.atMs / 1000 : null;
}

test(
  'a region that came back waits for an order, pages after its time, and serves within seconds of the order',
  async () => {
    const record = await run(BY_HAND, { faults: [LOST], orders: [readmit(120), readmit(300)] });
    expect(orderOutcomes(record)).toMatchObject([
      { outcome: 'refused', reason: expect.stringMatching(/has not caught up/) as string },
      { outcome: 'obeyed', reason: 'the region serves again' },
    ]);
    const served = backSeconds(record) ?? 0;
    expect(served).toBeGreaterThan(300);
    expect(served).toBeLessThan(315);
    const paged = [...record.events].flatMap((event) =>
      event.kind === 'alarm' &&
      parseAlarmName('dr', event.alarm)?.alarm === 'failback-waiting' &&
      event.state === 'ALARM'
        ? [event.atMs / 1000]
        : [],
    );
    expect(paged).toHaveLength(1);
    expect(paged[0]).toBeLessThan(300);
    expect(violationsOf(record)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'nobody orders it back: it waits, and the run is at rest',
  async () => {
    const record = await run(BY_HAND, { faults: [LOST], orders: [] });
    expect(backSeconds(record)).toBeNull();
    expect(record.unquiet).toEqual([]);
    expect(violationsOf(record)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'a router that was broken for longer than W does not bring its region back when it works again',
  async () => {
    const broken = { kind: 'lambda-errors', region: 'mumbai', startSeconds: 30, durationSeconds: 70 } as const;
    const record = await run(BY_HAND, {
      faults: [{ ...broken, functionName: 'traffic-router' }],
      orders: [readmit(240)],
    });
    expect(backSeconds(record)).toBeGreaterThan(240);
    expect(violationsOf(record)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'the region that waits takes over when the last one that serves is lost',
  async () => {
    const other = { kind: 'region-dark', region: 'singapore', startSeconds: 240, durationSeconds: 90 } as const;
    const record = await run(BY_HAND, { faults: [LOST, other], orders: [] });
    const served = backSeconds(record) ?? 0;
    expect(served).toBeGreaterThan(240);
    expect(served).toBeLessThan(275);
    expect(violationsOf(record)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'fails to wait where failback is automatic: the check finds it',
  async () => {
    const record = await run([], { faults: [LOST], orders: [] });
    expect(backSeconds(record)).toBeGreaterThan(90);
    expect(violationsOf(record)).toEqual([]);
    expect(violationsOf({ ...record, returnsByOrder: true })).toEqual([
      {
        id: '5-I7-serves-only-by-order',
        detail: expect.stringMatching(/mumbai serves at .* s beside singapore and nobody had ordered it/) as string,
      },
    ]);
  },
  TIMEOUT_MS,
);

test(
  'the operator of a drill gives the order a minute after the region began to wait',
  async () => {
    const report = await withSynthesizedStack(BY_HAND, async (graph) => {
      const twin = await startTwin({ system: OURS, graph, seed: 1 });
      const places = placesOf(OURS, twin.world.regions, graph);
      const options = { objective: { rtoSeconds: 60, rpoSeconds: 5 }, clients: 20, rate: 4, duration: 90 };
      const scenario = parseScenario(options, places);
      const drilled = await runDrill({ twin, graph, scenario, replay: '', wallMs: () => 0 });
      return { drilled, events: [...twin.world.events] };
    });
    expect(report.drilled).toMatchObject({ passed: true });
    const said = report.events.flatMap((event) =>
      event.kind === 'log' && event.functionName === 'health-checker'
        ? [[event.record['reason'], event.atMs] as const]
        : [],
    );
    const at = (reason: string): number => said.find(([one]) => one === reason)?.[1] ?? NaN;
    expect((at('readmitted') - at('waits')) / 1000).toBeGreaterThan(60);
    expect((at('readmitted') - at('waits')) / 1000).toBeLessThan(80);
  },
  TIMEOUT_MS,
);

test(
  'the metric of the wait is one that a stack has where its regions wait, and that is paid for there alone',
  async () => {
    const emitted = (args: readonly string[]): Promise<number> =>
      withSynthesizedStack(args, async (graph) => {
        const ids = graph.ofType('aws_lambda_function').flatMap((fn) => emittedMetrics(fn).map(({ id }) => id));
        return new Set(ids.filter((id) => id.includes(METRICS.failbackWaiting.name))).size;
      });
    expect(await emitted(BY_HAND)).toBe(2);
    expect(await emitted([])).toBe(0);
  },
  TIMEOUT_MS,
);

test('schedules that a search draws give such orders, and only there', async () => {
  const regions = [{ name: 'mumbai' }, { name: 'singapore' }];
  await withSynthesizedStack(BY_HAND, async (graph) => {
    const readmissions = (places: ReturnType<typeof placesOf>): number =>
      Array.from({ length: 50 }, (_, seed) => drawSchedule(seed, places)).flatMap(({ orders }) =>
        orders.filter(({ order, atSeconds }) => order === 'readmit' && atSeconds > 100),
      ).length;
    expect(readmissions(placesOf(OURS, regions, graph))).toBeGreaterThan(50);
    expect(readmissions(placesOf(OURS, regions))).toBe(0);
    const seed = 7;
    const { faults } = drawSchedule(seed, placesOf(OURS, regions));
    expect(drawSchedule(seed, placesOf(OURS, regions, graph)).faults).toEqual(faults);
  });
});
