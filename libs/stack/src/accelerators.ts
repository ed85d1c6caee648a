// Global Accelerator: one pair of addresses everywhere, and groups of endpoints in regions behind it.
import { ACCELERATOR_SECONDS } from '@dr/contracts';
import { blocksOf, knownOrAbsent, numberOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { readEndpoints, type Endpoint } from './endpoints';

/** [A] It follows a load balancer's target groups within about this time; AWS publishes none. */
export const ACCELERATOR_LAG_SECONDS = ACCELERATOR_SECONDS;

export interface EndpointGroup {
  readonly address: string;
  readonly awsRegion: string | undefined;
  /** Share of the traffic near it that it takes, percent. Failover ignores it. */
  readonly dialPercent: number;
  /** With a weight above 0; those that are in another stack are left out. */
  readonly endpoints: readonly Endpoint[];
  /** Are some of them in another stack? */
  readonly leadsOut: boolean;
  /** Its own check, of machines and addresses; load balancers are asked for theirs. */
  readonly check: { readonly isTcp: boolean; readonly intervalSeconds: number; readonly threshold: number };
}

/** Of that accelerator, in the stack's order. Throws UnknownValueError where one does not tell whose it is, or what is in it. */
export function endpointGroupsOf(graph: Graph, accelerator: Resource): readonly EndpointGroup[] {
  const arns = new Set(['id', 'arn'].map((name) => graph.attribute(accelerator, name)));
  const listeners = new Set(
    graph
      .ofType('aws_globalaccelerator_listener')
      .filter(({ values }) => arns.has(textOf(values, 'accelerator_arn')))
      .flatMap((listener) => ['id', 'arn'].map((name) => graph.attribute(listener, name))),
  );
  return graph
    .ofType('aws_globalaccelerator_endpoint_group')
    .filter(({ values }) => listeners.has(textOf(values, 'listener_arn')))
    .map((group) => readGroup(graph, group));
}

function readGroup(graph: Graph, group: Resource): EndpointGroup {
  const { address, values } = group;
  const ids = blocksOf(values, 'endpoint_configuration').flatMap((one) => {
    const weight = numberOf(one, 'weight', { least: 0, most: 255 }) ?? 128;
    return weight > 0 ? [knownOrAbsent(() => textOf(one, 'endpoint_id'))] : [];
  });
  const found = ids.map((id) =>
    id === undefined ? undefined : readEndpoints(graph).find((one) => isNamed(graph, one, id)),
  );
  const endpoints = found.filter((one) => one !== undefined);
  const [first] = endpoints;
  const number = (name: string): number | undefined => numberOf(values, name);
  return {
    address,
    // Unset, it is the provider's region; an endpoint of the group is nowhere else.
    awsRegion:
      knownOrAbsent(() => textOf(values, 'endpoint_group_region')) ??
      first?.awsRegion ??
      knownOrAbsent(() => group.awsRegion),
    dialPercent: number('traffic_dial_percentage') ?? 100,
    endpoints,
    leadsOut: endpoints.length < found.length,
    // Global Accelerator API reference, EndpointGroup: what it takes by itself.
    check: {
      isTcp: (textOf(values, 'health_check_protocol') ?? 'TCP') === 'TCP',
      intervalSeconds: number('health_check_interval_seconds') ?? 30,
      threshold: number('threshold_count') ?? 3,
    },
  };
}

/** A load balancer by its ARN, a machine by its id, an address by that of its allocation. */
const isNamed = (graph: Graph, { resource }: Endpoint, id: string): boolean =>
  ['arn', 'id', 'allocation_id'].some((name) => knownOrAbsent(() => graph.attribute(resource, name)) === id);
