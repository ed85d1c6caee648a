// Hosted zones, what is asked of them, and health checks.
import { normalName, readNames } from '@dr/stack';
import { flagOf, ifKnown, numberOf, textOf, type Resource } from '@dr/terraform-json';
import { globally, MILLION, standing, used, type Bill, type Billing, type Charge } from '../charge';
import { grouped } from '../grouped';
import { once } from '../once';

const zoneKey = ({ address, values }: Resource): string =>
  normalName(String(values['name'] ?? values['zone_id'] ?? address));

/** AWS bills the account for a zone whether this stack makes it or looks it up. */
export const zones = once((billing: Billing): Charge[] => {
  const all = billing.graph.resources.filter(({ type }) => type === 'aws_route53_zone');
  const each = [...grouped(all, zoneKey).values()].flatMap(([zone]) => (zone ? [globally(zone)] : []));
  const isRouted = billing
    .ofTypes('aws_route53_record')
    .some(({ values }) => ['latency', 'geolocation'].some((kind) => hasBlock(values[`${kind}_routing_policy`])));
  const item = isRouted ? 'dns-latency-queries' : 'dns-queries';
  const queries = billing.usage.dnsQueries / each.length / MILLION;
  return each.flatMap((zone) => [
    standing('Route 53', zone, 'Route 53 hosted zones', 'hosted-zone'),
    used('Route 53', zone, 'DNS queries', item, queries),
  ]);
});

const zonesByAddress = once((billing: Billing) => grouped(zones(billing), ({ address }) => address));

const hasBlock = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

const OF_AWS = /\.(amazonaws\.com|awsglobalaccelerator\.com|cloudfront\.net)$/;

/** An endpoint's own name, one that leads to an endpoint of the same stack, or an address of it. [A] What the stack makes up itself is on AWS. */
function isOnAws({ values, references }: Resource, { graph }: Billing): boolean {
  const found = ifKnown(() => textOf(values, 'fqdn'));
  if ('unknown' in found) return true;
  const name = found.value;
  if (name === undefined) return (references['ip_address'] ?? []).length > 0;
  return OF_AWS.test(normalName(name)) || readNames(graph).endpointsBehind(name).length > 0;
}

const healthCheck: Bill = (resource, billing) => {
  const { values } = resource;
  const type = String(values['type']);
  const at = globally(resource);
  if (!/^(HTTPS?(_STR_MATCH)?|TCP)$/.test(type))
    return [standing('Route 53', at, 'Checks of other checks', 'health-check-of-checks')];
  const onAws = isOnAws(resource, billing);
  const where = onAws ? 'AWS endpoints' : 'endpoints outside AWS';
  const option = (name: string): Charge =>
    standing(
      'Route 53',
      at,
      `Health check option on ${where}: ${name}`,
      `health-check-${onAws ? 'aws' : 'other'}-option`,
    );
  return [
    standing('Route 53', at, `Health checks on ${where}`, onAws ? 'health-check-aws' : 'health-check-other'),
    ...(type.startsWith('HTTPS') ? [option('HTTPS')] : []),
    ...(type.endsWith('_STR_MATCH') ? [option('string match')] : []),
    ...(numberOf(values, 'request_interval') === 10 ? [option('fast interval')] : []),
    ...(flagOf(values, 'measure_latency') === true ? [option('latency')] : []),
  ];
};

export const DNS: Readonly<Record<string, Bill>> = {
  aws_route53_zone: (resource, billing) => zonesByAddress(billing).get(resource.address) ?? [],
  aws_route53_health_check: healthCheck,
};
