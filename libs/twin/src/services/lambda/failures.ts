// Where an asynchronous event goes that failed for good: the failure destination, and the dead-letter queue (FN-04).
import { parseArn } from '@dr/stack';
import type { World } from '../../world';
import type { Authorize, Metrics, TopicPublisher } from '../ports';
import type { Queues } from '../sns/sqs';
import type { FailedEvent } from './async';
import type { FunctionConfig } from './config';

export interface FailurePorts {
  readonly metrics: Metrics;
  readonly authorize: Authorize;
  readonly topics: TopicPublisher;
  readonly queues: Pick<Queues, 'accept'>;
}

const ACTIONS: Readonly<Record<string, string>> = { sns: 'sns:Publish', sqs: 'sqs:SendMessage' };

/** The function's role must allow the sending. An event that it may not send is lost, and counted as AWS counts it. */
export function sendToFailureTargets(
  world: World,
  ports: FailurePorts,
  awsRegion: string,
  config: FunctionConfig,
  failed: FailedEvent,
): void {
  const caller = { roleArn: config.roleArn, awsRegion, name: config.logicalName };
  const send = (targetArn: string, body: string): boolean => {
    const target = parseArn(targetArn);
    const action = ACTIONS[target?.service ?? ''];
    if (!target || !action || !ports.authorize.allows(caller, action, targetArn)) return false;
    if (target.service === 'sqs') return ports.queues.accept(targetArn);
    return 'messageId' in ports.topics.publish(targetArn, { subject: `Failed event of ${config.name}`, body }, caller);
  };
  const dimensions = { FunctionName: config.name };
  const count = (name: string): void =>
    ports.metrics.put({ awsRegion, namespace: 'AWS/Lambda', name, dimensions, value: 1 });
  const { onFailureArn } = failed.config;
  if (onFailureArn && !send(onFailureArn, destinationRecord(world, failed))) count('DestinationDeliveryFailures');
  if (config.deadLetterArn && !send(config.deadLetterArn, JSON.stringify(failed.payload))) count('DeadLetterErrors');
}

const destinationRecord = (world: World, failed: FailedEvent): string =>
  JSON.stringify({
    version: '1.0',
    timestamp: new Date(world.scheduler.epochNow()).toISOString(),
    requestContext: {
      functionArn: failed.functionArn,
      condition: failed.condition,
      approximateInvokeCount: failed.attempts,
    },
    requestPayload: failed.payload,
    // A function that was not tried has answered nothing.
    ...(failed.message === undefined
      ? {}
      : { responseContext: { functionError: 'Unhandled' }, responsePayload: { errorMessage: failed.message } }),
  });
