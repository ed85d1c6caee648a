// The twin: every service of a stack, wired to each other. The only place that knows them all.
import { readHealthChecks, readRecords, readShape, type StackShape } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { isCheckedOrInert } from './coverage';
import type { LoadScale } from './load-scale';
import { declaredNames } from './region-names';
import { AcceleratedDoors } from './services/accelerator/accelerated-doors';
import { LoadBalancers } from './services/alb/alb';
import { AwsApiHosts } from './services/aws-api';
import { CloudWatch } from './services/cloudwatch/cloudwatch';
import { DynamoDb } from './services/dynamodb/dynamodb';
import { EventBridge } from './services/eventbridge/eventbridge';
import { HealthChecks } from './services/route53/health-checks';
import { Iam } from './services/iam/iam';
import { PublicInternet } from './services/route53/internet';
import { LambdaService, type LambdaPorts } from './services/lambda/lambda';
import { LambdaEndpoint, RegionalFunctions } from './services/lambda/endpoint';
import type { AwsApi, ClientInternet } from './services/ports';
import { Route53 } from './services/route53/route53';
import { SecretsManager } from './services/secrets-manager';
import { Sns } from './services/sns/sns';
import { Queues } from './services/sns/sqs';
import type { Keep } from './kernel/keep';
import { makeWorld, type KnownSystem, type World } from './world';

export interface TwinOptions {
  readonly graph: Graph;
  readonly seed: number;
  readonly system?: KnownSystem;
  /** Begin with an empty account and a first apply of the stack. @default a stack that has been there for long */
  readonly firstApply?: boolean;
  /** With `firstApply`: the stack that was there before, to which this one adds. @default an empty account */
  readonly standing?: Graph;
  /** @default each request stands for itself, and limits are not metered */
  readonly load?: LoadScale | undefined;
  /** Of what a long run seldom reads. @default in memory */
  readonly keep?: Keep | undefined;
}

/** Each says which types of resources it reads. */
const SERVICES = [
  ...[Iam, CloudWatch, DynamoDb, SecretsManager, Queues, LambdaService, Sns],
  ...[LoadBalancers, AcceleratedDoors, HealthChecks, Route53, EventBridge],
];
const ENACTED: ReadonlySet<string> = new Set(SERVICES.flatMap(({ reads }) => reads));
/** Does the twin know what the type does in a drill, if it does anything? */
export const isKnownType = (type: string): boolean => ENACTED.has(type) || isCheckedOrInert(type);

/** Managed resource types of the stack that the twin does not know, sorted. */
function notModelled(graph: Graph): readonly string[] {
  const types = graph.resources.filter(({ mode }) => mode === 'managed').map(({ type }) => type);
  return [...new Set(types)].filter((type) => !isKnownType(type)).sort();
}

export class Twin {
  readonly world: World;
  readonly internet: ClientInternet;
  /** The APIs of AWS, by host. */
  readonly api: AwsApi;
  readonly iam: Iam;
  readonly lambda: RegionalFunctions;
  readonly dynamodb: DynamoDb;
  readonly cloudwatch: CloudWatch;
  readonly sns: Sns;
  readonly secrets: SecretsManager;
  readonly shape: StackShape;
  readonly notModelled: readonly string[];
  /** Arms checkers, schedules and alarms; nothing happens before. */
  readonly start: () => void;

  /** Throws InputError on what cannot be enacted: a missing bundle, an alarm on a far topic. Whether clients get in is for others to judge. */
  constructor({ graph, firstApply, ...options }: TwinOptions) {
    this.shape = readShape(graph, declaredNames(graph));
    this.notModelled = notModelled(graph);
    const applied = firstApply ? graph : undefined;
    const world = (this.world = makeWorld({ ...options, regions: this.shape.regions, applied }));

    this.iam = new Iam(world, graph);
    this.cloudwatch = new CloudWatch(world, graph);
    this.dynamodb = new DynamoDb(world, graph, { authorize: this.iam, metrics: this.cloudwatch });
    this.secrets = new SecretsManager(world, graph, this.iam);
    const api = new AwsApiHosts(world).register(this.dynamodb).register(this.secrets);
    this.api = api;

    const queues = new Queues(world, graph, { metrics: this.cloudwatch, authorize: this.iam });
    // Functions reach the topics and the internet, which call functions in turn: those two are added once they are made.
    const ports = { api, authorize: this.iam, metrics: this.cloudwatch, queues } as Partial<LambdaPorts> as LambdaPorts;
    const awsRegions = [...new Set(graph.ofType('aws_lambda_function').map((fn) => fn.awsRegion))];
    this.lambda = new RegionalFunctions(awsRegions.map((region) => new LambdaService(world, graph, region, ports)));
    this.sns = new Sns(world, graph, { functions: this.lambda, authorize: this.iam, deadLetters: queues });
    api.register(this.sns).register(new LambdaEndpoint(this.lambda, this.iam));

    const loadBalancers = new LoadBalancers(world, graph, { functions: this.lambda, metrics: this.cloudwatch });
    const doors = new AcceleratedDoors(world, graph, loadBalancers);
    const health = new HealthChecks(world, readHealthChecks(graph), this.cloudwatch);
    const dns = new Route53(world, readRecords(graph), { health, doors });
    const internet = new PublicInternet(world, { dns, doors });
    this.internet = internet;
    Object.assign(ports, { topics: this.sns, internet });
    const bridge = new EventBridge(world, graph, { functions: this.lambda, authorize: this.iam, deadLetters: queues });

    this.start = () => {
      loadBalancers.start();
      doors.start();
      health.start(internet);
      dns.start();
      bridge.start();
      queues.start();
      this.cloudwatch.start(this.sns, bridge);
    };
  }
}
