// What the config changes in the stack, and what it may not say.
import { InputError, ROUTINGS } from '@dr/contracts';
import type { DrConfigInput } from '@dr/contracts/system/config';
import { readShape, readTables } from '@dr/stack';
import { parseStack } from '@dr/terraform-json';
import { configWith, stubBundles, synthesized } from './testing/synth-in-test';

const defaults = configWith();

function caught(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
const options = (o: NonNullable<DrConfigInput['options']>): Partial<DrConfigInput> => ({ options: o });
const tokyo = { name: 'tokyo', awsRegion: 'ap-northeast-1' };

test.each(ROUTINGS)('with %s routing the stack says so of itself', (routing) => {
  const { query } = synthesized({ routing });
  expect(readShape(parseStack(query.stack, '.'))).toMatchObject({ routing, domain: defaults.domain });
});

test('weighted routing gives equal shares unless told otherwise', () => {
  const { query } = synthesized({ routing: 'weighted', weights: { mumbai: 100, singapore: 30 } });
  expect(query.one('aws_route53_record', 'mumbai_dns_record')['weighted_routing_policy']).toEqual({ weight: 100 });
  expect(query.one('aws_route53_record', 'singapore_dns_record')['weighted_routing_policy']).toEqual({ weight: 30 });
});

test('failover routing makes the first region primary', () => {
  const { query } = synthesized({ routing: 'failover' });
  expect(query.one('aws_route53_record', 'mumbai_dns_record')['failover_routing_policy']).toEqual({ type: 'PRIMARY' });
  expect(query.one('aws_route53_record', 'singapore_dns_record')['failover_routing_policy']).toEqual({
    type: 'SECONDARY',
  });
});

test('options.accountId keeps every provider to that account', () => {
  const { query } = synthesized(options({ accountId: '210987654321' }));
  const { aws } = query.stack['provider'] as { aws: readonly { allowed_account_ids?: readonly string[] }[] };
  expect(aws.map((provider) => provider.allowed_account_ids)).toEqual(Array(3).fill(['210987654321']));
});

test('an objective of 170 s gives 30 s checks and alias records', () => {
  const { query } = synthesized({ objectives: { ...defaults.objectives, rtoSeconds: 170 } });
  expect(Object.values(query.property('aws_route53_health_check', 'request_interval'))).toEqual([30, 30]);
  const record = query.one('aws_route53_record', 'mumbai_dns_record');
  expect(record).toMatchObject({ type: 'A', alias: { evaluate_target_health: true } });
  expect(record).not.toHaveProperty('ttl');
});

test('the zone itself as domain takes aliases', () => {
  const { query } = synthesized({ domain: defaults.zone, objectives: { ...defaults.objectives, rtoSeconds: 120 } });
  expect(query.one('aws_route53_record', 'mumbai_dns_record')).toMatchObject({ type: 'A', name: 'example.com' });
});

test('three regions watch, reach and hear each other', () => {
  const { query } = synthesized({ regions: [...defaults.regions, tokyo] });
  expect(query.ids('aws_dynamodb_table_replica')).toEqual([
    'system_table_replica_singapore',
    'system_table_replica_tokyo',
  ]);
  expect(query.ids('aws_cloudwatch_metric_alarm').filter((id) => id.includes('peer_stale'))).toHaveLength(6);
  expect(query.all('aws_sns_topic_subscription').filter((s) => s.properties['protocol'] === 'lambda')).toHaveLength(12);
  const router = query.one('aws_iam_role_policy', 'tokyo_traffic_router_policy')['policy'];
  expect(router).toContain('dynamodb:ap-south-1');
  expect(router).toContain('dynamodb:ap-southeast-1');
});

test('without protection everything can be destroyed', () => {
  const { query } = synthesized(options({ protect: false }));
  expect(query.one('aws_dynamodb_table', 'system_table')['deletion_protection_enabled']).toBe(false);
  expect(Object.values(query.property('aws_dynamodb_table_replica', 'deletion_protection_enabled'))).toEqual([false]);
  expect(Object.values(query.property('aws_lb', 'enable_deletion_protection'))).toEqual([false, false]);
  expect(query.json).not.toContain('prevent_destroy');
  expect(Object.values(query.property('aws_s3_bucket', 'force_destroy'))).toEqual([true, true, true]);
  expect(query.one('aws_secretsmanager_secret', 'api_keys')['recovery_window_in_days']).toBe(0);
  expect(JSON.stringify(query.policies())).not.toContain('NoDeletion');
});

test('an open item API has no secret and is warned about', () => {
  const { query, warnings } = synthesized(options({ auth: 'none' }));
  expect(query.all('aws_secretsmanager_secret')).toHaveLength(0);
  expect(warnings.join()).toContain('anyone can read and write');
});

test('a threshold of 1 is warned about', () => {
  expect(synthesized({ recovery: { failureThreshold: 1 } }).warnings.join()).toContain('false alarms');
});

test('private subnets put every function in the VPC and reserve no address for the public', () => {
  const { query } = synthesized(options({ privateSubnets: true }));
  expect(query.all('aws_nat_gateway')).toHaveLength(2);
  expect(query.all('aws_vpc_endpoint')).toHaveLength(8);
  expect(Object.values(query.property('aws_lambda_function', 'vpc_config')).filter(Boolean)).toHaveLength(8);
});

test('a stated quota is shared out, leaving what AWS keeps', () => {
  const { query } = synthesized(options({ lambdaConcurrencyQuota: 1000 }));
  const reserved = query
    .all('aws_lambda_function')
    .filter((f) => f.properties['provider'] === 'aws.mumbai')
    .map((f) => Number(f.properties['reserved_concurrent_executions']));
  expect(reserved.reduce((a, b) => a + b, 0)).toBe(900);
});

test('a quota below what AWS keeps unreserved reserves nothing, and says so', () => {
  for (const lambdaConcurrencyQuota of [60, 100, 136]) {
    const { query, warnings } = synthesized(options({ lambdaConcurrencyQuota }));
    expect(new Set(Object.values(query.property('aws_lambda_function', 'reserved_concurrent_executions')))).toEqual(
      new Set([undefined]),
    );
    expect(warnings.join()).toMatch(/nothing is reserved, since AWS keeps 100 unreserved.*quota of 137/);
  }
  expect(synthesized(options({ lambdaConcurrencyQuota: 137 })).warnings).toEqual([]);
});

test('text messages: the sandbox is said at synth, and who must register where', () => {
  const said = (...sms: string[]): string => synthesized({ alerts: { emails: [], sms } }).warnings.join('\n');
  expect(said()).toMatch(/^alerts: no address is given, so nobody is told/);
  const german = said('+4915112345678');
  expect(german).toMatch(
    /SMS sandbox, in each of ap-south-1, ap-southeast-1, us-east-1: .*verified numbers only, 10 at most/,
  );
  expect(german).not.toMatch(/India|Singapore/);
  expect(said('+919812345678')).toMatch(/\+91: India.*Register the sender/);
  expect(said('+6581234567')).toMatch(/\+65: Singapore.*Register the sender/);
  const eleven = Array.from({ length: 11 }, (_, i) => `+49151123456${10 + i}`);
  expect(said(...eleven)).toMatch(/10 at most; alerts\.sms has 11/);
});

test('an account with a trail of its own takes no second one', () => {
  const { query } = synthesized(options({ auditTrail: 'none' }));
  expect(query.all('aws_cloudtrail')).toEqual([]);
  expect(query.ids('aws_s3_bucket').some((id) => id.includes('audit'))).toBe(false);
});

test('fault injection adds one experiment that pauses replication', () => {
  const { query } = synthesized(options({ faultInjection: true }));
  expect(query.one('aws_fis_experiment_template', 'fault_experiment')['action']).toMatchObject([
    { action_id: 'aws:dynamodb:global-table-pause-replication' },
  ]);
});

/** FIS user guide, "AWS FIS actions reference": aws:dynamodb:global-table-pause-replication, Permissions. */
const PAUSE_PERMISSIONS = [
  ...['Put', 'Delete', 'Get'].flatMap((verb) => [
    [`dynamodb:${verb}ResourcePolicy`, 'table'],
    [`dynamodb:${verb}ResourcePolicy`, 'stream'],
  ]),
  ['dynamodb:DescribeTable', 'table'],
  ['tag:GetResources', 'anything'],
];

test('the fault experiment may do what its action asks for, and pauses for longer than replication runs on', () => {
  const { query } = synthesized(options({ faultInjection: true }));
  const { policy } = query.policies().find(({ address }) => address === 'aws_iam_role_policy.fault_experiment_policy')!;
  const kindOf = (resource: string): string =>
    resource === '*' ? 'anything' : /\/stream\/\*$/.test(resource) ? 'stream' : 'table';
  const granted = policy.Statement.flatMap(({ Action, Resource }) =>
    Action.flatMap((action) => (Resource ?? []).map((resource) => [action, kindOf(resource)])),
  );
  expect(granted.map(String).sort()).toEqual(PAUSE_PERMISSIONS.map(String).sort());
  const [action] = query.one('aws_fis_experiment_template', 'fault_experiment')['action'] as [
    { parameter: { key: string; value: string }[] },
  ];
  const minutes = Number(/^PT(\d+)M$/.exec(action.parameter.find(({ key }) => key === 'duration')?.value ?? '')?.[1]);
  // Replication may run on for five minutes; after 20 hours of it a replica is a table of its own for ever.
  expect(minutes).toBeGreaterThanOrEqual(15);
  expect(minutes).toBeLessThanOrEqual(60);
});

describe('a stack that game days are held on', () => {
  const { query } = synthesized(options({ gameDay: true }));
  const policyOf = (id: string): string => String(query.one('aws_iam_role_policy', id)['policy']);

  test('has an ACL around each load balancer that lets all pass until a rule comes before it', () => {
    const acl = query.one('aws_network_acl', 'mumbai_game_day_public_acl');
    const all = { rule_no: 100, action: 'allow', protocol: '-1', cidr_block: '0.0.0.0/0', from_port: 0, to_port: 0 };
    expect(acl).toMatchObject({ ingress: [all], egress: [all], tags: { Name: 'dr-mumbai-public' } });
    expect(acl['subnet_ids']).toEqual(query.one('aws_lb', 'mumbai_alb')['subnets']);
  });

  test('has a role by which a schedule can undo a fault, and nothing else', () => {
    const role = query.one('aws_iam_role', 'singapore_game_day_undo_role');
    expect(role['name']).toBe('dr-singapore-game-day');
    expect(String(role['assume_role_policy'])).toMatch(
      /"scheduler.amazonaws.com".*"aws:SourceArn":"arn:aws:scheduler:ap-southeast-1:.*:schedule-group\/default"/,
    );
    const { Statement } = JSON.parse(policyOf('singapore_game_day_undo_policy')) as {
      Statement: { Action: string[]; Resource: string[] }[];
    };
    expect(Statement.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [
        ['lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'],
        ['${aws_lambda_function.singapore_traffic_router.arn}'],
      ],
      [['ec2:DeleteNetworkAclEntry'], ['${aws_network_acl.singapore_game_day_public_acl.arn}']],
    ]);
  });

  test('lets FIS cut off the public subnets, and touch no ACL that it has not made but by swapping it', () => {
    expect(query.one('aws_iam_role', 'mumbai_game_day_network_fault_role')['name']).toBe('dr-mumbai-network-fault');
    const policy = policyOf('mumbai_game_day_network_fault_policy');
    expect(policy).toContain('subnet/${aws_subnet.mumbai_network_public_a.id}');
    expect(policy).toContain('"ec2:ResourceTag/managedByFIS":"true"');
  });

  test('is the same as ever without the option', () => {
    const without = synthesized();
    expect(without.query.all('aws_network_acl')).toEqual([]);
    expect(without.json).not.toContain('managedByFIS');
  });
});

