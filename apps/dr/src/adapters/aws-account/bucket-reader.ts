// One bucket, by one signed request: S3's client would be 5 MB more to install for the one call that we make.
import type { Bucket } from '../../operate/preflight/reader';
import { ask } from './ask';
import { signedRequest } from './sts-reader';

/** GetBucketVersioning tells whether the bucket is there, versioned, and in the region that was asked. */
export const bucket = (awsRegion: string, name: string): Promise<Bucket | undefined> =>
  ask({ action: 's3:GetBucketVersioning', resource: `bucket ${name}`, awsRegion }, async () => {
    const request = { service: 's3', awsRegion, method: 'GET', path: `/${name}`, query: { versioning: '' } } as const;
    const { status, headers, text } = await signedRequest(request);
    const elsewhere = headers['x-amz-bucket-region'];
    if (elsewhere !== undefined && elsewhere !== awsRegion) return { region: elsewhere, versioned: false };
    if (status < 300) return { region: awsRegion, versioned: /<Status>Enabled<\/Status>/.test(text) };
    const code = /<Code>([^<]+)<\/Code>/.exec(text)?.[1] ?? `HTTP ${status}`;
    if (code === 'NoSuchBucket') return undefined;
    const message = /<Message>([^<]+)<\/Message>/.exec(text)?.[1] ?? '';
    throw Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: status } });
  });
