// Faults behind the load balancers: functions and their networks, regions that are told the wrong thing, tables that are too small.
import {
  add,
  all,
  drop,
  GROUP,
  inPrivateSubnet,
  isFound,
  judged,
  nat,
  on,
  output,
  provider,
  PUBLIC_A,
  set,
  told,
} from './testing/plant';

const ROUTER = 'aws_lambda_function.mumbai_traffic_router';
const CHECKER = 'aws_lambda_function.mumbai_health_checker';
const LIVE = 'aws_lambda_alias.mumbai_traffic_router_live';
const VPC_OF_FUNCTION = { subnet_ids: ['${aws_subnet.private.id}'], security_group_ids: [GROUP] };

describe('functions', () => {
  isFound([
    ...on(LIVE, [
      ['an alias at a version that is not there', { function_version: '7' }, 'leads to version 7'],
      ['an alias of no function', { function_name: 'dr-other' }, 'is an alias of "dr-other"'],
      [
        'an alias that shares its traffic',
        { routing_config: { additional_version_weights: { 2: 0.5 } } },
        'sets routing_config',
      ],
    ]),
    [
      'an alias at version 1 of what publishes none',
      all(set(ROUTER, { publish: false }), set(LIVE, { function_version: '1' })),
      `${LIVE} leads to version 1`,
    ],
    ...on('aws_lb_target_group_attachment.mumbai_alb_router_target', [
      [
        'a target of an alias that is not there',
        { target_id: '${aws_lambda_function.mumbai_traffic_router.arn}:blue' },
        'names blue',
      ],
    ]),
    ...on(ROUTER, [
      ['Python', { runtime: 'python3.13' }, 'has the runtime python3.13'],
      ['an old Node', { runtime: 'nodejs16.x' }, 'has the runtime nodejs16.x'],
      ['layers', { layers: ['arn:x'] }, 'sets layers'],
      ['reserved 0', { reserved_concurrent_executions: 0 }, 'reserves no execution'],
      [
        'reserved too few',
        { reserved_concurrent_executions: '${4 + 5}' },
        'reserves 9 executions at once, and one region needs 10',
      ],
      [
        'public subnets',
        { vpc_config: { subnet_ids: [PUBLIC_A], security_group_ids: [GROUP] } },
        'runs in aws_subnet.mumbai_network_public_a, which has no way out',
      ],
      [
        'subnets of another state',
        { vpc_config: { subnet_ids: ['subnet-1'], security_group_ids: [] } },
        /mumbai_traffic_router runs in subnet "subnet-1".*unknown/,
      ],
    ]),
    ...on(CHECKER, [
      ['no runtime', { runtime: null }, 'has the runtime none'],
      [
        'too few for checkers',
        { reserved_concurrent_executions: 2 },
        'reserves 2 executions at once, and one region needs 20',
      ],
    ]),
    ['subnets without a way out', inPrivateSubnet, `${ROUTER} runs in aws_subnet.private, which has no way out`],
    [
      'endpoints only',
      all(
        inPrivateSubnet,
        add('aws_vpc_endpoint.d', {
          vpc_id: '${aws_vpc.mumbai_network_vpc.id}',
          service_name: 'com.amazonaws.ap-south-1.dynamodb',
        }),
      ),
      /runs in aws_subnet\.private, which has endpoints .*cannot reach the other regions/,
    ],
    [
      'NAT without a route of its own',
      all(nat(), drop('aws_route_table_association.mumbai_network_public_a_routes')),
      /whose aws_nat_gateway\.n stands in aws_subnet\.mumbai_network_public_a, which has no route/,
    ],
    ['a private NAT', nat({ connectivity_type: 'private' }), /whose aws_nat_gateway\.n is private/],
    [
      'a group that lets nothing out',
      all(nat(), set(ROUTER, { vpc_config: VPC_OF_FUNCTION })),
      /mumbai_network_alb_security_group lets nothing out/,
    ],
  ]);
});

const peer = (name: string, awsRegion: string, host: string) => ({
  DR_PEERS: JSON.stringify([{ name, awsRegion, host }]),
});

