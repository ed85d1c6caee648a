// The stack that is applied once, before all others: the bucket that holds Terraform's state. Its own state is a local file.
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { checkedName, LockedBucket } from '@dr/constructs';
import { InputError } from '@dr/contracts';
import type { DrConfig } from '@dr/contracts/system/config';
import { LocalBackend } from 'cdktf';
import type { Construct } from 'constructs';
import { SystemStack } from './system-stack';

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
