// Other well-made stacks of two regions: APIs by latency, an accelerator, a distribution, a global database.
import type { Body, StackJson } from '../edits';
import { balancers, both, checkOf, inRegion, inZone, providers, REGION, ref, zone, A, B, type Alias } from './parts';
import { shop } from './shop';

/** A function behind an API in each region; clients go to the nearest. */
export const apis = (): StackJson => ({
  provider: providers(),
  resource: {
    aws_s3_bucket: both((one) => inRegion(one, { bucket: `code-${one}` })),
    aws_lambda_function: both((one) =>
      inRegion(one, {
        ...{ function_name: 'bills', runtime: 'python3.12', handler: 'app.main', s3_key: 'bills.zip' },
        s3_bucket: ref(`aws_s3_bucket.${one}.id`),
        environment: { variables: { TABLE: `arn:aws:dynamodb:${REGION[one]}:111122223333:table/bills` } },
      }),
    ),
    aws_lambda_provisioned_concurrency_config: both((one) =>
      inRegion(one, { function_name: 'bills', qualifier: 'live', provisioned_concurrent_executions: 2 }),
    ),
    aws_acm_certificate: both((one) => inRegion(one, { domain_name: 'api.example.com', validation_method: 'DNS' })),
    aws_apigatewayv2_api: both((one) =>
      inRegion(one, { name: 'bills', protocol_type: 'HTTP', api_endpoint: `https://${hostOf('bills', one)}` }),
    ),
    aws_apigatewayv2_domain_name: both((one) =>
      inRegion(one, {
        domain_name: 'api.example.com',
        domain_name_configuration: {
          certificate_arn: ref(`aws_acm_certificate.${one}.arn`),
          endpoint_type: 'REGIONAL',
          target_domain_name: hostOf('d-', one),
        },
      }),
    ),
    aws_route53_zone: zone(),
    aws_route53_health_check: both((one) => checkOf(hostOf('bills', one))),
    aws_route53_record: both((one) =>
      inZone({
        ...{ name: 'api', set_identifier: one, latency_routing_policy: { region: REGION[one] } },
        health_check_id: ref(`aws_route53_health_check.${one}.id`),
        alias: { name: hostOf('d-', one), zone_id: 'Z', evaluate_target_health: true },
      }),
    ),
  },
});

/** What AWS has drawn: a state shows it. */
const hostOf = (name: string, one: Alias): string => `${name}${one}.execute-api.${REGION[one]}.amazonaws.com`;

/** Machines behind load balancers, and one pair of addresses in front of them. */
export const edge = (): StackJson => ({
  provider: providers(),
  resource: {
    ...balancers(),
    aws_autoscaling_group: both((one) =>
      inRegion(one, {
        ...{ name: 'lobby', min_size: 2, max_size: 8, health_check_type: 'ELB' },
        target_group_arns: [ref(`aws_lb_target_group.${one}.arn`)],
      }),
    ),
    aws_globalaccelerator_accelerator: { edge: { name: 'edge' } },
    aws_globalaccelerator_listener: {
      all: { accelerator_arn: ref('aws_globalaccelerator_accelerator.edge.id'), protocol: 'TCP' },
    },
    aws_globalaccelerator_endpoint_group: both((one) => ({
      ...{ listener_arn: ref('aws_globalaccelerator_listener.all.id'), endpoint_group_region: REGION[one] },
      ...{ threshold_count: 3, health_check_interval_seconds: 10 },
      endpoint_configuration: { endpoint_id: ref(`aws_lb.${one}.arn`), weight: 128 },
    })),
    aws_route53_zone: zone(),
    aws_route53_record: {
      lobby: inZone({
        name: 'lobby',
        alias: {
          ...{ name: ref('aws_globalaccelerator_accelerator.edge.dns_name'), zone_id: 'Z' },
          evaluate_target_health: false,
        },
      }),
    },
  },
});

const origin = (one: Alias): Body => ({
  ...{ origin_id: one, domain_name: ref(`aws_lb.${one}.dns_name`), connection_attempts: 2, connection_timeout: 3 },
});

/** Pages that are only read, through CloudFront, with a second origin. */
export const pages = (): StackJson => ({
  provider: providers(),
  resource: {
    ...balancers(),
    aws_cloudfront_distribution: {
      site: {
        ...{ enabled: true, aliases: ['www.example.com'], origin: [origin('a'), origin('b')] },
        origin_group: {
          ...{ origin_id: 'either', member: [{ origin_id: 'a' }, { origin_id: 'b' }] },
          failover_criteria: { status_codes: [500, 502, 503, 504] },
        },
        default_cache_behavior: { target_origin_id: 'either', allowed_methods: ['GET', 'HEAD'] },
        ordered_cache_behavior: [
          { path_pattern: '/help/*', target_origin_id: 'either', allowed_methods: ['GET', 'HEAD'] },
        ],
        viewer_certificate: { acm_certificate_arn: 'arn:aws:acm:us-east-1:111122223333:certificate/site' },
      },
    },
    aws_route53_zone: zone(),
    aws_route53_record: {
      www: inZone({
        name: 'www',
        alias: {
          ...{ name: ref('aws_cloudfront_distribution.site.domain_name'), zone_id: 'Z' },
          evaluate_target_health: false,
        },
      }),
    },
  },
});

/** The shop with a global database: what it writes waits for a person, which is found of it as it stands. */
export const ledger = (): StackJson => {
  const { provider, resource } = shop();
  return {
    provider,
    resource: {
      ...resource,
      aws_rds_global_cluster: {
        ledger: inRegion('a', { ...GLOBAL, ...{ engine_version: '16.6', deletion_protection: true } }),
      },
      aws_rds_cluster: both((one) =>
        inRegion(one, {
          ...{ cluster_identifier: `ledger-${one}`, engine_version: '16.6', deletion_protection: true },
          global_cluster_identifier: ref('aws_rds_global_cluster.ledger.id'),
          ...(one === 'a' ? { master_username: 'owner' } : {}),
        }),
      ),
      aws_rds_cluster_instance: both((one) =>
        inRegion(one, { cluster_identifier: ref(`aws_rds_cluster.${one}.id`), instance_class: 'db.r6g.large' }),
      ),
    },
  };
};

const GLOBAL: Body = { global_cluster_identifier: 'ledger', engine: 'aurora-postgresql' };

export const BASES = { shop, apis, edge, pages, ledger } as const;
export type BaseName = keyof typeof BASES;
export { A, B };
