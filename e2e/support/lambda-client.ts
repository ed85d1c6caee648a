// Calls the applied functions as a timer or an operator would: through Lambda, behind the alias.
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { lambdaName, LIVE_ALIAS, type FunctionName } from '@dr/contracts/system';
import { CREDENTIALS } from './emulated-aws';

/** Rejects when the function fails: an HTTP error is an answer, a function error is not. */
export async function invoke(endpoint: string, region: string, functionName: FunctionName, event: unknown) {
  const client = new LambdaClient({ endpoint, region, credentials: CREDENTIALS });
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({
      FunctionName: lambdaName('dr', functionName),
      Qualifier: LIVE_ALIAS,
      Payload: JSON.stringify(event),
    }),
  );
  const text = Buffer.from(Payload ?? []).toString();
  if (FunctionError) throw new Error(`${functionName}: ${text}`);
  return JSON.parse(text) as unknown;
}
