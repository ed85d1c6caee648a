// From an accepted message to its subscribers: delays, retries while a region is out of reach, and disorder for drills.
import { alarmRoute } from '@dr/contracts';
import type { Random } from '../../kernel/random';
import { regionSite, type Site } from '../../site';
import type { World } from '../../world';
import type { FunctionInvoker, TopicMessage } from '../ports';
import { pausesBetween } from './retries';
import type { Queues } from './sqs';
import type { Subscription, Topic } from './topics';

interface Message extends TopicMessage {
  readonly id: string;
  readonly publishedEpochMs: number;
}

/** [A] AWS publishes no figure but "typically under 30 ms". The tail is that of a busy hour. */
const DELAY_MS = { median: 30, p99: 300 };
/** [A] How much later the second of two deliveries comes, and a late one. */
const DUPLICATE_AFTER_MS = [1_000, 30_000] as const;
const LATE_BY_MS = [30_000, 120_000] as const;
/** [A] While SNS itself stands still it tries nothing; how soon it does after that. */
const AWAKE_MS = 5_000;
const SERVICE = 'sns.amazonaws.com';

export interface DeliveryPorts {
  readonly functions: FunctionInvoker;
  readonly deadLetters: Pick<Queues, 'send'>;
}

export const isStopped = ({ faults }: World, awsRegion: string): boolean =>
  faults.isDown(awsRegion) || faults.hits('sns-down', awsRegion);

export class Deliveries {
  private readonly random: Random;
  private readonly jitter: Random;

  constructor(
    private readonly world: World,
    private readonly ports: DeliveryPorts,
  ) {
    this.random = world.random.stream('sns/deliveries');
    this.jitter = world.random.stream('sns/retries');
  }

  send(topic: Topic, message: Message): void {
    for (const subscription of topic.subscriptions) {
      const share = this.world.faults.disorderShare(topic.awsRegion);
      const late = share > 0 && this.random.next() < share ? this.random.between(...LATE_BY_MS) : 0;
      const delay = this.random.logNormal(DELAY_MS.median, DELAY_MS.p99) + late;
      this.schedule(topic, subscription, message, delay);
      if (share > 0 && this.random.next() < share) {
        this.schedule(topic, subscription, message, delay + this.random.between(...DUPLICATE_AFTER_MS));
      }
    }
  }

  private schedule(topic: Topic, subscription: Subscription, message: Message, delayMs: number): void {
    this.world.scheduler.after(delayMs, () => void this.deliver(topic, subscription, message));
  }

  private async deliver(topic: Topic, subscription: Subscription, message: Message): Promise<void> {
    for (const pauseMs of pausesBetween(subscription.protocol, this.jitter)) {
      await this.untilAwake(topic.awsRegion);
      if (await this.attempt(topic, subscription, message)) return;
      await this.world.scheduler.sleep(pauseMs);
    }
    await this.untilAwake(topic.awsRegion);
    if (!(await this.attempt(topic, subscription, message))) this.giveUp(topic, subscription);
  }

  private async untilAwake(awsRegion: string): Promise<void> {
    while (isStopped(this.world, awsRegion)) await this.world.scheduler.sleep(AWAKE_MS);
  }

  private giveUp(topic: Topic, { deadLetterArn }: Subscription): void {
    if (deadLetterArn !== undefined) this.ports.deadLetters.send(deadLetterArn, SERVICE, topic.arn);
  }

  /** True: no retry is needed. */
  private async attempt(topic: Topic, subscription: Subscription, message: Message): Promise<boolean> {
    const { awsRegion } = topic;
    const { protocol, endpoint } = subscription;
    const here = regionSite(awsRegion);
    const there: Site =
      protocol === 'lambda' ? regionSite(endpoint.split(':')[3] ?? '') : { group: 'clients', at: awsRegion };
    if ((await this.world.network.send(here, there)) !== 'delivered') return false;
    if (protocol !== 'lambda') {
      const { id: messageId, subject } = message;
      const event = { region: awsRegion, topic: topic.name, protocol, endpoint, subject, messageId };
      this.world.events.record({ kind: 'delivered', ...event });
      return true;
    }
    if (this.world.faults.isDown(there.at)) return false;
    const route = alarmRoute(awsRegion, there.at);
    const principal = route.way === 'sns' ? route.principal : undefined;
    if (principal !== undefined && this.ports.functions.permits(endpoint, principal, topic.arn)) {
      this.ports.functions.invokeAsync(endpoint, lambdaEvent(topic, subscription, message), 'sns');
    } else {
      // SNS-03: the permission must name the right principal. SNS-04: nothing is delivered to another opt-in region.
      this.world.events.denied(there.at, principal ?? SERVICE, 'lambda:InvokeFunction', endpoint);
      // SNS does not retry what is denied.
      this.giveUp(topic, subscription);
    }
    return true;
  }
}

/** What a function gets (Lambda developer guide, with-sns). */
function lambdaEvent(topic: Topic, subscription: Subscription, message: Message): unknown {
  const origin = `https://sns.${topic.awsRegion}.amazonaws.com/`;
  return {
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription.arn,
        Sns: {
          Type: 'Notification',
          MessageId: message.id,
          TopicArn: topic.arn,
          Subject: message.subject === '' ? null : message.subject,
          Message: message.body,
          Timestamp: new Date(message.publishedEpochMs).toISOString(),
          SignatureVersion: '1',
          Signature: 'EXAMPLE',
          SigningCertUrl: `${origin}SimpleNotificationService.pem`,
          UnsubscribeUrl: `${origin}?Action=Unsubscribe&SubscriptionArn=${subscription.arn}`,
          MessageAttributes: {},
        },
      },
    ],
  };
}
