// The FunctionInvoker port over Lambda's Invoke API (Lambda API reference, Invoke).
import { jsonIn } from '../json';
import type { FunctionInvoker, Invocation } from '../ports';
import { awsSender, type AwsIdentity, type AwsRequest, type AwsResponse } from './aws-request';

export function lambdaInvoker(identity: AwsIdentity, region: string): FunctionInvoker {
  const send = awsSender(identity, 'lambda', region);
  const request = (functionName: string, payload: unknown, type: 'RequestResponse' | 'Event'): AwsRequest => ({
    method: 'POST',
    path: `/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations`,
    headers: { 'content-type': 'application/json', 'x-amz-invocation-type': type },
    body: JSON.stringify(payload),
  });
  return {
    async invoke(functionName, payload, signal) {
      try {
        return outcomeOf(await send(request(functionName, payload, 'RequestResponse'), signal));
      } catch (error) {
        return { kind: 'unreachable', message: String(error) };
      }
    },
    async invokeLater(functionName, payload, signal) {
      const { status, body } = await send(request(functionName, payload, 'Event'), signal);
      if (status !== 202) throw new Error(`Lambda did not take the event for ${functionName}: ${status} ${body}`);
    },
  };
}

function outcomeOf({ status, headers, body }: AwsResponse): Invocation {
  if (status === 429) return { kind: 'throttled' };
  if (status !== 200) return { kind: 'unreachable', message: `${status} ${body.slice(0, 300)}` };
  if (headers['x-amz-function-error']) return { kind: 'function-error', message: body.slice(0, 300) };
  const payload = jsonIn(body);
  return payload === undefined
    ? { kind: 'function-error', message: 'the answer is not JSON' }
    : { kind: 'ok', payload };
}
