// The stack of the hosted zone, applied and delegated before the main one: certificates are issued only for names that the
// world's resolvers find in it. Its state is kept where the main stack's is.
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { keptBy } from '@dr/constructs';
import { GLOBAL_REGION, InputError } from '@dr/contracts';
import type { DrConfig } from '@dr/contracts/system/config';
import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { addBackend } from './backend';
import { AWS_PROVIDER_VERSIONS } from './dr-stack';
import { providerSettings } from './provider-settings';
import { ReadableStack } from './readable-ids';

export interface ZoneStackProps {
  readonly config: DrConfig;
}

export class ZoneStack extends ReadableStack {
  constructor(scope: Construct, id: string, { config }: ZoneStackProps) {
    super(scope, id);
    const { zone, options } = config;
    if (!options.createZone) {
      throw new InputError(
        'dr.config.ts: options.createZone = false',
        `says that the zone ${zone} is there and is looked up`,
        'Set options.createZone to true if this system shall make it',
      );
    }
    addBackend(this, config, id);
    this.addOverride('terraform.required_providers.aws.version', AWS_PROVIDER_VERSIONS);
    const provider = new AwsProvider(this, 'aws', { region: GLOBAL_REGION, ...providerSettings(config) });
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
