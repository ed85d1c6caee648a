// A stack of another team, in two regions, with one endpoint of the asked kind in each. For tests.
import { parseStack, type Graph } from '@dr/terraform-json';

export type Body = Readonly<Record<string, unknown>>;
export type Resources = Readonly<Record<string, Readonly<Record<string, Body>>>>;

export const A = 'eu-west-1';
export const B = 'us-east-2';

export const both = <T>(of: (alias: string) => T): Readonly<Record<string, T>> => ({ a: of('a'), b: of('b') });

/** A zone, its records, and what is given. */
export const foreignStack = ({ aws_route53_record: records = {}, ...rest }: Resources): Graph =>
  parseStack(
    {
      provider: { aws: [{ region: 'us-east-1' }, { alias: 'a', region: A }, { alias: 'b', region: B }] },
      resource: {
        aws_route53_zone: { zone: { name: 'shop.example' } },
        aws_route53_record: Object.fromEntries(
          Object.entries(records).map(([name, body]) => [
            name,
            { zone_id: '${aws_route53_zone.zone.zone_id}', type: 'A', name: 'www', ...body },
          ]),
        ),
        ...rest,
      },
    },
    '/stack',
  );

/** Of each kind: what it is made of in the region of that alias, and the attribute that holds its name. */
export const ENDPOINTS = {
  alb: {
    attribute: 'aws_lb.*.dns_name',
    resources: {
      aws_lb: both((alias) => ({ name: alias, provider: `aws.${alias}` })),
      aws_lb_target_group: both((alias) => ({
        ...{ name: alias, provider: `aws.${alias}`, port: 80, protocol: 'HTTP' },
        health_check: { interval: 10, unhealthy_threshold: 2 },
      })),
      aws_lb_listener: both((alias) => ({
        ...{ provider: `aws.${alias}`, load_balancer_arn: `\${aws_lb.${alias}.arn}`, port: 443, protocol: 'HTTPS' },
        default_action: { type: 'forward', target_group_arn: `\${aws_lb_target_group.${alias}.arn}` },
      })),
    },
  },
  nlb: {
    attribute: 'aws_lb.*.dns_name',
    resources: {
      aws_lb: both((alias) => ({ name: alias, provider: `aws.${alias}`, load_balancer_type: 'network' })),
    },
  },
  api: {
    attribute: 'aws_apigatewayv2_domain_name.*.domain_name_configuration[0].target_domain_name',
    resources: {
      aws_apigatewayv2_domain_name: both((alias) => ({
        domain_name: 'www.shop.example',
        provider: `aws.${alias}`,
        domain_name_configuration: { target_domain_name: `d-${alias}.execute-api.example` },
      })),
    },
  },
  machine: {
    attribute: 'aws_eip.*.public_ip',
    resources: { aws_eip: both((alias) => ({ provider: `aws.${alias}` })) },
  },
  functionUrl: {
    attribute: 'aws_lambda_function_url.*.function_url',
    resources: {
      aws_lambda_function_url: both((alias) => ({ provider: `aws.${alias}`, function_name: `shop-${alias}` })),
    },
  },
} as const;
export type Kind = keyof typeof ENDPOINTS;

/** A record that leads to the endpoint of that kind in the region of that alias. */
export function leadingTo(kind: Kind, alias: string, { evaluate = false, ttl = 60 } = {}): Body {
  const name = `\${${ENDPOINTS[kind].attribute.replace('*', alias)}}`;
  if (kind === 'machine') return { ttl, records: [name] };
  if (kind === 'functionUrl') return { type: 'CNAME', ttl, records: [name] };
  return { alias: { name, zone_id: 'Z', evaluate_target_health: evaluate } };
}

/** A name of each region's own, and a check that asks it. */
export const origins = (kind: Kind): Resources[''] =>
  Object.fromEntries(
    Object.entries(both((alias) => ({ name: `${alias}.origin`, ...leadingTo(kind, alias) }))).map(([alias, body]) => [
      `origin_${alias}`,
      body,
    ]),
  );

export const check = (host: string, more: Body = {}): Body => ({
  ...{ type: 'HTTPS', fqdn: `${host}.shop.example`, resource_path: '/health', request_interval: 10 },
  ...{ failure_threshold: 3, ...more },
});
export const CHECKS: Resources[''] = both((alias) => check(`${alias}.origin`));
export const checkedBy = (name: string): Body => ({ health_check_id: `\${aws_route53_health_check.${name}.id}` });
