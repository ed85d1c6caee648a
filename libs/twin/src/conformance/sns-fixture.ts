// Test fixture: one topic of Mumbai, with the policies, keys and subscriptions that a test gives it.
import type { FaultKind } from '@dr/contracts';
import { CloudWatch } from '../services/cloudwatch/cloudwatch';
import { Iam } from '../services/iam/iam';
import type { Caller } from '../services/ports';
import { Sns } from '../services/sns/sns';
import { Queues } from '../services/sns/sqs';
import { answer, functionArn, functionsThat, MUMBAI, SINGAPORE, type Values } from './edge-fixture';
import { graphOf, resourcesIn, worldOf, type PlainResource } from './fixtures';

export const TOPIC = `arn:aws:sns:${MUMBAI}:123456789012:alerts`;
export const KEY = `arn:aws:kms:${MUMBAI}:123456789012:key/k`;
const ROLE = 'arn:aws:iam::123456789012:role/orchestrator';
const CALLER: Caller = { roleArn: ROLE, awsRegion: MUMBAI, name: 'failover-orchestrator' };
export const ALARM = {
  name: 'stale',
  service: 'cloudwatch.amazonaws.com',
  sourceArn: `arn:aws:cloudwatch:${MUMBAI}:1:alarm:stale`,
};
export const MESSAGE = { subject: 'ALARM: "stale"', body: '{"AlarmName":"stale"}' };

export const statement = (more: Values): Values => ({
  Effect: 'Allow',
  Action: 'sns:Publish',
  Resource: TOPIC,
  ...more,
});
export const cloudwatch = { Principal: { Service: 'cloudwatch.amazonaws.com' } };
export const account = { Principal: { AWS: 'arn:aws:iam::123456789012:root' } };
export const useKey = (who: Values, ...actions: string[]): Values =>
  statement({ ...who, Action: actions, Resource: '*' });

export interface Stack {
  readonly topic?: Values;
  readonly topicPolicy?: string;
  /** null: a key without one; undefined: no key. */
  readonly keyPolicy?: string | null | undefined;
  readonly rolePolicy?: string;
  readonly subscriptions?: readonly Values[];
  readonly more?: readonly PlainResource[];
  readonly permits?: boolean;
}

export function snsOf(stack: Stack = {}) {
  const world = worldOf();
  const { topicPolicy, keyPolicy, rolePolicy } = stack;
  const graph = graphOf([
    ...resourcesIn(MUMBAI, {
      aws_sns_topic: { alerts: { name: 'alerts', ...stack.topic } },
      aws_sns_topic_policy: topicPolicy === undefined ? {} : { p: { arn: TOPIC, policy: topicPolicy } },
      aws_kms_key: keyPolicy === undefined ? {} : { key: { arn: KEY, policy: keyPolicy } },
      aws_iam_role: { role: { name: 'orchestrator' } },
      aws_iam_role_policy: rolePolicy === undefined ? {} : { rp: { role: 'orchestrator', policy: rolePolicy } },
      aws_sns_topic_subscription: Object.fromEntries(
        (stack.subscriptions ?? []).map((values, i) => [`s${i}`, { topic_arn: TOPIC, ...values }]),
      ),
    }),
    ...(stack.more ?? []),
  ]);
  const functions = functionsThat(() => answer(200), stack.permits);
  const authorize = new Iam(world, graph);
  const metrics = new CloudWatch(world, graph);
  const queues = new Queues(world, graph, { metrics, authorize });
  queues.start();
  const ports = { functions: functions.invoker, authorize, deadLetters: queues };
  const sns = new Sns(world, graph, ports);
  const run = (seconds: number): Promise<void> => world.scheduler.runUntil(seconds * 1_000);
  const publish = () => sns.publish(TOPIC, MESSAGE, ALARM);
  const fault = (kind: FaultKind, region: string) => ({ kind, region, startSeconds: 0, durationSeconds: 60 });
  const call = async (form: Readonly<Record<string, string>>, awsRegion = MUMBAI) => {
    const body = Buffer.from(new URLSearchParams({ Action: 'Publish', TopicArn: TOPIC, ...form }).toString());
    const pending = sns.handle(awsRegion, CALLER, { method: 'POST', path: '/', headers: {}, body });
    await world.scheduler.runUntil(world.scheduler.now() + 5_000);
    const response = await pending;
    const text = response.body.toString();
    return {
      status: response.status,
      code: /<Code>(\w+)/.exec(text)?.[1],
      messageId: /<MessageId>([^<]+)/.exec(text)?.[1],
    };
  };
  return { world, sns, functions, queues, metrics, run, publish, fault, call };
}

export const EMAIL = { protocol: 'email', endpoint: 'ops@example.com' };
export const FUNCTION = { protocol: 'lambda', endpoint: functionArn(MUMBAI, 'failover-orchestrator') };
export const FAR = { protocol: 'lambda', endpoint: functionArn(SINGAPORE, 'failover-orchestrator') };
