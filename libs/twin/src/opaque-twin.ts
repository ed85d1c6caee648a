// A twin of a stack of which nothing is run: its names, its health checks, and endpoints that answer by assumption.
import { declaredHealthChecks, endpointGroupsOf, readEndpoints, readNames, type DnsRecord } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { OpaqueEndpoints } from './services/opaque/opaque-endpoints';
import type { Internet } from './services/ports';
import { HealthChecks } from './services/route53/health-checks';
import { PublicInternet } from './services/route53/internet';
import { Route53 } from './services/route53/route53';
import { makeWorld, type World } from './world';

/** Alarms are not run: a check that follows one stays as it was. */
const NO_ALARMS = { judge: () => 'insufficient' as const, unusable: () => undefined, put: () => undefined };

export class OpaqueTwin {
  readonly world: World;
  readonly internet: Internet;
  /** Arms checkers; nothing happens before. */
  readonly start: () => void;

  constructor({ graph, seed }: { readonly graph: Graph; readonly seed: number }) {
    const regions = servingRegions(graph).map((awsRegion) => ({ awsRegion, name: awsRegion }));
    const world = (this.world = makeWorld({ regions, seed }));
    const doors = new OpaqueEndpoints(world, graph);
    const health = new HealthChecks(world, declaredHealthChecks(graph), NO_ALARMS);
    const records = new Map<string, DnsRecord[]>();
    for (const record of readNames(graph).records)
      records.set(record.name, [...(records.get(record.name) ?? []), record]);
    const dns = new Route53(world, records, { health, doors });
    const internet = new PublicInternet(world, { dns, doors });
    this.internet = internet;
    this.start = () => {
      doors.start(internet);
      health.start(internet);
      dns.start();
    };
  }
}

/** AWS regions in which something answers, in the stack's order. */
export const servingRegions = (graph: Graph): readonly string[] => [
  ...new Set(
    readEndpoints(graph).flatMap(({ awsRegion, kind, resource }) =>
      kind === 'accelerator'
        ? endpointGroupsOf(graph, resource).flatMap((group) => group.awsRegion ?? [])
        : (awsRegion ?? []),
    ),
  ),
];
