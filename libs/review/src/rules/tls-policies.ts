// Security policies of HTTPS listeners: whose TLS they take (Application Load Balancer guide, describe-ssl-policies).
import { finding, type Finding } from '@dr/stack';
import { textOf, type Resource } from '@dr/terraform-json';

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

/** Checkers of Route 53 want TLS 1.0, 1.1 or 1.2 (API reference, HealthCheckConfig). */
export function* tlsPolicyFindings({ address, values }: Resource): Iterable<Finding> {
  const policy = textOf(values, 'ssl_policy');
  if (policy === undefined) return;
  const unknown = `has the ssl_policy "${policy}", which is in no list of AWS's: whose TLS it takes is unknown`;
  const alone = `takes TLS 1.3 alone (${policy}), and the checkers of Route 53 speak 1.2 at most`;
  const fix = 'Take ELBSecurityPolicy-TLS13-1-2-2021-06';
  if (!KNOWN.has(policy)) yield finding(address, unknown, fix);
  else if (policy.startsWith(TLS_13_ALONE)) yield finding(address, alone, fix);
}
