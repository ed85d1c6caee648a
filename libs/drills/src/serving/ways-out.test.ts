// Faults on the way out of functions in a VPC: routes, NAT gateways, network ACLs, security groups and endpoints.
import { add, all, at, GROUP, isFound, judged, nat, PUBLIC_A, set, VPC, type Stack } from './testing/plant';

const ROUTER = 'aws_lambda_function.mumbai_traffic_router';
const PRIVATE = '${aws_subnet.private.id}';
const TABLE = '${aws_route_table.private.id}';
const ACL = 'aws_network_acl.a';
const rule = (rule_no: number, more: object = {}) => ({
  rule_no,
  action: 'allow',
  protocol: '-1',
  cidr_block: '0.0.0.0/0',
  ...more,
});
const ports = (from_port: number, to_port = from_port) => ({ protocol: 'tcp', from_port, to_port });
const egress = (...rules: object[]) => all(nat(), set('aws_security_group.fn', { egress: rules }));
const WORLD = { cidr_blocks: ['0.0.0.0/0'] };
const HTTPS_OUT = { protocol: 'tcp', from_port: 443, to_port: 443, ...WORLD };
const SHUT = `aws_security_group.fn lets nothing out to 0.0.0.0/0 on 443, and ${ROUTER} has no other group`;
const acl = (subnet: string, body: object) => all(nat(), add(ACL, { vpc_id: VPC, subnet_ids: [subnet], ...body }));
const DENIES = `${ACL} denies ${ROUTER} requests on 443 or the answers to them`;
const CUT_OFF = `aws_nat_gateway.n is cut off by ${ACL}`;
const endpoint = (body: object) =>
  all(
    nat(),
    add('aws_security_group.endpoint', { vpc_id: VPC, ingress: [{ ...ports(443), cidr_blocks: ['10.0.9.0/24'] }] }),
    add('aws_vpc_endpoint.e', {
      vpc_id: VPC,
      service_name: 'com.amazonaws.ap-south-1.secretsmanager',
      vpc_endpoint_type: 'Interface',
      private_dns_enabled: true,
      subnet_ids: [PRIVATE],
      security_group_ids: ['${aws_security_group.endpoint.id}'],
      ...body,
    }),
  );

describe('NAT gateways and routes', () => {
  isFound([
    [
      'NAT without an address',
      all(nat(), (stack: Stack) => void delete at(stack, 'aws_nat_gateway.n')['allocation_id']),
      `${ROUTER} runs in aws_subnet.private, whose aws_nat_gateway.n has no allocation_id`,
    ],
    [
      'a more special route',
      all(
        nat(),
        add('aws_route.odd', {
          route_table_id: TABLE,
          destination_cidr_block: '52.0.0.0/8',
          network_interface_id: 'eni-1',
        }),
      ),
      'which sends 52.0.0.0/8 another way (aws_route.odd): what becomes of it is unknown',
    ],
    [
      'a route of a prefix list',
      all(
        nat(),
        add('aws_route.odd', {
          route_table_id: TABLE,
          destination_prefix_list_id: 'pl-1',
          network_interface_id: 'eni-1',
        }),
      ),
      'which sends pl-1 another way (aws_route.odd)',
    ],
    [
      'routes that a gateway spreads',
      all(nat(), set('aws_route_table.private', { propagating_vgws: ['vgw-1'] })),
      'sets propagating_vgws',
    ],
    [
      'NAT without a subnet of its own',
      nat({ availability_mode: 'regional' }),
      'aws_nat_gateway.n sets availability_mode',
    ],
  ]);
});

describe('network ACLs', () => {
  isFound([
    ['none of the rules', acl(PRIVATE, {}), DENIES],
    ['no answers in', acl(PRIVATE, { egress: [rule(1)], ingress: [rule(1, ports(443))] }), DENIES],
    ['some answers in', acl(PRIVATE, { egress: [rule(1)], ingress: [rule(1, ports(1024, 32_767))] }), DENIES],
    [
      'some answers denied',
      acl(PRIVATE, { egress: [rule(1)], ingress: [rule(1, { ...ports(5000, 5001), action: 'deny' }), rule(2)] }),
      DENIES,
    ],
    ['HTTP alone out', acl(PRIVATE, { egress: [rule(1, ports(80))], ingress: [rule(1)] }), DENIES],
    ['the VPC alone', acl(PRIVATE, { egress: [rule(1, { cidr_block: '10.0.0.0/16' })], ingress: [rule(1)] }), DENIES],
    [
      'the default ACL, closed',
      all(
        nat(),
        add('aws_default_network_acl.d', {
          default_network_acl_id: '${aws_vpc.mumbai_network_vpc.default_network_acl_id}',
        }),
      ),
      `aws_default_network_acl.d denies ${ROUTER}`,
    ],
    ["no answers into NAT's subnet", acl(PUBLIC_A, { egress: [rule(1)], ingress: [rule(1, ports(443))] }), CUT_OFF],
    [
      "requests from the functions kept out of NAT's subnet",
      acl(PUBLIC_A, { egress: [rule(1)], ingress: [rule(1, { action: 'deny', cidr_block: '10.0.9.0/24' }), rule(2)] }),
      CUT_OFF,
    ],
    [
      "no answers from NAT's subnet to the functions",
      acl(PUBLIC_A, { ingress: [rule(1)], egress: [rule(1, { action: 'deny', cidr_block: '10.0.0.0/8' }), rule(2)] }),
      CUT_OFF,
    ],
  ]);
});

