// What SNS would drop without a word: checks on the JSON, run at every synth (behaviour SNS-03, SNS-04).
import { InputError, alarmRoute } from '@dr/contracts';

import { awsRegionOf, resourcesOf, type Resource, type StackJson } from './stack-json';

/** Throws InputError with the address of the first subscription that no message would get through. */
export function checkSnsDelivery(stack: StackJson): void {
  const resources = resourcesOf(stack);
  const permissions = resources.filter(({ type }) => type === 'aws_lambda_permission');
  for (const subscription of resources.filter(({ type }) => type === 'aws_sns_topic_subscription')) {
    const { properties } = subscription;
    const topic = referred(resources, properties['topic_arn']);
    const fn = referred(resources, properties['endpoint']);
    if (properties['protocol'] === 'lambda' && topic && fn)
      checkDelivery(stack, { subscription, topic, fn, permissions });
  }
}

interface Delivery {
  readonly subscription: Resource;
  readonly topic: Resource;
  readonly fn: Resource;
  readonly permissions: readonly Resource[];
}

function checkDelivery(stack: StackJson, { subscription, topic, fn, permissions }: Delivery): void {
  const [from, to] = [awsRegionOf(stack, topic) ?? '', awsRegionOf(stack, fn) ?? ''];
  const route = alarmRoute(from, to);
  if (route.way !== 'sns') {
    throw new InputError(
      `${subscription.address}: ${topic.address} in ${from} to ${fn.address} in ${to}`,
      `would never be delivered: ${route.because}`,
      'Bring alarms there over EventBridge',
    );
  }
  // A subscription waits for its permission.
  const awaited = JSON.stringify(subscription.properties['depends_on'] ?? []);
  const permission = permissions.find(({ address }) => awaited.includes(`"${address}"`));
  if (permission === undefined || permission.properties['principal'] === route.principal) return;
  throw new InputError(
    `${permission.address}: principal "${String(permission.properties['principal'])}"`,
    `is not who invokes a function in ${to} for a topic in ${from}, so every message would be denied`,
    `Use ${route.principal}`,
  );
}

/** The resource of the stack that an interpolation such as `${aws_sns_topic.a.arn}` refers to. */
const referred = (resources: readonly Resource[], reference: unknown): Resource | undefined =>
  resources.find(({ address }) => String(reference).startsWith(`\${${address}.`));
