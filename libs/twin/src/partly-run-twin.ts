// A twin of a stack of which some functions are run: what leads clients to them and what they call is run too, the rest answers by
// assumption.
import { InputError } from '@dr/contracts';
import {
  functionBehind,
  groupsBehind,
  readEndpoints,
  readNames,
  recordsByName,
  shapeOf,
  type Endpoint,
  type PublicName,
  type StackShape,
} from '@dr/stack';
import type { Graph, Resource } from '@dr/terraform-json';
import { isCheckedOrInert } from './coverage';
import { alarmsOf, checksOf, servingRegions } from './opaque-twin';
import { LoadBalancers } from './services/alb/alb';
import { AwsApiHosts } from './services/aws-api';
import { DynamoDb } from './services/dynamodb/dynamodb';
import { Iam } from './services/iam/iam';
import { functionsRun } from './services/lambda/config';
import { LambdaEndpoint, RegionalFunctions } from './services/lambda/endpoint';
import { LambdaService, type LambdaPorts } from './services/lambda/lambda';
import { OpaqueEndpoints } from './services/opaque/opaque-endpoints';
import type { AwsApi, Door, Internet, Metrics } from './services/ports';
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
  /** What clients ask for. */
  readonly name: PublicName;
}

export class PartlyRunTwin {
  readonly world: World;
  readonly internet: Internet;
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
  constructor({ graph, seed, system, name }: PartlyRunOptions) {
    const regions = servingRegions(graph).map((awsRegion) => ({ awsRegion, name: awsRegion }));
    this.shape = { regions, ...shapeOf(graph, name) };
    const world = (this.world = makeWorld({ regions, seed, system }));
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
    const balancers = new LoadBalancers(world, graph, targets, balancersRun(graph, run));
    const doors = new OpaqueEndpoints(world, graph, ({ names }: Endpoint): Door | undefined =>
      names.map((one) => balancers.find(one)).find((door) => door !== undefined),
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

/** Load balancers that lead to functions that are run. Throws InputError for one that leads to others, too, and where there is none. */
function balancersRun(graph: Graph, run: readonly Resource[]): readonly Resource[] {
  const balancers = graph.ofType('aws_lb').filter((balancer) => {
    const behind = groupsBehind(graph, balancer).map((group) => ({
      group,
      fn: functionBehind(graph, String(graph.attribute(group, 'arn'))),
    }));
    if (!behind.some(({ fn }) => fn && run.includes(fn))) return false;
    const other = behind.find(({ fn }) => !fn || !run.includes(fn));
    if (!other) return true;
    const what = other.fn
      ? `${other.fn.address}, whose code is not given`
      : `${other.group.address}, which is no function`;
    throw new InputError(
      balancer.address,
      `leads to functions that are run and to ${what}`,
      other.fn ? 'Give its code as well' : 'Leave out its functions: then all of it answers by assumption',
    );
  });
  if (balancers.length > 0) return balancers;
  const what = run.map(({ address }) => address).join(', ');
  const why = 'is behind no application load balancer of the stack, and functions behind anything else are not run';
  throw new InputError(what, why, 'Give the files that hold the load balancer, or drill the stack without --system');
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
