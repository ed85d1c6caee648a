// Health checks of any stack: settings with which one finds nothing, finds it too late, or has no effect.
import { finding, passesByItself, type EndpointSource, type Finding, type HealthCheckSpec } from '@dr/stack';
import { flagOf, knownOrAbsent, textMapOf, textOf, textsOf, type Graph, type Resource } from '@dr/terraform-json';
import { inEach, managed, ofEach, referredIn } from './each';
import { CHECK_API, CHECK_VALUES, CHOOSES, DETERMINES, FAILOVER_VALUES, PRIVATE_FAILOVER } from './pages';
import type { Rule, Stack } from './rule';
import { tls13Listeners } from './tls-policies';

const CHECK = ['aws_route53_health_check'];

export const CHECK_SETTING_RULES: readonly Rule[] = [
  {
    id: 'health-check-is-used',
    of: 'advice',
    source: CHOOSES,
    statement: 'A health check is that of a record, is counted by another one, or is read by an alarm.',
    atFailover: 'It finds the failure, and nothing follows from that',
    judge: (stack) => unusedChecks(stack),
  },
  {
    id: 'health-check-has-a-choice-to-make',
    of: 'advice',
    severity: 'note',
    source: FAILOVER_VALUES,
    statement:
      'A health check belongs to a record with a routing policy: of one record alone, Route 53 answers that one.',
    atFailover: 'The record is answered although its health check fails',
    judge: ofEach(['aws_route53_record'], function* ({ address }, { names }) {
      const record = names.records.find((one) => one.address === address);
      if (record?.policy.kind !== 'simple' || record.healthCheckId === undefined) return;
      const sentence = 'has a health check and no routing policy: there is no other record to answer';
      yield finding(address, sentence, 'Give it a routing policy and a second record, or take the health check away');
    }),
  },
  {
    id: 'calculated-check-counts-checks-in-force',
    of: 'advice',
    source: CHECK_API,
    statement: 'A calculated health check counts no check that is disabled: Route 53 takes such a one for healthy.',
    atFailover: 'The count stays as it is while what the disabled check should ask is dead',
    judge: ({ checks }) =>
      inEach(checks.values(), function* ({ address, source }) {
        const children = source.kind === 'calculated' ? source.children.flatMap((id) => checks.get(id) ?? []) : [];
        for (const child of children.filter(({ isDisabled }) => isDisabled))
          yield finding(
            address,
            `counts ${child.address}, which is disabled and so always healthy`,
            `Enable ${child.address}`,
          );
      }),
  },
  {
    id: 'health-check-sends-the-host-name',
    of: 'advice',
    severity: 'note',
    source: CHECK_VALUES,
    statement:
      'A health check over HTTPS sends the host name (SNI): endpoints that need it refuse the handshake otherwise.',
    judge: ofEach(CHECK, function* ({ address, values }) {
      if (!(textOf(values, 'type') ?? '').startsWith('HTTPS') || flagOf(values, 'enable_sni') !== false) return;
      yield finding(address, 'sends no host name in the TLS handshake (enable_sni = false)', 'Remove enable_sni');
    }),
  },
  {
    id: 'health-check-speaks-the-tls-of-its-endpoint',
    of: 'advice',
    source: CHECK_API,
    statement:
      'A listener that a health check asks over HTTPS takes TLS 1.2 or older: the checkers speak no later one.',
    atFailover: 'The endpoint is never found healthy',
    judge: (stack) => inEach(stack.checks.values(), (check) => tls13Listeners(stack, check)),
  },
  {
    id: 'health-check-address-is-public',
    of: 'advice',
    source: CHECK_VALUES,
    statement: 'A health check asks a public address: the checkers of Route 53 are on the internet.',
    atFailover: 'The endpoint is never found healthy',
    judge: ofEach(CHECK, function* ({ address, values }, { names }) {
      const ip = textOf(values, 'ip_address') ?? '';
      // What the stack has as a public address is one: emulators give others than AWS.
      if (!NOT_PUBLIC.test(ip) || names.endpoint(ip)) return;
      yield finding(
        address,
        `asks ${ip}, an address that is not on the internet`,
        'Ask a public address, or follow a CloudWatch alarm',
      );
    }),
  },
  {
    id: 'health-check-endpoint-is-public',
    of: 'advice',
    source: PRIVATE_FAILOVER,
    statement: 'A health check asks no internal load balancer: the checkers of Route 53 are outside its VPC.',
    atFailover: 'The endpoint is never found healthy',
    judge: (stack) => inEach(stack.checks.values(), (check) => internalOnes(stack, check)),
  },
  {
    id: 'health-check-can-pass',
    of: 'advice',
    source: DETERMINES,
    statement:
      'A health check asks for nothing that a rule of the load balancer itself refuses, or answers without its text.',
    atFailover: 'The endpoint is never found healthy',
    judge: (stack) => inEach(stack.checks.values(), (check) => refusedOnes(stack, check)),
  },
];

