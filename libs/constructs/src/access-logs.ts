// The bucket of one region that its load balancer's access logs go to.
import type { Construct } from 'constructs';
import { LockedBucket } from './locked-bucket';
import { bucketName } from './names';
import { Placed, type PlacedProps } from './region';

const KEEP_DAYS = 90;

export class AccessLogs extends Placed {
  readonly bucket: string;
  /** The load balancer tests its permission when it is told to log. */
  readonly ready: LockedBucket['policy'];

  constructor(scope: Construct, id: string, { place }: PlacedProps) {
    super(scope, id, place);
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
