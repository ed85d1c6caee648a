// The queue of one region that keeps what could not be delivered: failed invocations, SNS messages, scheduled events.
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { Lazy } from 'cdktf';
import type { Construct } from 'constructs';
import { checkedName } from './names';
import { policyJson, type ResourceStatement } from './policy';
import { MAIN_RESOURCE, Placed, type PlacedProps } from './region';

const KEEP_SECONDS = 14 * 24 * 3600;

/** The services that leave what they give up on; each may do it for the named sources only. */
export type Sender = 'sns.amazonaws.com' | 'events.amazonaws.com';

export class DeadLetters extends Placed {
  readonly arn: string;
  readonly name: string;
  private readonly sources: Record<Sender, string[]> = { 'sns.amazonaws.com': [], 'events.amazonaws.com': [] };

  constructor(scope: Construct, id: string, { place }: PlacedProps) {
    super(scope, id, place);
    const queue = new SqsQueue(this, MAIN_RESOURCE, {
      name: checkedName('queue', `${place.system}-${place.name}-undelivered`),
      messageRetentionSeconds: KEEP_SECONDS,
      sqsManagedSseEnabled: true,
    });
    this.arn = queue.arn;
    this.name = queue.name;
    new SqsQueuePolicy(this, 'policy', {
      queueUrl: queue.id,
      policy: Lazy.stringValue({ produce: () => policyJson(this.statements()) }),
    });
  }

  /** Lets the service leave here what the source, a topic or a rule, could not deliver. Returns the queue's ARN. */
  take(sender: Sender, sourceArn: string): string {
    this.sources[sender].push(sourceArn);
    return this.arn;
  }

  private statements(): ResourceStatement[] {
    const senders = Object.entries(this.sources).filter(([, sources]) => sources.length > 0);
    return senders.map(([Service, sources]) => ({
      sid: Service.startsWith('sns') ? 'Topics' : 'Rules',
      principal: { Service },
      actions: ['sqs:SendMessage'],
      resources: [this.arn],
      conditions: { ArnEquals: { 'aws:SourceArn': sources } },
    }));
  }
}
