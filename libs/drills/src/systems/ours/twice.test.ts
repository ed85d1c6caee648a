// AWS delivers at least once: a schedule, a message and an event may come twice. Here every one does, through a whole drill.
import { Twin } from '@dr/twin';
import { runDrill } from '../../run/drill';
import { behindPort, placesOf } from '../../run/start';
import { parseScenario } from '../../schedule/scenario';
import { withSynthesizedStack } from '../../testing/synthesized-stack';
import { OURS } from '.';

test('a region is lost and comes back as promised while every asynchronous event comes twice', async () => {
  const { report, twice } = await withSynthesizedStack([], async (graph) => {
    const twin = new Twin({ graph, seed: 1, system: OURS });
    const { regions } = twin.world;
    let doubled = 0;
    for (const { awsRegion } of regions) {
      const service = twin.lambda.in(awsRegion);
      if (!service) throw new Error(`no functions in ${awsRegion}`);
      const once = service.invokeAsync.bind(service);
      service.invokeAsync = (...call) => {
        doubled += 1;
        once(...call);
        once(...call);
      };
    }
    const small = { clients: 40, requestsPerSecond: 4, durationSeconds: 180 };
    const scenario = parseScenario({ objective: { rtoSeconds: 60, rpoSeconds: 5 }, ...small }, placesOf(OURS, regions));
    const port = await behindPort(twin, OURS);
    const drilled = await runDrill({ twin: port, graph, scenario, replay: 'replay', wallMs: () => 0 });
    return { report: drilled, twice: doubled };
  });
  expect(twice).toBeGreaterThan(40);
  expect(report.reasons).toEqual([]);
  expect(report.passed).toBe(true);
}, 300_000);
