// The twin: every service of a stack, wired to each other. The only place that knows them all.
import { TWIN_ACCOUNT_ID, type Graph } from '@dr/terraform-json';
import { notModelled } from './coverage';
import { createdInOrder } from './creation';
import { FaultState } from './faults';
import { EventLog } from './event-log';
import { randomSource } from './kernel/random';
import { Scheduler } from './kernel/scheduler';
import { Network } from './network';
import { declaredNames, RegionNames, type RegionId } from './region-names';
import { LoadBalancers } from './services/alb/alb';
import { AwsApiHosts } from './services/aws-api';
import { CloudWatch } from './services/cloudwatch/cloudwatch';
import { DynamoDb } from './services/dynamodb/dynamodb';
import { EventBridge } from './services/eventbridge/eventbridge';
import { HealthChecks } from './services/route53/health-checks';
import { Iam } from './services/iam/iam';
import { PublicInternet } from './services/route53/internet';
import { LambdaService } from './services/lambda/lambda';
import { LambdaEndpoint, RegionalFunctions } from './services/lambda/endpoint';
import type { Internet } from './services/ports';
import { Route53 } from './services/route53/route53';
import { SecretsManager } from './services/secrets-manager';
import { Sns } from './services/sns/sns';
import { Queues } from './services/sns/sqs';
import { readShape, type StackShape } from '@dr/stack';
import type { KnownSystem, World } from './world';

export interface TwinOptions {
  readonly graph: Graph;
  readonly seed: number;
  readonly system?: KnownSystem;
  /** Begin with an empty account and a first apply of the stack. @default a stack that has been there for long */
  readonly firstApply?: boolean;
}

export class Twin {
  readonly world: World;
  readonly internet: Internet;
  readonly iam: Iam;
  readonly lambda: RegionalFunctions;
  readonly dynamodb: DynamoDb;
  readonly cloudwatch: CloudWatch;
  readonly sns: Sns;
  readonly secrets: SecretsManager;
  readonly shape: StackShape;
  readonly notModelled: readonly string[];
  private readonly starts: readonly (() => void)[];

  /** Throws InputError on what cannot be enacted: a missing bundle, an alarm on a far topic. Whether clients get in is for others to judge. */
  constructor({ graph, seed, system = {}, firstApply }: TwinOptions) {
    this.shape = readShape(graph, declaredNames(graph));
    this.notModelled = notModelled(graph);
    const world = (this.world = makeWorld({
      regions: this.shape.regions,
      seed,
      system,
      applied: firstApply ? graph : undefined,
    }));

    this.iam = new Iam(world, graph);
    this.cloudwatch = new CloudWatch(world, graph);
    this.dynamodb = new DynamoDb(world, graph, { authorize: this.iam, metrics: this.cloudwatch });
    this.secrets = new SecretsManager(world, graph, this.iam);
    const api = new AwsApiHosts(world).register(this.dynamodb).register(this.secrets);

    const queues = new Queues(world, graph, { metrics: this.cloudwatch, authorize: this.iam });
    // Functions reach the internet and the topics, which in turn call functions: Lambda's ports are read when they are used.
    const ports = lateBound(() => ({
      api,
      authorize: this.iam,
      metrics: this.cloudwatch,
      internet: this.internet,
      topics: this.sns,
      queues,
    }));
    const awsRegions = [...new Set(graph.ofType('aws_lambda_function').map((fn) => fn.awsRegion))];
    this.lambda = new RegionalFunctions(awsRegions.map((region) => new LambdaService(world, graph, region, ports)));
    this.sns = new Sns(world, graph, { functions: this.lambda, authorize: this.iam, deadLetters: queues });
    api.register(this.sns).register(new LambdaEndpoint(this.lambda, this.iam));

    const loadBalancers = new LoadBalancers(world, graph, { functions: this.lambda, metrics: this.cloudwatch });
    const health = new HealthChecks(world, graph, { metrics: this.cloudwatch, streams: this.cloudwatch });
    const dns = new Route53(world, graph, { health, loadBalancers });
    const internet = new PublicInternet(world, { dns, loadBalancers });
    this.internet = internet;
    const bridge = new EventBridge(world, graph, {
      functions: this.lambda,
      authorize: this.iam,
      deadLetters: queues,
    });

    this.starts = [
      () => loadBalancers.start(),
      () => health.start(internet),
      () => dns.start(),
      () => bridge.start(),
      () => queues.start(),
      () => this.cloudwatch.start(this.sns, bridge),
    ];
  }

  /** Arms checkers, schedules and alarms; nothing happens before. */
  start(): void {
    for (const start of this.starts) start();
  }
}

/** An object whose every property is read anew at each use. */
const lateBound = <T extends object>(read: () => T): T =>
  new Proxy({} as T, { get: (_target, key) => read()[key as keyof T] });

interface WorldOptions {
  readonly regions: readonly RegionId[];
  readonly seed: number;
  readonly system: KnownSystem;
  /** The stack that is applied for the first time. */
  readonly applied: Graph | undefined;
}

function makeWorld({ regions, seed, system, applied }: WorldOptions): World {
  const scheduler = new Scheduler();
  const random = randomSource(seed);
  const regionNames = new RegionNames(regions);
  const events = new EventLog(() => scheduler.now(), regionNames);
  const faults = new FaultState(regionNames, events, random.stream('faults'), system.entryFunction);
  const network = new Network(scheduler, faults);
  const world = {
    scheduler,
    random,
    events,
    network,
    faults,
    regions,
    regionNames,
    accountId: TWIN_ACCOUNT_ID,
    system,
  };
  return applied ? { ...world, creation: createdInOrder(applied, random.stream('creation')) } : world;
}
