// Stacks that are applied once, before the main one.
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { checkedName, keptBy, LockedBucket } from '@dr/constructs';
import { GLOBAL_REGION, InputError } from '@dr/contracts';
import type { DrConfig } from '@dr/contracts/system/config';
import { LocalBackend, TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { addBackend } from './backend';
import { SystemStack } from './system-stack';

/** The bucket that holds Terraform's state. Its own state is a local file. */
export class StateStack extends SystemStack {
  constructor(scope: Construct, id: string, config: DrConfig) {
    super(scope, id, config);
    const { state, system, options } = config;
    if (state.backend !== 's3') {
      throw new InputError(
        `dr.config.ts: state.backend = "${state.backend}"`,
        'needs no bucket',
        "Set state: { backend: 's3', bucket, region } first",
      );
    }
    new LocalBackend(this, { path: 'terraform.tfstate' });
    const provider = this.awsProvider(state.region);
    const accountId = new DataAwsCallerIdentity(this, 'account', { provider }).accountId;
    new LockedBucket(this, 'state', {
      place: { system, name: state.region, awsRegion: state.region, provider, accountId, protect: options.protect },
      name: checkedName('bucket', state.bucket),
    });
  }
}

/** The hosted zone, delegated before the main stack: certificates are issued only for names that resolve. */
export class ZoneStack extends SystemStack {
  constructor(scope: Construct, id: string, config: DrConfig) {
    super(scope, id, config);
    const { zone, options } = config;
    if (!options.createZone) {
      throw new InputError(
        'dr.config.ts: options.createZone = false',
        `says that the zone ${zone} is there and is looked up`,
        'Set options.createZone to true if this system shall make it',
      );
    }
    addBackend(this, config, id);
    const provider = this.awsProvider(GLOBAL_REGION);
    // No force_destroy, protected or not: the records of other people may be in it.
    const { zoneId, nameServers } = new Route53Zone(this, 'zone', { provider, name: zone, ...keptBy(options) });
    new TerraformOutput(this, 'zone_id', { value: zoneId, staticId: true });
    new TerraformOutput(this, 'name_servers', {
      value: nameServers,
      staticId: true,
      description: `The NS records that the owner of the parent domain of ${zone} must set.`,
    });
  }
}
