// The Notifier port over one SNS topic.
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Notifier } from '../ports';
import type { AwsIdentity } from './aws-request';

const MAX_ATTEMPTS = 2;

export function snsNotifier(identity: AwsIdentity, region: string, topicArn: string): Notifier {
  const client = new SNSClient({ region, maxAttempts: MAX_ATTEMPTS, ...identity });
  client.middlewareStack.remove('loggerMiddleware');
  return {
    async publish({ subject, body }, abortSignal) {
      const command = new PublishCommand({
        TopicArn: topicArn,
        Subject: subject,
        Message: JSON.stringify(body, null, 2),
      });
      await client.send(command, abortSignal ? { abortSignal } : {});
    },
  };
}
