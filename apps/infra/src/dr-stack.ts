// The one stack: a default provider for what AWS has in us-east-1 only, one aliased provider a region, the global layer.
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsRoute53Zone } from '@cdktf/provider-aws/lib/data-aws-route53-zone';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import {
  Accelerator,
  AlertTopic,
  ApiKeys,
  AuditTrail,
  CheckTokens,
  DeadLetters,
  EncryptionKey,
  FaultExperiment,
  GlobalTable,
  RegionalRouting,
  type Place,
} from '@dr/constructs';
import { ACCELERATOR_SECONDS, GLOBAL_REGION, InputError, oneWayMs } from '@dr/contracts';
import { regionalDomain, type Peer, type RecoveryEnv } from '@dr/contracts/system';
import { waitingPageMinutesOf, type DrConfig, type RegionConfig } from '@dr/contracts/system/config';
import { soonestDetectionSeconds, type Selection } from '@dr/failover';
import { TerraformOutput, type TerraformStack, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { addAlarms } from './alarm-layer';
import { routeAlarms } from './alarm-routes';
import type { FunctionCodes } from './code-library';
import { orderCreation } from './creation-order';
import { RegionalLayer, type RegionalLayerProps } from './regional-layer';
import { SystemStack } from './system-stack';

export interface DrStackProps {
  readonly config: DrConfig;
  readonly selection: Selection;
  /** The code to release in a region. */
  readonly code: (stack: TerraformStack, regionName: string) => FunctionCodes;
  /** Regions that Terraform's state has and the config has no longer. @default none */
  readonly leaving?: readonly RegionConfig[];
}

/** What all regions have in common. */
type SharedProps = Pick<
  RegionalLayerProps,
  'table' | 'apiKeys' | 'checkTokens' | 'zoneId' | 'globalProvider' | 'commit'
>;

const EQUAL_WEIGHT = 100;

/**
 * Versions that know `warm_throughput` (from 6.13.0 on) and refuse to lower it. Older ones replace the table, with all that is in it,
 * once AWS has raised the value above that of the config (hashicorp/terraform-provider-aws #49032, in 6.63.0 at the latest).
 */
const WARM_PROVIDER_VERSIONS = '>= 6.63.0, < 7.0.0';

export class DrStack extends SystemStack {
  constructor(scope: Construct, id: string, props: DrStackProps) {
    super(scope, id, props.config);
    const { config } = props;
    const { system, options } = config;
    const { warmThroughput } = options;
    if (warmThroughput) this.addOverride('terraform.required_providers.aws.version', WARM_PROVIDER_VERSIONS);
    const commit = new TerraformVariable(this, 'commit', {
      type: 'string',
      default: 'unreleased',
      description: 'The commit that is released; the functions are tagged with it.',
    });
    const provider = this.awsProvider(GLOBAL_REGION);
    const accountId = new DataAwsCallerIdentity(this, 'account', { provider }).accountId;
    const of = { system, accountId, protect: options.protect };
    const places = config.regions.map(({ name, awsRegion }): Place => ({
      ...of,
      name,
      awsRegion,
      provider: this.awsProvider(awsRegion, name),
    })) as [Place, ...Place[]];
    // Terraform cannot plan the removal of what a provider made once the provider's block is gone.
    for (const { name, awsRegion } of props.leaving ?? []) this.awsProvider(awsRegion, name);
    const table = new GlobalTable(this, 'system_table', { places, warmThroughput });
    const apiKeys = options.auth === 'key' ? new ApiKeys(this, 'api_keys', { places }) : undefined;
    const checkTokens = new CheckTokens(this, 'check', { generation: options.checkGeneration });
    const zoneId = this.zone(provider);

    const shared = { table, apiKeys, checkTokens, zoneId, globalProvider: provider, commit: commit.stringValue };
    const layers = this.layers(props, places, shared);
    const globalPlace: Place = { ...of, name: GLOBAL_REGION, awsRegion: GLOBAL_REGION, provider };
    const globalDeadLetters = new DeadLetters(this, 'us_east_1_undelivered', { place: globalPlace });
    // Route 53's metrics, and so their alarms and this topic, are in us-east-1 only.
    const globalTopic = new AlertTopic(this, 'us_east_1_alerts', {
      place: globalPlace,
      key: new EncryptionKey(this, 'us_east_1_key', { place: globalPlace }),
      deadLetters: globalDeadLetters,
      ...config.alerts,
    });
    if (options.auditTrail === 'create') new AuditTrail(this, 'audit_trail', { place: globalPlace });
    if (options.faultInjection) {
      new FaultExperiment(this, 'fault_experiment', { place: places[0], tableArn: table.arnIn(places[0].awsRegion) });
    }
    routeAlarms([...layers, { place: globalPlace, topic: globalTopic, deadLetters: globalDeadLetters }], layers);
    const routings = layers.map(
      (layer, index) =>
        new RegionalRouting(layer, 'dns', {
          place: layer.place,
          provider,
          zoneId,
          checkPath: checkTokens.path,
          domain: config.domain,
          loadBalancer: layer.loadBalancer,
          policy: routingPolicy(config, layer.place, index),
          ...props.selection.settings,
        }),
    );
    if (config.frontDoor === 'global-accelerator') {
      const loadBalancers = layers.map(({ loadBalancer }) => loadBalancer);
      new Accelerator(this, 'front', { ...of, provider, zoneId, domain: config.domain, loadBalancers });
    }
    addAlarms(this, {
      system,
      layers,
      table: table.name,
      globalTopicArn: globalTopic.arn,
      globalDeadLetters: globalDeadLetters.name,
      globalProvider: provider,
      healthCheckIds: routings.map((r) => r.healthCheckId),
      waitingPageMinutes: waitingPageMinutesOf(config),
    });
    orderCreation(this);
    this.outputs(props, table.name);
  }

  private layers(props: DrStackProps, places: readonly Place[], shared: SharedProps): RegionalLayer[] {
    const { config } = this;
    const layers: RegionalLayer[] = [];
    for (const [index, place] of places.entries()) {
      layers.push(
        new RegionalLayer(this, place.name, {
          ...shared,
          config,
          place,
          index,
          peers: peersOf(config, place),
          recovery: recoveryOf(props),
          code: props.code(this, place.name),
          sharedValidation: layers[0]?.sharedValidation,
        }),
      );
    }
    return layers;
  }

  /** The zone is made and delegated before this stack: certificates are issued only once the world can see it. */
  private zone(provider: AwsProvider): string {
    const { zone, options } = this.config;
    const { zoneId } = options;
    if (zoneId === undefined)
      return new DataAwsRoute53Zone(this, 'zone', { provider, name: zone, privateZone: false }).zoneId;
    // The provider takes an id or a name, not both: that the id is of the zone in the config is asked afterwards.
    const isTheZone = {
      condition: `\${trimsuffix(self.name, ".") == "${zone}" && !self.private_zone}`,
      errorMessage: `options.zoneId ${zoneId} is not the id of the public hosted zone ${zone}.`,
    };
    return new DataAwsRoute53Zone(this, 'zone', { provider, zoneId, lifecycle: { postcondition: [isTheZone] } }).zoneId;
  }

  private outputs({ config, selection }: DrStackProps, table: string): void {
    const values = {
      domain: config.domain,
      regions: Object.fromEntries(config.regions.map((r) => [r.name, r.awsRegion])),
      table,
      objectives: config.objectives,
      settings: { ...selection.settings, ...selection.predicted, routing: config.routing },
    };
    for (const [name, value] of Object.entries(values)) new TerraformOutput(this, name, { value, staticId: true });
  }
}

/** `ttlSeconds`: how long clients go on to a region that Route 53 has found unhealthy. Behind an accelerator no DNS decides that. */
const recoveryOf = ({ config, selection: { settings, predicted } }: DrStackProps): RecoveryEnv => ({
  worstDetectionSeconds: predicted.worstDetectionSeconds,
  ttlSeconds: settings.accelerator ? ACCELERATOR_SECONDS : settings.ttlSeconds,
  waitForValidation: config.failback.waitForValidation,
  ...(config.recovery.failback === 'manual'
    ? { manualFailback: { soonestDetectionSeconds: soonestDetectionSeconds(settings) } }
    : {}),
});

/** Nearest first: in this order functions turn to them. */
const peersOf = ({ regions, domain }: DrConfig, own: RegionConfig): Peer[] =>
  regions
    .filter(({ name }) => name !== own.name)
    .sort((a, b) => oneWayMs(own.awsRegion, a.awsRegion) - oneWayMs(own.awsRegion, b.awsRegion))
    .map(({ name, awsRegion }) => ({ name, awsRegion, host: regionalDomain(domain, name) }));

/** Undefined where an accelerator leads clients. */
function routingPolicy(config: DrConfig, { name, awsRegion }: Place, index: number) {
  if (config.frontDoor === 'global-accelerator') return undefined;
  switch (config.routing) {
    case 'latency':
      return { latencyRoutingPolicy: { region: awsRegion } };
    case 'weighted':
      return { weightedRoutingPolicy: { weight: config.weights?.[name] ?? EQUAL_WEIGHT } };
    case 'failover':
      if (config.regions.length > 2) {
        throw new InputError(
          `dr.config.ts: routing "failover" with ${config.regions.length} regions`,
          'Route 53 has one primary and one secondary record under a name',
          'Use latency or weighted routing, or two regions',
        );
      }
      return { failoverRoutingPolicy: { type: index === 0 ? 'PRIMARY' : 'SECONDARY' } };
  }
}
