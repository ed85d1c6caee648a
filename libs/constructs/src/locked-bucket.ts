// A bucket for logs or state: private, encrypted, versioned, TLS only, and where told so nobody deletes from it.
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import type { Construct } from 'constructs';
import { policyJson, type ResourceStatement } from './policy';
import { keptBy, MAIN_RESOURCE, Placed, type PlacedProps } from './region';

export interface LockedBucketProps extends PlacedProps {
  readonly name: string;
  /** Services that write, given the bucket's ARN. @default none: only the account's own roles */
  readonly writers?: (bucketArn: string) => readonly ResourceStatement[];
  /** Days until an object goes. @default for ever; superseded versions go after 30 in any case */
  readonly keepDays?: number;
  /** @default false. True: nobody may delete, and only the lifecycle rule does */
  readonly appendOnly?: boolean;
  /** @default false: objects stay in the standard class */
  readonly intelligentTiering?: boolean;
}

const SUPERSEDED_DAYS = 30;
const ABANDONED_UPLOAD_DAYS = 1;

export class LockedBucket extends Placed {
  readonly name: string;
  readonly arn: string;
  /** Writers must wait for it. */
  readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: LockedBucketProps) {
    super(scope, id, props.place);
    const bucket = new S3Bucket(this, MAIN_RESOURCE, {
      bucket: props.name,
      forceDestroy: !props.place.protect,
      ...keptBy(props.place),
    });
    this.name = bucket.bucket;
    this.arn = bucket.arn;
    const access = new S3BucketPublicAccessBlock(this, 'public_access', {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const versioning = new S3BucketVersioningA(this, 'versioning', {
      bucket: bucket.id,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket: bucket.id,
      // Not a KMS key: load balancers cannot write their logs to a bucket that has one.
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    });
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket: bucket.id,
      rule: [
        {
          id: 'age',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          ...(props.intelligentTiering ? { transition: [{ days: 0, storageClass: 'INTELLIGENT_TIERING' }] } : {}),
          ...(props.keepDays === undefined ? {} : { expiration: [{ days: props.keepDays }] }),
          noncurrentVersionExpiration: [{ noncurrentDays: SUPERSEDED_DAYS }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: ABANDONED_UPLOAD_DAYS }],
        },
      ],
      // A rule on superseded versions comes after versioning (aws_s3_bucket_lifecycle_configuration, Terraform documentation).
      dependsOn: [versioning],
    });
    this.policy = new S3BucketPolicy(this, 'policy', {
      bucket: bucket.id,
      policy: policyJson([...(props.writers?.(bucket.arn) ?? []), ...guards(bucket.arn, props.appendOnly ?? false)]),
      dependsOn: [access],
    });
  }
}

function guards(arn: string, appendOnly: boolean): ResourceStatement[] {
  return [
    {
      sid: 'TlsOnly',
      effect: 'Deny',
      principal: '*',
      actions: ['s3:*'],
      resources: [arn, `${arn}/*`],
      conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    },
    // Expiry by the lifecycle rule is S3's own doing and not held back by this.
    ...(appendOnly
      ? [
          {
            sid: 'NoDeletion',
            effect: 'Deny' as const,
            principal: '*' as const,
            actions: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:DeleteBucket'],
            resources: [arn, `${arn}/*`],
          },
        ]
      : []),
  ];
}
