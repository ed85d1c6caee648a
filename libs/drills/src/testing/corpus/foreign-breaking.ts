// What breaks other teams' stacks: edits. Those with a rule's id are what that rule is held by; the others were written without a rule in mind.
import { all, drop, ref, set, setIn, toBalancer, type Body, type Edit } from '@dr/review/testing';
import { rowsOf, type ForeignEdit } from './foreign-edit';

const CHECK = 'aws_route53_health_check.a';
const [RECORD, OTHER_RECORD] = ['aws_route53_record.app_a', 'aws_route53_record.app_b'];
const SITE = 'aws_cloudfront_distribution.site';
const SLOW: Body = { failure_threshold: 10, request_interval: 30 };
const checkedBy = (alias: string): Body => ({ health_check_id: ref(`aws_route53_health_check.${alias}.id`) });
const inFirstRegion = (...addresses: readonly string[]): Edit =>
  all(...addresses.map((address) => set(address, { provider: 'aws.a' })));
const behind = (alias: string): string[] =>
  ['aws_lb', 'aws_lb_target_group', 'aws_lb_listener', 'aws_security_group', 'aws_acm_certificate'].map(
    (type) => `${type}.${alias}`,
  );

/** Some clients or requests stay down, or are served again later than the objective says. */
export const BREAKING: readonly ForeignEdit[] = [
  ...(
    [
      ['record-without-health-check', 'the primary record has no health check'],
      ['location-is-pinned', 'clients are pinned to a place, without a check'],
      ['location-has-nowhere-to-go', 'two continents, and no default'],
      ['geolocation-has-a-default', 'places without a default'],
      ['health-check-is-disabled', "the primary's check is disabled"],
      ['health-check-is-inverted', "the primary's check is inverted"],
      ['health-check-asks-the-name-it-decides-on', 'the check asks the name that it decides on'],
      ['health-check-does-not-notice', "the primary's check asks the other region"],
      ['calculated-check-stays-healthy', 'a calculated check needs one of both regions'],
      ['calculated-health-check-can-change', 'a calculated check needs more children than it has'],
      ['metric-check-is-healthy-without-data', 'a check by alarm is healthy without data'],
      ['routing-control-waits-for-a-person', 'a routing control decides'],
      ['nothing-else-to-answer', 'the secondary record is gone'],
      ['health-check-decides-on-one-region', 'one check decides on both records'],
      ['failover-records-lead-apart', 'both records lead to one load balancer'],
      ['checked-record-has-a-short-ttl', 'a TTL of 300 s'],
      ['standby-runs-nothing', 'the standby is scaled to zero'],
      ['replica-waits-to-be-promoted', 'a read replica of a database in the other region'],
      ['data-in-one-region', 'a table in one region alone'],
      ['enough-targets-for-dns-failover', 'DNS failover asks for more targets than there are'],
      ['dns-failover-comes-first', 'the group fails open before DNS moves clients'],
      ['checkers-are-admitted', 'the security group keeps the checkers out'],
      ['health-check-endpoint-is-public', 'the load balancer is internal'],
      ['certificate-is-of-its-region', "the standby's listener has the other region's certificate"],
      ['image-is-in-its-region', "the standby pulls its image from the other region's registry"],
      ['replicas-are-where-clients-are-led', 'clients are led to a region without a replica of the table'],
      ['secret-is-in-every-region', 'the secret is in one region'],
      ['key-is-of-its-region', "the secret's replica has the other region's key"],
      ['target-health-does-not-notice', 'an API is evaluated and has no check'],
      ['api-answers-its-public-name', 'the standby API answers another name'],
      ['function-may-run', 'the standby function may not run'],
      ['code-is-in-its-region', "the standby function's code is in the other region's bucket"],
      ['tables-are-asked-in-their-region', "the standby function asks the other region's table"],
      ['secrets-are-read-in-their-region', "the standby function reads the other region's secret"],
      ['accelerator-has-no-other-group', 'the accelerator has one endpoint group'],
      ['endpoint-group-can-take-over', "the second group's endpoint has no weight"],
      ['distribution-has-no-other-origin', 'the distribution has one origin'],
      ['distribution-fails-over-reads-only', 'the distribution takes writes as well'],
      ['every-behaviour-fails-over', 'one behaviour leads to the first origin alone'],
      ['distribution-answers-its-names', 'the distribution answers another name'],
      ['one-distribution-for-a-failover', 'a primary and a secondary record of one distribution'],
      ['standby-database-has-an-instance', 'the standby database has no instance'],
    ] as const
  ).map(rowsOf('catches')),
  { stack: 'shop', name: 'the check gives up after 300 s', edit: set(CHECK, SLOW) },
  { stack: 'shop', name: 'the secondary record has a name that is misspelt', edit: set(OTHER_RECORD, { name: 'ap' }) },
  {
    stack: 'shop',
    name: 'both load balancers are in one region',
    edit: inFirstRegion(...behind('b'), 'aws_ecs_service.b'),
  },
  { stack: 'shop', name: 'the check asks at a port where nobody listens', edit: set(CHECK, { port: 8443 }) },
  { stack: 'shop', name: 'the check asks by HTTP where HTTPS is served', edit: set(CHECK, { type: 'HTTP', port: 80 }) },
  {
    stack: 'shop',
    name: "each record has the other's check",
    edit: all(set(RECORD, checkedBy('b')), set(OTHER_RECORD, checkedBy('a'))),
  },
  { stack: 'shop', name: 'the table has no replica', edit: set('aws_dynamodb_table.orders', { replica: [] }) },
  { stack: 'shop', name: 'the standby has no listener', edit: drop('aws_lb_listener.b') },
  { stack: 'shop', name: 'the standby runs no service', edit: drop('aws_ecs_service.b') },
  {
    stack: 'shop',
    name: "the standby's listener answers 503",
    edit: set('aws_lb_listener.b', {
      default_action: { type: 'fixed-response', fixed_response: { status_code: '503', content_type: 'text/plain' } },
    }),
  },
  {
    stack: 'shop',
    name: "both services stand behind the first region's load balancer",
    edit: set('aws_ecs_service.b', {
      load_balancer: [{ target_group_arn: ref('aws_lb_target_group.a.arn'), container_port: 80 }],
    }),
  },
  {
    stack: 'shop',
    name: 'the standby admits the office alone',
    edit: set('aws_security_group.b', {
      ingress: [{ from_port: 443, to_port: 443, protocol: 'tcp', cidr_blocks: ['10.0.0.0/8'] }],
    }),
  },
  { stack: 'apis', name: "the second region's record is gone", edit: drop('aws_route53_record.b') },
  {
    stack: 'apis',
    name: 'both records lead to one API',
    edit: ({ resource }) => {
      const { a = {}, b = {} } = resource['aws_route53_record'] ?? {};
      b['alias'] = { ...(a['alias'] as Body) };
    },
  },
  { stack: 'apis', name: 'the check gives up after 300 s', edit: set(CHECK, SLOW) },
  {
    stack: 'apis',
    name: 'both checks are disabled',
    edit: all(set(CHECK, { disabled: true }), set('aws_route53_health_check.b', { disabled: true })),
  },
  { stack: 'apis', name: 'the check asks the public name', edit: set(CHECK, { fqdn: 'api.example.com' }) },
  {
    stack: 'apis',
    name: 'both APIs are in one region',
    edit: inFirstRegion('aws_lambda_function.b', 'aws_apigatewayv2_api.b', 'aws_apigatewayv2_domain_name.b'),
  },
  {
    stack: 'edge',
    name: "the second group leads to the first region's load balancer",
    edit: setIn('aws_globalaccelerator_endpoint_group.b', 'endpoint_configuration', {
      endpoint_id: ref('aws_lb.a.arn'),
    }),
  },
  {
    stack: 'edge',
    name: "the second region's fleet is scaled to zero",
    edit: set('aws_autoscaling_group.b', { min_size: 0, max_size: 0, desired_capacity: 0 }),
  },
  { stack: 'edge', name: 'the second region has no fleet', edit: drop('aws_autoscaling_group.b') },
  {
    stack: 'edge',
    name: "the second region's fleet stands behind nothing",
    edit: set('aws_autoscaling_group.b', { target_group_arns: [] }),
  },
  {
    stack: 'edge',
    name: 'the name leads past the accelerator',
    edit: set('aws_route53_record.lobby', toBalancer('a')),
  },
  {
    stack: 'pages',
    name: 'both origins are one load balancer',
    edit: ({ resource }) => {
      const [first, second] = resource['aws_cloudfront_distribution']?.['site']?.['origin'] as [Body, Body];
      second['domain_name'] = first['domain_name'];
    },
  },
  {
    stack: 'pages',
    name: 'the distribution goes on at 404 alone',
    edit: setIn(SITE, 'origin_group', { failover_criteria: { status_codes: [404] } }),
  },
  {
    stack: 'pages',
    name: 'the distribution goes on at 500 and 502 alone',
    edit: setIn(SITE, 'origin_group', { failover_criteria: { status_codes: [500, 502] } }),
  },
  {
    stack: 'pages',
    name: 'the origin group has one origin twice',
    edit: setIn(SITE, 'origin_group', { member: [{ origin_id: 'a' }, { origin_id: 'a' }] }),
  },
  {
    stack: 'ledger',
    name: 'the global database has no second cluster',
    edit: all(drop('aws_rds_cluster_instance.b'), drop('aws_rds_cluster.b')),
  },
  {
    stack: 'ledger',
    name: 'the second cluster is no member of the global database',
    edit: set('aws_rds_cluster.b', { global_cluster_identifier: undefined }),
  },
  { stack: 'ledger', name: 'the standby is scaled to zero', edit: set('aws_ecs_service.b', { desired_count: 0 }) },
];
