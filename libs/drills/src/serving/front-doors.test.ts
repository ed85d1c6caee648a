// Faults from the internet to a function: load balancers and their networks, listeners, certificates, rules and targets.
import { add, all, ALB_ARN, at, drop, FORWARD, isFound, on, PUBLIC_A, ROUTES, set, VPC } from './testing/plant';

const ALB = 'aws_lb.mumbai_alb';
const INGRESS = 'aws_vpc_security_group_ingress_rule.mumbai_network_alb_port_443';
const NOBODY = /aws_security_group\.mumbai_network_alb_security_group .*admits nobody from the internet on 443/;
const ACL = 'aws_network_acl.a';
const DENIES = `${ACL} denies ${ALB}`;
const allow = { rule_no: 2, action: 'allow', protocol: '-1', cidr_block: '0.0.0.0/0' };
const denyHalf = { rule_no: 1, action: 'deny', protocol: 'tcp', from_port: 443, to_port: 443, cidr_block: '0.0.0.0/1' };

describe('load balancers and networks', () => {
  isFound([
    ...on(ALB, [
      ['an internal load balancer', { internal: true }, 'is internal'],
      ['an internal one by text', { internal: '${"true"}' }, 'is internal'],
      ['a network load balancer', { load_balancer_type: 'network' }, 'is a network load balancer'],
      ['no public IPv4', { ip_address_type: 'dualstack-without-public-ipv4' }, 'has no public IPv4'],
      ['no subnets', { subnets: [] }, 'names no subnets'],
      ['one subnet', { subnets: [PUBLIC_A] }, 'names one subnet'],
      [
        'a subnet of another state',
        { subnets: ['subnet-1', 'subnet-2'] },
        /mumbai_alb stands in subnet "subnet-1", which is not in the stack.*unknown/,
      ],
      ['no security group', { security_groups: [] }, 'names no security group'],
      [
        'a group of another state',
        { security_groups: ['sg-1'] },
        'has the security group sg-1, which is not in the stack',
      ],
      ['an argument that may decide', { subnet_mapping: [{ subnet_id: PUBLIC_A }] }, 'sets subnet_mapping'],
    ]),
    [
      'no security group at all',
      (stack) => void delete at(stack, ALB)['security_groups'],
      `${ALB} names no security group`,
    ],
    [
      'no route',
      drop('aws_route.mumbai_network_internet'),
      /aws_subnet\.mumbai_network_public_a .*no route to the internet: aws_route_table\.mumbai_network_routes has none/,
    ],
    ...on('aws_route.mumbai_network_internet', [
      ['a route with count 0', { count: '${0}' }, /public_a .*no route to the internet/],
      [
        'a route to NAT',
        { gateway_id: null, nat_gateway_id: 'nat-1' },
        /public_a .*aws_route\.mumbai_network_internet leads elsewhere/,
      ],
      ['a route to part of the internet', { destination_cidr_block: '0.0.0.0/1' }, /public_a .*none for 0\.0\.0\.0\/0/],
    ]),
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
    ['no gateway', drop('aws_internet_gateway.mumbai_network_gateway'), 'aws_internet_gateway.mumbai_network_gateway'],
    ...on('aws_internet_gateway.mumbai_network_gateway', [
      [
        'a gateway of another VPC',
        { vpc_id: 'vpc-1' },
        /public_a .*cannot use aws_internet_gateway\.mumbai_network_gateway/,
      ],
    ]),
    ['a group that admits nothing', drop(INGRESS), NOBODY],
    ...on(INGRESS, [
      ['a rule with count 0', { count: 0 }, NOBODY],
      ['a group for some', { cidr_ipv4: '198.51.100.0/24' }, NOBODY],
      ['a group for UDP', { ip_protocol: 'udp' }, NOBODY],
      ['a group for another port', { from_port: 444, to_port: 444 }, NOBODY],
      ['a group in another group', { security_group_id: 'sg-2' }, NOBODY],
    ]),
    ['an ACL that denies', add(ACL, { subnet_ids: [PUBLIC_A], ingress: [{ ...allow, action: 'deny' }] }), DENIES],
    ['an ACL without rules', add(ACL, { subnet_ids: [PUBLIC_A] }), DENIES],
    ['an ACL that lets no answer out', add(ACL, { subnet_ids: [PUBLIC_A], ingress: [allow] }), DENIES],
    [
      'an ACL that denies some',
      add(ACL, { subnet_ids: [PUBLIC_A], egress: [allow], ingress: [denyHalf, allow] }),
      DENIES,
    ],
    [
      'an ACL that lets some answers out',
      add(ACL, {
        subnet_ids: [PUBLIC_A],
        ingress: [allow],
        egress: [{ ...denyHalf, from_port: 5000, to_port: 5001 }, allow],
      }),
      DENIES,
    ],
    [
      'an ACL by association',
      all(
        add(ACL, { vpc_id: VPC }),
        add('aws_network_acl_association.a', { network_acl_id: '${aws_network_acl.a.id}', subnet_id: PUBLIC_A }),
      ),
      DENIES,
    ],
    [
      'the default ACL, closed',
      add('aws_default_network_acl.d', {
        default_network_acl_id: '${aws_vpc.mumbai_network_vpc.default_network_acl_id}',
      }),
      'aws_default_network_acl.d denies',
    ],
    [
      'a firewall',
      add('aws_wafv2_web_acl_association.w', { resource_arn: ALB_ARN, web_acl_arn: 'arn:x' }),
      'aws_wafv2_web_acl_association.w is of a kind that the twin does not know',
    ],
    [
      'a network firewall',
      add('aws_networkfirewall_firewall.f', { vpc_id: VPC }),
      'aws_networkfirewall_firewall.f is of a kind',
    ],
    ['a module', (stack) => void (stack['module'] = { edge: { source: './edge' } }), 'module.edge is a module'],
  ]);
});

