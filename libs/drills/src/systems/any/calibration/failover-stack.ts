// A stack of those settings and nothing else, as Terraform JSON.
import { parseStack, type Graph } from '@dr/terraform-json';
import type { FailoverSettings } from './measurement';

export const PRIMARY = 'us-east-2';
export const SECONDARY = 'us-west-2';
export const CALIBRATED_NAME = 'www.calibration.example';
/** TTL of an alias to a load balancer (Route 53, "Choosing between alias and non-alias records"). */
const ALIAS_TTL_SECONDS = 60;

const SIDES = { primary: PRIMARY, secondary: SECONDARY } as const;
type Side = keyof typeof SIDES;

const bySide = (of: (side: Side) => object): Readonly<Record<string, object>> => ({
  primary: of('primary'),
  secondary: of('secondary'),
});

export function failoverStack(settings: FailoverSettings): Graph {
  const { intervalSeconds, failureThreshold, evaluateTargetHealth } = settings;
  const inZone = { zone_id: '${aws_route53_zone.zone.zone_id}', type: 'A' };
  return parseStack(
    {
      provider: { aws: [{ region: PRIMARY }, ...Object.entries(SIDES).map(([alias, region]) => ({ alias, region }))] },
      resource: {
        aws_route53_zone: { zone: { name: 'calibration.example' } },
        aws_lb: bySide((side) => ({ name: side, provider: `aws.${side}` })),
        // [A] No source tells how its targets were checked: by the provider's own values.
        aws_lb_target_group: bySide((side) => ({
          ...{ name: side, provider: `aws.${side}`, port: 80, protocol: 'HTTP' },
          health_check: { path: '/health' },
        })),
        aws_lb_listener: bySide((side) => ({
          ...{ provider: `aws.${side}`, load_balancer_arn: `\${aws_lb.${side}.arn}`, port: 443, protocol: 'HTTPS' },
          default_action: { type: 'forward', target_group_arn: `\${aws_lb_target_group.${side}.arn}` },
        })),
        aws_route53_health_check: {
          primary: {
            ...{ type: 'HTTPS', fqdn: 'primary.calibration.example', resource_path: '/health' },
            ...{ request_interval: intervalSeconds, failure_threshold: failureThreshold },
          },
        },
        aws_route53_record: {
          origin: { ...inZone, name: 'primary', alias: aliasTo('primary', false) },
          ...bySide((side) => ({
            ...inZone,
            ...{ name: 'www', set_identifier: side, failover_routing_policy: { type: side.toUpperCase() } },
            ...(side === 'primary' ? { health_check_id: '${aws_route53_health_check.primary.id}' } : {}),
            ...targetOf(side, settings, evaluateTargetHealth),
          })),
        },
      },
    },
    '/calibration',
  );
}

const aliasTo = (side: Side, evaluate: boolean): object => ({
  ...{ name: `\${aws_lb.${side}.dns_name}`, zone_id: `\${aws_lb.${side}.zone_id}` },
  evaluate_target_health: evaluate,
});

const targetOf = (side: Side, { ttlSeconds }: FailoverSettings, evaluate: boolean): object =>
  ttlSeconds === ALIAS_TTL_SECONDS
    ? { alias: aliasTo(side, evaluate) }
    : { type: 'CNAME', ttl: ttlSeconds, records: [`\${aws_lb.${side}.dns_name}`] };
