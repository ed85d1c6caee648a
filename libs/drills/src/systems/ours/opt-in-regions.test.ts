// A pair with an opt-in region, drilled with the real bundles: each region is lost, and the other one hears of it.
import type { DrillReport } from '@dr/contracts';
import type { Graph } from '@dr/terraform-json';
import { Twin } from '@dr/twin';
import { runDrill } from '../../run/drill';
import { parseScenario } from '../../schedule/scenario';
import { behindPort, placesOf } from '../../run/start';
import { withSynthesizedStack } from '../../testing/synthesized-stack';
import { OURS } from '.';

/** Payment data stays in the country. */
const INDIA = [
  { name: 'mumbai', awsRegion: 'ap-south-1' },
  { name: 'hyderabad', awsRegion: 'ap-south-2' },
];
const ARGS = ['--set', `regions=${JSON.stringify(INDIA)}`];
const SMALL = { clients: 20, requestsPerSecond: 4, durationSeconds: 300 };

const isFailover = ({ subject }: { readonly subject: string }): boolean => subject.startsWith('Failover');

/** Seconds from the fault to each notice of the failover. */
const toldAfterSeconds = ({ notifications, fault }: DrillReport): number[] =>
  notifications.filter(isFailover).map(({ atSeconds }) => atSeconds - fault.startSeconds);

async function lossOf(region: string, graph: Graph) {
  const twin = new Twin({ graph, seed: 1, system: OURS });
  const scenario = parseScenario(
    { region, objective: { rtoSeconds: 60, rpoSeconds: 5 }, ...SMALL },
    placesOf(OURS, INDIA),
  );
  const report = await runDrill({ twin: await behindPort(twin, OURS), graph, scenario, replay: '', wallMs: () => 0 });
  return { twin, report, events: twin.world.events };
}

test.each([
  ['mumbai', 'hyderabad', 'eventbridge'],
  ['hyderabad', 'mumbai', 'sns'],
])(
  '%s is lost, %s is told by way of %s and tells people',
  async (lost, living, trigger) => {
    await withSynthesizedStack(ARGS, async (graph) => {
      const { report, twin, events } = await lossOf(lost, graph);
      expect(report.reasons).toEqual([]);
      expect(report.passed).toBe(true);
      expect(report.notifications.filter(isFailover).map(({ fromRegion }) => fromRegion)).toEqual([living]);
      // Route 53's metric is one of a minute, and arrives two minutes later: its alarm turns within four minutes of the loss.
      expect(Math.max(...toldAfterSeconds(report))).toBeLessThan(240);
      const failover = events
        .ofKind('log')
        .filter(({ region, record }) => region === living && record['state'] === 'Route53Failover');
      expect(failover.map(({ record }) => record['evidence'])).toEqual(['route53-alarm']);
      // What arrived within seconds of the alarm in us-east-1, not the schedule of the minute.
      const alarm = events
        .ofKind('alarm')
        .find((one) => one.alarm === `dr-${lost}-route53-unhealthy` && one.state === 'ALARM');
      const heard = events
        .ofKind('invocation')
        .filter((one) => one.region === living && one.trigger === trigger && one.outcome === 'ok')
        .map(({ startedMs }) => startedMs - (alarm?.atMs ?? 0))
        .filter((afterMs) => afterMs > 0 && afterMs < 10_000);
      expect(heard).not.toEqual([]);
      expect(events.ofKind('denied')).toEqual([]);
      if (trigger === 'eventbridge') {
        expect(twin.iam.usedPermissions().filter(({ action }) => action === 'events:PutEvents')).toHaveLength(1);
      }
    });
  },
  300_000,
);

test('without its way over EventBridge the opt-in region tells of the failover when the lost one is back', async () => {
  await withSynthesizedStack(ARGS, async (graph) => {
    const isWay = /^aws_cloudwatch_event_target\..*_alarm_events_from_/;
    const without = Object.create(graph, {
      ofType: { value: (type: string) => graph.ofType(type).filter(({ address }) => !isWay.test(address)) },
    }) as Graph;
    const { report, events } = await lossOf('mumbai', without);
    expect(events.ofKind('invocation').some(({ trigger }) => trigger === 'eventbridge')).toBe(false);
    expect(Math.min(...toldAfterSeconds(report))).toBeGreaterThan(SMALL.durationSeconds);
  });
}, 300_000);
