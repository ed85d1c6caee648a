// Systems with opt-in regions: every orchestrator hears the alarms of every region, each by the way that AWS has for it.
import { GLOBAL_REGION, InputError, alarmRoute } from '@dr/contracts';

import { parseConfig, type DrConfigInput } from '@dr/contracts/system/config';
import { parseStack } from '@dr/terraform-json';
import { checkParity } from './checks/parity';
import { checkRules } from './checks/rules';
import type { Resource, StackJson } from './checks/stack-json';
import { awsRegionOf } from './testing/stack-query';
import type { StackQuery } from './testing/stack-query';
import { configWith, synthesized } from './testing/synth-in-test';

type Regions = DrConfigInput['regions'];
const MUMBAI = { name: 'mumbai', awsRegion: 'ap-south-1' };
const HYDERABAD = { name: 'hyderabad', awsRegion: 'ap-south-2' };
const DUBAI = { name: 'dubai', awsRegion: 'me-central-1' };
const VIRGINIA = { name: 'virginia', awsRegion: 'us-east-1' };
const SEOUL = { name: 'seoul', awsRegion: 'ap-northeast-2' };
const SINGAPORE = { name: 'singapore', awsRegion: 'ap-southeast-1' };

const hasReference = (value: unknown, { address }: Resource): boolean =>
  JSON.stringify(value).includes(`\${${address}.`);

/** `<from> <to>` -> how alarms of the one reach the orchestrator of the other; a way that is there twice is twice in it. */
function waysOf(query: StackQuery): Record<string, string[]> {
  const at = (resource: Resource): string => awsRegionOf(query.stack, resource) ?? '';
  const ways: Record<string, string[]> = {};
  const add = (from: string, to: string, way: string): void => void (ways[`${from} ${to}`] ??= []).push(way);
  for (const alias of query.all('aws_lambda_alias').filter(({ id }) => id.includes('failover_orchestrator'))) {
    const permissions = query.all('aws_lambda_permission').filter((one) => at(one) === at(alias));
    for (const topic of query.all('aws_sns_topic')) {
      const subscribed = query
        .all('aws_sns_topic_subscription')
        .filter((s) => hasReference(s.properties['endpoint'], alias) && hasReference(s.properties['topic_arn'], topic));
      const permission = permissions.find((one) => hasReference(one.properties['source_arn'], topic));
      subscribed.forEach(() => add(at(topic), at(alias), String(permission?.properties['principal'])));
    }
    const targets = query.all('aws_cloudwatch_event_target');
    const bus = query.all('aws_cloudwatch_event_bus').find((one) => at(one) === at(alias));
    if (!bus) continue;
    expect(targets.some((t) => hasReference(t.properties['arn'], alias) && hasReference(t.properties, bus))).toBe(true);
    for (const target of targets.filter((t) => hasReference(t.properties['arn'], bus))) {
      add(at(target), at(alias), 'eventbridge');
    }
  }
  return ways;
}

test.each<[string, Regions, number]>([
  ['two regions in India', [MUMBAI, HYDERABAD], 2],
  ['the opt-in region first', [HYDERABAD, SINGAPORE], 2],
  ['two opt-in regions', [HYDERABAD, DUBAI], 4],
  ['us-east-1 itself and an opt-in region', [VIRGINIA, HYDERABAD], 1],
  ['three regions of which one is opt-in', [MUMBAI, SINGAPORE, HYDERABAD], 3],
  ['default regions only', [MUMBAI, SINGAPORE], 0],
  ['three default regions', [MUMBAI, SINGAPORE, SEOUL], 0],
  ['four regions of which two are opt-in', [DUBAI, MUMBAI, HYDERABAD, SINGAPORE], 8],
])('%s', (_name, regions, overEventBridge) => {
  const { query } = synthesized({ regions });
  const ways = waysOf(query);
  const to = regions.map(({ awsRegion }) => awsRegion);
  const from = [...new Set([...to, GLOBAL_REGION])];
  expect(Object.keys(ways)).toHaveLength(from.length * to.length);
  for (const source of from) {
    for (const target of to) {
      const route = alarmRoute(source, target);
      const topics = query.all('aws_sns_topic').filter((topic) => awsRegionOf(query.stack, topic) === source).length;
      const expected = route.way === 'sns' ? Array.from({ length: topics }, () => route.principal) : ['eventbridge'];
      expect({ source, target, ways: ways[`${source} ${target}`] }).toEqual({ source, target, ways: expected });
    }
  }
  expect(
    Object.values(ways)
      .flat()
      .filter((way) => way === 'eventbridge'),
  ).toHaveLength(overEventBridge);
});

test('two opt-in regions are alike, whatever the order in which their queues learn of the rules', () => {
  const { query } = synthesized({ regions: [HYDERABAD, { name: 'jakarta', awsRegion: 'ap-southeast-3' }] });
  expect(query.all('aws_cloudwatch_event_bus')).toHaveLength(2);
});

