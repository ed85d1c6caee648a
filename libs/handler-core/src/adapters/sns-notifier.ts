// The Notifier port over one SNS topic: Publish without the SDK's client, which adds 33 KB to a bundle (docs/decisions/0005).
import type { Cancellation } from '../cancellation';
import type { Notifier } from '../ports';
import { awsSender, type AwsIdentity, type AwsResponse } from './aws-request';

/** A topic may take a message twice then; its id tells (docs/behaviour.md). */
const MAX_ATTEMPTS = 2;
/** SNS API reference, "Common parameters". */
const API_VERSION = '2010-03-31';

export function snsNotifier(identity: AwsIdentity, region: string, topicArn: string): Notifier {
  const send = awsSender(identity, 'sns', region);
  return {
    async publish({ subject, body }, signal) {
      const parameters = {
        Action: 'Publish',
        Version: API_VERSION,
        TopicArn: topicArn,
        Subject: subject,
        Message: JSON.stringify(body, null, 2),
      };
      const request = {
        method: 'POST',
        path: '/',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(parameters).toString(),
      } as const;
      for (let attempt = 1; ; attempt += 1) {
        const answer = await send(request, signal).catch((error: unknown) => unanswered(error, signal, attempt));
        if (answer?.status === 200) return;
        // Refused for good; and a throttled or failing topic is asked once more.
        const again = answer === undefined || answer.status >= 500 || answer.status === 429;
        if (!again || attempt >= MAX_ATTEMPTS) throw new Error(`SNS did not take it: ${said(answer)}`);
      }
    },
  };
}

function unanswered(error: unknown, signal: Cancellation | undefined, attempt: number): undefined {
  if (signal?.aborted || attempt >= MAX_ATTEMPTS) throw error;
  return undefined;
}

const said = (answer: AwsResponse | undefined): string =>
  answer ? `${answer.status} ${answer.body.slice(0, 300)}` : 'no answer';
