// Target groups behind a load balancer, whatever their targets are, and what puts targets into them. Read once for each graph.
import { textsWithin } from '../texts';
import { blocksOf, knownOrAbsent, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { functionOfArn } from './targets';

interface Behind {
  /** ARN of a load balancer -> its listeners and their rules. */
  readonly routes: ReadonlyMap<unknown, readonly Resource[]>;
  /** ARN of a target group. */
  readonly groups: ReadonlyMap<string, Resource>;
  readonly registrants: ReadonlyMap<string, readonly Resource[]>;
  /** Load balancer -> the groups behind it, once somebody has asked for them. */
  readonly found: Map<Resource, readonly Resource[]>;
}

/**
 * Groups that the load balancer's listeners and rules forward to. Groups without a target are left out beside groups
 * with one: whoever registers targets from outside the stack may register them with any. Throws UnknownValueError where nobody
 * can tell which groups they are.
 */
export function groupsBehind(graph: Graph, balancer: Resource): readonly Resource[] {
  const { found } = behindIn(graph);
  const known = found.get(balancer) ?? findGroups(graph, balancer);
  found.set(balancer, known);
  return known;
}

function findGroups(graph: Graph, balancer: Resource): readonly Resource[] {
  const { routes, groups, registrants } = behindIn(graph);
  const routed = routes.get(graph.attribute(balancer, 'arn')) ?? [];
  // Where none is its own, the one that does not tell may be.
  if (routed.length === 0) graph.ofType('aws_lb_listener').forEach(({ values }) => textOf(values, 'load_balancer_arn'));
  const arns = [...new Set(routed.flatMap(({ values }) => textsWithin(values)))].filter((arn) => groups.has(arn));
  if (arns.length === 0)
    for (const { values } of routed) blocksOf(values, 'default_action').map((one) => textOf(one, 'target_group_arn'));
  const filled = arns.filter((arn) => registrants.has(arn));
  return (filled.length > 0 ? filled : arns).flatMap((arn) => groups.get(arn) ?? []);
}

/** What puts targets into the group; an attachment stands for what it attaches, where the stack has that. */
export const registrantsOf = (graph: Graph, group: Resource): readonly Resource[] =>
  behindIn(graph).registrants.get(String(graph.attribute(group, 'arn'))) ?? [];

const known = new WeakMap<Graph, Behind>();

function behindIn(graph: Graph): Behind {
  const behind = known.get(graph) ?? read(graph);
  known.set(graph, behind);
  return behind;
}

function read(graph: Graph): Behind {
  const [routes, registrants] = [new Map<unknown, Resource[]>(), new Map<string, Resource[]>()];
  const add = <K>(to: Map<K, Resource[]>, key: K, resource: Resource): void =>
    void to.set(key, [...(to.get(key) ?? []), resource]);
  const owners = new Map<unknown, unknown>();
  for (const listener of graph.ofType('aws_lb_listener')) {
    const owner = knownOrAbsent(() => listener.values['load_balancer_arn']);
    owners.set(graph.attribute(listener, 'arn'), owner);
    add(routes, owner, listener);
  }
  for (const rule of graph.ofType('aws_lb_listener_rule'))
    add(routes, owners.get(knownOrAbsent(() => rule.values['listener_arn'])), rule);
  const groups = new Map(graph.ofType('aws_lb_target_group').map((one) => [String(graph.attribute(one, 'arn')), one]));
  for (const [type, attached] of Object.entries(REGISTERING))
    for (const resource of graph.ofType(type))
      for (const arn of new Set(textsWithin(resource.values)))
        if (groups.has(arn)) add(registrants, arn, attached(graph, resource) ?? resource);
  return { routes, groups, registrants, found: new Map() };
}

/** Containers and groups of instances register themselves by a group's ARN; an attachment names what it attaches. */
const REGISTERING: Readonly<Record<string, (graph: Graph, resource: Resource) => Resource | undefined>> = {
  aws_ecs_service: (_, service) => service,
  aws_autoscaling_group: (_, group) => group,
  aws_autoscaling_attachment: (graph, { values }) =>
    knownOrAbsent(() => graph.find('aws_autoscaling_group', 'name', textOf(values, 'autoscaling_group_name'))),
  aws_lb_target_group_attachment: (graph, { values }) =>
    knownOrAbsent(() => functionOfArn(graph, textOf(values, 'target_id') ?? '')),
};
