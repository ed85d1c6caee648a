// A customer-managed KMS key of one region: it encrypts the alert topic and the log groups there.
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { Construct } from 'constructs';
import type { RegionFunction } from './function';
import { policyJson, type ResourceStatement } from './policy';
import { keptBy, MAIN_RESOURCE, Placed, type Place, type PlacedProps } from './region';

const DELETION_WINDOW_DAYS = { protected: 30, destroyable: 7 } as const;

const USE_ACTIONS = ['kms:Decrypt', 'kms:GenerateDataKey'];

/**
 * What the key's policy leaves to the account's IAM policies; spelled out, because a wildcard would also allow what nobody
 * uses. An alias is made, moved and deleted with a permission on the key too, beside the one on the alias (KMS developer
 * guide, "Controlling access to aliases"). What is not listed here nobody in the account can do.
 */
const ACCOUNT_ACTIONS = [
  // Terraform's: the key from creation to destruction.
  'DescribeKey',
  'DisableKey',
  'DisableKeyRotation',
  'EnableKey',
  'EnableKeyRotation',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'ListResourceTags',
  'PutKeyPolicy',
  'ScheduleKeyDeletion',
  'TagResource',
  'UntagResource',
  'UpdateKeyDescription',
  // Terraform's: its alias.
  'CreateAlias',
  'DeleteAlias',
  'UpdateAlias',
  // A person's, who takes a destruction back.
  'CancelKeyDeletion',
].map((action) => `kms:${action}`);

const LOG_ACTIONS = ['Encrypt', 'Decrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GenerateDataKey', 'DescribeKey'].map(
  (action) => `kms:${action}`,
);

export class EncryptionKey extends Placed {
  readonly arn: string;

  constructor(scope: Construct, id: string, { place }: PlacedProps) {
    super(scope, id, place);
    const { system, name } = place;
    const key = new KmsKey(this, MAIN_RESOURCE, {
      description: `${system} ${name}: alert topic and logs`,
      enableKeyRotation: true,
      deletionWindowInDays: place.protect ? DELETION_WINDOW_DAYS.protected : DELETION_WINDOW_DAYS.destroyable,
      policy: policyJson(keyPolicy(place)),
      ...keptBy(place),
    });
    new KmsAlias(this, 'alias', { name: `alias/${system}-${name}`, targetKeyId: key.keyId });
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
      // The functions' roles use the key through their own policies.
      actions: [...ACCOUNT_ACTIONS, ...USE_ACTIONS],
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
      actions: LOG_ACTIONS,
      resources,
      conditions: {
        ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${awsRegion}:${accountId}:log-group:*` },
      },
    },
  ];
}
