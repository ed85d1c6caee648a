// A stack on the twin behind the port that drills use: standing as after a long time in service, or just being applied.
import { Sequence } from '@dr/event-log';
import { declaredHealthChecks, readNames } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { codePaths, Twin, type Keep, type LoadScale, type PartlyRunTwin, type RegionId } from '@dr/twin';
import type { Places } from '../schedule/schedule';
import { refuseWhatAwsRefuses, refuseWhatCannotServe } from '../serving';
import type { ReplicaItem, RunningStack, SystemUnderDrill, VersionName } from '../system-under-drill';
import { versionKey } from './run-record';

/** What is drilled. */
export interface Subject {
  readonly system: SystemUnderDrill;
  readonly graph: Graph;
}

/**
 * No time passes before `start()`. `firstApply`: of an empty account in which Terraform has just begun to apply the stack; with
 * `standing`, of one in which an earlier stack serves in those regions. Throws InputError on what the stack gets wrong.
 */
export async function startTwin(subject: StartOptions): Promise<RunningStack> {
  const { system, graph, seed, firstApply = false, standing, load, keep } = subject;
  if (system.twin) {
    refuseWhatAwsRefuses({ graph, names: readNames(graph), checks: declaredHealthChecks(graph) });
    return behindPort(system.twin(subject), system);
  }
  refuseWhatCannotServe(graph, system.served);
  const twin = new Twin({
    system,
    graph,
    seed,
    firstApply,
    load,
    keep,
    ...(standing ? { standing: standing.graph } : {}),
  });
  return behindPort(twin, system, firstApply ? (standing?.regions ?? []) : undefined);
}

export interface StartOptions extends Subject {
  readonly seed: number;
  readonly firstApply?: boolean;
  /** @default each request stands for itself */
  readonly load?: LoadScale | undefined;
  /** Of what a long run seldom reads. @default in memory */
  readonly keep?: Keep | undefined;
  readonly standing?: { readonly graph: Graph; readonly regions: readonly string[] };
}

type TwinInside = Omit<PartlyRunTwin, 'isAssumed'>;

/** The same of a twin already made, for those who look inside it as well. `inService`: regions. @default all */
export async function behindPort(
  twin: TwinInside,
  system: SystemUnderDrill,
  inService: readonly string[] = twin.world.regions.map(({ name }) => name),
): Promise<RunningStack> {
  if (twin instanceof Twin) await system.prepare?.(twin, { inService });
  const { world, internet, shape, notModelled, dynamodb, secrets } = twin;
  const idOf = (region: string): string => world.regionNames.awsRegionOf(region);
  return {
    system,
    world,
    internet,
    ...shape,
    notModelled,
    start: () => twin.start(),
    replicas: {
      items: (region) => orNothing(() => named(twin, dynamodb.items(idOf(region)))),
      unreplicated: (region) => orNothing(() => onNoOther(twin, idOf(region))),
      onTheWay: (region, regions) => orNothing(() => onTheWay(twin, idOf(region), regions)),
    },
    operator: {
      read: (region, id) => dynamodb.query(idOf(region), id) as Promise<readonly ReplicaItem[] | undefined>,
      put: (region, item) => dynamodb.put(idOf(region), { ...item }),
      call: (region, service, request) => {
        const awsRegion = idOf(region);
        const person = {
          roleArn: 'operator',
          awsRegion,
          name: 'operator',
          from: { group: 'clients', at: awsRegion },
        } as const;
        return twin.api.call(person, `${service}.${awsRegion}.amazonaws.com`, request);
      },
      invoke: (region, ...call) => invoke(twin, idOf(region), ...call),
      secrets: {
        names: () => secrets.names(),
        read: (name) => secrets.valueOf(name),
        write: (name, value) => void secrets.setSecret(name, value),
      },
    },
  };
}

/** The files whose code a drill runs. Throws InputError for a function whose code is nowhere. */
export const codeFiles = ({ system, graph }: Subject): readonly string[] => codePaths({ system }, graph);

/** What faults and orders of the stack may name. */
export const placesOf = (
  system: SystemUnderDrill,
  regions: readonly { readonly name: string }[],
  graph?: Graph,
): Places => ({
  regions: regions.map(({ name }) => name),
  functions: system.functions,
  ...(system.kinds === undefined ? {} : { kinds: system.kinds }),
  takesOrders: system.orders !== undefined,
  ...(graph && system.orders?.returnsByOrder?.(graph) ? { returnsByOrder: true as const } : {}),
  ...(system.entryFunction === undefined ? {} : { entryFunction: system.entryFunction }),
});

const STEP_MS = 100;

/** Time passes until the function has answered. */
async function invoke(
  { world, lambda }: TwinInside,
  awsRegion: string,
  functionName: string,
  alias: string,
  payload: unknown,
): Promise<unknown> {
  const { scheduler } = world;
  const service = lambda.in(awsRegion);
  const arn = service?.arnOf(functionName, alias);
  if (!service || !arn) throw new Error(`${awsRegion} has no function ${functionName}`);
  let result: Awaited<ReturnType<typeof service.invoke>> | undefined;
  void service.invoke(arn, payload, 'operator').then((answer) => (result = answer));
  while (!result) await scheduler.runUntil(scheduler.now() + STEP_MS);
  if (result.kind === 'ok') return result.payload;
  throw new Error(`${functionName} of ${awsRegion}: ${'message' in result ? result.message : result.kind}`);
}

/** Those that are clients', by the names that the log has for them, too. */
function named(
  { world: { system }, dynamodb }: TwinInside,
  items: Iterable<Readonly<Record<string, unknown>>>,
): Iterable<ReplicaItem> {
  if (!system.versionOf) return items as Iterable<ReplicaItem>;
  return new Sequence(function* () {
    for (const item of items) {
      const version = system.versionOf?.(dynamodb.systemTableName(), item);
      if (version) yield { ...item, ...version };
    }
  });
}

/** A region without a replica holds nothing. */
function orNothing<T extends Iterable<unknown>>(read: () => T): T | readonly never[] {
  try {
    return read();
  } catch {
    return [];
  }
}

const peersOf = ({ world }: TwinInside, awsRegion: string): readonly RegionId[] =>
  world.regions.filter((other) => other.awsRegion !== awsRegion);

/** Writes of the region that one of the others `among` these still lacks; once for each that does. */
function onTheWay(twin: TwinInside, awsRegion: string, among: readonly string[]): Iterable<VersionName> {
  const lacked = peersOf(twin, awsRegion)
    .filter(({ name }) => among.includes(name))
    .map((peer) => twin.dynamodb.onTheWay(awsRegion, peer.awsRegion));
  return new Sequence(function* () {
    for (const writes of lacked) yield* writes;
  });
}

/** Writes of the region that every other one still lacks. */
function onNoOther(twin: TwinInside, awsRegion: string): readonly VersionName[] {
  const [first = [], ...others] = peersOf(twin, awsRegion).map((peer) =>
    twin.dynamodb.unreplicated(awsRegion, peer.awsRegion),
  );
  const lacking = others.map((writes) => new Set(writes.map(versionKey)));
  return first.filter((write) => lacking.every((keys) => keys.has(versionKey(write))));
}
