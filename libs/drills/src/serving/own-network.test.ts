// Faults of what is named by id: of another region, of another VPC, in the same zone, or routed by what is not in the stack.
import {
  add,
  all,
  at,
  golden,
  GROUP,
  isFound,
  judged,
  nat,
  on,
  PUBLIC_A,
  ROUTES,
  set,
  VPC,
  type Plant,
} from './testing/plant';

const ALB = 'aws_lb.mumbai_alb';
const ROUTER = 'aws_lambda_function.mumbai_traffic_router';
const SUBNET_B = 'aws_subnet.mumbai_network_public_b';
const THERE = {
  a: '${aws_subnet.singapore_network_public_a.id}',
  b: '${aws_subnet.singapore_network_public_b.id}',
  group: '${aws_security_group.singapore_network_alb_security_group.id}',
  routes: '${aws_route_table.singapore_network_routes.id}',
  vpc: '${aws_vpc.singapore_network_vpc.id}',
};
const far = (address: string, other: string): RegExp =>
  new RegExp(`${address} is in ap-south-1 and names \\S*${other}\\S* of ap-southeast-1`.replaceAll('.', '\\.'));
const another = add('aws_vpc.other', { cidr_block: '10.5.0.0/16' });
const OTHER = '${aws_vpc.other.id}';

describe('another region', () => {
  isFound([
    ...on(ALB, [
      ['its subnets', { subnets: [THERE.a, THERE.b] }, far(ALB, 'singapore_network_public_a')],
      ['one of its subnets', { subnets: [PUBLIC_A, THERE.b] }, far(ALB, 'singapore_network_public_b')],
      ['its security group', { security_groups: [THERE.group] }, far(ALB, 'singapore_network_alb_security_group')],
    ]),
    [
      'its provider',
      set('aws_internet_gateway.mumbai_network_gateway', { provider: 'aws.singapore' }),
      /is in \S+ and names \S+ of \S+/,
    ],
    [
      'a table of routes',
      set('aws_route_table_association.mumbai_network_public_b_routes', { route_table_id: THERE.routes }),
      far('aws_route_table_association.mumbai_network_public_b_routes', 'singapore_network_routes'),
    ],
    ['NAT', nat({ subnet_id: THERE.a }), far('aws_nat_gateway.n', 'singapore_network_public_a')],
    [
      'the subnet of a function',
      all(
        nat(),
        set('aws_lambda_function.singapore_traffic_router', {
          vpc_config: { subnet_ids: ['${aws_subnet.private.id}'], security_group_ids: ['${aws_security_group.fn.id}'] },
        }),
      ),
      'aws_lambda_function.singapore_traffic_router is in ap-southeast-1 and names aws_subnet.private of ap-south-1',
    ],
    [
      'the group of a function',
      all(
        nat(),
        set(ROUTER, { vpc_config: { subnet_ids: ['${aws_subnet.private.id}'], security_group_ids: [THERE.group] } }),
      ),
      far(ROUTER, 'singapore_network_alb_security_group'),
    ],
    [
      'the group of a rule',
      set('aws_vpc_security_group_ingress_rule.mumbai_network_alb_port_443', { provider: 'aws.singapore' }),
      /mumbai_network_alb_port_443 is in ap-southeast-1 and names \S+ of ap-south-1/,
    ],
    [
      'the target group of a rule',
      set('aws_lb_target_group.mumbai_alb_router_targets', { provider: 'aws.singapore' }),
      far('aws_lb_listener_rule.mumbai_alb_router_rule', 'mumbai_alb_router_targets'),
    ],
    [
      'the certificate of a validation',
      set('aws_acm_certificate_validation.mumbai_certificate_issued', { provider: 'aws.singapore' }),
      /mumbai_certificate_issued is in ap-southeast-1 and names aws_acm_certificate\.mumbai_certificate of ap-south-1/,
    ],
  ]);
});

