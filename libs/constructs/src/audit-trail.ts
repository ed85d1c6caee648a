// CloudTrail of all regions into one locked bucket. An account's first copy of management events is free, each further one is not.
import { Cloudtrail } from '@cdktf/provider-aws/lib/cloudtrail';
import type { Construct } from 'constructs';
import { LockedBucket } from './locked-bucket';
import { bucketName, checkedName } from './names';
import { keptBy, MAIN_RESOURCE, Placed, type PlacedProps } from './region';

/** A year and a month, so that a yearly audit always finds its year. */
const KEEP_DAYS = 400;

/** In us-east-1: global services leave their events there. */
export class AuditTrail extends Placed {
  constructor(scope: Construct, id: string, { place }: PlacedProps) {
    super(scope, id, place);
    const { system, accountId, awsRegion } = place;
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
