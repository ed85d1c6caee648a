// What each kind of resource costs, by hand on small stacks; and what is said of those that are in no table.
import { parseStack } from '@dr/terraform-json';
import { changedCost } from './compared';
import { frontCost } from './front-cost';
import { monthlyCost } from './monthly-cost';
import { USUAL_USAGE, type Usage } from './usage';

const provider = { aws: [{ region: 'eu-west-1' }, { alias: 'us', region: 'us-east-2' }] };
const us = { provider: 'aws.us' };
const usage = (given: Partial<Usage>): Usage => ({ ...USUAL_USAGE, ...given });
const graphOf = (resource: object) => parseStack({ provider, resource }, '/stack');
const costOf = (resource: object, given: Partial<Usage> = {}) =>
  monthlyCost(graphOf(resource), { usage: usage(given) });
const usdOf = ({ lines }: ReturnType<typeof costOf>): Record<string, number | null> =>
  Object.fromEntries(lines.map(({ what, usd }) => [what, usd === null ? null : Number(usd.toFixed(6))]));
const round = (usd: number): number => Number(usd.toFixed(6));

const task = (body: object) => ({
  aws_ecs_task_definition: { t: { family: 't', ...body } },
  aws_ecs_service: {
    s: { launch_type: 'FARGATE', desired_count: 3, task_definition: '${aws_ecs_task_definition.t.arn}' },
  },
});

test.each([
  ['CPU units and MB', { cpu: '512', memory: '1024' }, 0.04048, 0.004445],
  ['vCPUs and GB in words', { cpu: '.5 vCPU', memory: '1 GB' }, 0.04048, 0.004445],
  ['ARM', { cpu: 512, memory: 1024, runtime_platform: { cpu_architecture: 'ARM64' } }, 0.03238, 0.00356],
])('each wanted task of a Fargate service, all month: %s', (_, body, vcpu, gb) => {
  expect(usdOf(costOf(task(body)))).toEqual({
    'Fargate vCPUs': round(3 * 0.5 * 730 * vcpu),
    'Fargate memory': round(3 * 1 * 730 * gb),
  });
});

test('the public addresses of tasks and of instances are billed', () => {
  const network_configuration = [{ assign_public_ip: true, subnets: [] }];
  const tasks = task({ cpu: 512, memory: 1024 });
  const service = { ...tasks.aws_ecs_service.s, network_configuration };
  expect(usdOf(costOf({ ...tasks, aws_ecs_service: { s: service } }))).toMatchObject({
    'Public IPv4 addresses of tasks': round(3 * 730 * 0.005),
  });
  const instance = { instance_type: 't3.nano', associate_public_ip_address: true };
  expect(usdOf(costOf({ aws_instance: { i: instance } }))).toMatchObject({
    'Public IPv4 addresses of instances': round(730 * 0.005),
  });
});

test('tasks of Windows and of Fargate Spot have no known price; tasks on instances are billed with those', () => {
  const windows = costOf(task({ cpu: 512, memory: 1024, runtime_platform: { operating_system_family: 'WINDOWS' } }));
  expect(usdOf(windows)).toEqual({ 'Fargate tasks': null });
  const spot = { capacity_provider_strategy: [{ capacity_provider: 'FARGATE_SPOT' }] };
  expect(usdOf(costOf({ aws_ecs_service: { s: spot } }))).toEqual({ 'Fargate Spot': null });
  expect(costOf({ aws_ecs_service: { s: { launch_type: 'EC2' } } }).resources).toMatchObject({ billed: 0, free: 1 });
});

test.each([
  ['t3.medium', 'eu-west-1', 0.0456],
  ['t3.nano', 'eu-west-1', 0.0456 / 8],
  ['c7g.2xlarge', 'us-east-2', 1.1562 / 4],
  ['r7g.xlarge', 'us-east-2', 0.2142],
])('an instance %s in %s, its size in proportion to the one that was read', (instance_type, region, hour) => {
  const at = region === 'us-east-2' ? us : {};
  expect(usdOf(costOf({ aws_instance: { i: { instance_type, ...at } } }))).toEqual({
    [`EC2 instances ${instance_type}`]: round(730 * hour),
  });
});

