// The bucket of one region that its load balancer's access logs go to.
import { Construct } from 'constructs';
import { LockedBucket } from './locked-bucket';
import { bucketName } from './names';
import type { Place } from './region';

export interface AccessLogsProps {
  readonly place: Place;
}

const KEEP_DAYS = 90;

export class AccessLogs extends Construct {
  readonly bucket: string;
  /** The load balancer tests its permission when it is told to log. */
  readonly ready: LockedBucket['policy'];

  constructor(scope: Construct, id: string, { place }: AccessLogsProps) {
    super(scope, id);
    const bucket = new LockedBucket(this, 'bucket', {
      place,
      name: bucketName(`${place.system}-${place.name}-alb-logs`, place.accountId),
      appendOnly: place.protect,
      keepDays: KEEP_DAYS,
      writers: (arn) => [
        {
          sid: 'LoadBalancer',
          principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
          actions: ['s3:PutObject'],
          resources: [`${arn}/AWSLogs/${place.accountId}/*`],
        },
      ],
    });
    this.bucket = bucket.name;
    this.ready = bucket.policy;
  }
}
