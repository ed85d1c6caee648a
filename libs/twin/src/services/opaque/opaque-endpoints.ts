// Every endpoint of a stack, by the names that AWS gave it: those that are not run, those that are, and what stands before several.
import { normalName, originsOf, readEndpoints, readNames, soleOrigin, type Endpoint } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import type { World } from '../../world';
import { acceleratorsOf } from '../accelerator/accelerated-doors';
import type { Accelerator } from '../accelerator/accelerator';
import type { Door, Doors, Internet } from '../ports';
import { Distribution } from './distribution';
import { OpaqueEndpoint } from './opaque-endpoint';

export class OpaqueEndpoints implements Doors {
  private readonly byName = new Map<string, Door>();
  private readonly behind = new Map<Endpoint, Door>();
  private readonly accelerators: ReadonlySet<Accelerator>;
  /** Whose health decides something: of an alias that evaluates it, or of an accelerator. */
  private readonly evaluated = new Set<OpaqueEndpoint>();
  private readonly listeners: (() => void)[] = [];
  private internet: Internet | undefined;

  constructor(
    world: World,
    graph: Graph,
    /** What is run of an endpoint, and answers by itself. @default nothing is */
    run: (endpoint: Endpoint) => Door | undefined = () => undefined,
    /** What is run behind an endpoint that does not stand for itself. @default nothing is */
    application: (endpoint: Endpoint) => OpaqueEndpoint['application'] = () => undefined,
  ) {
    const endpoints = readEndpoints(graph);
    const changed = (): void => this.healthChanged();
    for (const endpoint of endpoints) {
      if (endpoint.kind === 'accelerator' || endpoint.kind === 'distribution') continue;
      const door = run(endpoint) ?? new OpaqueEndpoint(world, graph, endpoint, changed, application(endpoint));
      this.behind.set(endpoint, door);
      this.name(endpoint, door);
    }
    const accelerators = acceleratorsOf(world, graph, (endpoint) => this.accelerated(endpoint), changed);
    this.accelerators = new Set(accelerators.values());
    for (const [name, accelerator] of accelerators) this.byName.set(name, accelerator);
    for (const endpoint of endpoints.filter(({ kind }) => kind === 'distribution')) {
      const origins = originsOf(graph, endpoint.resource);
      const internet = (): Internet => this.internet as Internet;
      this.name(endpoint, new Distribution(endpoint.names[0] ?? '', origins, internet, soleOrigin(graph, endpoint)));
    }
    for (const { evaluateTargetHealth, target } of readNames(graph).records) {
      const door = evaluateTargetHealth && target !== undefined ? this.find(target) : undefined;
      if (door instanceof OpaqueEndpoint) this.evaluated.add(door);
    }
  }

  start(internet: Internet): void {
    this.internet = internet;
    for (const door of this.behind.values()) if (door instanceof OpaqueEndpoint) door.start(this.evaluated.has(door));
    for (const accelerator of this.accelerators) accelerator.start();
  }

  find(dnsName: string): Door | undefined {
    return this.byName.get(normalName(dnsName));
  }

  onTargetHealth(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** It answers by assumption. */
  isOpaque(endpoint: Endpoint): boolean {
    const door = this.behind.get(endpoint);
    return door instanceof OpaqueEndpoint && door.application === undefined;
  }

  /** `targetsHealthy` of something that is run may have changed. */
  healthChanged(): void {
    this.listeners.forEach((listener) => listener());
  }

  private name({ names }: Endpoint, door: Door): void {
    for (const name of names) this.byName.set(name, door);
  }

  private accelerated(endpoint: Endpoint): Door | undefined {
    const door = this.behind.get(endpoint);
    if (door instanceof OpaqueEndpoint) this.evaluated.add(door);
    return door;
  }
}
