// Two systems fit into one account: no name that AWS wants unique is the same in both, and each carries its system's name.
import { synthesized } from './testing/synth-in-test';
import type { StackQuery } from './testing/stack-query';

/** Attribute that AWS wants unique, in a region of an account or more widely. */
const UNIQUE: Readonly<Record<string, string>> = {
  aws_cloudtrail: 'name',
  aws_cloudwatch_dashboard: 'dashboard_name',
  aws_cloudwatch_event_bus: 'name',
  aws_cloudwatch_event_rule: 'name',
  aws_cloudwatch_log_group: 'name',
  aws_cloudwatch_metric_alarm: 'alarm_name',
  aws_dynamodb_table: 'name',
  aws_iam_role: 'name',
  aws_kms_alias: 'name',
  aws_lambda_function: 'function_name',
  aws_lb: 'name',
  aws_lb_target_group: 'name',
  aws_s3_bucket: 'bucket',
  aws_secretsmanager_secret: 'name',
  aws_security_group: 'name',
  aws_sns_topic: 'name',
  aws_sqs_queue: 'name',
};

/** Names that two systems may share, and why. */
const SHARED: Readonly<Record<string, string>> = {
  aws_iam_role_policy: 'unique below its role',
  aws_lambda_alias: 'unique below its function',
  aws_route53_record: "made of the system's own domain; an ACM validation record of a name is the same for all who ask",
  aws_route53_zone: 'a zone name is not unique in AWS',
};

const ALL_OPTIONS = { privateSubnets: true, faultInjection: true, gameDay: true, createZone: true } as const;
const stackOf = (system: string, domain: string): StackQuery =>
  synthesized({
    system,
    domain,
    options: ALL_OPTIONS,
    alerts: { emails: ['a@example.com'], sms: ['+4915112345678'] },
    // The second is opt-in, which takes event buses and rules more.
    regions: [
      { name: 'mumbai', awsRegion: 'ap-south-1' },
      { name: 'hyderabad', awsRegion: 'ap-south-2' },
    ],
  }).query;
const systems = { dr: stackOf('dr', 'app.example.com'), shop: stackOf('shop', 'shop.example.com') };

const uniqueNames = (query: StackQuery): string[] =>
  Object.entries(UNIQUE).flatMap(([type, attribute]) =>
    query.all(type).map(({ properties }) => `${type} ${properties['provider']} ${String(properties[attribute])}`),
  );

test.each(Object.entries(systems))('every name of system %s carries it, and none is used twice', (system, query) => {
  const names = uniqueNames(query);
  expect(names.filter((name) => !new RegExp(`[ /-]${system}-`).test(name))).toEqual([]);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(names.length).toBeGreaterThan(80);
});

test('no unique name of one system is a name of the other', () => {
  const others = new Set(uniqueNames(systems.shop));
  expect(uniqueNames(systems.dr).filter((name) => others.has(name))).toEqual([]);
});

test('role names, which all regions of an account share, are unique whatever the provider', () => {
  const roles = Object.values(systems).flatMap((query) => Object.values(query.property('aws_iam_role', 'name')));
  expect(new Set(roles).size).toBe(roles.length);
});

test('no record of one system is a record of the other', () => {
  const records = (query: StackQuery): string[] =>
    query
      .all('aws_route53_record')
      .map(({ properties: p }) => `${String(p['name'])} ${String(p['set_identifier'])}`)
      .filter((name) => !name.startsWith('${'));
  const others = new Set(records(systems.shop));
  expect(records(systems.dr).filter((record) => others.has(record))).toEqual([]);
  expect(others.size).toBe(4);
});

test('each resource type with a literal name is in one of the two lists', () => {
  const named = new Set(
    Object.entries(systems.dr.stack.resource).flatMap(([type, resources]) =>
      Object.values(resources).some((properties) =>
        ['name', 'bucket', 'function_name', 'alarm_name', 'dashboard_name'].some((key) => {
          const value = properties[key];
          return typeof value === 'string' && !/^\$\{[^}]*\}$/.test(value);
        }),
      )
        ? [type]
        : [],
    ),
  );
  const REFER_BY_NAME = ['aws_lambda_function_event_invoke_config', 'aws_lambda_permission'];
  const listed = [...Object.keys(UNIQUE), ...Object.keys(SHARED), ...REFER_BY_NAME];
  expect([...named].filter((type) => !listed.includes(type))).toEqual([]);
});