describe('the way over EventBridge', () => {
  const { query } = synthesized({ regions: [MUMBAI, HYDERABAD] });

  it('has a role that may put events on the one bus, and a bus that takes them from the two rules only', () => {
    const role = JSON.parse(String(query.one('aws_iam_role_policy', 'hyderabad_alarm_events_policy')['policy']));
    const bus = '${aws_cloudwatch_event_bus.hyderabad_alarm_events.arn}';
    expect(role.Statement).toEqual([{ Sid: 'Alarms', Effect: 'Allow', Action: ['events:PutEvents'], Resource: [bus] }]);
    const policy = query.one('aws_cloudwatch_event_bus_policy', 'hyderabad_alarm_events_bus_policy')['policy'];
    expect(JSON.parse(String(policy)).Statement).toMatchObject([
      {
        Action: ['events:PutEvents'],
        Resource: [bus],
        Condition: {
          ArnEquals: {
            'aws:SourceArn': ['from_mumbai', 'from_us_east_1'].map(
              (id) => `\${aws_cloudwatch_event_rule.hyderabad_alarm_events_${id}.arn}`,
            ),
          },
        },
      },
    ]);
  });

  it('keeps what it cannot deliver, each in the region of the rule', () => {
    for (const [id, queue] of [
      ['from_mumbai_target', 'mumbai'],
      ['from_us_east_1_target', 'us_east_1'],
      ['target', 'hyderabad'],
    ]) {
      const { dead_letter_config: kept } = query.one('aws_cloudwatch_event_target', `hyderabad_alarm_events_${id}`);
      expect(kept).toEqual({ arn: `\${aws_sqs_queue.${queue}_undelivered.arn}` });
    }
  });

  it('is armed last: EventBridge checks role and bus when it gets the target', () => {
    const target = query.one('aws_cloudwatch_event_target', 'hyderabad_alarm_events_from_us_east_1_target');
    expect(target['depends_on']).toEqual([
      'aws_cloudwatch_event_bus_policy.hyderabad_alarm_events_bus_policy',
      'aws_iam_role_policy.hyderabad_alarm_events_policy',
      'aws_cloudwatch_event_target.hyderabad_alarm_events_target',
    ]);
    expect(target).not.toHaveProperty('retry_policy');
  });

  it('is for alarms of this system and no other', () => {
    const rule = query.one('aws_cloudwatch_event_rule', 'hyderabad_alarm_events_from_us_east_1');
    expect(JSON.parse(String(rule['event_pattern']))).toEqual({
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm State Change'],
      detail: { alarmName: [{ prefix: 'dr-' }] },
    });
  });
});

type Mutable = StackJson & { resource: Record<string, Record<string, Record<string, unknown>>> };
const planted = (plant: (resource: Mutable['resource']) => void): Mutable => {
  const stack = JSON.parse(synthesized({ regions: [MUMBAI, HYDERABAD] }).json) as Mutable;
  plant(stack.resource);
  return stack;
};

test.each<[string, (resource: Mutable['resource']) => void, RegExp]>([
  [
    'a subscription that SNS does not deliver',
    (r) => {
      const bySns = r['aws_sns_topic_subscription']?.['mumbai_failover_orchestrator_subscription_us_east_1'];
      const endpoint = '${aws_lambda_alias.hyderabad_failover_orchestrator_live.arn}';
      Object.assign(r['aws_sns_topic_subscription'] ?? {}, { planted: { ...bySns, endpoint } });
    },
    /aws_sns_topic_subscription\.planted.*us-east-1 to .*ap-south-2.*AWS doesn't support cross-region delivery to Lambda/,
  ],
  [
    'a permission for SNS in general',
    (r) => {
      const permission = r['aws_lambda_permission']?.['mumbai_failover_orchestrator_from_topic_hyderabad'];
      Object.assign(permission ?? {}, { principal: 'sns.amazonaws.com' });
    },
    /from_topic_hyderabad: permits sns\.amazonaws\.com.*Use sns\.ap-south-2\.amazonaws\.com/,
  ],
])('fails at synth on %s', (_name, plant, message) => {
  const check = (): void => checkRules(parseStack(planted(plant), '.'));
  expect(check).toThrow(InputError);
  expect(check).toThrow(message);
});

test('all else must be equal in a default and an opt-in region, as anywhere', () => {
  const { regions } = parseConfig(configWith({ regions: [MUMBAI, HYDERABAD] }));
  const stack = planted((r) => void Object.assign(r['aws_lb']?.['hyderabad_alb'] ?? {}, { idle_timeout: 30 }));
  expect(() => checkParity(stack, regions)).toThrow(/idle_timeout = not set in mumbai, 30 in hyderabad/);
});
