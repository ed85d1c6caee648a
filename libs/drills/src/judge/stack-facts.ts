// Facts of a stack that a drill's diagnosis and report name: the policy records, where they lead, which alarms announce.
import type { Graph, Resource } from '@dr/terraform-json';
import type { RegionId } from '@dr/twin';
import type { RunRecord } from '../system-under-drill';

const text = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase().replace(/\.$/, '') : '');

/** Records of the name that clients use. */
export const policyRecords = (graph: Graph, domain: string): readonly Resource[] =>
  graph
    .ofType('aws_route53_record')
    .filter(
      (record) => text(record.values['name']) === text(domain) && ADDRESS_TYPES.has(String(record.values['type'])),
    );

const ADDRESS_TYPES = new Set(['A', 'AAAA', 'CNAME']);
/** Names that lead to names; Route 53 itself stops at eight. */
const MAX_CHAIN = 8;

/** The load balancer at the end of the record's chain of names. */
export function endpointOf(graph: Graph, record: Resource): Resource | undefined {
  let at: Resource | undefined = record;
  for (let links = 0; at && links < MAX_CHAIN; links += 1) {
    const target = targetOf(at);
    const balancer = graph.ofType('aws_lb').find((lb) => text(graph.attribute(lb, 'dns_name')) === target);
    if (balancer) return balancer;
    at = graph.ofType('aws_route53_record').find((next) => text(next.values['name']) === target);
  }
  return undefined;
}

function targetOf(record: Resource): string {
  const alias = record.values['alias'];
  const block = Array.isArray(alias) ? (alias[0] as { name?: unknown } | undefined) : undefined;
  const records = record.values['records'];
  return text(block?.name ?? (Array.isArray(records) ? records[0] : undefined));
}

/** Endpoints that checkers probe; calculated and metric checks send no requests. */
export const probedEndpoints = (graph: Graph): number =>
  graph
    .ofType('aws_route53_health_check')
    .filter((check) => /^(HTTPS?(_STR_MATCH)?|TCP)$/.test(String(check.values['type']))).length;

/** Alarms with enabled actions, by the state whose entry runs them. */
export function announcedAlarms(graph: Graph, regions: readonly RegionId[]): RunRecord['announcedAlarms'] {
  const alarms = [...graph.ofType('aws_cloudwatch_metric_alarm'), ...graph.ofType('aws_cloudwatch_composite_alarm')];
  const withActions = (key: string): ReadonlySet<string> =>
    new Set(
      alarms
        .filter(
          ({ values }) => values['actions_enabled'] !== false && Array.isArray(values[key]) && values[key].length > 0,
        )
        .map(({ awsRegion, values }) => {
          const region = regions.find((known) => known.awsRegion === awsRegion)?.name ?? awsRegion;
          return `${region}/${String(values['alarm_name'])}`;
        }),
    );
  return { ALARM: withActions('alarm_actions'), OK: withActions('ok_actions') };
}
