// Zones of a region, and which of them have no power (fault zone-dark): the first ones of the stack's own list.
import { zonesIn } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import type { World } from './world';

/** Counts as a strike where it is true, so ask where something depends on it. */
export function isZoneDark({ faults }: World, graph: Graph, awsRegion: string, zone: string): boolean {
  const count = faults.darkZones(awsRegion);
  if (count === 0 || !zonesIn(graph, awsRegion).slice(0, count).includes(zone)) return false;
  return faults.hits('zone-dark', awsRegion);
}
