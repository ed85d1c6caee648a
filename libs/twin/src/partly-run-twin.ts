// A twin of a stack of which some functions are run: what leads clients to them and what they call is run too, the rest answers by
// assumption.
import {
  readEndpoints,
  readNames,
  recordsByName,
  shapeOf,
  type Endpoint,
  type PublicName,
  type StackShape,
} from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { isCheckedOrInert } from './coverage';
import { frontsRun } from './fronts-run';
import { alarmsOf, checksOf, servingRegions } from './opaque-twin';
import type { Keep } from './kernel/keep';
import { LoadBalancers } from './services/alb/alb';
import { AwsApiHosts } from './services/aws-api';
import { DynamoDb } from './services/dynamodb/dynamodb';
import { Iam } from './services/iam/iam';
import { answersOf } from './services/http-api/http-api';
import { functionsRun } from './services/lambda/config';
import { LambdaEndpoint, RegionalFunctions } from './services/lambda/endpoint';
import { LambdaService, type LambdaPorts } from './services/lambda/lambda';
import { OpaqueEndpoints } from './services/opaque/opaque-endpoints';
import type { AwsApi, Door, ClientInternet, Metrics } from './services/ports';
import { HealthChecks } from './services/route53/health-checks';
import { PublicInternet } from './services/route53/internet';
import { Route53 } from './services/route53/route53';
import { SecretsManager } from './services/secrets-manager';
import { makeWorld, type KnownSystem, type World } from './world';

/** Metrics, alarms and topics are not run. */
const metricsOf = ({ events }: World): Metrics => ({
  put: () => undefined,
  ingestLogLine: (region, functionName, line) =>
    events.record({ kind: 'log', region, functionName, record: { message: line } }),
});
const NO_TOPICS = { publish: () => ({ refused: 'topics are not run' }) };
const NO_QUEUES = { accept: () => false };

export interface PartlyRunOptions {
  readonly graph: Graph;
  readonly seed: number;
  readonly system: KnownSystem;
  /** Of what a long run seldom reads. @default in memory */
  readonly keep?: Keep | undefined;
  /** What clients ask for. */
  readonly name: PublicName;
}

export class PartlyRunTwin {
  readonly world: World;
  readonly internet: ClientInternet;
  readonly api: AwsApi;
  readonly lambda: RegionalFunctions;
  readonly dynamodb: DynamoDb;
  readonly secrets: SecretsManager;
  readonly shape: StackShape;
  /** Endpoints that answer by assumption, and types that do nothing here though they may elsewhere. */
  readonly notModelled: readonly string[];
  /** It is not run. */
  readonly isAssumed: (endpoint: Endpoint) => boolean;
  /** Arms checkers; nothing happens before. */
  readonly start: () => void;

  /** Throws InputError on what of the functions cannot be run. */
  constructor({ graph, seed, system, name, keep }: PartlyRunOptions) {
    const regions = servingRegions(graph).map((awsRegion) => ({ awsRegion, name: awsRegion }));
    this.shape = { regions, ...shapeOf(graph, name) };
    const world = (this.world = makeWorld({ regions, seed, system, keep }));
    const run = functionsRun(world, graph);
    const metrics = metricsOf(world);
    const authorize = new Iam(world, graph, new Set(run.map(({ values }) => String(values['role']))));
    this.dynamodb = new DynamoDb(world, graph, { authorize, metrics });
    this.secrets = new SecretsManager(world, graph, authorize);
    const api = new AwsApiHosts(world).register(this.dynamodb).register(this.secrets);
    this.api = api;
    // Functions reach the internet, which calls functions in turn: it is added once it is made.
    const known: Partial<LambdaPorts> = { api, authorize, metrics, topics: NO_TOPICS, queues: NO_QUEUES };
    const ports = known as LambdaPorts;
    const awsRegions = [...new Set(run.map((fn) => fn.awsRegion))];
    this.lambda = new RegionalFunctions(awsRegions.map((region) => new LambdaService(world, graph, region, ports)));
    api.register(new LambdaEndpoint(this.lambda, authorize));

    const targets = { functions: this.lambda, metrics };
    const fronts = frontsRun(graph, run);
    const balancers = new LoadBalancers(world, graph, targets, fronts.balancers);
    const doors = new OpaqueEndpoints(
      world,
      graph,
      ({ names }): Door | undefined => names.map((one) => balancers.find(one)).find((door) => door !== undefined),
      (endpoint) => {
        const front = fronts.others.get(endpoint);
        return front && answersOf(world, graph, front, this.lambda);
      },
    );
    this.isAssumed = (endpoint) => doors.isOpaque(endpoint);
    this.notModelled = notRun(graph, this.isAssumed);
    balancers.onTargetHealth(() => doors.healthChanged());
    const health = new HealthChecks(world, checksOf(graph), alarmsOf(world));
    const dns = new Route53(world, recordsByName(readNames(graph).records), { health, doors });
    const internet = (this.internet = new PublicInternet(world, { dns, doors }));
    Object.assign(ports, { internet });
    this.start = () => {
      balancers.start();
      doors.start(internet);
      health.start(internet);
      dns.start();
    };
  }
}

/** Endpoints that answer by assumption, then types of which nothing is known here. */
function notRun(graph: Graph, isOpaque: (endpoint: Endpoint) => boolean): readonly string[] {
  const assumed = readEndpoints(graph).filter(isOpaque);
  const types = graph.resources.filter(({ mode }) => mode === 'managed').map(({ type }) => type);
  const others = [...new Set(types)].filter((type) => !READ.has(type) && !isCheckedOrInert(type)).sort();
  const endpoints = new Set(assumed.map(({ resource }) => resource.type));
  return [
    ...assumed.map(({ resource }) => `${resource.address} (answers by assumption)`),
    ...others.filter((type) => !endpoints.has(type)),
  ];
}

const READ: ReadonlySet<string> = new Set(
  [Iam, DynamoDb, SecretsManager, LambdaService, LoadBalancers, HealthChecks, Route53].flatMap(({ reads }) => reads),
);
