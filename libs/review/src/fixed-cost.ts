// What a stack costs in a month in which nobody uses it: everything billed by the hour or month, none of it by use.
import { normalName, readNames } from '@dr/stack';
import { numberOf, type Graph, type Resource, type Values } from '@dr/terraform-json';
import { customMetrics, type Emitted } from './custom-metrics';
import { priceOf, type PriceItem } from './prices';

export type CostLine = FixedCost['lines'][number];
export type ConditionalCost = FixedCost['conditional'][number];
export type FixedCost = ReturnType<typeof fixedMonthlyCost>;

/** A month, as AWS bills hours. */
const HOURS = 730;

interface Charge {
  readonly address: string;
  readonly what: string;
  readonly item: PriceItem;
  readonly awsRegion: string;
  readonly quantity: number;
}

/** Units a month that an account has free, over all regions together. */
const FREE: Partial<Record<PriceItem, number>> = {
  'health-check-aws': 50,
  'standard-alarm': 10,
  dashboard: 3,
  'custom-metric': 10,
};

/** `emitted`: metrics of a function that no alarm need read. */
export function fixedMonthlyCost(graph: Graph, emitted: Emitted = () => []) {
  const lines = toLines([
    ...balancers(graph),
    ...eachOf(graph, 'aws_eip', 'Public IPv4 addresses', 'public-ipv4-hour', HOURS),
    ...eachOf(graph, 'aws_nat_gateway', 'NAT gateways', 'nat-gateway-hour', HOURS),
    ...endpoints(graph),
    ...KEY_TYPES.flatMap((type) => eachOf(graph, type, 'KMS keys', 'kms-key')),
    ...secrets(graph),
    ...zones(graph),
    ...graph.ofType('aws_route53_health_check').flatMap((check) => healthCheck(graph, check)),
    ...graph.ofType('aws_cloudwatch_metric_alarm').map(alarm),
    ...eachOf(graph, 'aws_cloudwatch_composite_alarm', 'Composite alarms', 'composite-alarm'),
    ...eachOf(graph, 'aws_cloudwatch_dashboard', 'Dashboards', 'dashboard'),
    ...customMetrics(graph, emitted).map(({ id, awsRegion }) =>
      charge({ address: id, awsRegion }, 'Custom metrics', 'custom-metric'),
    ),
    ...Object.entries(UNPRICED).flatMap(([type, what]) => eachOf(graph, type, what, 'other-standing-charge')),
  ]);
  return {
    lines,
    /** Not in the total: free or not by what else the account holds, which no stack tells. */
    conditional: trails(graph),
    /** Of the lines with a price: the least it can be when `unknown` is not empty. */
    totalUsd: lines.reduce((total, { usd }) => total + (usd ?? 0), 0),
    unknown: lines.filter(({ usd }) => usd === null).map(({ what, regions }) => `${what} in ${regions.join(', ')}`),
  };
}

/** CloudTrail bills each copy of management events after the first, in each region by itself. */
function trails(graph: Graph) {
  const all = graph.ofType('aws_cloudtrail');
  const home = all[0]?.awsRegion;
  if (home === undefined) return [];
  return [
    {
      what: 'Audit trails',
      addresses: all.map(({ address }) => address),
      freeIf: 'no other trail of the account or its organization copies the management events of these regions',
      unit: '100,000 management events',
      unitUsd: priceOf('cloudtrail-extra-copy', home),
    },
  ];
}

const KEY_TYPES = ['aws_kms_key', 'aws_kms_replica_key', 'aws_kms_external_key'];

const UNPRICED: Readonly<Record<string, string>> = {
  aws_ec2_transit_gateway_vpc_attachment: 'Transit gateway attachments',
  aws_globalaccelerator_accelerator: 'Global accelerators',
  aws_lambda_provisioned_concurrency_config: 'Provisioned concurrency',
  aws_route53recoverycontrolconfig_cluster: 'Routing control clusters',
  aws_wafv2_web_acl: 'Web ACLs',
};

const charge = (
  { address, awsRegion }: Pick<Resource, 'address' | 'awsRegion'>,
  what: string,
  item: PriceItem,
  quantity = 1,
): Charge => ({ address, awsRegion, what, item, quantity });

const eachOf = (graph: Graph, type: string, what: string, item: PriceItem, quantity = 1): Charge[] =>
  graph.ofType(type).map((resource) => charge(resource, what, item, quantity));

/** AWS bills the account for a zone whether this stack makes it or looks it up. */
function zones(graph: Graph): Charge[] {
  const all = graph.resources.filter(({ type }) => type === 'aws_route53_zone');
  const keys = all.map(zoneKey);
  return all
    .filter((zone, at) => keys.indexOf(zoneKey(zone)) === at)
    .map((zone) => charge(zone, 'Route 53 hosted zones', 'hosted-zone'));
}