const HTTPS = 'aws_lb_listener.mumbai_alb_https';
const CERTIFICATE = 'aws_acm_certificate.mumbai_certificate';

describe('listeners and certificates', () => {
  isFound([
    ['no HTTPS listener', set(HTTPS, { port: 8443 }), `${ALB} has no listener on port 443`],
    ...on(HTTPS, [
      ['plain HTTP on 443', { protocol: 'HTTP' }, 'speaks plain HTTP on port 443'],
      ['a TCP listener', { protocol: 'TCP' }, /aws_lb_listener\.mumbai_alb_https: protocol "TCP"/],
      [
        'certificates of clients',
        { mutual_authentication: { mode: 'verify', trust_store_arn: 'arn:x' } },
        'asks clients for certificates',
      ],
      ['no certificate', { certificate_arn: null }, 'has no certificate_arn'],
      [
        'a certificate of another region',
        { certificate_arn: '${aws_acm_certificate_validation.singapore_certificate_issued.certificate_arn}' },
        /aws_acm_certificate\.singapore_certificate is in ap-southeast-1/,
      ],
      [
        'a certificate of another state',
        { certificate_arn: 'arn:aws:acm:ap-south-1:1:certificate/x' },
        /mumbai_alb_https has the certificate "arn.*which is not in the stack/,
      ],
    ]),
    ...on(CERTIFICATE, [
      [
        'a certificate for another name',
        { domain_name: 'www.example.com', subject_alternative_names: [] },
        /aws_acm_certificate\.mumbai_certificate .*not for app\.example\.com/,
      ],
      [
        'a certificate without the public name',
        { subject_alternative_names: [] },
        /mumbai_certificate .*not for app\.example\.com/,
      ],
      [
        'a wildcard one level too high',
        { domain_name: '*.example.com', subject_alternative_names: [] },
        /mumbai_certificate .*not for mumbai\.app\.example\.com/,
      ],
      [
        'a certificate of a private authority',
        { certificate_authority_arn: 'arn:x' },
        'is issued by a private authority',
      ],
    ]),
    [
      'a certificate that nobody validates',
      all(
        set(HTTPS, { certificate_arn: '${aws_acm_certificate.mumbai_certificate.arn}' }),
        drop('aws_acm_certificate_validation.mumbai_certificate_issued'),
      ),
      `${CERTIFICATE} is validated by no aws_acm_certificate_validation`,
    ],
    [
      'a name that nobody proves',
      drop('aws_route53_record.mumbai_certificate_validation'),
      `${CERTIFICATE} is never issued: no record proves that mumbai.app.example.com`,
    ],
  ]);
});

