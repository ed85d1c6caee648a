// Parts that stacks of two regions are made of: names of regions, and what stands in each.
import type { Body } from '../edits';

export const A = 'eu-west-1';
export const B = 'us-east-2';
export type Alias = 'a' | 'b';
export const REGION: Readonly<Record<Alias, string>> = { a: A, b: B };

/** Without an alias: us-east-1. */
export const providers = (): { aws: Body[] } => ({
  aws: [{ region: 'us-east-1' }, { alias: 'a', region: A }, { alias: 'b', region: B }],
});

export const both = <T>(of: (alias: Alias) => T): Record<Alias, T> => ({ a: of('a'), b: of('b') });
export const inRegion = (alias: Alias, body: Body): Body => ({ provider: `aws.${alias}`, ...body });
export const ref = (address: string): string => `\${${address}}`;

export const zone = (): Record<string, Body> => ({ zone: { name: 'example.com' } });
export const inZone = (body: Body): Body => ({ zone_id: ref('aws_route53_zone.zone.zone_id'), type: 'A', ...body });

export const toBalancer = (alias: Alias, evaluate = true): Body => ({
  alias: { name: ref(`aws_lb.${alias}.dns_name`), zone_id: 'Z', evaluate_target_health: evaluate },
});

/** A load balancer for HTTPS that the world reaches, with containers behind it: types and their resources of both regions. */
export const balancers = (): Record<string, Record<string, Body>> => ({
  aws_security_group: both((one) =>
    inRegion(one, {
      name: 'web',
      ingress: [{ from_port: 443, to_port: 443, protocol: 'tcp', cidr_blocks: ['0.0.0.0/0'] }],
    }),
  ),
  aws_acm_certificate: both((one) => inRegion(one, { domain_name: 'example.com', validation_method: 'DNS' })),
  aws_lb: both((one) =>
    inRegion(one, { name: 'web', client_keep_alive: 60, security_groups: [ref(`aws_security_group.${one}.id`)] }),
  ),
  aws_lb_target_group: both((one) =>
    inRegion(one, {
      name: 'web',
      ...{ port: 80, protocol: 'HTTP', target_type: 'ip', health_check: { interval: 10, unhealthy_threshold: 2 } },
    }),
  ),
  aws_lb_listener: both((one) =>
    inRegion(one, {
      ...{ load_balancer_arn: ref(`aws_lb.${one}.arn`), port: 443, protocol: 'HTTPS' },
      certificate_arn: ref(`aws_acm_certificate.${one}.arn`),
      default_action: { type: 'forward', target_group_arn: ref(`aws_lb_target_group.${one}.arn`) },
    }),
  ),
});

export const checkOf = (fqdn: string): Body => ({
  ...{ type: 'HTTPS', fqdn, port: 443, resource_path: '/health', request_interval: 10, failure_threshold: 3 },
});
