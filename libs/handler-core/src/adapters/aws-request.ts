// Signed requests to AWS (Signature Version 4) over Node's own client: Lambda's and Secrets Manager's SDK clients would
// each add 40 to 90 KB to a bundle for the one call that we make.
import { createHash, createHmac } from 'node:crypto';
import * as http from 'node:http';
import * as https from 'node:https';
import { InputError } from '@dr/contracts';
import type { Variables } from '../environment';

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
  readonly service: string;
  readonly region: string;
  readonly method: 'POST';
  /** URL-encoded once. */
  readonly path: string;
  /** Already encoded and sorted by name. */
  readonly query?: string;
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

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text, 'utf8').digest();

/** The headers to send, signed. `at`: the time of signing. Source: IAM user guide, "Create a signed AWS API request". */
export function signedHeaders(
  request: AwsRequest,
  host: string,
  identity: AwsIdentity,
  at: Date,
): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = identity.credentials;
  const time = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const date = time.slice(0, 8);
  const headers: Record<string, string> = {
    ...request.headers,
    host,
    'x-amz-date': time,
    ...(sessionToken ? { 'x-amz-security-token': sessionToken } : {}),
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    request.method,
    // Every service but S3 signs the path encoded once more.
    request.path.split('/').map(encodeURIComponent).join('/'),
    request.query ?? '',
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    '',
    names.join(';'),
    sha256(request.body),
  ].join('\n');
  const scope = `${date}/${request.region}/${request.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, date), request.region), request.service), 'aws4_request');
  const signature = hmac(key, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...headers, authorization };
}

/** Rejects when no answer comes; any status is an answer. */
export function sendAws(identity: AwsIdentity, request: AwsRequest, signal?: AbortSignal): Promise<AwsResponse> {
  const url = new URL(identity.endpoint ?? `https://${request.service}.${request.region}.amazonaws.com`);
  const headers = signedHeaders(request, url.host, identity, new Date());
  const options = {
    hostname: url.hostname,
    port: url.port,
    method: request.method,
    path: request.query ? `${request.path}?${request.query}` : request.path,
    headers: { ...headers, 'content-length': String(Buffer.byteLength(request.body)) },
    ...(signal ? { signal } : {}),
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