describe('security groups', () => {
  isFound([
    ['UDP alone', egress({ protocol: 'udp', from_port: 53, to_port: 53, ...WORLD }), SHUT],
    ['HTTP alone', egress({ protocol: 'tcp', from_port: 80, to_port: 80, ...WORLD }), SHUT],
    ['private addresses alone', egress({ protocol: '-1', cidr_blocks: ['10.0.0.0/8'] }), SHUT],
    ['IPv6 alone', egress({ protocol: '-1', ipv6_cidr_blocks: ['::/0'] }), SHUT],
    ['another group alone', egress({ protocol: '-1', security_groups: [GROUP] }), SHUT],
    [
      'a rule of no instance',
      all(
        egress(),
        add('aws_vpc_security_group_egress_rule.e', {
          security_group_id: '${aws_security_group.fn.id}',
          ip_protocol: '-1',
          cidr_ipv4: '0.0.0.0/0',
          count: 0,
        }),
      ),
      SHUT,
    ],
    [
      'no group',
      all(nat(), set(ROUTER, { vpc_config: { subnet_ids: [PRIVATE], security_group_ids: [] } })),
      `${ROUTER} names subnets and no security group`,
    ],
  ]);
});

describe('endpoints', () => {
  isFound([
    ['a policy that denies', endpoint({ policy: '{"Statement":[]}' }), 'aws_vpc_endpoint.e sets policy'],
    [
      'a group that admits nobody',
      all(endpoint({}), set('aws_security_group.endpoint', { ingress: [] })),
      `aws_vpc_endpoint.e admits no requests of ${ROUTER} on 443`,
    ],
    [
      'a group that admits another subnet',
      all(
        endpoint({}),
        set('aws_security_group.endpoint', { ingress: [{ ...ports(443), cidr_blocks: ['10.0.8.0/24'] }] }),
      ),
      `aws_vpc_endpoint.e admits no requests of ${ROUTER} on 443`,
    ],
    [
      'an ACL before its subnet',
      all(
        endpoint({ subnet_ids: ['${aws_subnet.inner.id}'] }),
        add('aws_subnet.inner', { vpc_id: VPC, cidr_block: '10.0.8.0/24' }),
        add(ACL, {
          vpc_id: VPC,
          subnet_ids: ['${aws_subnet.inner.id}'],
          egress: [rule(1)],
          ingress: [rule(1, ports(80))],
        }),
      ),
      `${ACL} stands between ${ROUTER} and aws_vpc_endpoint.e`,
    ],
    [
      "an ACL that keeps the functions' subnet from it",
      all(
        endpoint({ subnet_ids: ['${aws_subnet.inner.id}'] }),
        add('aws_subnet.inner', { vpc_id: VPC, cidr_block: '10.0.8.0/24' }),
        add(ACL, {
          vpc_id: VPC,
          subnet_ids: [PRIVATE],
          ingress: [rule(1)],
          egress: [rule(1, { action: 'deny', cidr_block: '10.0.8.0/23' }), rule(2)],
        }),
      ),
      `${ACL} stands between ${ROUTER} and aws_vpc_endpoint.e`,
    ],
    [
      'a service of another region',
      endpoint({ service_name: 'com.amazonaws.us-east-1.secretsmanager' }),
      'aws_vpc_endpoint.e is in ap-south-1, and its service com.amazonaws.us-east-1.secretsmanager is not',
    ],
  ]);
});

test.each<[string, (stack: Stack) => void]>([
  ['HTTPS alone out', egress(HTTPS_OUT)],
  ['HTTPS alone by number', egress({ ...HTTPS_OUT, protocol: '6' })],
  ['an endpoint that admits the subnet', endpoint({})],
  [
    'an endpoint that admits the group',
    all(
      endpoint({}),
      set('aws_security_group.endpoint', {
        ingress: [{ ...ports(443), security_groups: ['${aws_security_group.fn.id}'] }],
      }),
    ),
  ],
  [
    'an endpoint without a private name, which takes nothing',
    endpoint({ private_dns_enabled: false, security_group_ids: [] }),
  ],
  [
    'a route within private networks',
    all(
      nat(),
      add('aws_route.peer', {
        route_table_id: TABLE,
        destination_cidr_block: '10.9.0.0/16',
        vpc_peering_connection_id: 'pcx-1',
      }),
    ),
  ],
  [
    'an ACL of what is needed, in several rules',
    acl(PRIVATE, {
      egress: [rule(1, ports(443))],
      ingress: [rule(1, ports(1024, 32_767)), rule(2, ports(32_768, 65_535)), rule(3, { action: 'deny' })],
    }),
  ],
  [
    "an ACL of what NAT's subnet needs, which the load balancer's is as well",
    acl(PUBLIC_A, {
      ingress: [rule(1, ports(443)), rule(2, ports(1024, 65_535))],
      egress: [rule(1, ports(443)), rule(2, { ...ports(1024, 65_535), cidr_block: '0.0.0.0/0' })],
    }),
  ],
])('nothing is found: %s', (_, plant) => expect(judged(plant)).toBe(''));
