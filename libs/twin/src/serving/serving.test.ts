// Each row plants one fault into our own stack: it cannot serve any more, and the drill must say so by name.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { InputError } from '@dr/contracts';
import { parseStack } from '@dr/terraform-json';
import * as fc from 'fast-check';
import { whatCannotServe } from '.';
import { readShape } from '../stack-shape';

type Json = Record<string, unknown>;
type Stack = { resource: Record<string, Record<string, Json>>; [key: string]: unknown };

const text = readFileSync(resolve(__dirname, '../../../../golden/cdk.tf.json'), 'utf8');
const golden = (): Stack => JSON.parse(text) as Stack;

/** What would stop the stack: findings, or the error that refuses it. */
function judged(plant: (stack: Stack) => void): string {
  const stack = golden();
  plant(stack);
  try {
    return whatCannotServe(parseStack(stack, '/stack'), 'app.example.com')
      .map(({ address, sentence }) => `${address} ${sentence}`)
      .join('\n');
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
}

const at = (stack: Stack, address: string): Json => {
  const [type = '', name = ''] = address.split('.');
  const body = stack.resource[type]?.[name];
  if (!body) throw new Error(`the golden stack has no ${address}`);
  return body;
};
const set =
  (address: string, values: Json) =>
  (stack: Stack): void =>
    void Object.assign(at(stack, address), values);
const drop =
  (address: string) =>
  (stack: Stack): void => {
    at(stack, address);
    const [type = '', name = ''] = address.split('.');
    delete stack.resource[type]?.[name];
    // Nobody is to refer to what is gone, but by depends_on.
    for (const byName of Object.values(stack.resource)) {
      for (const body of Object.values(byName)) {
        if (Array.isArray(body['depends_on']))
          body['depends_on'] = (body['depends_on'] as string[]).filter((one) => one !== address);
      }
    }
  };
const add =
  (address: string, body: Json) =>
  (stack: Stack): void => {
    const [type = '', name = ''] = address.split('.');
    (stack.resource[type] ??= {})[name] = { provider: 'aws.mumbai', ...body };
  };
const all =
  (...plants: ((stack: Stack) => void)[]) =>
  (stack: Stack): void =>
    plants.forEach((plant) => plant(stack));
const told =
  (address: string, variables: Json) =>
  (stack: Stack): void => {
    const environment = at(stack, address)['environment'] as { variables: Json };
    Object.assign(environment.variables, variables);
  };
const zone = (body: Json) => (stack: Stack) => {
  Object.assign((stack['data'] as Record<string, Record<string, Json>>)['aws_route53_zone']?.['zone'] ?? {}, body);
};
const provider = (at: number, region: string) => (stack: Stack) => {
  const aws = (stack['provider'] as { aws: Json[] }).aws;
  (aws[at] as Json)['region'] = region;
};
const output = (name: string, value: unknown) => (stack: Stack) => {
  (stack['output'] as Record<string, Json>)[name] = { value };
};

const VPC = '${aws_vpc.mumbai_network_vpc.id}';
const ROUTES = '${aws_route_table.mumbai_network_routes.id}';
const PUBLIC_A = '${aws_subnet.mumbai_network_public_a.id}';
const GROUP = '${aws_security_group.mumbai_network_alb_security_group.id}';
const ALB_ARN = '${aws_lb.mumbai_alb.arn}';
const FORWARD = (group: string): Json[] => [
  { type: 'forward', target_group_arn: `\${aws_lb_target_group.${group}.arn}` },
];
const inPrivateSubnet = all(
  add('aws_subnet.private', { vpc_id: VPC, cidr_block: '10.0.9.0/24' }),
  add('aws_route_table.private', { vpc_id: VPC }),
  add('aws_route_table_association.private', {
    subnet_id: '${aws_subnet.private.id}',
    route_table_id: '${aws_route_table.private.id}',
  }),
  add('aws_security_group.fn', { vpc_id: VPC, egress: [{ protocol: '-1', cidr_blocks: ['0.0.0.0/0'] }] }),
  set('aws_lambda_function.mumbai_traffic_router', {
    vpc_config: { subnet_ids: ['${aws_subnet.private.id}'], security_group_ids: ['${aws_security_group.fn.id}'] },
  }),
);
const nat = (more: Json = {}) =>
  all(
    inPrivateSubnet,
    add('aws_nat_gateway.n', { subnet_id: PUBLIC_A, allocation_id: 'eipalloc-1', ...more }),
    add('aws_route.out', {
      route_table_id: '${aws_route_table.private.id}',
      destination_cidr_block: '0.0.0.0/0',
      nat_gateway_id: '${aws_nat_gateway.n.id}',
    }),
  );

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
  [
    'an open network ACL',
    add('aws_network_acl.a', {
      subnet_ids: [PUBLIC_A],
      ingress: [{ rule_no: 1, action: 'allow', protocol: '-1', cidr_block: '0.0.0.0/0' }],
      egress: [{ rule_no: 1, action: 'allow', protocol: '-1', cidr_block: '0.0.0.0/0' }],
    }),
  ],
  [
    'a wildcard certificate',
    all(
      set('aws_acm_certificate.mumbai_certificate', {
        domain_name: 'app.example.com',
        subject_alternative_names: ['*.app.example.com'],
      }),
      set('aws_route53_record.mumbai_certificate_validation', {
        name: '_validation.app.example.com',
        records: ['x'],
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

const PLANTS: readonly (readonly [string, (stack: Stack) => void, RegExp])[] = [
  // Names
  [
    'a private zone',
    zone({ private_zone: true }),
    /aws_route53_record\.mumbai_dns_record is in data\.aws_route53_zone\.zone, a private zone/,
  ],
  [
    'a zone of the stack for a VPC',
    all(
      add('aws_route53_zone.z', { name: 'example.com', vpc: [{ vpc_id: VPC }] }),
      set('aws_route53_record.mumbai_dns_record', { zone_id: '${aws_route53_zone.z.zone_id}' }),
    ),
    /mumbai_dns_record is in aws_route53_zone\.z, a private zone/,
  ],
  [
    'a record with count 0',
    set('aws_route53_record.singapore_dns_record', { count: 0 }),
    /aws_lb\.singapore_alb is led to by no record of app\.example\.com/,
  ],
  [
    'an alias to the other region',
    set('aws_route53_record.singapore_dns_regional_name', {
      alias: { name: '${aws_lb.mumbai_alb.dns_name}', zone_id: 'Z', evaluate_target_health: false },
    }),
    /aws_lb\.singapore_alb is led to by no record/,
  ],
  [
    'regional names exchanged',
    all(
      set('aws_route53_record.singapore_dns_regional_name', { name: 'mumbai.app.example.com' }),
      set('aws_route53_record.mumbai_dns_regional_name', { name: 'singapore.app.example.com' }),
    ),
    /mumbai_dns_record is for clients near ap-south-1, but leads to aws_lb\.singapore_alb/,
  ],
  [
    'a disabled health check',
    set('aws_route53_health_check.mumbai_dns_health_check', { disabled: true }),
    /mumbai_dns_health_check is disabled/,
  ],
  [
    'an inverted health check',
    set('aws_route53_health_check.mumbai_dns_health_check', { invert_healthcheck: true }),
    /mumbai_dns_health_check is inverted/,
  ],
  [
    'a check of the other region',
    set('aws_route53_health_check.mumbai_dns_health_check', { fqdn: 'singapore.app.example.com' }),
    /mumbai_dns_health_check watches aws_lb\.singapore_alb/,
  ],
  [
    'a check of a stranger',
    set('aws_route53_health_check.mumbai_dns_health_check', { fqdn: 'www.example.org' }),
    /mumbai_dns_health_check asks www\.example\.org/,
  ],
  [
    'a check at a wrong path',
    set('aws_route53_health_check.mumbai_dns_health_check', { resource_path: '/helth' }),
    /mumbai_dns_health_check asks \/helth, which aws_lb_listener\.mumbai_alb_https answers itself/,
  ],
  [
    'a check of another function',
    set('aws_route53_health_check.mumbai_dns_health_check', { resource_path: '/ready' }),
    /mumbai_dns_health_check asks \/ready, which traffic-router answers/,
  ],
  [
    'a check at a wrong port',
    set('aws_route53_health_check.mumbai_dns_health_check', { port: 8443 }),
    /mumbai_dns_health_check asks port 8443/,
  ],
  [
    'a check in plain HTTP',
    set('aws_route53_health_check.mumbai_dns_health_check', { type: 'HTTP' }),
    /mumbai_dns_health_check speaks HTTP to aws_lb_listener\.mumbai_alb_https/,
  ],
  [
    'a check that the redirect answers',
    set('aws_route53_health_check.mumbai_dns_health_check', { type: 'HTTP', port: 80 }),
    /mumbai_dns_health_check asks \/health, which aws_lb_listener\.mumbai_alb_http answers itself \(redirect\)/,
  ],
  [
    'a check by a routing control',
    set('aws_route53_health_check.mumbai_dns_health_check', { routing_control_arn: 'arn:x' }),
    /mumbai_dns_health_check sets routing_control_arn/,
  ],
  [
    'two primary records',
    (stack) => {
      for (const region of ['mumbai', 'singapore']) {
        const record = at(stack, `aws_route53_record.${region}_dns_record`);
        delete record['latency_routing_policy'];
        record['failover_routing_policy'] = { type: 'PRIMARY' };
      }
    },
    /mumbai_dns_record, aws_route53_record\.singapore_dns_record are all primary/,
  ],
  [
    'a role that is none',
    (stack) => {
      const record = at(stack, 'aws_route53_record.mumbai_dns_record');
      delete record['latency_routing_policy'];
      record['failover_routing_policy'] = { type: 'MAIN' };
    },
    /mumbai_dns_record: failover_routing_policy\.type "MAIN"/,
  ],
  // Load balancers and networks
  ['one subnet', set('aws_lb.mumbai_alb', { subnets: [PUBLIC_A] }), /mumbai_alb names one subnet/],
  ['an internal load balancer', set('aws_lb.mumbai_alb', { internal: true }), /aws_lb\.mumbai_alb is internal/],
  ['an internal one by text', set('aws_lb.mumbai_alb', { internal: '${"true"}' }), /aws_lb\.mumbai_alb is internal/],
  [
    'a network load balancer',
    set('aws_lb.mumbai_alb', { load_balancer_type: 'network' }),
    /aws_lb\.mumbai_alb is a network load balancer/,
  ],
  [
    'no public IPv4',
    set('aws_lb.mumbai_alb', { ip_address_type: 'dualstack-without-public-ipv4' }),
    /mumbai_alb has no public IPv4/,
  ],
  ['no subnets', set('aws_lb.mumbai_alb', { subnets: [] }), /mumbai_alb names no subnets/],
  [
    'a subnet of another state',
    set('aws_lb.mumbai_alb', { subnets: ['subnet-1', 'subnet-2'] }),
    /mumbai_alb stands in subnet "subnet-1", which is not in the stack.*unknown/,
  ],
  [
    'no route',
    drop('aws_route.mumbai_network_internet'),
    /aws_subnet\.mumbai_network_public_a .*no route to the internet: aws_route_table\.mumbai_network_routes has none/,
  ],
  [
    'a route with count 0',
    set('aws_route.mumbai_network_internet', { count: '${0}' }),
    /public_a .*no route to the internet/,
  ],
  [
    'a route to NAT',
    set('aws_route.mumbai_network_internet', { gateway_id: null, nat_gateway_id: 'nat-1' }),
    /public_a .*aws_route\.mumbai_network_internet leads elsewhere/,
  ],
  [
    'a route to part of the internet',
    set('aws_route.mumbai_network_internet', { destination_cidr_block: '0.0.0.0/1' }),
    /public_a .*none for 0\.0\.0\.0\/0/,
  ],
  [
    'a more special route',
    add('aws_route.odd', {
      route_table_id: ROUTES,
      destination_cidr_block: '203.0.113.0/24',
      network_interface_id: 'eni-1',
    }),
    /public_a .*sends 203\.0\.113\.0\/24 another way \(aws_route\.odd\).*unknown/,
  ],
  [
    'no association',
    drop('aws_route_table_association.mumbai_network_public_a_routes'),
    /aws_subnet\.mumbai_network_public_a .*no route table association/,
  ],
  ['no gateway', drop('aws_internet_gateway.mumbai_network_gateway'), /aws_internet_gateway\.mumbai_network_gateway/],
  [
    'a gateway of another VPC',
    set('aws_internet_gateway.mumbai_network_gateway', { vpc_id: 'vpc-1' }),
    /public_a .*cannot use aws_internet_gateway\.mumbai_network_gateway/,
  ],
  ['no security group', set('aws_lb.mumbai_alb', { security_groups: [] }), /mumbai_alb names no security group/],
  [
    'no security group at all',
    (stack) => void delete at(stack, 'aws_lb.mumbai_alb')['security_groups'],
    /mumbai_alb names no security group/,
  ],
  [
    'a group of another state',
    set('aws_lb.mumbai_alb', { security_groups: ['sg-1'] }),
    /mumbai_alb has the security group sg-1, which is not in the stack/,
  ],
  [
    'a group that admits nothing',
    drop('aws_vpc_security_group_ingress_rule.mumbai_network_alb_port_443'),
    /aws_security_group\.mumbai_network_alb_security_group .*admits nobody from the internet on 443/,
  ],
  [
    'a rule with count 0',
    set('aws_vpc_security_group_ingress_rule.mumbai_network_alb_port_443', { count: 0 }),
    /admits nobody from the internet on 443/,
  ],
  [
    'a group for some',
    set('aws_vpc_security_group_ingress_rule.mumbai_network_alb_port_443', { cidr_ipv4: '198.51.100.0/24' }),
    /admits nobody from the internet on 443/,
  ],
  [
    'a group for UDP',
    set('aws_vpc_security_group_ingress_rule.mumbai_network_alb_port_443', { ip_protocol: 'udp' }),
    /admits nobody from the internet on 443/,
  ],
  [
    'a group for another port',
    set('aws_vpc_security_group_ingress_rule.mumbai_network_alb_port_443', { from_port: 444, to_port: 444 }),
    /admits nobody from the internet on 443/,
  ],
  [
    'a group in another group',
    set('aws_vpc_security_group_ingress_rule.mumbai_network_alb_port_443', { security_group_id: 'sg-2' }),
    /admits nobody from the internet on 443/,
  ],
  [
    'an ACL that denies',
    add('aws_network_acl.a', {
      subnet_ids: [PUBLIC_A],
      ingress: [{ rule_no: 1, action: 'deny', protocol: '-1', cidr_block: '0.0.0.0/0' }],
    }),
    /aws_network_acl\.a denies aws_lb\.mumbai_alb/,
  ],
  ['an ACL without rules', add('aws_network_acl.a', { subnet_ids: [PUBLIC_A] }), /aws_network_acl\.a denies/],
  [
    'an ACL that lets no answer out',
    add('aws_network_acl.a', {
      subnet_ids: [PUBLIC_A],
      ingress: [{ rule_no: 1, action: 'allow', protocol: '-1', cidr_block: '0.0.0.0/0' }],
    }),
    /aws_network_acl\.a denies/,
  ],
  [
    'an ACL that denies some',
    add('aws_network_acl.a', {
      subnet_ids: [PUBLIC_A],
      egress: [{ rule_no: 1, action: 'allow', protocol: '-1', cidr_block: '0.0.0.0/0' }],
      ingress: [
        { rule_no: 1, action: 'deny', protocol: 'tcp', from_port: 443, to_port: 443, cidr_block: '0.0.0.0/1' },
        { rule_no: 2, action: 'allow', protocol: '-1', cidr_block: '0.0.0.0/0' },
      ],
    }),
    /aws_network_acl\.a denies/,
  ],
  [
    'an ACL by association',
    all(
      add('aws_network_acl.a', { vpc_id: VPC }),
      add('aws_network_acl_association.a', { network_acl_id: '${aws_network_acl.a.id}', subnet_id: PUBLIC_A }),
    ),
    /aws_network_acl\.a denies/,
  ],
  [
    'the default ACL, closed',
    add('aws_default_network_acl.d', {
      default_network_acl_id: '${aws_vpc.mumbai_network_vpc.default_network_acl_id}',
    }),
    /aws_default_network_acl\.d denies/,
  ],
  [
    'a firewall',
    add('aws_wafv2_web_acl_association.w', { resource_arn: ALB_ARN, web_acl_arn: 'arn:x' }),
    /aws_wafv2_web_acl_association\.w is of a kind that the twin does not know/,
  ],
  [
    'a network firewall',
    add('aws_networkfirewall_firewall.f', { vpc_id: VPC }),
    /aws_networkfirewall_firewall\.f is of a kind/,
  ],
  [
    'an argument that may decide',
    set('aws_lb.mumbai_alb', { subnet_mapping: [{ subnet_id: PUBLIC_A }] }),
    /aws_lb\.mumbai_alb sets subnet_mapping/,
  ],
  ['a module', (stack) => void (stack['module'] = { edge: { source: './edge' } }), /module\.edge is a module/],
  // Listeners and certificates
  [
    'no HTTPS listener',
    (stack) => void Object.assign(at(stack, 'aws_lb_listener.mumbai_alb_https'), { port: 8443 }),
    /aws_lb\.mumbai_alb has no listener on port 443/,
  ],
  [
    'plain HTTP on 443',
    set('aws_lb_listener.mumbai_alb_https', { protocol: 'HTTP' }),
    /aws_lb_listener\.mumbai_alb_https speaks plain HTTP on port 443/,
  ],
  [
    'a TCP listener',
    set('aws_lb_listener.mumbai_alb_https', { protocol: 'TCP' }),
    /aws_lb_listener\.mumbai_alb_https: protocol "TCP"/,
  ],
  [
    'certificates of clients',
    set('aws_lb_listener.mumbai_alb_https', { mutual_authentication: { mode: 'verify', trust_store_arn: 'arn:x' } }),
    /mumbai_alb_https asks clients for certificates/,
  ],
  [
    'no certificate',
    set('aws_lb_listener.mumbai_alb_https', { certificate_arn: null }),
    /mumbai_alb_https has no certificate_arn/,
  ],
  [
    'a certificate for another name',
    set('aws_acm_certificate.mumbai_certificate', { domain_name: 'www.example.com', subject_alternative_names: [] }),
    /aws_acm_certificate\.mumbai_certificate .*not for app\.example\.com/,
  ],
  [
    'a certificate without the public name',
    set('aws_acm_certificate.mumbai_certificate', { subject_alternative_names: [] }),
    /mumbai_certificate .*not for app\.example\.com/,
  ],
  [
    'a wildcard one level too high',
    set('aws_acm_certificate.mumbai_certificate', { domain_name: '*.example.com', subject_alternative_names: [] }),
    /mumbai_certificate .*not for mumbai\.app\.example\.com/,
  ],
  [
    'a certificate of another region',
    set('aws_lb_listener.mumbai_alb_https', {
      certificate_arn: '${aws_acm_certificate_validation.singapore_certificate_issued.certificate_arn}',
    }),
    /aws_acm_certificate\.singapore_certificate is in ap-southeast-1/,
  ],
  [
    'a certificate that nobody validates',
    all(
      set('aws_lb_listener.mumbai_alb_https', { certificate_arn: '${aws_acm_certificate.mumbai_certificate.arn}' }),
      drop('aws_acm_certificate_validation.mumbai_certificate_issued'),
    ),
    /mumbai_certificate is validated by no aws_acm_certificate_validation/,
  ],
  [
    'a name that nobody proves',
    drop('aws_route53_record.mumbai_certificate_validation'),
    /mumbai_certificate is never issued: no record proves that mumbai\.app\.example\.com/,
  ],
  [
    'a certificate of another state',
    set('aws_lb_listener.mumbai_alb_https', { certificate_arn: 'arn:aws:acm:ap-south-1:1:certificate/x' }),
    /mumbai_alb_https has the certificate "arn.*which is not in the stack/,
  ],
  [
    'a certificate of a private authority',
    set('aws_acm_certificate.mumbai_certificate', { certificate_authority_arn: 'arn:x' }),
    /mumbai_certificate is issued by a private authority/,
  ],
  // Rules, targets
  [
    'a rule with count 0',
    set('aws_lb_listener_rule.mumbai_alb_router_rule', { count: 0 }),
    /aws_lb_listener\.mumbai_alb_https answers GET \/items\/some-id itself/,
  ],
  [
    'a rule that comes first',
    add('aws_lb_listener_rule.first', {
      listener_arn: '${aws_lb_listener.mumbai_alb_https.arn}',
      priority: 1,
      condition: [{ path_pattern: { values: ['/*'] } }],
      action: [{ type: 'fixed-response', fixed_response: { content_type: 'text/plain', status_code: '503' } }],
    }),
    /aws_lb_listener_rule\.first answers GET \/items\/some-id itself/,
  ],
  [
    'a rule for reading only',
    set('aws_lb_listener_rule.mumbai_alb_router_rule', {
      condition: [{ path_pattern: { values: ['/items/*'] } }, { http_request_method: { values: ['GET'] } }],
    }),
    /answers PUT \/items\/some-id itself/,
  ],
  [
    'a rule for another host',
    set('aws_lb_listener_rule.mumbai_alb_router_rule', { condition: [{ host_header: { values: ['x.example.com'] } }] }),
    /answers GET \/items\/some-id itself/,
  ],
  [
    'a rule for another group',
    set('aws_lb_listener_rule.mumbai_alb_router_rule', { action: FORWARD('mumbai_alb_health_targets') }),
    /mumbai_alb_router_rule sends GET \/items\/some-id to health-checker/,
  ],
  [
    'rules of the other region',
    set('aws_lb_listener_rule.mumbai_alb_router_rule', { action: FORWARD('singapore_alb_router_targets') }),
    /puts aws_lambda_function\.singapore_traffic_router of ap-southeast-1 behind/,
  ],
  [
    'a rule that asks for a login',
    set('aws_lb_listener_rule.mumbai_alb_router_rule', {
      action: [{ type: 'authenticate-oidc', order: 1 }, ...FORWARD('mumbai_alb_router_targets')],
    }),
    /mumbai_alb_router_rule: action/,
  ],
  [
    'a rule of which nobody knows how many',
    set('aws_lb_listener_rule.mumbai_alb_router_rule', {
      count: '${timestamp() == "x" ? 1 : 0}',
    }),
    /aws_lb_listener_rule\.mumbai_alb_router_rule/,
  ],
  [
    'a group without a target',
    drop('aws_lb_target_group_attachment.mumbai_alb_router_target'),
    /aws_lb_target_group\.mumbai_alb_router_targets has no target/,
  ],
  [
    'an attachment with count 0',
    set('aws_lb_target_group_attachment.mumbai_alb_health_target', { count: 0 }),
    /aws_lb_target_group\.mumbai_alb_health_targets has no target/,
  ],
  [
    'no permission',
    drop('aws_lambda_permission.mumbai_traffic_router_from_alb'),
    /aws_lambda_function\.mumbai_traffic_router lets no load balancer invoke it/,
  ],
  [
    'a permission for the function, not the alias',
    (stack) => void delete at(stack, 'aws_lambda_permission.mumbai_traffic_router_from_alb')['qualifier'],
    /mumbai_traffic_router lets no load balancer invoke it/,
  ],
  [
    'a permission for another group',
    set('aws_lambda_permission.mumbai_traffic_router_from_alb', {
      source_arn: '${aws_lb_target_group.mumbai_alb_health_targets.arn}',
    }),
    /mumbai_traffic_router lets no load balancer invoke it/,
  ],
  [
    'a permission for another account',
    set('aws_lambda_permission.mumbai_traffic_router_from_alb', { source_account: '999999999999' }),
    /mumbai_traffic_router lets no load balancer invoke it/,
  ],
  [
    'a permission for another service',
    set('aws_lambda_permission.mumbai_traffic_router_from_alb', { principal: 'events.amazonaws.com' }),
    /mumbai_traffic_router lets no load balancer invoke it/,
  ],
  // Functions
  [
    'an alias at a version that is not there',
    set('aws_lambda_alias.mumbai_traffic_router_live', { function_version: '7' }),
    /aws_lambda_alias\.mumbai_traffic_router_live leads to version 7/,
  ],
  [
    'an alias at version 1 of what publishes none',
    all(
      set('aws_lambda_function.mumbai_traffic_router', { publish: false }),
      set('aws_lambda_alias.mumbai_traffic_router_live', { function_version: '1' }),
    ),
    /mumbai_traffic_router_live leads to version 1/,
  ],
  [
    'an alias of no function',
    set('aws_lambda_alias.mumbai_traffic_router_live', { function_name: 'dr-other' }),
    /mumbai_traffic_router_live is an alias of "dr-other"/,
  ],
  [
    'an alias that shares its traffic',
    set('aws_lambda_alias.mumbai_traffic_router_live', { routing_config: { additional_version_weights: { 2: 0.5 } } }),
    /mumbai_traffic_router_live sets routing_config/,
  ],
  [
    'a target of an alias that is not there',
    set('aws_lb_target_group_attachment.mumbai_alb_router_target', {
      target_id: '${aws_lambda_function.mumbai_traffic_router.arn}:blue',
    }),
    /mumbai_alb_router_target names blue/,
  ],
  [
    'Python',
    set('aws_lambda_function.mumbai_traffic_router', { runtime: 'python3.13' }),
    /aws_lambda_function\.mumbai_traffic_router has the runtime python3\.13/,
  ],
  [
    'an old Node',
    set('aws_lambda_function.mumbai_traffic_router', { runtime: 'nodejs16.x' }),
    /mumbai_traffic_router has the runtime nodejs16\.x/,
  ],
  [
    'no runtime',
    set('aws_lambda_function.mumbai_health_checker', { runtime: null }),
    /mumbai_health_checker has the runtime none/,
  ],
  [
    'layers',
    set('aws_lambda_function.mumbai_traffic_router', { layers: ['arn:x'] }),
    /mumbai_traffic_router sets layers/,
  ],
  [
    'reserved 0',
    set('aws_lambda_function.mumbai_traffic_router', { reserved_concurrent_executions: 0 }),
    /mumbai_traffic_router reserves no execution/,
  ],
  [
    'reserved too few',
    set('aws_lambda_function.mumbai_traffic_router', { reserved_concurrent_executions: '${4 + 5}' }),
    /mumbai_traffic_router reserves 9 executions at once, and one region needs 10/,
  ],
  [
    'too few for checkers',
    set('aws_lambda_function.mumbai_health_checker', { reserved_concurrent_executions: 2 }),
    /mumbai_health_checker reserves 2 executions at once, and one region needs 20/,
  ],
  [
    'subnets without a way out',
    inPrivateSubnet,
    /mumbai_traffic_router runs in aws_subnet\.private, which has no way out/,
  ],
  [
    'public subnets',
    set('aws_lambda_function.mumbai_traffic_router', {
      vpc_config: { subnet_ids: [PUBLIC_A], security_group_ids: [GROUP] },
    }),
    /mumbai_traffic_router runs in aws_subnet\.mumbai_network_public_a, which has no way out/,
  ],
  [
    'endpoints only',
    all(inPrivateSubnet, add('aws_vpc_endpoint.d', { vpc_id: VPC, service_name: 'com.amazonaws.ap-south-1.dynamodb' })),
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
    all(
      nat(),
      set('aws_lambda_function.mumbai_traffic_router', {
        vpc_config: { subnet_ids: ['${aws_subnet.private.id}'], security_group_ids: [GROUP] },
      }),
    ),
    /mumbai_network_alb_security_group lets nothing out/,
  ],
  [
    'subnets of another state',
    set('aws_lambda_function.mumbai_traffic_router', {
      vpc_config: { subnet_ids: ['subnet-1'], security_group_ids: [] },
    }),
    /mumbai_traffic_router runs in subnet "subnet-1".*unknown/,
  ],
  // Regions
  [
    'two aliases, one region',
    provider(2, 'ap-south-1'),
    /aws_lb\.singapore_alb is in ap-south-1, as aws_lb\.mumbai_alb is/,
  ],
  [
    'two names, one region',
    output('regions', { mumbai: 'ap-south-1', singapore: 'ap-south-1' }),
    /output\.regions gives singapore the AWS region ap-south-1/,
  ],
  [
    'a function told the other region',
    told('aws_lambda_function.singapore_traffic_router', { DR_REGION: 'mumbai' }),
    /aws_lambda_function\.singapore_traffic_router is told that it is in mumbai/,
  ],
  [
    'a peer that is itself',
    told('aws_lambda_function.mumbai_health_checker', {
      DR_PEERS: '[{"name":"mumbai","awsRegion":"ap-south-1","host":"mumbai.app.example.com"}]',
    }),
    /mumbai_health_checker is told that mumbai \(ap-south-1\) is a peer/,
  ],
  [
    'a peer at its own name',
    told('aws_lambda_function.mumbai_health_checker', {
      DR_PEERS: '[{"name":"singapore","awsRegion":"ap-southeast-1","host":"mumbai.app.example.com"}]',
    }),
    /mumbai_health_checker is told that singapore answers at mumbai\.app\.example\.com/,
  ],
  [
    'no peers',
    told('aws_lambda_function.mumbai_health_checker', { DR_PEERS: '[]' }),
    /mumbai_health_checker is not told of singapore/,
  ],
  [
    'peers in no form',
    told('aws_lambda_function.mumbai_health_checker', { DR_PEERS: '{' }),
    /mumbai_health_checker is told of peers in a form/,
  ],
  [
    'another table',
    told('aws_lambda_function.mumbai_traffic_router', { DR_TABLE: 'other' }),
    /mumbai_traffic_router is told to use the table "other"/,
  ],
  [
    'a second load balancer',
    add('aws_lb.more', { subnets: [PUBLIC_A], security_groups: [GROUP], name: 'more' }),
    /aws_lb\.more is in ap-south-1, as aws_lb\.mumbai_alb is/,
  ],
  // Tables
  [
    'provisioned 1/1',
    set('aws_dynamodb_table.system_table', { billing_mode: 'PROVISIONED', read_capacity: 1, write_capacity: 1 }),
    /aws_dynamodb_table\.system_table has write_capacity 1: 100 requests a second need 50/,
  ],
  [
    'provisioned by default',
    set('aws_dynamodb_table.system_table', { billing_mode: null, read_capacity: 1, write_capacity: 1 }),
    /system_table has read_capacity 1/,
  ],
  [
    'provisioned without a number',
    set('aws_dynamodb_table.system_table', { billing_mode: 'PROVISIONED' }),
    /system_table has write_capacity 0/,
  ],
  [
    'on demand, capped',
    set('aws_dynamodb_table.system_table', {
      on_demand_throughput: { max_read_request_units: 1, max_write_request_units: 1 },
    }),
    /system_table has max_write_request_units 1/,
  ],
  [
    'scaling by others',
    add('aws_appautoscaling_target.t', { max_capacity: 1 }),
    /aws_appautoscaling_target\.t is of a kind/,
  ],
  [
    'strong consistency',
    set('aws_dynamodb_table.system_table', { replica: [{ region_name: 'us-east-2', consistency_mode: 'STRONG' }] }),
    /system_table replicates to us-east-2 with strong consistency/,
  ],
];
test.each(PLANTS)('is found by name: %s', (_, plant, named) => expect(judged(plant)).toMatch(named));

test('an unknown on the way in is refused by name, one beside it is not', () => {
  expect(judged(set('aws_lb.mumbai_alb', { internal: '${timestamp() == "x"}' }))).toMatch(
    /refused: aws_lb\.mumbai_alb: internal/,
  );
  expect(judged(set('aws_route53_record.mumbai_dns_record', { ttl: '${var.commit}' }))).toMatch(
    /mumbai_dns_record: ttl/,
  );
  expect(judged(set('aws_cloudwatch_dashboard.system_health_overview', { dashboard_body: '${timestamp()}' }))).toBe('');
});

/** Every number in the golden stack's resources, by its place. */
const NUMBERS = Object.entries(golden().resource).flatMap(([type, byName]) =>
  Object.entries(byName).flatMap(([name, body]) => placesOf(body, [type, name])),
);

function placesOf(value: unknown, path: readonly (string | number)[]): (readonly (string | number)[])[] {
  if (typeof value === 'number') return [path];
  if (typeof value !== 'object' || value === null || path.at(-1) === '//') return [];
  return Object.entries(value).flatMap(([key, item]) =>
    placesOf(item, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

function planted(path: readonly (string | number)[], value: unknown): Stack {
  const stack = golden();
  const steps = [...path];
  const last = steps.pop() as string;
  const owner = steps.reduce<Json>((at, step) => at[step] as Json, stack.resource);
  owner[last] = value;
  return stack;
}

/** What a stack comes to: the settings that verdicts rest on, or the refusal. */
function outcome(stack: Stack): unknown {
  try {
    const graph = parseStack(stack, '/stack');
    const { settings } = readShape(graph);
    for (const number of Object.values(settings)) expect(Number.isFinite(number)).toBe(true);
    return { settings, findings: whatCannotServe(graph, 'app.example.com') };
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return 'refused';
  }
}

const read = (path: readonly (string | number)[]): number =>
  path.reduce<unknown>((at, step) => (at as Json)[step], golden().resource) as number;

test('a number by an expression is judged as the number itself, and what is none is never taken for one', () => {
  expect(NUMBERS.length).toBeGreaterThan(150);
  const sound = outcome(golden());
  fc.assert(
    fc.property(fc.constantFrom(...NUMBERS), fc.integer({ min: -3, max: 400 }), (path, number) => {
      const plain = outcome(planted(path, number));
      expect(outcome(planted(path, `\${${number * 2} / 2}`))).toEqual(plain);
      expect(outcome(planted(path, String(number)))).toEqual(plain);
      expect(outcome(planted(path, `\${${read(path)}}`))).toEqual(sound);
    }),
    { numRuns: 25 },
  );
  const strange = [
    '${var.commit}',
    '${1 / 0}',
    '${timestamp()}',
    '${"x"}',
    'NaN',
    '',
    ' 7 ',
    '0x10',
    '1e999',
    '${',
    true,
    {},
  ];
  fc.assert(
    fc.property(fc.constantFrom(...NUMBERS), fc.oneof(fc.constantFrom(...strange), fc.string()), (path, value) => {
      const found = outcome(planted(path, value));
      // Where nothing reads the number the verdict is the sound stack's; where something does, the stack is refused.
      if (found !== 'refused' && typeof value !== 'object' && !/^[+-]?\d/.test(String(value).trim())) {
        expect(found).toEqual(sound);
      }
    }),
    { numRuns: 80 },
  );
});
