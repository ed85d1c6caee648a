// What leads clients to functions that are run: load balancers, HTTP APIs and function URLs.
import { InputError } from '@dr/contracts';
import {
  functionBehind,
  functionFrontOf,
  groupsBehind,
  readEndpoints,
  type Endpoint,
  type FunctionFront,
} from '@dr/stack';
import { knownOrAbsent, type Graph, type Resource } from '@dr/terraform-json';

export interface FrontsRun {
  readonly balancers: readonly Resource[];
  readonly others: ReadonlyMap<Endpoint, FunctionFront>;
}

/** Throws InputError for one that leads to others, too, and where there is none. */
export function frontsRun(graph: Graph, run: readonly Resource[]): FrontsRun {
  const balancers = graph.ofType('aws_lb').filter((balancer) =>
    leadsToRun(balancer.address, run, () =>
      (knownOrAbsent(() => groupsBehind(graph, balancer)) ?? []).map((group) => ({
        fn: functionBehind(graph, String(graph.attribute(group, 'arn'))),
        otherwise: group.address,
      })),
    ),
  );
  const others = new Map(
    readEndpoints(graph).flatMap((endpoint): [Endpoint, FunctionFront][] => {
      const front = functionFrontOf(graph, endpoint);
      const isRun =
        front &&
        leadsToRun(front.address, run, () =>
          front.routes.map(({ target, key }) => ({ fn: target?.fn, otherwise: `what its route ${key} leads to` })),
        );
      if (isRun && front.refused) throw front.refused;
      return isRun ? [[endpoint, front]] : [];
    }),
  );
  if (balancers.length + others.size > 0) return { balancers, others };
  const what = run.map(({ address }) => address).join(', ');
  const why = 'is behind no application load balancer, HTTP API or function URL of the stack';
  throw new InputError(what, why, 'Give the files that hold it, or drill the stack without --system');
}

interface Behind {
  readonly fn: Resource | undefined;
  /** What it is, where it is no function. */
  readonly otherwise: string;
}

function leadsToRun(address: string, run: readonly Resource[], read: () => readonly Behind[]): boolean {
  const behind = read();
  if (!behind.some(({ fn }) => fn && run.includes(fn))) return false;
  const other = behind.find(({ fn }) => !fn || !run.includes(fn));
  if (!other) return true;
  throw new InputError(
    address,
    `leads to functions that are run and to ${other.fn ? `${other.fn.address}, whose code is not given` : `${other.otherwise}, which is none`}`,
    other.fn ? 'Give its code as well' : 'Leave out its functions: then all of it answers by assumption',
  );
}
