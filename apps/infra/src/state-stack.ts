// The stack that is applied once, before all others: the bucket that holds Terraform's state. Its own state is a local file.
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { checkedName, LockedBucket } from '@dr/constructs';
import { InputError } from '@dr/contracts';
import type { DrConfig } from '@dr/contracts/system/config';
import { LocalBackend } from 'cdktf';
import type { Construct } from 'constructs';
import { AWS_PROVIDER_VERSIONS } from './dr-stack';
import { providerSettings } from './provider-settings';
import { ReadableStack } from './readable-ids';

export interface StateStackProps {
  readonly config: DrConfig;
}

export class StateStack extends ReadableStack {
  constructor(scope: Construct, id: string, { config }: StateStackProps) {
    super(scope, id);
    const { state, system, options } = config;
    if (state.backend !== 's3') {
      throw new InputError(
        `dr.config.ts: state.backend = "${state.backend}"`,
        'needs no bucket',
        "Set state: { backend: 's3', bucket, region } first",
      );
    }
    this.addOverride('terraform.required_providers.aws.version', AWS_PROVIDER_VERSIONS);
    new LocalBackend(this, { path: 'terraform.tfstate' });
    const provider = new AwsProvider(this, 'aws', { region: state.region, ...providerSettings(config) });
    const accountId = new DataAwsCallerIdentity(this, 'account', { provider }).accountId;
    new LockedBucket(this, 'state', {
      place: { system, name: state.region, awsRegion: state.region, provider, accountId, protect: options.protect },
      name: checkedName('bucket', state.bucket),
    });
  }
}
