// Terraform's state in S3: the bucket is made as docs/state.md says, holds the state, and its lock file keeps a second run out.
import { BUCKET, IN_S3, UNPROTECTED } from './support/deployable';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { Stack } from './support/stack';

const KEY = 'dr/terraform.tfstate';
const SIGNED = 'AWS4-HMAC-SHA256 Credential=e2e/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=e2e';
const TARGET = '-target=aws_dynamodb_table.system_table';

let aws: EmulatedAws;
let bucket: Stack;
let stack: Stack;

beforeAll(async () => {
  aws = await startEmulatedAws();
  bucket = await Stack.synthesize('state', ['--state', ...IN_S3, ...UNPROTECTED], aws.env);
  await bucket.init();
  await bucket.apply();
  stack = await Stack.synthesize('dr', [...IN_S3, ...UNPROTECTED], aws.env);
  await stack.init();
  await stack.apply(TARGET);
});

afterAll(() => aws?.stop());

/** An object of the bucket, asked for by somebody who has signed (moto reads who, and does not check the signature). */
const s3 = (key: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${aws.endpoint}/${BUCKET}/${key}`, { ...init, headers: { authorization: SIGNED } });

test('the bucket keeps versions and keeps the public out', async () => {
  const types = (await bucket.applied()).map(({ type }) => type);
  expect(types).toEqual(expect.arrayContaining(['aws_s3_bucket_versioning', 'aws_s3_bucket_public_access_block']));
  expect(await bucket.plan()).toEqual([]);
});

test('the state of the stack is an object of the bucket', async () => {
  const state = (await (await s3(KEY)).json()) as { resources: { type: string; name: string }[] };
  expect(state.resources).toContainEqual(expect.objectContaining({ type: 'aws_dynamodb_table', name: 'system_table' }));
});

test('fails while somebody else holds the lock, and works when it is released', async () => {
  const lock = {
    ID: '0f6c1d9e-8a1b-4c62-9d0e-5f3a7b2c4d10',
    Operation: 'OperationTypeApply',
    Who: 'somebody@else',
    Path: `${BUCKET}/${KEY}`,
  };
  await s3(`${KEY}.tflock`, { method: 'PUT', body: JSON.stringify(lock) });
  const plan = ['plan', '-input=false', '-lock-timeout=0s', TARGET];
  const { stderr } = await stack.terraform(plan, [1]);
  expect(stderr).toContain('Error acquiring the state lock');
  expect(stderr).toContain('somebody@else');
  await stack.terraform(['force-unlock', '-force', lock.ID]);
  expect((await stack.terraform(plan)).stdout).toContain('No changes');
});

test('after a destroy the state is empty and the lock is gone', async () => {
  await stack.destroy(TARGET);
  expect((await s3(`${KEY}.tflock`)).status).toBe(404);
  expect(await (await s3(KEY)).json()).toMatchObject({ resources: [] });
});
