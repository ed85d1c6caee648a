// How a load balancer judges the targets of its groups, whatever they are: what it asks, how often, and after how many failures.
import { blockOf, flagOf, numberOf, textOf, type Graph, type Resource, type Values } from '@dr/terraform-json';
import type { Endpoint } from '../endpoints';
import { groupsBehind } from './behind';

export interface TargetHealth {
  /** Of the target group. */
  readonly address: string;
  /** `http`: a status is judged; `tcp`: a connection is enough; `none`: targets are never unhealthy. */
  readonly asks: 'http' | 'tcp' | 'none';
  readonly intervalSeconds: number;
  readonly unhealthyThreshold: number;
  readonly timeoutSeconds: number;
  /**
   * Do unhealthy targets show in DNS? Not where `target_group_health` turns that off
   * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html).
   */
  readonly showsInDns: boolean;
}

/** With a health_check block the values of the provider's schema hold, without one those of the API (CreateTargetGroup). */
const DEFAULT = {
  intervalSeconds: 30,
  unhealthyThreshold: { withBlock: 3, withoutBlock: 2 },
  /** Of a group of functions it is longer (CreateTargetGroup). */
  timeoutSeconds: { ofFunctions: 30, ofOthers: 5 },
} as const;

/** Of the groups that are behind the load balancer. Throws UnknownValueError where nobody can tell which they are. */
export const targetHealthOf = (graph: Graph, balancer: Resource): readonly TargetHealth[] =>
  groupsBehind(graph, balancer).map(readTargetHealth);

/** Do the files tell what it would find of its targets? Only load balancers look at any. */
export const showsTargets = (graph: Graph, { kind, isElsewhere, resource }: Endpoint): boolean =>
  (kind !== 'alb' && kind !== 'nlb') || (!isElsewhere && targetHealthOf(graph, resource).length > 0);

function readTargetHealth({ address, values }: Resource): TargetHealth {
  const block = blockOf(values, 'health_check');
  const check = block ?? {};
  const ofFunction = textOf(values, 'target_type') === 'lambda';
  const number = (key: string): number | undefined => numberOf(check, key);
  const isOn = flagOf(check, 'enabled') ?? (block !== undefined || !ofFunction);
  const protocol = textOf(check, 'protocol') ?? (block || ofFunction ? 'HTTP' : textOf(values, 'protocol'));
  return {
    address,
    asks: !isOn ? 'none' : protocol === 'HTTP' || protocol === 'HTTPS' ? 'http' : 'tcp',
    intervalSeconds: number('interval') ?? DEFAULT.intervalSeconds,
    unhealthyThreshold:
      number('unhealthy_threshold') ?? DEFAULT.unhealthyThreshold[block ? 'withBlock' : 'withoutBlock'],
    timeoutSeconds: number('timeout') ?? DEFAULT.timeoutSeconds[ofFunction ? 'ofFunctions' : 'ofOthers'],
    showsInDns: !isDnsFailoverOff(values),
  };
}

/** One healthy target is asked for where nothing is said; a percentage alone asks for some as well. */
function isDnsFailoverOff(values: Values): boolean {
  const failover = blockOf(blockOf(values, 'target_group_health') ?? {}, 'dns_failover') ?? {};
  const text = (key: string): string | undefined => textOf(failover, key);
  return (
    text('minimum_healthy_targets_count') === 'off' && (text('minimum_healthy_targets_percentage') ?? 'off') === 'off'
  );
}