const zoneKey = ({ address, values }: Resource): string =>
  normalName(String(values['name'] ?? values['zone_id'] ?? address));

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function balancers(graph: Graph): Charge[] {
  const all = [...graph.ofType('aws_lb'), ...graph.ofType('aws_alb')];
  return [
    ...all.map((balancer) =>
      (balancer.values['load_balancer_type'] ?? 'application') === 'application'
        ? charge(balancer, 'Application load balancers', 'alb-hour', HOURS)
        : charge(balancer, 'Other load balancers', 'other-load-balancer-hour', HOURS),
    ),
    ...all
      .filter(
        ({ values }) => values['internal'] !== true && values['ip_address_type'] !== 'dualstack-without-public-ipv4',
      )
      .map((balancer) => charge(balancer, 'Public IPv4 addresses', 'public-ipv4-hour', zonesOf(balancer) * HOURS)),
  ];
}

/** A load balancer has an address in each zone, and must have two zones. */
const zonesOf = ({ values }: Resource): number =>
  Math.max(2, list(values['subnets']).length, list(values['subnet_mapping']).length);

const endpoints = (graph: Graph): Charge[] =>
  graph
    .ofType('aws_vpc_endpoint')
    .filter(({ values }) => values['vpc_endpoint_type'] === 'Interface')
    .map((endpoint) => {
      const zones = Math.max(1, list(endpoint.values['subnet_ids']).length);
      return charge(endpoint, 'Interface endpoints', 'interface-endpoint-hour', zones * HOURS);
    });

/** A replica is billed as a secret of its own, in its own region. */
const secrets = (graph: Graph): Charge[] =>
  graph.ofType('aws_secretsmanager_secret').flatMap((secret) => [
    charge(secret, 'Secrets and their replicas', 'secret'),
    ...list(secret.values['replica']).map((replica) => {
      const awsRegion = String((replica as { region?: unknown }).region);
      return charge({ address: secret.address, awsRegion }, 'Secrets and their replicas', 'secret');
    }),
  ]);

function healthCheck(graph: Graph, check: Resource): Charge[] {
  const { values } = check;
  const type = String(values['type']);
  const at = { address: check.address, awsRegion: 'global' };
  if (!/^(HTTPS?(_STR_MATCH)?|TCP)$/.test(type))
    return [charge(at, 'Checks of other checks', 'health-check-of-checks')];
  const onAws = isAwsEndpoint(graph, values['fqdn']);
  const where = onAws ? 'AWS endpoints' : 'endpoints outside AWS';
  const option = (name: string): Charge =>
    charge(at, `Health check option on ${where}: ${name}`, `health-check-${onAws ? 'aws' : 'other'}-option`);
  return [
    charge(at, `Health checks on ${where}`, onAws ? 'health-check-aws' : 'health-check-other'),
    ...(type.startsWith('HTTPS') ? [option('HTTPS')] : []),
    ...(type.endsWith('_STR_MATCH') ? [option('string match')] : []),
    ...(numberOf(values, 'request_interval') === 10 ? [option('fast interval')] : []),
    ...(values['measure_latency'] === true ? [option('latency')] : []),
  ];
}

/** A load balancer's own name, or one that leads to a load balancer of the same stack. */
const isAwsEndpoint = (graph: Graph, fqdn: unknown): boolean => readNames(graph).behind(String(fqdn)).length > 0;

/** An alarm is billed for each metric that it reads; at less than a minute, all of them at the high rate. */
function alarm(resource: Resource): Charge {
  const { values } = resource;
  const metrics = list(values['metric_query']).flatMap((query) => list((query as { metric?: unknown }).metric));
  const periods = [values, ...metrics].map((from) => numberOf(from as Values, 'period') ?? 60);
  return periods.some((period) => period < 60)
    ? charge(resource, 'High-resolution alarms, by metric', 'high-resolution-alarm', Math.max(1, metrics.length))
    : charge(resource, 'Alarms, by metric', 'standard-alarm', Math.max(1, metrics.length));
}

/** One line for each charge at each price. */
function toLines(charges: readonly Charge[]) {
  const groups = new Map<string, Charge[]>();
  for (const one of charges) {
    const key = `${one.what}|${String(priceOf(one.item, one.awsRegion))}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const freeLeft = new Map(Object.entries(FREE));
  return [...groups.values()].map((group) => {
    const { what, item, awsRegion } = group[0] as Charge;
    const used = group.reduce((sum, { quantity }) => sum + quantity, 0);
    const free = Math.min(used, freeLeft.get(item) ?? 0);
    freeLeft.set(item, (freeLeft.get(item) ?? 0) - free);
    const unitUsd = priceOf(item, awsRegion);
    const quantity = used - free;
    return {
      what,
      /** Resources that the charge comes from. */
      resources: new Set(group.map(({ address }) => address)).size,
      regions: [...new Set(group.map((one) => one.awsRegion))],
      unitUsd,
      /** Units billed: what is free is off. */
      quantity,
      free,
      /** Null when the price is unknown. */
      usd: unitUsd === null ? null : unitUsd * quantity,
    };
  });
}
