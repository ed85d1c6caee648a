// CloudTrail of all regions into one locked bucket. An account's first copy of management events is free, each further one is not.
import { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail';
import { Construct } from 'constructs';
import { LockedBucket } from './locked-bucket';
import { bucketName, checkedName } from './names';
import { keptBy, MAIN_RESOURCE, type Place } from './region';

export interface AuditTrailProps {
  /** us-east-1: global services leave their events there. */
  readonly place: Place;
}

/** A year and a month, so that a yearly audit always finds its year. */
const KEEP_DAYS = 400;

export class AuditTrail extends Construct {
  constructor(scope: Construct, id: string, { place }: AuditTrailProps) {
    super(scope, id);
    const { provider, system, accountId, awsRegion } = place;
    const name = checkedName('trail', `${system}-audit`);
    const trailArn = `arn:aws:cloudtrail:${awsRegion}:${accountId}:trail/${name}`;
    const principal = { Service: 'cloudtrail.amazonaws.com' };
    const fromTrail = { 'aws:SourceArn': trailArn };
    const bucket = new LockedBucket(this, 'bucket', {
      place,
      name: bucketName(`${system}-${place.name}-audit`, accountId),
      appendOnly: place.protect,
      keepDays: KEEP_DAYS,
      intelligentTiering: true,
      writers: (arn) => [
        {
          sid: 'TrailReadsAcl',
          principal,
          actions: ['s3:GetBucketAcl'],
          resources: [arn],
          conditions: { StringEquals: fromTrail },
        },
        {
          sid: 'TrailWrites',
          principal,
          actions: ['s3:PutObject'],
          resources: [`${arn}/AWSLogs/${accountId}/*`],
          conditions: { StringEquals: { ...fromTrail, 's3:x-amz-acl': 'bucket-owner-full-control' } },
        },
      ],
    });
    new Cloudtrail(this, MAIN_RESOURCE, {
      provider,
      name,
      s3BucketName: bucket.name,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      dependsOn: [bucket.policy],
      ...keptBy(place),
    });
  }
}