const RULE = 'aws_lb_listener_rule.mumbai_alb_router_rule';
const PERMISSION = 'aws_lambda_permission.mumbai_traffic_router_from_alb';
const NOT_ALLOWED = 'aws_lambda_function.mumbai_traffic_router lets no load balancer invoke it';

describe('rules, targets and permissions', () => {
  isFound([
    ...on(RULE, [
      ['a rule with count 0', { count: 0 }, /aws_lb_listener\.mumbai_alb_https answers GET \/items\/some-id itself/],
      [
        'a rule for reading only',
        { condition: [{ path_pattern: { values: ['/items/*'] } }, { http_request_method: { values: ['GET'] } }] },
        /answers PUT \/items\/some-id itself/,
      ],
      [
        'a rule for another host',
        { condition: [{ host_header: { values: ['x.example.com'] } }] },
        /answers GET \/items\/some-id itself/,
      ],
      [
        'a rule for another group',
        { action: FORWARD('mumbai_alb_health_targets') },
        'sends GET /items/some-id to health-checker',
      ],
      [
        'rules of the other region',
        { action: FORWARD('singapore_alb_router_targets') },
        /puts aws_lambda_function\.singapore_traffic_router of ap-southeast-1 behind/,
      ],
      [
        'a rule that asks for a login',
        { action: [{ type: 'authenticate-oidc', order: 1 }, ...FORWARD('mumbai_alb_router_targets')] },
        /mumbai_alb_router_rule: action/,
      ],
      [
        'a rule of which nobody knows how many',
        { count: '${timestamp() == "x" ? 1 : 0}' },
        /aws_lb_listener_rule\.mumbai_alb_router_rule/,
      ],
    ]),
    [
      'a rule that comes first',
      add('aws_lb_listener_rule.first', {
        listener_arn: '${aws_lb_listener.mumbai_alb_https.arn}',
        priority: 1,
        condition: [{ path_pattern: { values: ['/*'] } }],
        action: [{ type: 'fixed-response', fixed_response: { content_type: 'text/plain', status_code: '503' } }],
      }),
      'aws_lb_listener_rule.first answers GET /items/some-id itself',
    ],
    [
      'a group without a target',
      drop('aws_lb_target_group_attachment.mumbai_alb_router_target'),
      'aws_lb_target_group.mumbai_alb_router_targets has no target',
    ],
    [
      'an attachment with count 0',
      set('aws_lb_target_group_attachment.mumbai_alb_health_target', { count: 0 }),
      'aws_lb_target_group.mumbai_alb_health_targets has no target',
    ],
    [
      'a group for machines',
      set('aws_lb_target_group.mumbai_alb_router_targets', { target_type: 'instance' }),
      'aws_lb_target_group.mumbai_alb_router_targets takes targets of type instance',
    ],
    [
      'two targets',
      add('aws_lb_target_group_attachment.two', {
        target_group_arn: '${aws_lb_target_group.mumbai_alb_router_targets.arn}',
        target_id: '${aws_lambda_alias.mumbai_health_checker_live.arn}',
      }),
      'aws_lb_target_group_attachment.two is one of several targets of aws_lb_target_group.mumbai_alb_router_targets',
    ],
    ['no permission', drop(PERMISSION), NOT_ALLOWED],
    [
      'a permission for the function, not the alias',
      (stack) => void delete at(stack, PERMISSION)['qualifier'],
      NOT_ALLOWED,
    ],
    [
      'a permission for another group',
      set(PERMISSION, { source_arn: '${aws_lb_target_group.mumbai_alb_health_targets.arn}' }),
      NOT_ALLOWED,
    ],
    ['a permission for another account', set(PERMISSION, { source_account: '999999999999' }), NOT_ALLOWED],
    ['a permission for another service', set(PERMISSION, { principal: 'events.amazonaws.com' }), NOT_ALLOWED],
  ]);
});
