// An alert topic: encrypted, published to by alarms of its region and by named functions, read by people and functions.
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { InputError, alarmRoute } from '@dr/contracts';
import { ENV, topicName } from '@dr/contracts/system';
import { Lazy } from 'cdktf';
import type { Construct } from 'constructs';
import type { DeadLetters } from './dead-letters';
import type { EncryptionKey } from './encryption-key';
import type { RegionFunction } from './function';
import { checkedName } from './names';
import { policyJson, type ResourceStatement } from './policy';
import { MAIN_RESOURCE, Placed, type PlacedProps } from './region';

export interface AlertTopicProps extends PlacedProps {
  readonly key: EncryptionKey;
  /** Keeps what a function could not be told. */
  readonly deadLetters: DeadLetters;
  readonly emails: readonly string[];
  /** E.164 numbers. */
  readonly sms: readonly string[];
}

export class AlertTopic extends Placed {
  readonly arn: string;
  private readonly key: EncryptionKey;
  private readonly deadLetters: DeadLetters;
  private readonly publishers: string[] = [];

  constructor(scope: Construct, id: string, props: AlertTopicProps) {
    super(scope, id, props.place);
    const { system, name } = props.place;
    this.key = props.key;
    this.deadLetters = props.deadLetters;
    const topic = new SnsTopic(this, MAIN_RESOURCE, {
      name: checkedName('topic', topicName(system, name)),
      kmsMasterKeyId: props.key.arn,
    });
    this.arn = topic.arn;
    props.deadLetters.take('sns.amazonaws.com', topic.arn);
    new SnsTopicPolicy(this, 'policy', {
      arn: topic.arn,
      policy: Lazy.stringValue({ produce: () => policyJson(this.policy()) }),
    });
    const people = [
      ...props.emails.map((endpoint) => ({ protocol: 'email', endpoint })),
      ...props.sms.map((endpoint) => ({ protocol: 'sms', endpoint })),
    ];
    people.forEach(({ protocol, endpoint }, i) => {
      new SnsTopicSubscription(this, `${protocol}_${i}`, { topicArn: topic.arn, protocol, endpoint });
    });
  }

  /** Lets the function publish here, and tells it where. */
  grantPublish(fn: RegionFunction): void {
    fn.grant({ sid: 'Publish', actions: ['sns:Publish'], resources: [this.arn] });
    this.key.grantUse(fn);
    fn.tell({ [ENV.topicArn]: this.arn });
    this.publishers.push(fn.roleArn);
  }

  /** Sends every message to the function, which may live in another region. Throws InputError where SNS would not deliver. */
  notify(fn: RegionFunction): void {
    const route = alarmRoute(this.place.awsRegion, fn.place.awsRegion);
    if (route.way !== 'sns') {
      throw new InputError(
        `the topic ${topicName(this.place.system, this.place.name)} and ${fn.name} in ${fn.place.awsRegion}`,
        `would not hear each other: ${route.because}`,
        'Bring the alarms there by AlarmEvents, or subscribe a function of a region that is enabled by default',
      );
    }
    const permission = fn.allowService(`topic_${this.place.name.replaceAll('-', '_')}`, route.principal, this.arn);
    new SnsTopicSubscription(fn, `subscription_${this.place.name.replaceAll('-', '_')}`, {
      // A subscription is made where its topic is.
      provider: this.place.provider,
      topicArn: this.arn,
      protocol: 'lambda',
      endpoint: fn.aliasArn,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: this.deadLetters.arn }),
      dependsOn: [permission],
    });
  }

  private policy(): ResourceStatement[] {
    const resources = [this.arn];
    const actions = ['sns:Publish'];
    return [
      {
        sid: 'Alarms',
        principal: { Service: 'cloudwatch.amazonaws.com' },
        actions,
        resources,
        conditions: { StringEquals: { 'aws:SourceAccount': this.place.accountId } },
      },
      ...(this.publishers.length > 0
        ? [{ sid: 'Functions', principal: { AWS: this.publishers }, actions, resources }]
        : []),
    ];
  }
}
