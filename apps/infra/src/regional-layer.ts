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
  CHECK_PATH,
  ENV,
  HEALTH_PATH,
  LIVENESS_PATH,
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

const TIMEOUT_SECONDS: Readonly<Record<FunctionName, number>> = {
  // Route 53 waits 2 s for an answer: a longer run serves nobody.
  'health-checker': 2,
  'traffic-router': 30,
  'failover-orchestrator': 30,
  'data-consistency-validator': 30,
};
const EVERY_MINUTE = 'rate(1 minute)';
/** How long Lambda tries an event: a heartbeat is of no use once the next is due, an alarm stays news for hours. */
const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;
const SIX_HOURS_SECONDS = 21_600;

export class RegionalLayer extends Construct {
  readonly place: Place;
  readonly loadBalancer: LoadBalancer;
  readonly topic: AlertTopic;
  readonly deadLetters: DeadLetters;
  readonly orchestrator: RegionFunction;
  readonly sharedValidation: ITerraformDependable;
  /** ARN suffixes of the target groups, as metrics name them. */
  readonly targets: { readonly router: string; readonly health: string };
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
      emails: config.alerts.emails,
      sms: config.alerts.sms,
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
    });

    const router = this.addFunction('traffic-router');
    const health = this.addFunction('health-checker');
    const validator = this.addFunction('data-consistency-validator');
    this.orchestrator = this.addFunction('failover-orchestrator');
    this.grants({ router, health, validator, orchestrator: this.orchestrator });

    if (config.options.gameDay) new GameDay(this, 'game_day', { place, network, router });

    this.targets = {
      health: this.loadBalancer.route({
        name: 'health',
        target: health,
        paths: [HEALTH_PATH, `${CHECK_PATH}*`],
        priority: 10,
        // Not /health: that is about the region, and says 503 all through an evacuation.
        livenessPath: LIVENESS_PATH,
      }),
      router: this.loadBalancer.route({
        name: 'router',
        target: router,
        paths: ['/items', '/items/*', '/ready'],
        priority: 20,
        livenessPath: '/ready',
      }),
    };
    this.schedule('health_schedule', health, EVERY_MINUTE, MINUTE_SECONDS);
    this.schedule('orchestrator_schedule', this.orchestrator, EVERY_MINUTE, SIX_HOURS_SECONDS);
    // It begins a run now and then; a run of many pages goes on every minute, and other minutes cost one read.
    this.schedule('validator_schedule', validator, EVERY_MINUTE, HOUR_SECONDS);
  }

  private schedule(id: string, target: RegionFunction, expression: string, maximumEventAgeSeconds: number): void {
    const { deadLetters } = this;
    new Schedule(this, id, { target, deadLetters, expression });
    target.keepFailures(deadLetters, maximumEventAgeSeconds);
  }

  private addFunction(functionName: FunctionName): RegionFunction {
    const { place, config, code, peers, recovery, commit } = this.props;
    return new RegionFunction(this, functionName.replaceAll('-', '_'), {
      place,
      functionName,
      code: code[functionName],
      timeoutSeconds: TIMEOUT_SECONDS[functionName],
      environment: { [ENV.peers]: JSON.stringify(peers), [ENV.recovery]: JSON.stringify(recovery) },
      logKeyArn: this.key.arn,
      privateSubnets: this.privateSubnets,
      reservedConcurrency: this.concurrency[functionName],
      logRetentionDays: config.options.logRetentionDays,
      commit,
    });
  }

  private grants(fns: Record<'router' | 'health' | 'validator' | 'orchestrator', RegionFunction>): void {
    const { table, config } = this.props;
    const { router, health, validator, orchestrator } = fns;
    table.grantLocal(router, ['Query', 'PutItem']);
    table.grantPeers(router, ['Query', 'PutItem']);
    router.tell({ [ENV.auth]: config.options.auth });
    this.props.apiKeys?.grantRead(router);

    table.grantLocal(health, ['Query', 'PutItem']);
    // While its own table throttles, a region knows itself from a peer's replica.
    table.grantPeers(health, ['Query', 'PutItem']);
    router.grantInvoke(health, ENV.routerFunction);
    health.tell({ [ENV.checkTokens]: this.props.checkTokens.setting });

    table.grantLocal(orchestrator, ['Query', 'PutItem']);
    this.topic.grantPublish(orchestrator);
    validator.grantInvoke(orchestrator, ENV.validatorFunction);

    table.grantLocal(validator, ['Query', 'Scan', 'PutItem']);
    table.grantPeers(validator, ['Query', 'Scan']);
    this.topic.grantPublish(validator);
  }
}
