// Our own stack serves, and so do harmless variants of it; names that lead nowhere, or elsewhere, are found.
import { InputError } from '@dr/contracts';
import { parseStack } from '@dr/terraform-json';
import { startOurs } from '../systems/ours';
import {
  add,
  all,
  at,
  drop,
  golden,
  isFound,
  judged,
  nat,
  on,
  PUBLIC_A,
  ROUTES,
  set,
  VPC,
  zone,
  type Stack,
} from './testing/plant';

const RECORD = 'aws_route53_record.mumbai_dns_record';
const CHECK = 'aws_route53_health_check.mumbai_dns_health_check';
const allow = { rule_no: 1, action: 'allow', protocol: '-1', cidr_block: '0.0.0.0/0' };

const PROOF = (part: string): string =>
  `\${one([for o in aws_acm_certificate.mumbai_certificate.domain_validation_options : o.resource_record_${part} if o.domain_name == "app.example.com"])}`;

const SOUND: readonly (readonly [string, (stack: Stack) => void])[] = [
  ['as it is', () => undefined],
  ['functions behind NAT', nat()],
  [
    'a route to a private network beside',
    add('aws_route.peer', {
      route_table_id: ROUTES,
      destination_cidr_block: '10.9.0.0/16',
      vpc_peering_connection_id: 'pcx-1',
    }),
  ],
  ['an open network ACL', add('aws_network_acl.a', { subnet_ids: [PUBLIC_A], ingress: [allow], egress: [allow] })],
  [
    'a wildcard certificate',
    all(
      set('aws_acm_certificate.mumbai_certificate', {
        domain_name: 'app.example.com',
        subject_alternative_names: ['*.app.example.com'],
      }),
      set('aws_route53_record.mumbai_certificate_validation', {
        name: PROOF('name'),
        records: [PROOF('value')],
        type: 'CNAME',
      }),
      drop('aws_route53_record.mumbai_certificate_validation_shared'),
    ),
  ],
  ['enough reserved', set('aws_lambda_function.mumbai_traffic_router', { reserved_concurrent_executions: 10 })],
  [
    'enough provisioned',
    set('aws_dynamodb_table.system_table', { billing_mode: 'PROVISIONED', read_capacity: 100, write_capacity: 100 }),
  ],
  ['a budget beside it', add('aws_budgets_budget.b', { name: 'b' })],
  [
    'values by local and variable',
    (stack) => {
      stack['locals'] = { open: '${var.open}' };
      Object.assign(stack['variable'] as object, { open: { type: 'bool', default: 'true' } });
      set('aws_lb.mumbai_alb', { internal: '${!local.open}' })(stack);
    },
  ],
];
test.each(SOUND)('nothing is found: %s', (_, plant) => expect(judged(plant)).toBe(''));

const asFailover = (stack: Stack, region: string, type: string): void => {
  const record = at(stack, `aws_route53_record.${region}_dns_record`);
  delete record['latency_routing_policy'];
  record['failover_routing_policy'] = { type };
};
const NO_RECORD = 'aws_lb.singapore_alb is led to by no record';
isFound([
  ['a private zone', zone({ private_zone: true }), `${RECORD} is in data.aws_route53_zone.zone, a private zone`],
  [
    'a zone of the stack for a VPC',
    all(
      add('aws_route53_zone.z', { name: 'example.com', vpc: [{ vpc_id: VPC }] }),
      set(RECORD, { zone_id: '${aws_route53_zone.z.zone_id}' }),
    ),
    `${RECORD} is in aws_route53_zone.z, a private zone`,
  ],
  [
    'a record with count 0',
    set('aws_route53_record.singapore_dns_record', { count: 0 }),
    `${NO_RECORD} of app.example.com`,
  ],
  [
    'an alias to the other region',
    set('aws_route53_record.singapore_dns_regional_name', {
      alias: { name: '${aws_lb.mumbai_alb.dns_name}', zone_id: 'Z', evaluate_target_health: false },
    }),
    NO_RECORD,
  ],
  [
    'regional names exchanged',
    all(
      set('aws_route53_record.singapore_dns_regional_name', { name: 'mumbai.app.example.com' }),
      set('aws_route53_record.mumbai_dns_regional_name', { name: 'singapore.app.example.com' }),
    ),
    `${RECORD} is for clients near ap-south-1, but leads to aws_lb.singapore_alb`,
  ],
  [
    'two primary records',
    (stack) => ['mumbai', 'singapore'].forEach((region) => asFailover(stack, region, 'PRIMARY')),
    'mumbai_dns_record, aws_route53_record.singapore_dns_record are all primary',
  ],
  [
    'a role that is none',
    (stack) => asFailover(stack, 'mumbai', 'MAIN'),
    'mumbai_dns_record: failover_routing_policy.type "MAIN"',
  ],
  ...on(CHECK, [
    ['a disabled health check', { disabled: true }, 'is disabled'],
    ['an inverted health check', { invert_healthcheck: true }, 'is inverted'],
    ['a check of the other region', { fqdn: 'singapore.app.example.com' }, 'watches aws_lb.singapore_alb'],
    ['a check of a stranger', { fqdn: 'www.example.org' }, 'asks www.example.org'],
    [
      'a check at a wrong path',
      { resource_path: '/helth' },
      'asks /helth, which aws_lb_listener.mumbai_alb_https answers itself',
    ],
    ['a check of another function', { resource_path: '/ready' }, 'asks /ready, which traffic-router answers'],
    ['a check at a wrong port', { port: 8443 }, 'asks port 8443'],
    ['a check in plain HTTP', { type: 'HTTP' }, 'speaks HTTP to aws_lb_listener.mumbai_alb_https'],
    [
      'a check that the redirect answers',
      { type: 'HTTP', port: 80 },
      /asks \/health\S*, which aws_lb_listener\.mumbai_alb_http answers itself \(redirect\)/,
    ],
    ['a check by a routing control', { routing_control_arn: 'arn:x' }, 'sets routing_control_arn'],
  ]),
]);

test('a drill of such a stack is refused before anything is read or run, and all that stops it is named', async () => {
  const stack = golden();
  all(set('aws_lb.mumbai_alb', { internal: true }), drop('aws_route.singapore_network_internet'))(stack);
  const start = startOurs({ graph: parseStack(stack, '/nowhere'), seed: 1 });
  await expect(start).rejects.toThrow(InputError);
  await expect(start).rejects.toThrow(
    /cannot serve.*aws_lb\.mumbai_alb is internal.*aws_subnet\.singapore_network_public_a/,
  );
});

test('an unknown on the way in is refused by name, one beside it is not', () => {
  expect(judged(set('aws_lb.mumbai_alb', { internal: '${timestamp() == "x"}' }))).toMatch(
    /refused: aws_lb\.mumbai_alb: internal/,
  );
  expect(judged(set(RECORD, { ttl: '${var.commit}' }))).toMatch(/mumbai_dns_record: ttl/);
  expect(judged(set('aws_cloudwatch_dashboard.system_health_overview', { dashboard_body: '${timestamp()}' }))).toBe('');
});