const inTwo = (address: string): RegExp =>
  new RegExp(`${address.replaceAll('.', '\\.')} (is|names).* in aws_vpc\\.\\w+ and (is|names) \\S+ in aws_vpc\\.`);

describe('another VPC', () => {
  isFound([
    [
      'a security group',
      all(another, set('aws_security_group.mumbai_network_alb_security_group', { vpc_id: OTHER })),
      inTwo(ALB),
    ],
    ['a subnet', all(another, set(SUBNET_B, { vpc_id: OTHER })), inTwo(ALB)],
    [
      'a table of routes',
      all(another, set('aws_route_table.mumbai_network_routes', { vpc_id: OTHER })),
      inTwo('aws_route_table_association.mumbai_network_public_a_routes'),
    ],
    [
      'a network ACL',
      all(another, add('aws_network_acl.a', { vpc_id: OTHER, subnet_ids: [PUBLIC_A], ingress: [], egress: [] })),
      inTwo('aws_network_acl.a'),
    ],
    ['the group of a function', all(another, nat(), set('aws_security_group.fn', { vpc_id: OTHER })), inTwo(ROUTER)],
    [
      'NAT',
      all(another, nat({ subnet_id: '${aws_subnet.other.id}' }), add('aws_subnet.other', { vpc_id: OTHER })),
      inTwo('aws_route.out'),
    ],
    [
      'a VPC of another state',
      set('aws_security_group.mumbai_network_alb_security_group', { vpc_id: 'vpc-1' }),
      /aws_lb\.mumbai_alb names .* in vpc-1/,
    ],
  ]);
});

const ZONE_A = at(golden(), 'aws_subnet.mumbai_network_public_a')['availability_zone'];
const ASSOCIATION = 'aws_route_table_association.edge';

describe('zones and routes', () => {
  isFound([
    [
      'two subnets of one zone',
      set(SUBNET_B, { availability_zone: ZONE_A }),
      `${SUBNET_B} (of ${ALB}) is in ap-south-1a, as aws_subnet.mumbai_network_public_a is`,
    ],
    [
      'a subnet of any zone',
      set(SUBNET_B, { availability_zone: null }),
      `${SUBNET_B} (of ${ALB}) names no availability zone`,
    ],
    [
      'a route of a prefix list',
      add('aws_route.odd', {
        route_table_id: ROUTES,
        destination_prefix_list_id: 'pl-1',
        network_interface_id: 'eni-1',
      }),
      /public_a .*sends pl-1 another way \(aws_route\.odd\).*unknown/,
    ],
    [
      'a route of a prefix list in the table itself',
      set('aws_route_table.mumbai_network_routes', {
        route: [{ destination_prefix_list_id: 'pl-1', network_interface_id: 'eni-1' }],
      }),
      /public_a .*sends pl-1 another way \(aws_route_table\.mumbai_network_routes\)/,
    ],
    [
      'routes that a gateway spreads',
      set('aws_route_table.mumbai_network_routes', { propagating_vgws: ['vgw-1'] }),
      'sets propagating_vgws',
    ],
    [
      'a table at the gateway itself',
      all(
        add('aws_route_table.edge', {
          vpc_id: VPC,
          route: [{ cidr_block: '10.0.0.0/16', network_interface_id: 'eni-1' }],
        }),
        add(ASSOCIATION, {
          gateway_id: '${aws_internet_gateway.mumbai_network_gateway.id}',
          route_table_id: '${aws_route_table.edge.id}',
        }),
      ),
      `${ASSOCIATION} sets gateway_id`,
    ],
  ] satisfies Plant[]);
});

test('a security group may admit one of a VPC beside its own', () => {
  const peered = all(
    another,
    add('aws_security_group.beside', { vpc_id: OTHER }),
    add('aws_vpc_security_group_ingress_rule.beside', {
      security_group_id: GROUP,
      ip_protocol: '-1',
      referenced_security_group_id: '${aws_security_group.beside.id}',
    }),
  );
  expect(judged(peered)).toBe('');
});
