// Failback by hand: a standing stack goes over to it in place, AWS takes its alarms, nothing is planned twice, and nothing is left.
import { DEPLOYABLE, layGroundwork, settings, UNPROTECTED } from './support/deployable';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { Stack } from './support/stack';

const BY_HAND = settings('recovery.failback="manual"', 'recovery.waitingPageMinutes=45');
const ALARMS = [
  'aws_cloudwatch_metric_alarm.mumbai_failback_waiting',
  'aws_cloudwatch_metric_alarm.singapore_failback_waiting',
];
/** What the option changes, with all that it stands on. */
const CHANGED = [
  'aws_cloudwatch_dashboard.system_health_overview',
  'aws_lambda_alias.mumbai_health_checker_live',
  'aws_lambda_alias.singapore_health_checker_live',
];
const targets = (...addresses: readonly string[]): string[] => addresses.map((address) => `-target=${address}`);

let aws: EmulatedAws;

beforeAll(async () => {
  aws = await startEmulatedAws();
  await layGroundwork(aws);
});
afterAll(() => aws?.stop());

test('a standing stack goes over to failback by hand in place, is planned no more, and is destroyed whole', async () => {
  const before = await aws.inventory();
  const automatic = await Stack.synthesize('dr', [...DEPLOYABLE, ...UNPROTECTED], aws.env);
  await automatic.init();
  await automatic.apply(...targets(...CHANGED));

  const byHand = await Stack.synthesize('dr', [...DEPLOYABLE, ...UNPROTECTED, ...BY_HAND], aws.env);
  await byHand.init();
  const goesOver = await byHand.plan(...targets(...CHANGED, ...ALARMS));
  expect(goesOver.filter(({ actions }) => actions.includes('delete'))).toEqual([]);
  expect(goesOver.filter(({ actions }) => actions.join() === 'create').map(({ address }) => address)).toEqual(
    expect.arrayContaining(ALARMS),
  );
  await byHand.apply(...targets(...CHANGED, ...ALARMS));
  const applied = await byHand.applied();
  expect(applied.filter(({ address }) => ALARMS.includes(address)).map(({ values }) => values)).toEqual(
    ALARMS.map((_, at) =>
      expect.objectContaining({
        alarm_name: `dr-${['mumbai', 'singapore'][at]}-failback-waiting`,
        threshold: 2_700,
        period: 60,
        treat_missing_data: 'notBreaching',
      }),
    ),
  );
  expect(await byHand.plan(...targets(...CHANGED, ...ALARMS))).toEqual([]);

  await byHand.destroy();
  expect(await byHand.applied()).toEqual([]);
  expect(await aws.inventory()).toEqual(before);
});