test('state in S3 is locked by a file and encrypted', () => {
  const { query } = synthesized({ state: { backend: 's3', bucket: 'dr-state', region: 'us-east-1' } });
  expect(query.stack.terraform['backend']).toEqual({
    s3: { bucket: 'dr-state', key: 'dr/terraform.tfstate', region: 'us-east-1', encrypt: true, use_lockfile: true },
  });
});

test('two systems may keep their states in one bucket', () => {
  const { query } = synthesized({ system: 'other', state: { backend: 's3', bucket: 'dr-state', region: 'us-east-1' } });
  expect(query.stack.terraform['backend']).toMatchObject({ s3: { key: 'other/terraform.tfstate' } });
});

test('a release changes the code of its region only', () => {
  const bundles = stubBundles();
  const { query } = synthesized({ release: { singapore: stubBundles('// new') } }, bundles);
  const before = synthesized({}, bundles).query.property('aws_lambda_function', 'source_code_hash');
  const after = query.property('aws_lambda_function', 'source_code_hash');
  for (const [id, hash] of Object.entries(after)) {
    if (id.startsWith('singapore')) expect(hash).not.toBe(before[id]);
    else expect(hash).toBe(before[id]);
  }
});

const warm = (readUnitsPerSecond: number, writeUnitsPerSecond: number) =>
  options({ warmThroughput: { readUnitsPerSecond, writeUnitsPerSecond } });