test.each(['t3.metal', 'unheard.large', 'r7g'])('an instance %s is of unknown cost', (instance_type) => {
  const cost = costOf({ aws_instance: { i: { instance_type } } });
  expect(cost.lines.map(({ usd }) => usd)).toEqual([null]);
  expect(cost.resources).toEqual({ billed: 1, priced: 0, free: 0, unpriced: ['aws_instance.i'] });
});

test('an auto scaling group runs what it wants, or its least, of its launch template', () => {
  const groups = (group: object) => ({
    aws_launch_template: { t: { instance_type: 't3.medium' } },
    aws_autoscaling_group: { g: { launch_template: [{ id: '${aws_launch_template.t.id}' }], ...group } },
  });
  const hours = (group: object): number | undefined => costOf(groups(group)).lines[0]?.quantity;
  expect(hours({ min_size: 2, max_size: 9 })).toBe(2 * 730);
  expect(hours({ min_size: 2, desired_capacity: 4 })).toBe(4 * 730);
  expect(usdOf(costOf(groups({ mixed_instances_policy: [{}] })))).toEqual({ 'Instances of auto scaling groups': null });
});

test('a write is billed in each replica, in both forms; reads are shared; recovery where it is on', () => {
  const table = (body: object) => ({ billing_mode: 'PAY_PER_REQUEST', name: 't', ...body });
  const given = { writes: 4e6, reads: 2e6, storedGb: 10 };
  const replica = [{ region_name: 'us-east-2', point_in_time_recovery: true }];
  const expected = { writes: 4 * (0.705 + 0.625), reads: 0.1415 + 0.125, storage: 10 * (0.283 + 0.25) };
  const sums = (resource: object) => {
    const { lines } = costOf(resource, given);
    const of = (what: string) =>
      lines.filter((line) => line.what === what).reduce((all, { usd }) => all + (usd ?? 0), 0);
    return {
      writes: of('Table writes'),
      reads: of('Table reads'),
      storage: of('Table storage'),
      pitr: of('Point-in-time recovery'),
    };
  };
  const inside = sums({ aws_dynamodb_table: { t: table({ replica }) } });
  for (const [key, usd] of Object.entries({ ...expected, pitr: 10 * 0.2 }))
    expect(inside[key as keyof typeof inside]).toBeCloseTo(usd, 9);
  const beside = sums({
    aws_dynamodb_table: { t: table({ point_in_time_recovery: [{ enabled: true }] }) },
    aws_dynamodb_table_replica: { r: { global_table_arn: '${aws_dynamodb_table.t.arn}', ...us } },
  });
  for (const [key, usd] of Object.entries({ ...expected, pitr: 10 * 0.22 }))
    expect(beside[key as keyof typeof beside]).toBeCloseTo(usd, 9);
});

test('a provisioned table is billed by the hour', () => {
  expect(
    usdOf(costOf({ aws_dynamodb_table: { t: { read_capacity: 10, write_capacity: 5 } } }, { storedGb: 0 })),
  ).toMatchObject({
    'Provisioned writes': round(5 * 730 * 0.000735),
    'Provisioned reads': round(10 * 730 * 0.000147),
  });
});

test('requests and the probes of checkers reach functions that a front door may call, and no others', () => {
  const stack = {
    aws_lb: { a: { name: 'a', internal: true } },
    aws_lambda_function: { f: { memory_size: 512 }, other: { memory_size: 512 } },
    aws_lambda_permission: {
      p: { function_name: '${aws_lambda_function.f.function_name}', principal: 'elasticloadbalancing.amazonaws.com' },
    },
    aws_route53_health_check: { c: { type: 'HTTP', fqdn: '${aws_lb.a.dns_name}', request_interval: 30 } },
  };
  const line = (what: string) =>
    costOf(stack, { requests: 1e6, requestSeconds: 2 }).lines.find((one) => one.what === what);
  const probes = (16 * 730 * 3600) / 30;
  expect(line('Invocations')?.quantity).toBeCloseTo((1e6 + probes) / 1e6, 9);
  expect(line('Work of functions')?.quantity).toBeCloseTo((1e6 + probes) * 2 * 0.5, 6);
  expect(line('Work of functions')?.unitUsd).toBe(0.0000166667);
});

