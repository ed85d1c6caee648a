// Whose credentials these are, and requests signed with them.
import type { Identity } from '../../operate/preflight/reader';
import { service } from '../sdk';
import { ask } from './ask';

const sts = service('sts', async () => (await import('@aws-sdk/client-sts')).STS);

/** Takes no permission: IAM lets everybody ask. What time AWS has, its answers say in their Date header. */
export const identity = (awsRegion: string): Promise<Identity> =>
  ask({ action: 'sts:GetCallerIdentity', resource: 'the credentials', awsRegion }, async () => {
    const [client, { GetCallerIdentityCommand }] = await Promise.all([
      sts.client(awsRegion),
      import('@aws-sdk/client-sts'),
    ]);
    const command = new GetCallerIdentityCommand({});
    let clockAheadMs = 0;
    command.middlewareStack.add(
      (next) => async (args) => {
        const sentMs = Date.now();
        const result = await next(args);
        const date = (result.response as { headers?: Record<string, string> }).headers?.['date'];
        // The header is cut to the second.
        if (date) clockAheadMs = certainlyAhead(sentMs, Date.now(), Date.parse(date) + 500);
        return result;
      },
      { step: 'deserialize', priority: 'low' },
    );
    const { Account = '', Arn = '' } = await client.send(command);
    return { account: Account, arn: Arn, clockAheadMs };
  });

/** The answer was made some time between sending and receiving: what that leaves open is no difference of the clocks. */
function certainlyAhead(sentMs: number, receivedMs: number, theirsMs: number): number {
  if (theirsMs < sentMs) return sentMs - theirsMs;
  return theirsMs > receivedMs ? receivedMs - theirsMs : 0;
}

const MAX_ANSWER_BYTES = 1 << 20;

export interface SignedRequest {
  readonly service: 'fis' | 's3';
  readonly awsRegion: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Record<string, string> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
}

interface SignedAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** One request to a service of which no SDK client is here, with the credentials and the patience of every other one. */
export async function signedRequest({
  service,
  awsRegion,
  method,
  path,
  query = {},
  body,
}: SignedRequest): Promise<SignedAnswer> {
  const [client, { SignatureV4 }] = await Promise.all([sts.client(awsRegion), import('@smithy/signature-v4')]);
  const { credentials, sha256, requestHandler } = client.config;
  const { env } = process;
  const endpoint = env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ?? env['AWS_ENDPOINT_URL'];
  const url = new URL(endpoint ?? `https://${service}.${awsRegion}.amazonaws.com`);
  const signer = new SignatureV4({ service, region: awsRegion, credentials, sha256, uriEscapePath: service !== 's3' });
  const text = body === undefined ? undefined : JSON.stringify(body);
  const signed = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port ? { port: Number(url.port) } : {}),
    path,
    query,
    headers: {
      host: url.host,
      ...(text && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
    },
    ...(text && { body: text }),
  });
  const { response } = (await requestHandler.handle(signed as never)) as unknown as {
    response: { statusCode: number; headers: Record<string, string>; body: AsyncIterable<Buffer> };
  };
  let answer = '';
  for await (const chunk of response.body) {
    answer += chunk.toString('utf8');
    if (answer.length > MAX_ANSWER_BYTES) throw new Error(`the answer of ${service} exceeds ${MAX_ANSWER_BYTES} bytes`);
  }
  return { status: response.statusCode, headers: response.headers, text: answer };
}
