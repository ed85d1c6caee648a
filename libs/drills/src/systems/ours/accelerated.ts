// Behind an accelerator: a load balancer must say of itself what /health says, or a region that is held back gets clients.
import { functionOf, HEALTH_PATH } from '@dr/contracts/system';
import type { Rule } from '@dr/review';
import { finding, functionBehind, groupsBehind } from '@dr/stack';
import { blockOf, flagOf, textOf, type Graph, type Resource } from '@dr/terraform-json';

const CHECKER = 'health-checker';

export const acceleratorAsksHealth: Rule = {
  id: 'accelerator-follows-health',
  of: 'serving',
  *judge({ graph, names }) {
    const balancers = new Set(names.acceleratedNames.flatMap(({ doors }) => doors.map(({ balancer }) => balancer)));
    for (const balancer of balancers) {
      if (groupsBehind(graph, balancer).some((group) => asksHealth(graph, group))) continue;
      yield finding(
        balancer.address,
        `has no target group that asks ${HEALTH_PATH} of ${CHECKER}, and an accelerator knows of a region what its target groups find: a region that cannot serve, or is still catching up, would get clients`,
        `Forward to a target group of ${CHECKER} with the health check path ${HEALTH_PATH}`,
      );
    }
  },
};

function asksHealth(graph: Graph, group: Resource): boolean {
  const check = blockOf(group.values, 'health_check');
  if (!check || flagOf(check, 'enabled') === false || textOf(check, 'path') !== HEALTH_PATH) return false;
  const fn = functionBehind(graph, String(graph.attribute(group, 'arn')));
  return fn !== undefined && functionOf(textOf(fn.values, 'function_name') ?? '') === CHECKER;
}
