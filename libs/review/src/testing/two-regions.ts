// A small stack in two regions, to be broken in one way at a time, and what is said of it.
import { declaredHealthChecks, readNames } from '@dr/stack';
import { parseStack, type Graph } from '@dr/terraform-json';
import { judgeNames, type JudgedLoss } from '../outcomes/judge';

export type Body = Readonly<Record<string, unknown>>;
export type Resources = Readonly<Record<string, Readonly<Record<string, Body>>>>;

export const A = 'eu-west-1';
export const B = 'us-east-2';

export const judged = (graph: Graph) =>
  judgeNames({ graph, names: readNames(graph), checks: declaredHealthChecks(graph) });

/** A zone, a load balancer in each of two regions with containers behind it, and what is given. */
export function stackWith(resource: Resources, data: Resources = {}): Graph {
  const { aws_route53_record: records = {}, ...rest } = resource;
  const balancer = (alias: string) => ({ name: alias, provider: `aws.${alias}` });
  const group = (alias: string) => ({
    name: alias,
    provider: `aws.${alias}`,
    port: 80,
    protocol: 'HTTP',
    health_check: { interval: 10, unhealthy_threshold: 2 },
  });
  const listener = (alias: string) => ({
    ...{ provider: `aws.${alias}`, load_balancer_arn: `\${aws_lb.${alias}.arn}`, port: 443, protocol: 'HTTPS' },
    default_action: { type: 'forward', target_group_arn: `\${aws_lb_target_group.${alias}.arn}` },
  });
  const both = <T>(of: (alias: string) => T) => ({ a: of('a'), b: of('b') });
  return parseStack(
    {
      data,
      provider: { aws: [{ region: 'us-east-1' }, { alias: 'a', region: A }, { alias: 'b', region: B }] },
      resource: {
        ...{ aws_lb: both(balancer), aws_lb_target_group: both(group), aws_lb_listener: both(listener) },
        aws_route53_zone: { zone: { name: 'example.com' } },
        aws_route53_record: Object.fromEntries(
          Object.entries({ ...both(origin), ...records }).map(([name, body]) => [
            name,
            { zone_id: '${aws_route53_zone.zone.zone_id}', type: 'A', ...body },
          ]),
        ),
        ...rest,
      },
    },
    '/stack',
  );
}

export const toBalancer = (alias: string, evaluate = false): Body => ({
  alias: { name: `\${aws_lb.${alias}.dns_name}`, zone_id: 'Z', evaluate_target_health: evaluate },
});
/** A name of each region's own, for its health check. */
const origin = (alias: string): Body => ({ name: `${alias}.origin`, ...toBalancer(alias) });
export const check = (host: string, more: Body = {}): Body => ({
  ...{
    type: 'HTTPS',
    fqdn: `${host}.example.com`,
    resource_path: '/health',
    request_interval: 10,
    failure_threshold: 3,
  },
  ...more,
});
export const checked = (name: string): Body => ({ health_check_id: `\${aws_route53_health_check.${name}.id}` });
export const failover = (alias: string, more: Body = {}): Body => ({
  ...{ name: 'app', set_identifier: alias, failover_routing_policy: { type: alias === 'a' ? 'PRIMARY' : 'SECONDARY' } },
  ...toBalancer(alias),
  ...more,
});

/** The verdict in a word or two: kind, [best, worst] and causes. */
export function verdict(resources: Resources, fault: JudgedLoss['fault'], awsRegion: string, name = 'app.example.com') {
  const found = judged(stackWith(resources))
    .find((one) => one.name === name)
    ?.faults.find((one) => one.fault === fault && one.awsRegion === awsRegion);
  return (
    found && {
      kind: found.kind,
      span: found.span && [found.span.best, found.span.worst],
      causes: found.causes.map(({ address }) => address),
    }
  );
}

export const recovers = (best: number, worst: number | null) => ({ kind: 'recovers', span: [best, worst], causes: [] });
export const never = (...causes: string[]) => ({ kind: 'never', span: null, causes });
export const NOBODY = recovers(0, 0);

export const PAIR: Resources = {
  aws_route53_health_check: { a: check('a.origin') },
  aws_route53_record: { app_a: failover('a', checked('a')), app_b: failover('b') },
};

export const withCheck = (more: Body, host = 'a.origin'): Resources => ({
  ...PAIR,
  aws_route53_health_check: { a: check(host, more) },
});
