// A load balancer with nothing running behind it: everything that puts targets into its groups is scaled to zero.
import { knownOrAbsent, numberOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { groupsBehind, registrantsOf } from './behind';

/** What is scaled to zero, where nothing else is behind the load balancer; empty where something runs, or nobody can tell. */
export function idleBehind(graph: Graph, balancer: Resource): readonly Resource[] {
  const registrants = groupsBehind(graph, balancer).flatMap((group) => registrantsOf(graph, group));
  return registrants.length > 0 && registrants.every((one) => isIdle(graph, one)) ? [...new Set(registrants)] : [];
}

function isIdle(graph: Graph, resource: Resource): boolean {
  const number = (key: string): number | undefined => knownOrAbsent(() => numberOf(resource.values, key));
  switch (resource.type) {
    case 'aws_ecs_service':
      return number('desired_count') === 0 && !isScaledUp(graph, resource);
    case 'aws_autoscaling_group':
      return (number('desired_capacity') ?? number('min_size')) === 0;
    case 'aws_lambda_function':
      return number('reserved_concurrent_executions') === 0;
    default:
      return false;
  }
}

/** Application Auto Scaling brings a service to its least number of tasks, whatever its own count says. */
function isScaledUp(graph: Graph, { values }: Resource): boolean {
  const name = knownOrAbsent(() => textOf(values, 'name'));
  return graph.ofType('aws_appautoscaling_target').some((target) => {
    const id = knownOrAbsent(() => textOf(target.values, 'resource_id'));
    const least = knownOrAbsent(() => numberOf(target.values, 'min_capacity'));
    // Which service it scales may be known only after an apply.
    const isOfThis = id === undefined || name === undefined || id.endsWith(`/${name}`);
    return isOfThis && least !== 0;
  });
}