test('an accelerator is billed by the hour with its addresses, and by what it sends from each region', () => {
  const cost = costOf(
    {
      aws_globalaccelerator_accelerator: { a: { name: 'a' } },
      aws_globalaccelerator_endpoint_group: { g: { endpoint_group_region: 'sa-east-1' }, h: us },
    },
    { outGb: 100 },
  );
  expect(usdOf(cost)).toMatchObject({
    'Global accelerators': round(730 * 0.025),
    'Public IPv4 addresses': round(2 * 730 * 0.005),
  });
  const data = cost.lines.filter(({ what }) => what === 'Data over accelerators').map(({ usd }) => usd);
  expect(data).toEqual([50 * 0.024, 50 * 0.015]);
});

test('an accelerator is compared with records in its place, which ask more for queries; a price that is missing stays unknown', () => {
  const front = (region: string) =>
    frontCost(
      graphOf({
        aws_globalaccelerator_accelerator: { a: { name: 'a' } },
        aws_globalaccelerator_endpoint_group: { g: { endpoint_group_region: region } },
      }),
      usage({ outGb: 100, dnsQueries: 1_000_000 }),
    );
  expect(front('us-east-2')?.fixedUsd).toBeCloseTo(730 * (0.025 + 2 * 0.005), 9);
  expect(front('us-east-2')?.byUseUsd).toBeCloseTo(100 * 0.015 - (0.6 - 0.4), 9);
  expect(front('mx-central-1')?.byUseUsd).toBeNull();
  expect(frontCost(graphOf({ aws_kms_key: { a: {} } }), usage({}))).toBeNull();
});

test('what is free in the account costs nothing, whatever its price', () => {
  const alarms = Object.fromEntries(Array.from({ length: 11 }, (_, at) => [`a${at}`, { period: 60 }]));
  const few = costOf({ aws_cloudwatch_metric_alarm: { a: { period: 60 } } });
  expect(usdOf(few)).toEqual({ 'Alarms, by metric': 0 });
  expect(few.resources).toMatchObject({ billed: 1, priced: 1 });
  expect(usdOf(costOf({ aws_cloudwatch_metric_alarm: alarms }))).toEqual({ 'Alarms, by metric': null });
});

test('billed, free and unheard of are told apart, and counted', () => {
  const { resources, unknown } = costOf({
    aws_kms_key: { k: {} },
    aws_iam_role: { r: {} },
    aws_subnet: { s: {} },
    aws_db_instance: { d: {} },
    aws_quantum_computer: { q: {} },
  });
  expect(resources).toEqual({
    billed: 3,
    priced: 1,
    free: 2,
    unpriced: ['aws_db_instance.d', 'aws_quantum_computer.q'],
  });
  expect(unknown).toEqual([
    { address: 'aws_quantum_computer.q', why: 'nothing is known of what aws_quantum_computer costs' },
  ]);
});

test('a resource whose cost hangs on an unknown value is said, and the others are priced', () => {
  const graph = parseStack(
    {
      provider,
      variable: { size: {} },
      resource: { aws_instance: { i: { instance_type: '${var.size}' } }, aws_kms_key: { k: {} } },
    },
    '/stack',
  );
  const { resources, totalUsd, unknown } = monthlyCost(graph);
  expect(totalUsd).toBe(1);
  expect(resources).toMatchObject({ billed: 2, priced: 1, unpriced: ['aws_instance.i'] });
  expect(unknown).toEqual([{ address: 'aws_instance.i', why: 'instance_type: var.size has no default' }]);
});

test('without a plan nothing is known of what is applied', () => {
  expect(changedCost(graphOf({ aws_kms_key: { k: {} } }))).toEqual({
    beforeUsd: null,
    afterUsd: 1,
    unpriced: 0,
    lines: [{ what: 'KMS keys', beforeUsd: null, afterUsd: 1 }],
  });
});

test('the base that a review is compared with is what is paid before', () => {
  const base = graphOf({ aws_kms_key: { k: {} } });
  const after = graphOf({ aws_kms_key: { k: {}, l: {} }, aws_nat_gateway: { n: {} } });
  expect(changedCost(after, base)).toEqual({
    beforeUsd: 1,
    afterUsd: 2,
    unpriced: 1,
    lines: [
      { what: 'KMS keys', beforeUsd: 1, afterUsd: 2 },
      { what: 'NAT gateways', beforeUsd: 0, afterUsd: null },
    ],
  });
});
