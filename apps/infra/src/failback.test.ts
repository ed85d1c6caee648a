// What failback by hand adds to the stack: an alarm in each region, and what the functions are told.
import type { DrConfigInput } from '@dr/contracts/system/config';
import { synthesized } from './testing/synth-in-test';

describe('failback by hand', () => {
  const alarms = (recovery: NonNullable<DrConfigInput['recovery']>) =>
    synthesized({ recovery })
      .query.all('aws_cloudwatch_metric_alarm')
      .map(({ properties }) => properties)
      .filter(({ alarm_name }) => String(alarm_name).endsWith('-failback-waiting'));

  it('pages in each region, on its own topic, once it has waited for half an hour unless told otherwise', () => {
    expect(alarms({ failback: 'manual' })).toMatchObject([{ threshold: 1_800 }, { threshold: 1_800 }]);
    const [first] = alarms({ failback: 'manual', waitingPageMinutes: 5 });
    expect(first).toMatchObject({
      alarm_name: 'dr-mumbai-failback-waiting',
      threshold: 300,
      namespace: 'DR/System',
      metric_name: 'FailbackWaitingSeconds',
      dimensions: { Region: 'mumbai' },
      alarm_actions: ['${aws_sns_topic.mumbai_alerts.arn}'],
      ok_actions: ['${aws_sns_topic.mumbai_alerts.arn}'],
      treat_missing_data: 'notBreaching',
    });
  });

  it('tells the functions, and nobody where it is off', () => {
    const told = (recovery: NonNullable<DrConfigInput['recovery']>): unknown[] => {
      const texts = synthesized({ recovery })
        .query.all('aws_lambda_function')
        .map((fn) => JSON.stringify(fn));
      return texts.filter((text) => text.includes('manualFailback'));
    };
    expect(told({ failback: 'manual' }).length).toBeGreaterThan(0);
    expect(told({ failback: 'automatic' })).toEqual([]);
    expect(alarms({})).toEqual([]);
  });
});