test('warm throughput is set on the table, and asks for a provider that never replaces it', () => {
  const { query, warnings } = synthesized(warm(24_000, 16_000));
  expect(query.property('aws_dynamodb_table', 'warm_throughput')).toEqual({
    system_table: { read_units_per_second: 24_000, write_units_per_second: 16_000 },
  });
  expect(Object.values(query.property('aws_dynamodb_table_replica', 'warm_throughput'))).toEqual([undefined]);
  expect(query.stack.terraform).toMatchObject({ required_providers: { aws: { version: '>= 6.63.0, < 7.0.0' } } });
  expect(warnings).toEqual([]);
  const [table] = readTables(parseStack(query.stack, '.'));
  expect(table).toMatchObject({ reads: { ready: 24_000 }, writes: { ready: 16_000 } });
});

test('more warm throughput than an account has for a table is built, and says which quota to raise', () => {
  expect(synthesized(warm(50_000, 16_000)).warnings.join()).toMatch(
    /readUnitsPerSecond = 50000: an account has 40000.*ap-south-1, ap-southeast-1/,
  );
});

const long = 'abcdefghijklmno';
const REFUSED: [string, Partial<DrConfigInput>, RegExp][] = [
  [
    'an objective nobody can meet',
    { objectives: { ...defaults.objectives, rtoSeconds: 10 } },
    /rtoSeconds = 10.*\d\d s at best/,
  ],
  ['60 s at the apex', { domain: defaults.zone }, /the zone itself/],
  [
    'a load balancer name over 32 characters',
    { system: long, regions: [{ ...tokyo, name: long }, defaults.regions[0]!] },
    /load balancer name.*32/,
  ],
  ['a domain too long for a certificate', { domain: `${'a'.repeat(60)}.example.com` }, /certificate domain.*64/],
  [
    'failover routing over three regions',
    { routing: 'failover', regions: [...defaults.regions, tokyo] },
    /one primary and one secondary/,
  ],
  [
    'the quota of a new account, which cannot carry the load',
    options({ lambdaConcurrencyQuota: 10 }),
    /lambdaConcurrencyQuota = 10.*37 concurrent executions.*quota to 37 or more.*to 137 to reserve/,
  ],
  [
    'state in a region of the system',
    { state: { backend: 's3', bucket: 'dr-state', region: 'ap-south-1' } },
    /is mumbai/,
  ],
  ['state in no region', { state: { backend: 's3', bucket: 'dr-state', region: 'mars-1' } }, /no AWS region/],
  ['a system whose security groups EC2 refuses', { system: 'sg' }, /security group name "sg-.*begins with "sg-"/],
  ['a system whose buckets S3 refuses', { system: 'sthree' }, /bucket name "sthree-.*begins with "sthree-"/],
  [
    'a region whose load balancer AWS refuses',
    { regions: [{ name: 'internal', awsRegion: 'ap-south-1' }, tokyo] },
    /load balancer name "internal-dr-alb"/,
  ],
  ['a release that was not built', { release: { mumbai: '/nowhere' } }, /\/nowhere.*npm run build/],
];

test.each(REFUSED)('fails on %s', (_, overrides, message) => {
  const refusal = caught(() => synthesized(overrides));
  expect(refusal).toBeInstanceOf(InputError);
  expect((refusal as InputError).message).toMatch(message);
});
