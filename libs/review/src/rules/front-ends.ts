// What clients meet first, in any stack: load balancers, gateways and accelerators that may not answer, or not let go.
import { CLIENT_KEEP_ALIVE, finding, frontBalancers, parseArn, type Finding } from '@dr/stack';
import {
  blockOf,
  blocksOf,
  knownOrAbsent,
  numberOf,
  textOf,
  textsOf,
  type Graph,
  type Resource,
  type Values,
} from '@dr/terraform-json';
import { acceleratedGroups } from './accelerators';
import { indexed, inEach, managed, ofEach, oncePer } from './each';
import { ALIAS_TARGET, CERTIFICATE_REGIONS, CHECKER_FIREWALL } from './pages';
import type { Rule, Stack } from './rule';

const TARGET_GROUP_HEALTH =
  'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html';
const WEIGHTS =
  'https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints-endpoint-weights.unhealthy-endpoints.html';

const certificateOf = (values: Values): string | undefined => textOf(values, 'certificate_arn');
/** Type -> the ARN of its certificate. */
const CERTIFIED: Readonly<Record<string, (values: Values) => string | undefined>> = {
  aws_lb_listener: certificateOf,
  aws_lb_listener_certificate: certificateOf,
  aws_apigatewayv2_domain_name: (values) => certificateOf(blockOf(values, 'domain_name_configuration') ?? {}),
  aws_api_gateway_domain_name: (values) => textOf(values, 'regional_certificate_arn'),
};

/** Addresses that no checker has (RFC 1918, RFC 4193). */
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:)/i;

/** [A] What a client may wait for besides its TTL. */
const LONG_KEEP_ALIVE_SECONDS = 300;

export const FRONT_END_RULES: readonly Rule[] = [
  {
    id: 'certificate-is-of-its-region',
    of: 'advice',
    source: CERTIFICATE_REGIONS,
    statement: 'A load balancer or an API has a certificate of its own region.',
    atFailover: 'The apply fails, so that region does not take HTTPS',
    judge: ofEach(Object.keys(CERTIFIED), function* (resource) {
      const { address, type, values, awsRegion } = resource;
      const region = parseArn(CERTIFIED[type]?.(values) ?? '')?.awsRegion;
      if (region === undefined || region === awsRegion) return;
      yield finding(address, `is in ${awsRegion} and has a certificate of ${region}`, `Use one of ${awsRegion}`);
    }),
  },
  {
    id: 'enough-targets-for-dns-failover',
    of: 'advice',
    source: TARGET_GROUP_HEALTH,
    statement: 'A target group asks for no more healthy targets than it has.',
    atFailover: 'The load balancer counts as unhealthy with every target well',
    judge: ofEach(['aws_lb_target_group'], function* (group, { graph }) {
      const asked = healthyAsked(group.values, 'dns_failover');
      if (asked === undefined) return;
      const most = targetsAtMost(graph, String(graph.attribute(group, 'arn')));
      if (most === undefined || asked <= most) return;
      const sentence = `asks for ${asked} healthy targets (dns_failover), and has ${most} at most`;
      yield finding(group.address, sentence, `Ask for ${most} or fewer`);
    }),
  },
  {
    id: 'dns-failover-comes-first',
    of: 'advice',
    source: TARGET_GROUP_HEALTH,
    statement: 'The threshold of DNS failover is not below that of routing failover.',
    atFailover: 'Unhealthy targets get requests while DNS still leads there',
    judge: ofEach(['aws_lb_target_group'], function* ({ address, values }) {
      const dns = healthyAsked(values, 'dns_failover');
      const routing = healthyAsked(values, 'unhealthy_state_routing');
      if (dns === undefined || routing === undefined || dns >= routing) return;
      const sentence = `sends requests to unhealthy targets below ${routing} healthy ones, and leaves DNS below ${dns}`;
      yield finding(address, sentence, `Set dns_failover to ${routing} or more`);
    }),
  },
  {
    id: 'open-connections-end-soon',
    of: 'advice',
    severity: 'note',
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html',
    statement: 'A load balancer that clients are moved away from ends their open connections within minutes.',
    atFailover: 'A client that keeps its connection does not ask DNS again while the region still answers, with errors',
    judge: ({ names }) =>
      inEach(frontBalancers(names), function* ({ address, values }) {
        if ((textOf(values, 'load_balancer_type') ?? 'application') !== 'application') return;
        const seconds = numberOf(values, 'client_keep_alive') ?? CLIENT_KEEP_ALIVE.defaultSeconds;
        if (seconds <= LONG_KEEP_ALIVE_SECONDS) return;
        const sentence = `keeps connections of clients for ${seconds} s (client_keep_alive)`;
        yield finding(address, sentence, 'Set client_keep_alive to 60, the least that AWS takes');
      }),
  },
  {
    id: 'checkers-are-admitted',
    of: 'advice',
    source: CHECKER_FIREWALL,
    statement: 'The security groups of a load balancer admit those who check it.',
    atFailover: 'The health check fails all the time',
    judge: (stack) =>
      inEach(stack.checks.values(), ({ address, source }) =>
        source.kind === 'endpoint' ? shutOut(stack, address, source.host, source.port) : [],
      ),
  },
  {
    id: 'api-answers-its-public-name',
    of: 'advice',
    source: ALIAS_TARGET,
    statement: 'A name leads to an API by a custom domain of that name, in each region.',
    atFailover: 'API Gateway refuses requests for the name in the region that takes over',
    *judge({ names }) {
      for (const { domain, ways } of names.publicNames)
        for (const { endpoint, record } of ways) {
          const { address, type, values } = endpoint.resource;
          const isTold = !record.unknown.some(({ path }) => path === 'zone_id');
          if (endpoint.kind !== 'gateway' || !type.startsWith('aws_api') || !isTold) continue;
          const own = type.endsWith('domain_name') ? knownOrAbsent(() => textOf(values, 'domain_name')) : '';
          if (own === undefined || isFor(own, domain)) continue;
          const sentence = `leads ${domain} to ${address}, which is ${own === '' ? 'no custom domain' : `the custom domain ${own}`}`;
          yield finding(record.address, sentence, `Lead it to a custom domain ${domain} of that region`);
        }
    },
  },
  {
    id: 'endpoint-group-can-take-over',
    of: 'advice',
    source: WEIGHTS,
    statement: 'Each endpoint group of an accelerator has an endpoint with a weight above 0.',
    atFailover: 'Global Accelerator does not fail over to the group',
    judge: ({ graph }) =>
      inEach(acceleratedGroups(graph), function* ({ address }) {
        const blocks = blocksOf(graph.get(address)?.values ?? {}, 'endpoint_configuration');
        if (blocks.length === 0 || blocks.some((one) => numberOf(one, 'weight') !== 0)) return;
        yield finding(
          address,
          'has endpoints with a weight of 0 alone',
          'Give one a weight, and use the traffic dial to hold clients back',
        );
      }),
  },
];

