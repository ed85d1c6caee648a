// Availability zones as a stack names them: those of load balancers' nodes, and of functions and NAT gateways in a VPC.
import { blockOf, blocksOf, knownOrAbsent, textOf, textsOf, type Graph, type Resource } from '@dr/terraform-json';
import { ANYWHERE } from './cidr';
import { routesOf, tableOf } from './route-tables';

/** [A] Of a region in which the stack names none. Every region has three at least (AWS global infrastructure). */
const UNNAMED = ['a', 'b', 'c'] as const;

/** Where an execution environment of a function may run. */
export interface Placement {
  readonly zone: string;
  /** Of the NAT gateway behind which it reaches the world; undefined: no gateway stands between. */
  readonly natZone: string | undefined;
}

/** Of a load balancer's nodes, one in each; empty where its subnets are not known. A stack names them in one of two arguments. */
export const nodeZonesOf = (graph: Graph, { values }: Resource): readonly string[] =>
  zonesOf(
    graph,
    knownOrAbsent(() => [
      ...textsOf(values, 'subnets'),
      ...blocksOf(values, 'subnet_mapping').flatMap((one) => textOf(one, 'subnet_id') ?? []),
    ]) ?? [],
  );

const known = new WeakMap<Graph, Map<string, readonly string[]>>();

/** Of the region: first those of its load balancers, in the stack's order. */
export function zonesIn(graph: Graph, awsRegion: string): readonly string[] {
  const own = known.get(graph) ?? new Map<string, readonly string[]>();
  known.set(graph, own);
  const zones = own.get(awsRegion) ?? named(graph, awsRegion);
  own.set(awsRegion, zones);
  return zones;
}

function named(graph: Graph, awsRegion: string): readonly string[] {
  const here = (type: string): readonly Resource[] => graph.ofType(type).filter((one) => one.awsRegion === awsRegion);
  const ofNodes = here('aws_lb').flatMap((balancer) => nodeZonesOf(graph, balancer));
  const ofFunctions = here('aws_lambda_function').flatMap((fn) => zonesOf(graph, subnetsOf(fn)));
  const zones = [...new Set([...ofNodes, ...ofFunctions])];
  return zones.length > 0 ? zones : UNNAMED;
}

/** In a VPC, one for each of its subnets; otherwise Lambda uses every zone of the region. */
export function placementsOf(graph: Graph, fn: Resource): readonly Placement[] {
  const subnets = subnetsOf(fn);
  if (subnets.length === 0) return zonesIn(graph, fn.awsRegion).map((zone) => ({ zone, natZone: undefined }));
  return subnets.map((id) => ({ zone: zoneOf(graph, id), natZone: natZoneOf(graph, id) }));
}

const subnetsOf = ({ values }: Resource): readonly string[] =>
  knownOrAbsent(() => textsOf(blockOf(values, 'vpc_config') ?? {}, 'subnet_ids')) ?? [];

const zonesOf = (graph: Graph, subnetIds: readonly string[]): readonly string[] => [
  ...new Set(subnetIds.map((id) => zoneOf(graph, id))),
];

/** A subnet whose zone is not known stands for a zone of its own: no two subnets of a load balancer are in one. */
function zoneOf(graph: Graph, subnetId: string): string {
  const values = graph.find('aws_subnet', 'id', subnetId)?.values ?? {};
  const zone = knownOrAbsent(() => textOf(values, 'availability_zone') ?? textOf(values, 'availability_zone_id'));
  return zone ?? subnetId;
}

function natZoneOf(graph: Graph, subnetId: string): string | undefined {
  const subnet = graph.find('aws_subnet', 'id', subnetId);
  const table = subnet && tableOf(graph, subnet);
  if (table === undefined || typeof table === 'string') return undefined;
  const out = routesOf(graph, table).find(({ destination }) => destination === ANYWHERE);
  const gateway = out && graph.find('aws_nat_gateway', 'id', textOf(out.values, 'nat_gateway_id') ?? '');
  return gateway && zoneOf(graph, textOf(gateway.values, 'subnet_id') ?? '');
}
