// Edits of load balancers, gateways, accelerators, distributions, and of what runs behind them.
import { A, B, ref } from '../bases/parts';
import { add, all, at, drop, set, setIn, type Body, type Edit } from '../edits';
import type { Row } from './row';

const SITE = 'aws_cloudfront_distribution.site';
const GROUP = 'aws_lb_target_group.a';
const SERVICE = 'aws_ecs_service.b';
const FLEET = 'aws_autoscaling_group.b';
const FUNCTION = 'aws_lambda_function.b';
const certificate = (region: string): string => `arn:aws:acm:${region}:111122223333:certificate/site`;
const health = (dns: string, routing = '1'): Edit =>
  set(GROUP, {
    target_group_health: {
      dns_failover: { minimum_healthy_targets_count: dns },
      unhealthy_state_routing: { minimum_healthy_targets_count: routing },
    },
  });
const admitting = (ingress: Body): Edit =>
  set('aws_security_group.a', { ingress: [{ from_port: 443, to_port: 443, protocol: 'tcp', ...ingress }] });
const image = (region: string): Edit =>
  set('aws_ecs_task_definition.b', {
    container_definitions: JSON.stringify([{ image: `111122223333.dkr.ecr.${region}.amazonaws.com/shop:2` }]),
  });
const told = (service: string, region: string, name: string): Edit =>
  set(FUNCTION, { environment: { variables: { NAME: `arn:aws:${service}:${region}:111122223333:${name}` } } });
const origins =
  (values: Body): Edit =>
  (stack) => {
    for (const origin of at(stack, SITE)['origin'] as Body[]) Object.assign(origin, values);
  };
const READS: Body = { allowed_methods: ['GET', 'HEAD'] };
const slowGroup = (threshold: number): Edit =>
  set('aws_globalaccelerator_endpoint_group.a', { threshold_count: threshold });