/** `*` stands for one label. */
const isFor = (own: string, domain: string): boolean =>
  own === domain || (own.startsWith('*.') && domain.slice(domain.indexOf('.')) === own.slice(1));

/** undefined: not as a count, or off. */
function healthyAsked(values: Values, action: string): number | undefined {
  const block = blockOf(blockOf(values, 'target_group_health') ?? {}, action) ?? {};
  const text = textOf(block, 'minimum_healthy_targets_count');
  return text === undefined || text === 'off' ? undefined : Number(text);
}

/** Targets that the stack registers with the group at most; undefined where it does not say. */
function targetsAtMost(graph: Graph, arn: string): number | undefined {
  const attached = managed(graph, 'aws_lb_target_group_attachment').filter(
    ({ values }) => textOf(values, 'target_group_arn') === arn,
  ).length;
  const services = managed(graph, 'aws_ecs_service').filter(({ values }) =>
    blocksOf(values, 'load_balancer').some((one) => textOf(one, 'target_group_arn') === arn),
  );
  const groups = managed(graph, 'aws_autoscaling_group').filter(({ values }) =>
    textsOf(values, 'target_group_arns').includes(arn),
  );
  const isScaled = services.length > 0 && managed(graph, 'aws_appautoscaling_target').length > 0;
  const counts = [
    ...services.map(({ values }) => numberOf(values, 'desired_count')),
    ...groups.map(({ values }) => numberOf(values, 'max_size')),
  ];
  if (isScaled || counts.includes(undefined) || attached + counts.length === 0) return undefined;
  return counts.reduce<number>((sum, count) => sum + (count ?? 0), attached);
}

/** By security group. */
const ingressRules = oncePer((graph) => {
  const rules = new Map<string | undefined, Values[]>();
  for (const { type, values } of managed(graph, 'aws_vpc_security_group_ingress_rule', 'aws_security_group_rule')) {
    if (type === 'aws_security_group_rule' && textOf(values, 'type') !== 'ingress') continue;
    const group = textOf(values, 'security_group_id');
    const own = rules.get(group);
    if (own) own.push(values);
    else rules.set(group, [values]);
  }
  return rules;
});

/** Addresses in a rule may be those of Route 53, so only groups that admit no public address on the port are found. */
function* shutOut({ graph, names }: Stack, address: string, host: string, port: number): Iterable<Finding> {
  for (const balancer of names.behind(host)) {
    const ids = textsOf(balancer.values, 'security_groups');
    const groups = ids.map((id) => indexed(graph, 'aws_security_group', 'id').get(id)?.[0]);
    if (ids.length === 0 || groups.includes(undefined)) continue;
    const rules = [
      ...groups.flatMap((group) => blocksOf((group as Resource).values, 'ingress')),
      ...[...new Set(ids)].flatMap((id) => ingressRules(graph).get(id) ?? []),
    ];
    if (rules.some((rule) => admitsAddresses(rule, port))) continue;
    const named = groups.map((group) => group?.address).join(', ');
    yield finding(
      address,
      `asks port ${port} of ${balancer.address}, where ${named} admits no public address`,
      `Admit the checkers of Route 53 on ${port}`,
    );
  }
}

function admitsAddresses(rule: Values, port: number): boolean {
  const lists = ['cidr_blocks', 'ipv6_cidr_blocks', 'prefix_list_ids'].flatMap((key) => textsOf(rule, key));
  const single = ['cidr_ipv4', 'cidr_ipv6', 'prefix_list_id'].flatMap((key) => textOf(rule, key) ?? []);
  const protocol = textOf(rule, 'ip_protocol') ?? textOf(rule, 'protocol') ?? '-1';
  const [from, to] = [numberOf(rule, 'from_port') ?? 0, numberOf(rule, 'to_port') ?? 65_535];
  const isOpen = protocol === '-1' || protocol === 'all' || (from <= port && port <= to);
  return [...lists, ...single].some((one) => !PRIVATE.test(one)) && isOpen;
}
