// The queue of one region that keeps what could not be delivered: failed invocations, SNS messages, scheduled events.
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { Construct } from 'constructs';
import { checkedName } from './names';
import { policyJson } from './policy';
import { MAIN_RESOURCE, type Place } from './region';

export interface DeadLettersProps {
  readonly place: Place;
}

const KEEP_SECONDS = 14 * 24 * 3600;

export class DeadLetters extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, { place }: DeadLettersProps) {
    super(scope, id);
    const { provider, system, name, accountId } = place;
    const queue = new SqsQueue(this, MAIN_RESOURCE, {
      provider,
      name: checkedName('queue', `${system}-${name}-undelivered`),
      messageRetentionSeconds: KEEP_SECONDS,
      sqsManagedSseEnabled: true,
    });
    this.arn = queue.arn;
    this.name = queue.name;
    new SqsQueuePolicy(this, 'policy', {
      provider,
      queueUrl: queue.id,
      policy: policyJson([
        {
          sid: 'Services',
          principal: { Service: ['sns.amazonaws.com', 'events.amazonaws.com'] },
          actions: ['sqs:SendMessage'],
          resources: [queue.arn],
          conditions: { StringEquals: { 'aws:SourceAccount': accountId } },
        },
      ]),
    });
  }
}
