// Topics of the stack with their policies, keys and subscriptions, refused where SNS would refuse them.
import { InputError } from '@dr/contracts';
import { isObject } from '../../is-object';
import { checkedPolicy } from '../iam/policy';
import { type Graph, type Resource, textOf, type Values } from '@dr/terraform-json';

/** What encrypts a topic: nothing, the key that AWS manages for SNS, or a key of the stack. */
type TopicKey =
  | { readonly kind: 'none' | 'aws-managed' | 'unknown' }
  | { readonly kind: 'customer'; readonly arn: string; readonly policy: unknown };

export interface Subscription {
  readonly arn: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** Queue for what cannot be delivered. */
  readonly deadLetterArn: string | undefined;
}

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly awsRegion: string;
  /** undefined: SNS's default policy, which lets the account publish. */
  readonly policy: unknown;
  readonly key: TopicKey;
  readonly subscriptions: readonly Subscription[];
}

const AWS_MANAGED = 'alias/aws/sns';
/** Protocols whose messages go to a person or to a host outside AWS. */
const OUTSIDE = ['email', 'email-json', 'sms', 'http', 'https', 'application'];

export function readTopics(graph: Graph): ReadonlyMap<string, Topic> {
  for (const resource of graph.ofType('aws_sns_topic_subscription')) checkSubscription(graph, resource);
  return new Map(
    graph.ofType('aws_sns_topic').map((resource) => {
      const arn = String(graph.attribute(resource, 'arn'));
      const topic: Topic = {
        arn,
        name: arn.split(':').at(-1) ?? arn,
        awsRegion: resource.awsRegion,
        policy: checkedPolicy(
          graph.find('aws_sns_topic_policy', 'arn', arn)?.values['policy'] ?? textOf(resource.values, 'policy'),
          arn,
        ),
        key: readKey(graph, resource),
        subscriptions: graph
          .ofType('aws_sns_topic_subscription')
          .filter(({ values }) => values['topic_arn'] === arn)
          .map((subscription, i) => readSubscription(subscription, arn, i)),
      };
      return [arn, topic];
    }),
  );
}

function readKey(graph: Graph, topic: Resource): TopicKey {
  const id = textOf(topic.values, 'kms_master_key_id');
  if (id === undefined) return { kind: 'none' };
  if (id.endsWith(AWS_MANAGED)) return { kind: 'aws-managed' };
  const alias = graph
    .ofType('aws_kms_alias')
    .find((one) => one.awsRegion === topic.awsRegion && id.endsWith(textOf(one.values, 'name') ?? ' '));
  const wanted = (alias && textOf(alias.values, 'target_key_id')) ?? id;
  const isKey = (one: Resource, named: unknown): boolean =>
    ['arn', 'id', 'key_id'].some((name) => graph.attribute(one, name) === named);
  const key = graph.ofType('aws_kms_key').find((one) => isKey(one, wanted));
  // SNS uses keys of its own region only.
  if (!key || key.awsRegion !== topic.awsRegion) return { kind: 'unknown' };
  const apart = graph.ofType('aws_kms_key_policy').find(({ values }) => isKey(key, values['key_id']));
  const arn = String(graph.attribute(key, 'arn'));
  return { kind: 'customer', arn, policy: checkedPolicy(apart?.values['policy'] ?? textOf(key.values, 'policy'), arn) };
}

function readSubscription({ values, address }: Resource, topicArn: string, position: number): Subscription {
  return {
    arn: `${topicArn}:00000000-0000-4000-8000-${String(position).padStart(12, '0')}`,
    protocol: textOf(values, 'protocol') ?? '',
    endpoint: textOf(values, 'endpoint') ?? '',
    deadLetterArn: deadLetterArn(values, address),
  };
}

function deadLetterArn(values: Values, address: string): string | undefined {
  const text = textOf(values, 'redrive_policy');
  if (text === undefined) return undefined;
  const policy = objectIn(text);
  const arn = policy && textOf(policy, 'deadLetterTargetArn');
  if (arn !== undefined) return arn;
  const fix = 'Give {"deadLetterTargetArn": "the ARN of an SQS queue"}, or leave it out';
  throw new InputError(`${address}: redrive_policy "${text}"`, 'names no queue', fix);
}

function objectIn(text: string): Values | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function checkSubscription(graph: Graph, { values, address, awsRegion }: Resource): void {
  const topicArn = textOf(values, 'topic_arn') ?? '';
  const refuse = (what: string, why: string, fix: string): never => {
    throw new InputError(`${address}: ${what}`, why, fix);
  };
  const topic = graph.find('aws_sns_topic', 'arn', topicArn);
  if (!topic) {
    return refuse(
      `topic_arn "${topicArn}"`,
      'is no topic of this stack',
      'Refer to an aws_sns_topic of the same stack',
    );
  }
  if (topic.awsRegion !== awsRegion) {
    refuse(
      `topic_arn "${topicArn}"`,
      `is a topic in ${topic.awsRegion}, and a subscription is made in its topic's region, not in ${awsRegion}`,
      `Use the provider of ${topic.awsRegion}; the endpoint may be in another region`,
    );
  }
  const queue = deadLetterArn(values, address);
  if (queue !== undefined && queue.split(':')[3] !== awsRegion) {
    refuse(
      `redrive_policy "${queue}"`,
      `is a queue outside ${awsRegion}, where SNS cannot leave messages`,
      `Use a queue of ${awsRegion}`,
    );
  }
  const protocol = textOf(values, 'protocol') ?? '';
  if (protocol !== 'lambda' && !OUTSIDE.includes(protocol)) {
    refuse(`protocol "${protocol}"`, 'the twin does not deliver so', `Use lambda or ${OUTSIDE.join(', ')}`);
  }
  const isWeb = protocol.startsWith('http');
  if (isWeb && [values, topic.values].some((one) => textOf(one, 'delivery_policy') !== undefined)) {
    refuse(
      `protocol "${protocol}" with a delivery_policy`,
      'the twin knows the delivery policies of SNS alone',
      'Remove it from the subscription and its topic: SNS tries three times more, 20 s apart',
    );
  }
  if (textOf(values, 'filter_policy') !== undefined) {
    refuse('filter_policy', 'the twin does not filter messages', 'Remove it: alert topics carry few messages');
  }
}
