// Where the execution environments of a region's functions run: [A] its zones in turn, of those that have power.
import type { Placement } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import type { World } from '../../world';
import { isZoneDark } from '../../zones';
import type { FunctionConfig } from './config';

/** The place of one execution environment. */
export interface Place {
  readonly isDark: () => boolean;
  /** It is in a VPC whose way out leads through a NAT gateway without power. */
  readonly isCutOff: () => boolean;
}

/** `started`: environments of the function before it. undefined: none of the function's zones has power. */
export function nextPlace(
  world: World,
  graph: Graph,
  awsRegion: string,
  { placements }: Pick<FunctionConfig, 'placements'>,
  started: number,
): Place | undefined {
  const isDark = (zone: string): boolean => isZoneDark(world, graph, awsRegion, zone);
  const living = world.faults.darkZones(awsRegion) === 0 ? placements : placements.filter(({ zone }) => !isDark(zone));
  const taken: Placement | undefined = living[started % living.length];
  if (!taken) return undefined;
  const { zone, natZone } = taken;
  return { isDark: () => isDark(zone), isCutOff: () => natZone !== undefined && isDark(natZone) };
}