/** RFC 1918, loopback, link-local, shared (RFC 6598), multicast and above; unique local and link-local of IPv6. */
const NOT_PUBLIC =
  /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|22[4-9]\.|2[345]\d\.|f[cd]|fe80:|::1$)/i;

function* internalOnes({ names }: Stack, { address, source }: HealthCheckSpec): Iterable<Finding> {
  const { host } = source.kind === 'endpoint' ? source : ({ host: '' } as Pick<EndpointSource, 'host'>);
  for (const balancer of names.behind(host)) {
    if (knownOrAbsent(() => flagOf(balancer.values, 'internal')) !== true) continue;
    const sentence = `asks ${host}, which leads to ${balancer.address}, an internal load balancer`;
    yield finding(address, sentence, 'Follow a CloudWatch alarm of that load balancer instead');
  }
}

function* refusedOnes({ graph, names }: Stack, { address, source }: HealthCheckSpec): Iterable<Finding> {
  if (source.kind !== 'endpoint') return;
  for (const endpoint of names.endpointsBehind(source.host)) {
    if (passesByItself(graph, source, endpoint) !== false) continue;
    const text = source.searchString === undefined ? '' : ` for "${source.searchString}"`;
    const sentence = `asks ${source.path} on port ${source.port}${text}, which a rule of ${endpoint.resource.address} answers itself: it never passes`;
    yield finding(address, sentence, 'Ask a port and a path that lead to the application');
  }
}

/** Nothing is said where records may be elsewhere, or where one does not tell which health check is its own. */
function* unusedChecks({ graph, checks }: Stack): Iterable<Finding> {
  const records = managed(graph, 'aws_route53_record');
  const tells = ({ values }: Resource): boolean =>
    knownOrAbsent(() => [textOf(values, 'health_check_id')]) !== undefined;
  if (records.length === 0 || !records.every(tells)) return;
  const used = usedIds(graph, records);
  for (const { id, address } of checks.values()) {
    if (used.has(id) || referredIn(graph).has(address)) continue;
    const sentence = 'is that of no record, and nothing counts or reads it';
    yield finding(address, sentence, 'Set it as the health_check_id of the record that it is for, or remove it');
  }
}

function usedIds(graph: Graph, records: readonly Resource[]): ReadonlySet<string> {
  const ofRecords = records.flatMap(({ values }) => textOf(values, 'health_check_id') ?? []);
  const counted = managed(graph, ...CHECK).flatMap(
    ({ values }) => knownOrAbsent(() => textsOf(values, 'child_healthchecks')) ?? [],
  );
  const read = managed(graph, 'aws_cloudwatch_metric_alarm').flatMap(
    ({ values }) => knownOrAbsent(() => textMapOf(values, 'dimensions')['HealthCheckId']) ?? [],
  );
  const shown = Object.keys(graph.outputs).map(
    (name) => knownOrAbsent(() => JSON.stringify(graph.outputs[name])) ?? '',
  );
  return new Set([...ofRecords, ...counted, ...read, ...shown.flatMap((text) => text.match(/[\w-]{8,}/g) ?? [])]);
}
