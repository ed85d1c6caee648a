// The stack of the hosted zone, applied and delegated before the main one: certificates are issued only for names that resolve.
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { keptBy } from '@dr/constructs';
import { GLOBAL_REGION, InputError } from '@dr/contracts';
import type { DrConfig } from '@dr/contracts/system/config';
import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { addBackend } from './backend';
import { SystemStack } from './system-stack';

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