export const FRONT_ENDS: Readonly<Record<string, Row>> = {
  'load-balancer-is-one-that-aws-takes': {
    base: 'shop',
    catches: set('aws_lb.a', { client_keep_alive: 30 }),
    at: 'aws_lb.a',
    leaves: set('aws_lb.a', { client_keep_alive: 3_600 }),
  },
  'target-group-is-one-that-aws-takes': {
    base: 'shop',
    catches: setIn('aws_lb_target_group.a', 'health_check', { matcher: '200,503' }),
    at: 'aws_lb_target_group.a',
    leaves: setIn('aws_lb_target_group.a', 'health_check', { matcher: '200-299,404' }),
  },
  'function-is-one-that-aws-takes': {
    base: 'apis',
    catches: set(FUNCTION, { timeout: 901 }),
    at: FUNCTION,
    leaves: set(FUNCTION, { timeout: 900 }),
  },
  'distribution-answers-its-names': {
    base: 'pages',
    catches: set(SITE, { aliases: ['web.example.com'] }),
    at: SITE,
    leaves: set(SITE, { aliases: ['*.example.com'] }),
  },
  'distribution-certificate-is-in-us-east-1': {
    base: 'pages',
    catches: set(SITE, { viewer_certificate: { acm_certificate_arn: certificate(A) } }),
    at: SITE,
    leaves: set(SITE, { viewer_certificate: { acm_certificate_arn: `${certificate('us-east-1')}2` } }),
  },
  'origin-group-goes-on-at-server-errors': {
    base: 'pages',
    catches: setIn(SITE, 'origin_group', { failover_criteria: { status_codes: [500, 502] } }),
    at: SITE,
    leaves: setIn(SITE, 'origin_group', { failover_criteria: { status_codes: [404, 500, 502, 503, 504] } }),
  },
  'origin-group-gives-up-soon': {
    base: 'pages',
    catches: origins({ connection_attempts: undefined, connection_timeout: undefined }),
    at: SITE,
    leaves: origins({ connection_attempts: 1, connection_timeout: 5 }),
  },
  'every-behaviour-fails-over': {
    base: 'pages',
    catches: set(SITE, { ordered_cache_behavior: [{ ...READS, path_pattern: '/help/*', target_origin_id: 'a' }] }),
    at: SITE,
    leaves: set(SITE, { ordered_cache_behavior: [{ ...READS, path_pattern: '/more/*', target_origin_id: 'either' }] }),
  },
  'accelerator-follows-target-groups': {
    base: 'edge',
    catches: slowGroup(1),
    at: 'aws_globalaccelerator_endpoint_group.a',
    leaves: slowGroup(2),
  },
  'endpoint-group-can-take-over': {
    base: 'edge',
    catches: setIn('aws_globalaccelerator_endpoint_group.b', 'endpoint_configuration', { weight: 0 }),
    at: 'aws_globalaccelerator_endpoint_group.b',
    leaves: set('aws_globalaccelerator_endpoint_group.b', { traffic_dial_percentage: 0 }),
  },
  'certificate-is-of-its-region': {
    base: 'shop',
    catches: set('aws_lb_listener.b', { certificate_arn: ref('aws_acm_certificate.a.arn') }),
    at: 'aws_lb_listener.b',
    leaves: set('aws_lb_listener.b', { certificate_arn: certificate(B) }),
  },
  'enough-targets-for-dns-failover': { base: 'shop', catches: health('3'), at: GROUP, leaves: health('2') },
  'dns-failover-comes-first': { base: 'shop', catches: health('1', '2'), at: GROUP, leaves: health('2', '2') },
  'open-connections-end-soon': {
    base: 'shop',
    catches: set('aws_lb.a', { client_keep_alive: undefined }),
    at: 'aws_lb.a',
    leaves: set('aws_lb.a', { client_keep_alive: 120 }),
  },
  'checkers-are-admitted': {
    base: 'shop',
    catches: admitting({ security_groups: ['sg-office'] }),
    at: 'aws_route53_health_check.a',
    leaves: admitting({ cidr_blocks: ['15.177.0.0/18'] }),
  },
  'api-answers-its-public-name': {
    base: 'apis',
    catches: set('aws_apigatewayv2_domain_name.b', { domain_name: 'bills.example.com' }),
    at: 'aws_route53_record.b',
    leaves: set('aws_apigatewayv2_domain_name.b', { domain_name: '*.example.com' }),
  },
  'standby-listens': {
    base: 'shop',
    catches: drop('aws_lb_listener.b'),
    at: 'aws_lb.b',
    leaves: set('aws_lb_listener.b', { port: 8443 }),
  },
  'standby-has-targets': {
    base: 'shop',
    catches: drop(SERVICE),
    at: 'aws_lb.b',
    leaves: all(
      drop(SERVICE),
      add('aws_autoscaling_group.b', {
        ...{ provider: 'aws.b', name: 'shop', min_size: 2, max_size: 4, health_check_type: 'ELB' },
        target_group_arns: [ref('aws_lb_target_group.b.arn')],
      }),
    ),
  },
  'regions-run-alike': {
    base: 'shop',
    catches: set(SERVICE, { desired_count: 1 }),
    at: SERVICE,
    leaves: all(set(SERVICE, { desired_count: 4 }), set('aws_ecs_service.a', { desired_count: 4 })),
  },
  'survivor-can-grow': {
    base: 'edge',
    catches: set(FLEET, { max_size: 2 }),
    at: FLEET,
    leaves: set(FLEET, { max_size: 4 }),
  },
  'machines-are-replaced-when-they-fail': {
    base: 'edge',
    catches: set(FLEET, { health_check_type: undefined }),
    at: FLEET,
    leaves: set(FLEET, { health_check_grace_period: 60 }),
  },
  'function-may-run': {
    base: 'apis',
    catches: set(FUNCTION, { reserved_concurrent_executions: 0 }),
    at: FUNCTION,
    leaves: set(FUNCTION, { reserved_concurrent_executions: -1 }),
  },
  'schedule-is-one-that-aws-takes': {
    base: 'apis',
    catches: add('aws_cloudwatch_event_rule.bills', { provider: 'aws.b', schedule_expression: 'rate(1 minutes)' }),
    at: 'aws_cloudwatch_event_rule.bills',
    leaves: add('aws_cloudwatch_event_rule.bills', {
      provider: 'aws.b',
      schedule_expression: 'cron(0 9 ? * MON-FRI *)',
    }),
  },
  'twins-reserve-alike': {
    base: 'apis',
    catches: set(FUNCTION, { reserved_concurrent_executions: 5 }),
    at: FUNCTION,
    leaves: all(
      set(FUNCTION, { reserved_concurrent_executions: 50 }),
      set('aws_lambda_function.a', { reserved_concurrent_executions: 50 }),
    ),
  },
  'twins-are-provisioned-alike': {
    base: 'apis',
    catches: add('aws_lambda_provisioned_concurrency_config.b', { provider: 'aws.b', function_name: 'other' }),
    at: FUNCTION,
    leaves: set('aws_lambda_provisioned_concurrency_config.b', { provisioned_concurrent_executions: 5 }),
  },
  'code-is-in-its-region': {
    base: 'apis',
    catches: set(FUNCTION, { s3_bucket: ref('aws_s3_bucket.a.id') }),
    at: FUNCTION,
    leaves: set(FUNCTION, { s3_key: 'bills-2.zip' }),
  },
  'image-is-in-its-region': { base: 'shop', catches: image(A), at: 'aws_ecs_task_definition.b', leaves: image(B) },
  'tables-are-asked-in-their-region': {
    base: 'apis',
    catches: told('dynamodb', A, 'table/bills'),
    at: FUNCTION,
    leaves: told('dynamodb', B, 'table/paid'),
  },
  'secrets-are-read-in-their-region': {
    base: 'apis',
    catches: told('secretsmanager', A, 'secret:key-a1b2c3'),
    at: FUNCTION,
    leaves: told('secretsmanager', B, 'secret:key-a1b2c3'),
  },
};
