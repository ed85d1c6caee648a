// The accelerators of a stack, before the doors that they lead to.
import { endpointGroupsOf, normalName, readEndpoints, type Endpoint } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { exists, type World } from '../../world';
import type { Door, Doors } from '../ports';
import { Accelerator } from './accelerator';

/** By the names that AWS gave each. `doorOf`: what stands at an endpoint of a group. */
export function acceleratorsOf(
  world: World,
  graph: Graph,
  doorOf: (endpoint: Endpoint) => Door | undefined,
  onMove: () => void,
): ReadonlyMap<string, Accelerator> {
  return new Map(
    readEndpoints(graph)
      .filter(({ kind }) => kind === 'accelerator')
      .flatMap(({ names, resource }) => {
        const groups = endpointGroupsOf(graph, resource).flatMap(({ address, awsRegion, dialPercent, endpoints }) =>
          awsRegion === undefined
            ? []
            : [
                {
                  ...{ awsRegion, dialPercent, doors: endpoints.flatMap((one) => doorOf(one) ?? []) },
                  exists: () => exists(world, address),
                },
              ],
        );
        const accelerator = new Accelerator(names[0] ?? resource.address, world, groups, onMove);
        return names.map((name) => [name, accelerator] as const);
      }),
  );
}

export class AcceleratedDoors implements Doors {
  static readonly reads = [
    'aws_globalaccelerator_accelerator',
    'aws_globalaccelerator_listener',
    'aws_globalaccelerator_endpoint_group',
  ];
  private readonly accelerators: ReadonlyMap<string, Accelerator>;
  private readonly listeners: (() => void)[] = [];

  constructor(
    world: World,
    graph: Graph,
    private readonly behind: Doors,
  ) {
    const doorOf = ({ names }: Endpoint): Door | undefined => names.flatMap((name) => behind.find(name) ?? [])[0];
    this.accelerators = acceleratorsOf(world, graph, doorOf, () => this.listeners.forEach((listener) => listener()));
  }

  start(): void {
    for (const accelerator of new Set(this.accelerators.values())) accelerator.start();
  }

  find(dnsName: string): Door | undefined {
    return this.accelerators.get(normalName(dnsName)) ?? this.behind.find(dnsName);
  }

  onTargetHealth(listener: () => void): void {
    this.behind.onTargetHealth(listener);
    this.listeners.push(listener);
  }
}
