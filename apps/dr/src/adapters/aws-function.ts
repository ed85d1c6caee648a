// A function of the applied system on AWS, called through Lambda's Invoke.
import { LIVE_ALIAS } from '@dr/contracts/system';
import { Refused, type LiveFunction } from '../operate/operator';
import { textField } from '../operate/text-field';
import { PATIENCE, service } from './sdk';

/** Our functions end after 30 s. A second call would be a second invocation: never tried by itself. */
const WAITING = {
  maxAttempts: 1,
  requestHandler: { ...PATIENCE.requestHandler, requestTimeout: 40_000 },
} as const;

export function liveFunction(awsRegion: string, name: string): LiveFunction {
  const lambda = service('lambda', async () => (await import('@aws-sdk/client-lambda')).Lambda, {
    client: WAITING,
    actions: { Invoke: 'InvokeFunction' },
  });
  return {
    invoke: async (payload) => {
      const { FunctionError, Payload } = await lambda(awsRegion, `function ${name}:${LIVE_ALIAS}`).invoke({
        FunctionName: name,
        Qualifier: LIVE_ALIAS,
        Payload: JSON.stringify(payload),
      });
      const text = Buffer.from(Payload ?? []).toString('utf8');
      // Lambda's answer of a function that failed is `{ errorType, errorMessage }`.
      if (FunctionError)
        throw new Refused(`${name} in ${awsRegion} failed: ${textField(text, 'errorMessage') ?? text}.`);
      return text === '' ? null : (JSON.parse(text) as unknown);
    },
  };
}
