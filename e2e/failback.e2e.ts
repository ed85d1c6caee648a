// Failback by hand: AWS takes its alarms, nothing is planned twice, a standing stack goes over to it and back in place, and nothing is left.
import { DEPLOYABLE, layGroundwork, settings, UNPROTECTED } from './support/deployable';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { leftOver } from './support/left-over';
import { Stack } from './support/stack';

const BY_HAND = settings('recovery.failback="manual"', 'recovery.waitingPageMinutes=45');
const ALARMS = [
  'aws_cloudwatch_metric_alarm.mumbai_failback_waiting',
  'aws_cloudwatch_metric_alarm.singapore_failback_waiting',
];
/** The functions that are told, with all that they stand on. */
const TOLD = ['aws_lambda_function.mumbai_health_checker', 'aws_lambda_function.singapore_health_checker'];
const TARGETS = [...ALARMS, ...TOLD].map((address) => `-target=${address}`);
/** An apply, three plans and a destroy of most of a stack. */
const TIMEOUT_MS = 1_800_000;

let aws: EmulatedAws;

beforeAll(async () => {
  aws = await startEmulatedAws();
  await layGroundwork(aws);
});
afterAll(() => aws?.stop());

test(
  'it is applied and planned no more, a stack goes over to it and back in place, and is destroyed whole',
  async () => {
    const before = await aws.inventory();
    const byHand = await Stack.synthesize('dr', [...DEPLOYABLE, ...UNPROTECTED, ...BY_HAND], aws.env);
    await byHand.init();
    await byHand.apply(...TARGETS);
    const alarms = (await byHand.applied()).filter(({ address }) => ALARMS.includes(address));
    expect(alarms.map(({ values }) => values)).toEqual(
      ['mumbai', 'singapore'].map((region) =>
        expect.objectContaining({
          alarm_name: `dr-${region}-failback-waiting`,
          threshold: 2_700,
          period: 60,
          treat_missing_data: 'notBreaching',
        }),
      ),
    );
    expect(await byHand.plan(...TARGETS)).toEqual([]);

    // The state is one: what leads back leads there, too.
    const automatic = await Stack.synthesize('dr', [...DEPLOYABLE, ...UNPROTECTED], aws.env);
    await automatic.init();
    const back = await automatic.plan(...TARGETS);
    expect(back.filter(({ actions }) => actions.join() === 'delete').map(({ address }) => address)).toEqual(ALARMS);
    const changed = back.filter(({ actions }) => actions.join() !== 'delete');
    expect(changed.map(({ address }) => address)).toEqual(expect.arrayContaining(TOLD));
    // Every function is told, and a function that is told anew has another version behind its alias.
    for (const { address, actions } of changed) {
      expect(address).toMatch(/^aws_lambda_(function|alias)\./);
      expect(actions).toEqual(['update']);
    }

    await byHand.destroy();
    expect(await byHand.applied()).toEqual([]);
    expect(leftOver(await aws.inventory(), before)).toEqual([]);
  },
  TIMEOUT_MS,
);
