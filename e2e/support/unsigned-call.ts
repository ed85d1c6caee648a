// Calls of services that have no SDK client here. The emulator reads service and region from the credential, and checks no signature.
import { CREDENTIALS } from './emulated-aws';

interface Call {
  readonly endpoint: string;
  readonly region: string;
  readonly service: string;
  readonly method: string;
  /** @default / */
  readonly path?: string;
  /** Of the JSON protocols: `Service.Operation`. */
  readonly target?: string;
  readonly body?: unknown;
}

/** Rejects with what the service said when that is an error. */
export async function unsignedCall({ endpoint, region, service, method, path = '/', target, body }: Call) {
  const answer = await fetch(`${endpoint}${path}`, {
    method,
    headers: {
      'content-type': target ? 'application/x-amz-json-1.1' : 'application/json',
      authorization: `AWS4-HMAC-SHA256 Credential=${CREDENTIALS.accessKeyId}/20300101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      ...(target ? { 'x-amz-target': target } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${service} ${target ?? path}: ${answer.status} ${text}`);
  return (text ? JSON.parse(text) : {}) as Readonly<Record<string, unknown>>;
}
