// What every region has: network, load balancer, functions, topic, schedules and the alarms that watch it.
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import {
  AccessLogs,
  AlertTopic,
  DeadLetters,
  Certificate,
  EncryptionKey,
  GameDay,
  LoadBalancer,
  Network,
  PrivateSubnets,
  RegionFunction,
  Schedule,
  type ApiKeys,
  type CheckTokens,
  type GlobalTable,
  type Place,
} from '@dr/constructs';
import {
  ENV,
  FUNCTION_SPECS,
  FUNCTIONS,
  regionalDomain,
  type FunctionName,
  type Peer,
  type RecoveryEnv,
} from '@dr/contracts/system';
import type { DrConfig } from '@dr/contracts/system/config';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { FunctionCodes } from './code-library';
import { reservedConcurrency } from './concurrency';

export interface RegionalLayerProps {
  readonly config: DrConfig;
  readonly place: Place;
  readonly index: number;
  readonly peers: readonly Peer[];
  readonly recovery: RecoveryEnv;
  readonly code: FunctionCodes;
  readonly table: GlobalTable;
  /** Absent when the item API is open. */
  readonly apiKeys?: ApiKeys | undefined;
  readonly checkTokens: CheckTokens;
  readonly zoneId: string;
  readonly globalProvider: AwsProvider;
  readonly sharedValidation?: ITerraformDependable | undefined;
  readonly commit: string;
}

const EVERY_MINUTE = 'rate(1 minute)';

export class RegionalLayer extends Construct {
  readonly place: Place;
  readonly loadBalancer: LoadBalancer;
  readonly topic: AlertTopic;
  readonly deadLetters: DeadLetters;
  readonly sharedValidation: ITerraformDependable;
  readonly functions: Readonly<Record<FunctionName, RegionFunction>>;
  /** ARN suffixes of the target groups, as metrics name them, by function. */
  readonly targets: ReadonlyMap<FunctionName, string>;
  private readonly key: EncryptionKey;
  private readonly privateSubnets?: PrivateSubnets;
  private readonly concurrency: Partial<Record<FunctionName, number>>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RegionalLayerProps,
  ) {
    super(scope, id);
    const { place, config } = props;
    this.place = place;
    const network = new Network(this, 'network', { place, index: props.index });
    if (config.options.privateSubnets) this.privateSubnets = new PrivateSubnets(this, 'private', { place, network });
    this.concurrency = reservedConcurrency(config);
    this.key = new EncryptionKey(this, 'key', { place });
    this.deadLetters = new DeadLetters(this, 'undelivered', { place });
    this.topic = new AlertTopic(this, 'alerts', {
      place,
      key: this.key,
      deadLetters: this.deadLetters,
      ...config.alerts,
    });
    const certificate = new Certificate(this, 'certificate', {
      place,
      regionalDomain: regionalDomain(config.domain, place.name),
      domain: config.domain,
      zoneId: props.zoneId,
      globalProvider: props.globalProvider,
      sharedValidation: props.sharedValidation,
    });
    this.sharedValidation = certificate.sharedValidation;
    this.loadBalancer = new LoadBalancer(this, 'alb', {
      place,
      network,
      certificateArn: certificate.arn,
      accessLogs: new AccessLogs(this, 'access_logs', { place }),
      isAccelerated: config.frontDoor === 'global-accelerator',
    });

    this.functions = Object.fromEntries(
      FUNCTIONS.map((name) => [name, this.addFunction(name)]),
    ) as typeof this.functions;
    for (const name of FUNCTIONS) this.grant(name);
    const { 'traffic-router': router, 'health-checker': health } = this.functions;
    router.tell({ [ENV.auth]: config.options.auth });
    props.apiKeys?.grantRead(router);
    health.tell({ [ENV.checkTokens]: props.checkTokens.setting });
    if (config.options.gameDay) new GameDay(this, 'game_day', { place, network, router });

    const targets = new Map<FunctionName, string>();
    for (const name of FUNCTIONS) {
      const { short, route, everyMinute } = FUNCTION_SPECS[name];
      const target = this.functions[name];
      if (route) targets.set(name, this.loadBalancer.route(short, target, route));
      if (!everyMinute) continue;
      const { deadLetters } = this;
      new Schedule(this, `${short}_schedule`, { target, deadLetters, expression: EVERY_MINUTE });
      target.keepFailures(deadLetters, everyMinute.maximumEventAgeSeconds);
    }
    this.targets = targets;
    if (config.frontDoor === 'global-accelerator') this.loadBalancer.showFront(health);
  }

  private addFunction(functionName: FunctionName): RegionFunction {
    const { place, config, code, peers, recovery, commit } = this.props;
    return new RegionFunction(this, functionName.replaceAll('-', '_'), {
      place,
      functionName,
      code: code[functionName],
      timeoutSeconds: FUNCTION_SPECS[functionName].timeoutSeconds,
      environment: { [ENV.peers]: JSON.stringify(peers), [ENV.recovery]: JSON.stringify(recovery) },
      logKeyArn: this.key.arn,
      privateSubnets: this.privateSubnets,
      reservedConcurrency: this.concurrency[functionName],
      logRetentionDays: config.options.logRetentionDays,
      commit,
    });
  }

  private grant(name: FunctionName): void {
    const { table, publishes, invokes = {} } = FUNCTION_SPECS[name];
    const fn = this.functions[name];
    this.props.table.grant(fn, table);
    if (publishes) this.topic.grantPublish(fn);
    for (const [variable, other] of Object.entries(invokes)) this.functions[other].grantInvoke(fn, variable);
  }
}
