// A customer-managed KMS key of one region: it encrypts the alert topic and the log groups there.
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';
import type { RegionFunction } from './function';
import { policyJson, type ResourceStatement } from './policy';
import { keptBy, MAIN_RESOURCE, type Place } from './region';

export interface EncryptionKeyProps {
  readonly place: Place;
}

const DELETION_WINDOW_DAYS = { protected: 30, destroyable: 7 } as const;

/** What the account's administrators need; spelled out, because a wildcard would also allow what nobody uses. */
const ADMIN_ACTIONS = [
  'CancelKeyDeletion',
  'CreateGrant',
  'Decrypt',
  'DescribeKey',
  'DisableKey',
  'EnableKey',
  'EnableKeyRotation',
  'GenerateDataKey',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'ListResourceTags',
  'PutKeyPolicy',
  'ScheduleKeyDeletion',
  'TagResource',
  'UntagResource',
  'UpdateKeyDescription',
].map((action) => `kms:${action}`);

const USE_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey'];

export class EncryptionKey extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { place }: EncryptionKeyProps) {
    super(scope, id);
    const { provider, system, name } = place;
    const key = new KmsKey(this, MAIN_RESOURCE, {
      provider,
      description: `${system} ${name}: alert topic and logs`,
      enableKeyRotation: true,
      deletionWindowInDays: place.protect ? DELETION_WINDOW_DAYS.protected : DELETION_WINDOW_DAYS.destroyable,
      policy: policyJson(keyPolicy(place)),
      ...keptBy(place),
    });
    new KmsAlias(this, 'alias', { provider, name: `alias/${system}-${name}`, targetKeyId: key.keyId });
    this.arn = key.arn;
  }

  /** Lets the function publish to what this key encrypts. */
  grantUse(fn: RegionFunction): void {
    fn.grant({ sid: 'Key', actions: USE_ACTIONS, resources: [this.arn] });
  }
}

function keyPolicy({ accountId, awsRegion }: Place): ResourceStatement[] {
  // In a key's policy "*" is the key itself.
  const resources = ['*'];
  return [
    {
      sid: 'Administration',
      principal: { AWS: `arn:aws:iam::${accountId}:root` },
      actions: ADMIN_ACTIONS,
      resources,
    },
    {
      // An alarm cannot publish to an encrypted topic unless CloudWatch may use the key.
      sid: 'Alarms',
      principal: { Service: 'cloudwatch.amazonaws.com' },
      actions: USE_ACTIONS,
      resources,
      conditions: { StringEquals: { 'aws:SourceAccount': accountId } },
    },
    {
      sid: 'Logs',
      principal: { Service: `logs.${awsRegion}.amazonaws.com` },
      actions: [
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
        'kms:GenerateDataKey',
        'kms:DescribeKey',
      ],
      resources,
      conditions: {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${awsRegion}:${accountId}:log-group:*` },
      },
    },
  ];
}
