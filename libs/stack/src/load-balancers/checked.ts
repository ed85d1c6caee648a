// What a load balancer itself makes of a health check that asks it, whatever runs behind it.
import { flagOf, knownOrAbsent, type Graph } from '@dr/terraform-json';
import type { Endpoint } from '../endpoints';
import type { EndpointSource } from '../health-checks';
import { ownAnswer } from './targets';

/** Nobody outside its VPC reaches it. */
export const isInternal = ({ kind, resource, isElsewhere }: Endpoint): boolean =>
  (kind === 'alb' || kind === 'nlb') &&
  !isElsewhere &&
  knownOrAbsent(() => flagOf(resource.values, 'internal')) === true;

/** By a rule that answers the path without asking anybody: does the check pass? undefined where there is none. */
export function passesByItself(
  graph: Graph,
  source: EndpointSource,
  { kind, resource, isElsewhere }: Endpoint,
): boolean | undefined {
  const { protocol, path, unknownPath, host, port, searchString } = source;
  if (kind !== 'alb' || isElsewhere || protocol === 'tcp' || unknownPath) return undefined;
  const own = ownAnswer(graph, resource, port, { method: 'GET', path, headers: { host } });
  return own && own.status < 400 && (searchString === undefined || own.body.includes(searchString));
}
