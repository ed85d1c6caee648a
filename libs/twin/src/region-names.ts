// Regions have AWS ids inside the twin, and the names that people gave them at its edges: faults and the event log.
import type { StackRegion } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';

export type { StackRegion as RegionId } from '@dr/stack';

export class RegionNames {
  private readonly names: ReadonlyMap<string, string>;
  private readonly ids: ReadonlyMap<string, string>;

  constructor(regions: readonly StackRegion[]) {
    this.names = new Map(regions.map(({ name, awsRegion }) => [awsRegion, name]));
    this.ids = new Map(regions.map(({ name, awsRegion }) => [name, awsRegion]));
  }

  /** A region that is none of the system's has no name but its id (`us-east-1`). */
  nameOf(awsRegion: string): string {
    return this.names.get(awsRegion) ?? awsRegion;
  }

  awsRegionOf(name: string): string {
    return this.ids.get(name) ?? name;
  }
}

/** AWS region -> the name that the stack's output `regions` gives it; empty where it gives none. */
export function declaredNames(graph: Graph): ReadonlyMap<string, string> {
  const named = graph.outputs['regions'];
  const entries = Object.entries(typeof named === 'object' && named !== null ? named : {});
  return new Map(entries.map(([name, id]) => [String(id), name]));
}
