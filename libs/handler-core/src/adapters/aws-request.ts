// Requests to AWS over Node's client, signed by the SDK's signer: Lambda's client adds 88 KB for one call (docs/decisions/0005).
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import { SignatureV4 } from '@smithy/signature-v4';
import { InputError } from '@dr/contracts';
import { abortSignalOf, type Cancellation } from '../cancellation';
import type { Variables } from '../environment';
import { systemClock } from './system';

export interface AwsIdentity {
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** In place of all AWS endpoints, for an emulated AWS. */
  readonly endpoint?: string;
}

/** The execution role's credentials: Lambda puts them into the environment and nowhere else. */
export function awsIdentity(variables: Variables): AwsIdentity {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = variables;
  if (!accessKeyId || !secretAccessKey) {
    throw new InputError(
      'AWS_ACCESS_KEY_ID',
      'is not set',
      'Run the function in Lambda, or set the credentials it would',
    );
  }
  const { AWS_SESSION_TOKEN: sessionToken, AWS_ENDPOINT_URL: endpoint } = variables;
  return {
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) },
    ...(endpoint ? { endpoint } : {}),
  };
}

export interface AwsRequest {
  readonly method: 'POST';
  /** URL-encoded once. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Larger answers are refused: nothing that we ask for comes near it. */
const MAX_ANSWER_BYTES = 6 * 1024 * 1024;

type SourceData = string | ArrayBuffer | ArrayBufferView;

const bytesOf = (data: SourceData): string | Uint8Array =>
  typeof data === 'string' || data instanceof Uint8Array
    ? data
    : new Uint8Array(ArrayBuffer.isView(data) ? data.buffer : data);

/** SHA-256, keyed or not, in the form that the signer asks for. */
class Sha256 {
  private readonly hash: Hash | Hmac;

  constructor(secret?: SourceData) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: SourceData): void {
    this.hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }

  reset(): void {
    throw new Error('the signer makes a new hash for each message');
  }
}

/** Signs requests to one service of one region (SigV4). */
export const requestSigner = ({ credentials }: AwsIdentity, service: string, region: string): SignatureV4 =>
  new SignatureV4({ credentials, region, service, sha256: Sha256, applyChecksum: false });

/** The headers to send, signed. `at`: the time of signing. */
export async function signedHeaders(
  signer: Pick<SignatureV4, 'sign'>,
  { method, path, headers, body }: AwsRequest,
  host: string,
  at: Date,
): Promise<Record<string, string>> {
  const request = { method, protocol: 'https:', hostname: host, path, query: {}, headers: { ...headers, host }, body };
  return (await signer.sign(request, { signingDate: at })).headers;
}

export type SendAws = (request: AwsRequest, signal?: Cancellation) => Promise<AwsResponse>;

/** Sends requests to one service of one region. Rejects when no answer comes; any status is an answer. */
export function awsSender(identity: AwsIdentity, service: string, region: string): SendAws {
  const url = new URL(identity.endpoint ?? `https://${service}.${region}.amazonaws.com`);
  const signer = requestSigner(identity, service, region);
  return async (request, signal) =>
    exchange(url, request, await signedHeaders(signer, request, url.host, new Date(systemClock.wallMs())), signal);
}

function exchange(
  url: URL,
  request: AwsRequest,
  headers: Readonly<Record<string, string>>,
  signal: Cancellation | undefined,
): Promise<AwsResponse> {
  const options = {
    hostname: url.hostname,
    port: url.port,
    method: request.method,
    path: request.path,
    headers: { ...headers, 'content-length': String(Buffer.byteLength(request.body)) },
    ...(signal ? { signal: abortSignalOf(signal) } : {}),
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'http:' ? http.request : https.request;
    const sent = send(options, (response) => collect(response, resolve, reject));
    sent.on('error', reject);
    sent.end(request.body);
  });
}

export function collect(
  response: http.IncomingMessage,
  resolve: (answer: AwsResponse) => void,
  reject: (error: Error) => void,
): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) response.destroy(new Error(`the answer exceeds ${MAX_ANSWER_BYTES} bytes`));
    else chunks.push(chunk);
  });
  response.on('error', reject);
  response.on('end', () =>
    resolve({
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    }),
  );
}
