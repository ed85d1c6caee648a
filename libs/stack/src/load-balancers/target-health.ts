// How a load balancer judges the targets of its groups, whatever they are: what it asks, how often, and after how many failures.
import {
  blockOf,
  flagOf,
  knownOrAbsent,
  numberOf,
  textOf,
  type Graph,
  type Resource,
  type Values,
} from '@dr/terraform-json';
import { attachmentsOf } from './targets';

export interface TargetHealth {
  /** Of the target group. */
  readonly address: string;
  /** `http`: a status is judged; `tcp`: a connection is enough; `none`: targets are never unhealthy. */
  readonly asks: 'http' | 'tcp' | 'none';
  readonly intervalSeconds: number;
  readonly unhealthyThreshold: number;
  /**
   * Do unhealthy targets show in DNS? Not where `target_group_health` turns that off
   * (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health.html).
   */
  readonly showsInDns: boolean;
}

/** The AWS provider's own values where a group leaves them out; a function's group has checks only when they are asked for. */
const DEFAULT = { intervalSeconds: 30, unhealthyThreshold: 3 } as const;

/**
 * Of the groups that the load balancer's listeners and rules forward to. Groups without a target are left out beside groups
 * with one: whoever registers targets from outside the stack may register them with any.
 */
export function targetHealthOf(graph: Graph, balancer: Resource): readonly TargetHealth[] {
  const arn = graph.attribute(balancer, 'arn');
  const listeners = graph.ofType('aws_lb_listener').filter((one) => refersTo(one.values, 'load_balancer_arn', arn));
  const rules = listeners.flatMap((listener) => {
    const listenerArn = graph.attribute(listener, 'arn');
    return graph.ofType('aws_lb_listener_rule').filter((one) => refersTo(one.values, 'listener_arn', listenerArn));
  });
  const named = new Set([...listeners, ...rules].flatMap(({ values }) => [...textsWithin(values)]));
  const groups = graph.ofType('aws_lb_target_group').filter((one) => named.has(String(graph.attribute(one, 'arn'))));
  const filled = groups.filter((group) => hasTargets(graph, String(graph.attribute(group, 'arn'))));
  return (filled.length > 0 ? filled : groups).map(readTargetHealth);
}

function readTargetHealth({ address, values }: Resource): TargetHealth {
  const check = blockOf(values, 'health_check') ?? {};
  const ofFunction = textOf(values, 'target_type') === 'lambda';
  const number = (key: string): number | undefined => knownOrAbsent(() => numberOf(check, key));
  const isOn = knownOrAbsent(() => flagOf(check, 'enabled')) ?? !ofFunction;
  const protocol =
    knownOrAbsent(() => textOf(check, 'protocol')) ??
    (ofFunction ? 'HTTP' : knownOrAbsent(() => textOf(values, 'protocol')));
  return {
    address,
    asks: !isOn ? 'none' : protocol === 'HTTP' || protocol === 'HTTPS' ? 'http' : 'tcp',
    intervalSeconds: number('interval') ?? DEFAULT.intervalSeconds,
    unhealthyThreshold: number('unhealthy_threshold') ?? DEFAULT.unhealthyThreshold,
    showsInDns: !isDnsFailoverOff(values),
  };
}

/** One healthy target is asked for where nothing is said; a percentage alone asks for some as well. */
function isDnsFailoverOff(values: Values): boolean {
  const failover = blockOf(blockOf(values, 'target_group_health') ?? {}, 'dns_failover') ?? {};
  const text = (key: string): string | undefined => knownOrAbsent(() => textOf(failover, key));
  return (
    text('minimum_healthy_targets_count') === 'off' && (text('minimum_healthy_targets_percentage') ?? 'off') === 'off'
  );
}

/** Containers, groups of instances and attachments register themselves with a group by its ARN. */
const REGISTERING = ['aws_ecs_service', 'aws_autoscaling_group', 'aws_autoscaling_attachment'] as const;

const hasTargets = (graph: Graph, groupArn: string): boolean =>
  attachmentsOf(graph, groupArn).length > 0 ||
  REGISTERING.some((type) => graph.ofType(type).some(({ values }) => [...textsWithin(values)].includes(groupArn)));

const refersTo = (values: Values, key: string, value: unknown): boolean => knownOrAbsent(() => values[key]) === value;

/** Every text in a value, at any depth, that is known. */
function* textsWithin(value: unknown): Iterable<string> {
  if (typeof value === 'string') yield value;
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value))
    yield* textsWithin(knownOrAbsent(() => (value as Record<string, unknown>)[key]));
}