describe('regions', () => {
  isFound([
    [
      'two aliases, one region',
      provider(2, 'ap-south-1'),
      'aws_lb.singapore_alb is in ap-south-1, as aws_lb.mumbai_alb is',
    ],
    [
      'two names, one region',
      output('regions', { mumbai: 'ap-south-1', singapore: 'ap-south-1' }),
      'output.regions gives singapore the AWS region ap-south-1',
    ],
    [
      'a function told the other region',
      told('aws_lambda_function.singapore_traffic_router', { DR_REGION: 'mumbai' }),
      'aws_lambda_function.singapore_traffic_router is told that it is in mumbai',
    ],
    [
      'a peer that is itself',
      told(CHECKER, peer('mumbai', 'ap-south-1', 'mumbai.app.example.com')),
      `${CHECKER} is told that mumbai (ap-south-1) is a peer`,
    ],
    [
      'a peer at its own name',
      told(CHECKER, peer('singapore', 'ap-southeast-1', 'mumbai.app.example.com')),
      `${CHECKER} is told that singapore answers at mumbai.app.example.com`,
    ],
    ['no peers', told(CHECKER, { DR_PEERS: '[]' }), `${CHECKER} is not told of singapore`],
    ['peers in no form', told(CHECKER, { DR_PEERS: '{' }), `${CHECKER} is told of peers in a form`],
    ['another table', told(ROUTER, { DR_TABLE: 'other' }), `${ROUTER} is told to use the table "other"`],
    [
      'a second load balancer',
      add('aws_lb.more', { subnets: [PUBLIC_A], security_groups: [GROUP], name: 'more' }),
      'aws_lb.more is in ap-south-1, as aws_lb.mumbai_alb is',
    ],
  ]);
});

const PROVISIONED = { billing_mode: 'PROVISIONED', read_capacity: 100, write_capacity: 100 };
const index = (more: object) => ({ name: 'by_time', hash_key: 'id', projection_type: 'ALL', ...more });

describe('tables', () => {
  test.each([
    { ...PROVISIONED, global_secondary_index: [index({ read_capacity: 1, write_capacity: 50 })] },
    { global_secondary_index: [index({ on_demand_throughput: { max_write_request_units: -1 } })] },
    { global_secondary_index: [index({})] },
  ])('nothing is found: %j', (values) => expect(judged(set('aws_dynamodb_table.system_table', values))).toBe(''));

  test('without a promise, what has no limit needs none', () =>
    expect(judged((stack) => void delete (stack['output'] as Record<string, unknown>)['objectives'])).toBe(''));

  isFound([
    ...on('aws_dynamodb_table.system_table', [
      [
        'provisioned 1/1',
        { billing_mode: 'PROVISIONED', read_capacity: 1, write_capacity: 1 },
        'has write_capacity 1: 100 requests a second need 50',
      ],
      ['provisioned by default', { billing_mode: null, read_capacity: 1, write_capacity: 1 }, 'has read_capacity 1'],
      ['provisioned without a number', { billing_mode: 'PROVISIONED' }, 'has write_capacity 0'],
      [
        'on demand, capped',
        { on_demand_throughput: { max_read_request_units: 1, max_write_request_units: 1 } },
        'has max_write_request_units 1',
      ],
      [
        'strong consistency',
        { replica: [{ region_name: 'us-east-2', consistency_mode: 'STRONG' }] },
        'replicates to us-east-2 with strong consistency',
      ],
      [
        'an index provisioned 1/1',
        { ...PROVISIONED, global_secondary_index: [index({ read_capacity: 1, write_capacity: 1 })] },
        'has write_capacity 1 of its index by_time: 100 requests a second need 50 at least',
      ],
      [
        'an index without a number',
        { ...PROVISIONED, global_secondary_index: [index({})] },
        'has write_capacity 0 of its index by_time',
      ],
      [
        'an index on demand, capped',
        { global_secondary_index: [index({ on_demand_throughput: { max_write_request_units: 1 } })] },
        'has max_write_request_units 1 of its index by_time',
      ],
    ]),
    [
      'units, and nobody says for how much',
      all(
        (stack) => void delete (stack['output'] as Record<string, unknown>)['objectives'],
        set('aws_dynamodb_table.system_table', PROVISIONED),
      ),
      'has write_capacity 100, and no output objectives.requestsPerSecond says what it must carry',
    ],
    [
      'scaling by others',
      add('aws_appautoscaling_target.t', { max_capacity: 1 }),
      'aws_appautoscaling_target.t is of a kind',
    ],
  ]);
});
