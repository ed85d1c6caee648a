// A twin of a stack of which nothing is run: its names, its health checks, and endpoints that answer by assumption.
import { InputError } from '@dr/contracts';
import {
  declaredHealthChecks,
  endpointGroupsOf,
  readEndpoints,
  readNames,
  recordsByName,
  type HealthCheckSpec,
} from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { OpaqueEndpoints } from './services/opaque/opaque-endpoints';
import type { ClientInternet } from './services/ports';
import { HealthChecks } from './services/route53/health-checks';
import { PublicInternet } from './services/route53/internet';
import { Route53 } from './services/route53/route53';
import { makeWorld, type World } from './world';

/** Alarms are not run: they find nothing wrong, and have no data while their region is dark. */
export const alarmsOf = ({ faults }: World) => ({
  judge: (awsRegion: string) => (faults.isDown(awsRegion) ? ('insufficient' as const) : ('healthy' as const)),
  unusable: () => undefined,
  put: () => undefined,
});

export class OpaqueTwin {
  readonly world: World;
  readonly internet: ClientInternet;
  /** Arms checkers; nothing happens before. */
  readonly start: () => void;
  /** From now on, the health checks of these ids are taken for failing, whatever they would find. */
  readonly suppose: (ids: Iterable<string>) => void;

  constructor({ graph, seed }: { readonly graph: Graph; readonly seed: number }) {
    const regions = servingRegions(graph).map((awsRegion) => ({ awsRegion, name: awsRegion }));
    const world = (this.world = makeWorld({ regions, seed }));
    const doors = new OpaqueEndpoints(world, graph);
    const health = new HealthChecks(world, checksOf(graph), alarmsOf(world));
    const records = recordsByName(readNames(graph).records);
    const dns = new Route53(world, records, { health, doors });
    const internet = new PublicInternet(world, { dns, doors });
    this.internet = internet;
    this.suppose = (ids) => health.suppose(ids);
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

/** Nobody can say what a check finds that asks what is not in these files: it is not run. */
export function checksOf(graph: Graph): ReadonlyMap<string, HealthCheckSpec> {
  const { endpointsBehind } = readNames(graph);
  return new Map(
    [...declaredHealthChecks(graph)].map(([id, spec]) => {
      const { source, address } = spec;
      if (source.kind !== 'endpoint' || endpointsBehind(source.host).length > 0) return [id, spec];
      const error = new InputError(address, `asks ${source.host}`, 'Give the files that hold it');
      return [id, { ...spec, source: { kind: 'unread', error } }];
    }),
  );
}
