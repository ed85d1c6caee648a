// How long a load balancer lets a client keep its connection (ELB, edit-load-balancer-attributes).
import { numberOf, type Graph, type Values } from '@dr/terraform-json';
import { endpointGroupsOf } from '../accelerators';
import { readNames } from '../names/names';

/** HTTP client keepalive duration: AWS's default, and what AWS takes. */
export const CLIENT_KEEP_ALIVE = { defaultSeconds: 3_600, leastSeconds: 60, mostSeconds: 604_800 } as const;
/** Connection idle timeout. */
const IDLE = { defaultSeconds: 60, leastSeconds: 1, mostSeconds: 4_000 } as const;

export interface ConnectionLimits {
  /** After so long the load balancer takes one more request, and closes the connection with its answer. */
  readonly keepAliveSeconds: number;
  /** After so long without a byte it closes the connection. */
  readonly idleSeconds: number;
}

/** Of an `aws_lb`. Throws InputError on what AWS refuses. */
export const connectionLimitsOf = (values: Values): ConnectionLimits => ({
  keepAliveSeconds:
    numberOf(values, 'client_keep_alive', {
      least: CLIENT_KEEP_ALIVE.leastSeconds,
      most: CLIENT_KEEP_ALIVE.mostSeconds,
    }) ?? CLIENT_KEEP_ALIVE.defaultSeconds,
  idleSeconds:
    numberOf(values, 'idle_timeout', { least: IDLE.leastSeconds, most: IDLE.mostSeconds }) ?? IDLE.defaultSeconds,
});

/** The longest of the load balancers behind a name, through accelerators, too; undefined where something else is behind it. */
export function keepAliveBehind(graph: Graph, name: string): number | undefined {
  const endpoints = readNames(graph)
    .endpointsBehind(name)
    .flatMap((one) =>
      one.kind === 'accelerator' ? endpointGroupsOf(graph, one.resource).flatMap((group) => group.endpoints) : [one],
    );
  if (endpoints.length === 0 || endpoints.some(({ kind }) => kind !== 'alb')) return undefined;
  return Math.max(...endpoints.map(({ resource }) => connectionLimitsOf(resource.values).keepAliveSeconds));
}
