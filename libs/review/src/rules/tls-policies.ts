// Security policies of HTTPS listeners: whose TLS they take (Application Load Balancer guide, describe-ssl-policies).
import { finding, having, type Finding, type HealthCheckSpec } from '@dr/stack';
import { knownOrAbsent, numberOf, textOf, type Resource } from '@dr/terraform-json';
import type { Stack } from './rule';

/** Of each date, the least version of TLS and the ciphers. */
const OF_TLS_13: Readonly<Record<string, string>> = {
  '2021-06': '1-3|1-2|1-2-Res|1-2-Ext1|1-2-Ext2|1-1|1-0',
  'FIPS-2023-04': '1-3|1-2|1-2-Res|1-2-Ext0|1-2-Ext1|1-2-Ext2|1-1|1-0',
  'PQ-2025-09': '1-3|1-2|1-2-Res|1-2-Ext1|1-2-Ext2|1-0',
  'FIPS-PQ-2025-09': '1-3|1-2|1-2-Res|1-2-Ext0|1-2-Ext1|1-2-Ext2|1-0',
};
const OLDER = [
  ...['2015-05', '2016-08', 'TLS-1-0-2015-04', 'TLS-1-1-2017-01', 'TLS-1-2-2017-01', 'TLS-1-2-Ext-2018-06'],
  ...['FS-2018-06', 'FS-1-1-2019-08', 'FS-1-2-2019-08', 'FS-1-2-Res-2019-08', 'FS-1-2-Res-2020-10'],
];
const KNOWN: ReadonlySet<string> = new Set(
  [
    ...OLDER,
    ...Object.entries(OF_TLS_13).flatMap(([date, kinds]) => kinds.split('|').map((kind) => `TLS13-${kind}-${date}`)),
  ].map((name) => `ELBSecurityPolicy-${name}`),
);
const TLS_13_ALONE = 'ELBSecurityPolicy-TLS13-1-3-';
const FIX = 'Take ELBSecurityPolicy-TLS13-1-2-2021-06';

const takesTls13Alone = (policy: string | undefined): boolean => policy?.startsWith(TLS_13_ALONE) === true;

/** Checkers of Route 53 want TLS 1.0, 1.1 or 1.2 (API reference, HealthCheckConfig). */
export function* tlsPolicyFindings({ address, values }: Resource): Iterable<Finding> {
  const policy = textOf(values, 'ssl_policy');
  if (policy === undefined) return;
  const unknown = `has the ssl_policy "${policy}", which is in no list of AWS's: whose TLS it takes is unknown`;
  const alone = `takes TLS 1.3 alone (${policy}), and the checkers of Route 53 speak 1.2 at most`;
  if (!KNOWN.has(policy)) yield finding(address, unknown, FIX);
  else if (takesTls13Alone(policy)) yield finding(address, alone, FIX);
}

/** Checks over HTTPS whose handshake the listener that they ask refuses. */
export function* tls13Listeners({ graph, names }: Stack, { address, source }: HealthCheckSpec): Iterable<Finding> {
  if (source.kind !== 'endpoint' || source.protocol !== 'https') return;
  for (const balancer of names.behind(source.host)) {
    const arn = String(graph.attribute(balancer, 'arn'));
    for (const listener of having(graph, 'aws_lb_listener', 'load_balancer_arn', arn)) {
      const policy = knownOrAbsent(() => textOf(listener.values, 'ssl_policy'));
      if (!takesTls13Alone(policy) || knownOrAbsent(() => numberOf(listener.values, 'port')) !== source.port) continue;
      const sentence = `asks ${source.host} over TLS 1.2 at most, and ${listener.address} takes 1.3 alone (${policy})`;
      yield finding(address, sentence, `${FIX} for ${listener.address}`);
    }
  }
}
