// What stands behind load balancers that clients are moved between: is it there in each region?
import {
  endpointGroupsOf,
  finding,
  groupsBehind,
  originsOf,
  readEndpoints,
  registrantsOf,
  type Finding,
} from '@dr/stack';
import { blocksOf, textOf, textsOf, type Graph, type Resource } from '@dr/terraform-json';
import { indexed, inEach, managed, regionOf } from './each';
import type { Rule, Stack } from './rule';

const BALANCERS = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application';

export const STANDBY_RULES: readonly Rule[] = [
  {
    id: 'standby-listens',
    of: 'advice',
    source: `${BALANCERS}/load-balancer-listeners.html`,
    statement: 'A load balancer that clients are moved to has a listener, as those of the other regions have.',
    atFailover: 'Nobody can connect in the region that takes over',
    judge: ofTwins(
      ({ graph }, balancer) => listenersOf(graph, balancer).length,
      'has no listener',
      'Add the listeners that the other has',
    ),
  },
  {
    id: 'standby-has-targets',
    of: 'advice',
    source: `${BALANCERS}/load-balancer-troubleshooting.html`,
    statement: 'A load balancer that clients are moved to has targets, as those of the other regions have.',
    atFailover: 'The load balancer of the region that takes over answers 503',
    judge: ofTwins(
      ({ graph }, balancer) => {
        const isDead = listenersOf(graph, balancer).length === 0;
        // That is the rule above.
        return isDead ? undefined : targetsOf(graph, balancer).length;
      },
      'leads to nothing: no service, group of machines or attachment of these files is behind its listeners',
      'Put behind it what is behind the other',
    ),
  },
];

/** Finds the load balancer of which there are none, where another region has some. `count`: undefined is not compared. */
function ofTwins(
  count: (stack: Stack, balancer: Resource) => number | undefined,
  lacks: string,
  fix: string,
): Rule['judge'] {
  return (stack) =>
    inEach(new Set(twinsIn(stack)), function* (twins): Iterable<Finding> {
      const has = twins.find((one) => (count(stack, one) ?? 0) > 0);
      for (const one of twins)
        if (has && regionOf(has) !== regionOf(one) && count(stack, one) === 0)
          yield finding(one.address, `${lacks}, and ${has.address} has`, fix);
    });
}

/** Load balancers of one name, accelerator or distribution. */
function* twinsIn({ graph, names }: Stack): Iterable<readonly Resource[]> {
  for (const { doors } of names.publicNames) yield [...new Set(doors.map(({ balancer }) => balancer))];
  for (const { kind, resource } of readEndpoints(graph)) {
    const ends =
      kind === 'accelerator'
        ? endpointGroupsOf(graph, resource)
        : kind === 'distribution'
          ? originsOf(graph, resource)
          : [];
    const behind = ends.flatMap(({ endpoints }) => endpoints.map((one) => one.resource));
    yield [...new Set(behind)].filter(({ mode, type }) => mode === 'managed' && type === 'aws_lb');
  }
}

/** Throws where there is none, and one may be its own that does not tell. */
function listenersOf(graph: Graph, balancer: Resource): readonly Resource[] {
  const own = indexed(graph, 'aws_lb_listener', 'load_balancer_arn').get(graph.attribute(balancer, 'arn')) ?? [];
  if (own.length === 0) graph.ofType('aws_lb_listener').forEach(({ values }) => textOf(values, 'load_balancer_arn'));
  return own;
}

/** Throws where there is none, and something of its region does not tell with which groups it registers. */
function targetsOf(graph: Graph, balancer: Resource): readonly Resource[] {
  const own = groupsBehind(graph, balancer).flatMap((group) => registrantsOf(graph, group));
  if (own.length > 0) return own;
  for (const resource of managed(graph, 'aws_ecs_service', 'aws_autoscaling_group', 'aws_lb_target_group_attachment')) {
    const { values } = resource;
    if (regionOf(resource) !== regionOf(balancer)) continue;
    blocksOf(values, 'load_balancer').forEach((block) => textOf(block, 'target_group_arn'));
    textsOf(values, 'target_group_arns');
    textOf(values, 'target_group_arn');
  }
  return [];
}
