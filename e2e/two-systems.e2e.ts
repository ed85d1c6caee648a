// Two systems in one account: everything of both that has a name which AWS wants unique, applied one after the other.
import { applyZone, settings, UNPROTECTED } from './support/deployable';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { Stack } from './support/stack';

const SYSTEMS = { dr: 'app', shop: 'shop' } as const;
type System = keyof typeof SYSTEMS;
const NAMES = Object.keys(SYSTEMS) as System[];

/** One region's and the global layer's; with what they need, most of a stack. Names of a certificate are the domain's. */
const NAMED =
  /^aws_(cloudtrail|cloudwatch_(dashboard|event_rule|log_group|metric_alarm)|dynamodb_table|iam_role|kms_alias|lambda_alias|lb|lb_target_group|s3_bucket|secretsmanager_secret|sns_topic|sqs_queue)\.(?!singapore_)/;

/** moto reads who asks, and does not check the signature. */
const SIGNED = 'AWS4-HMAC-SHA256 Credential=e2e/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=e2e';

let aws: EmulatedAws;
let stacks: Readonly<Record<System, Stack>>;
const targetsOf = (stack: Stack): string[] =>
  stack
    .declared()
    .filter((address) => NAMED.test(address))
    .map((address) => `-target=${address}`);

beforeAll(async () => {
  aws = await startEmulatedAws();
  await applyZone(aws);
  const synthesize = (system: System): Promise<Stack> => {
    const own = settings(`system=${system}`, `domain=${SYSTEMS[system]}.example.com`);
    return Stack.synthesize('dr', [...own, ...UNPROTECTED], aws.env);
  };
  stacks = { dr: await synthesize('dr'), shop: await synthesize('shop') };
  for (const name of NAMES) {
    await stacks[name].init();
    await stacks[name].apply(...targetsOf(stacks[name]));
  }
});

afterAll(() => aws?.stop());

test('both are applied, each with all of its names', async () => {
  for (const name of NAMES) {
    const applied = (await stacks[name].applied()).map(({ address }) => address);
    const declared = stacks[name].declared().filter((address) => NAMED.test(address));
    expect(applied).toEqual(expect.arrayContaining(declared));
    expect(declared.length).toBeGreaterThan(40);
  }
});

test('nothing that has an ARN belongs to both', async () => {
  const arns = async (name: System): Promise<string[]> =>
    (await stacks[name].applied())
      .map(({ values }) => String(values['arn'] ?? ''))
      .filter((arn) => arn.startsWith('arn:'));
  const [first, second] = [await arns('dr'), new Set(await arns('shop'))];
  expect(first.filter((arn) => second.has(arn))).toEqual([]);
  expect(first.length).toBeGreaterThan(40);
});

test('the second changed nothing of the first', async () => {
  expect(await stacks.dr.plan(...targetsOf(stacks.dr))).toEqual([]);
});

test('the functions of both are there, each under its own name', async () => {
  const functions = (await Promise.all(NAMES.map((name) => stacks[name].applied())))
    .flat()
    .filter(({ type }) => type === 'aws_lambda_function')
    .map(({ values }) => String(values['function_name']));
  const routers = functions.filter((name) => name.endsWith('-traffic-router'));
  expect([...new Set(routers)].sort()).toEqual(['dr-traffic-router', 'shop-traffic-router']);
});

test('a log file that comes late does not stop a destroy', async () => {
  const bucket = (await stacks.shop.applied()).find(({ address }) => address === 'aws_s3_bucket.audit_trail_bucket');
  const name = String(bucket?.values['bucket']);
  const late = await fetch(`${aws.endpoint}/${name}/AWSLogs/late.json.gz`, {
    method: 'PUT',
    body: 'late',
    headers: { authorization: SIGNED },
  });
  expect(late.status).toBe(200);
  await stacks.shop.destroy(`-target=${bucket?.address}`);
  const addresses = (await stacks.shop.applied()).map(({ address }) => address);
  expect(addresses).not.toContain('aws_s3_bucket.audit_trail_bucket');
  expect(addresses).not.toContain('aws_cloudtrail.audit_trail');
});
