// One bucket, by one signed request: S3's client would be 5 MB more to install for the one call that we make.
import type { Bucket } from '../../preflight/reader';
import { ask } from './ask';
import { PATIENCE } from '../sdk';
import { signing } from './sts-reader';

/** GetBucketVersioning tells whether the bucket is there, versioned, and in the region that was asked. */
export const bucket = (awsRegion: string, name: string): Promise<Bucket | undefined> =>
  ask({ action: 's3:GetBucketVersioning', resource: `bucket ${name}`, awsRegion }, async () => {
    const { credentials, sha256, endpoint } = await signing(awsRegion);
    const { SignatureV4 } = await import('@smithy/signature-v4');
    const url = new URL(endpoint ?? `https://s3.${awsRegion}.amazonaws.com`);
    const signer = new SignatureV4({ service: 's3', region: awsRegion, credentials, sha256, uriEscapePath: false });
    const { headers } = await signer.sign({
      method: 'GET',
      protocol: url.protocol,
      hostname: url.hostname,
      path: `/${name}`,
      query: { versioning: '' },
      headers: { host: url.host },
    });
    const answer = await fetch(new URL(`/${name}?versioning=`, url), {
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE.requestHandler.requestTimeout),
    });
    const body = await answer.text();
    const elsewhere = answer.headers.get('x-amz-bucket-region');
    if (elsewhere !== null && elsewhere !== awsRegion) return { region: elsewhere, versioned: false };
    if (answer.ok) return { region: awsRegion, versioned: /<Status>Enabled<\/Status>/.test(body) };
    const code = /<Code>([^<]+)<\/Code>/.exec(body)?.[1] ?? `HTTP ${answer.status}`;
    if (code === 'NoSuchBucket') return undefined;
    const message = /<Message>([^<]+)<\/Message>/.exec(body)?.[1] ?? '';
    throw Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: answer.status } });
  });
