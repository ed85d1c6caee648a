// The stack behind an accelerator, applied by real Terraform: static addresses that clients are served by, that move, and that go with a destroy.
import { CREDENTIALS, startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { DEPLOYABLE, DOMAIN, layGroundwork, settings, UNPROTECTED } from './support/deployable';
import { EmulatedEdge, type EdgeAnswer } from './support/emulated-edge';
import { LambdaClient, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { lambdaName } from '@dr/contracts/system';
import { Stack, type Resource } from './support/stack';

const ACCELERATED = settings('frontDoor="global-accelerator"');
const REGIONS = { mumbai: 'ap-south-1', singapore: 'ap-southeast-1' } as const;
const SERVING_SECONDS = 180;
/** Two checks 5 s apart, three looks 10 s apart, and a busy machine. */
const MOVED_SECONDS = 90;

let aws: EmulatedAws;
let edge: EmulatedEdge;
let stack: Stack;
let resources: readonly Resource[];

beforeAll(async () => {
  aws = await startEmulatedAws();
  await layGroundwork(aws);
  stack = await Stack.synthesize('dr', [...DEPLOYABLE, ...UNPROTECTED, ...ACCELERATED], aws.env);
  await stack.init();
  await stack.apply();
  resources = await stack.applied();
  edge = new EmulatedEdge(aws.endpoint);
});
afterAll(() => aws?.stop());

const regionIn = ({ body }: EdgeAnswer): unknown => (JSON.parse(body.toString()) as { region?: unknown }).region;

test('every resource is applied, and a second plan is empty', async () => {
  expect(resources.map(({ address }) => address).sort()).toEqual(stack.declared());
  expect(await stack.plan()).toEqual([]);
});

test('the domain has a static address, and it is the same from everywhere', async () => {
  const accelerator = resources.find(({ type }) => type === 'aws_globalaccelerator_accelerator');
  const sets = accelerator?.values['ip_sets'] as readonly { readonly ip_addresses: readonly string[] }[];
  const addresses = sets.flatMap(({ ip_addresses }) => ip_addresses);
  expect(addresses).toHaveLength(2);
  for (const near of Object.values(REGIONS)) expect(addresses).toContain(await edge.addressOf(DOMAIN, near));
});

test('clients are served by it once a region serves, and elsewhere when that region cannot', async () => {
  for (const name of Object.keys(REGIONS))
    await edge.until(`${name}.${DOMAIN}`, { path: '/health' }, ({ status }) => status === 200, SERVING_SECONDS);
  const first = await edge.until(DOMAIN, { path: '/health' }, ({ status }) => status === 200, SERVING_SECONDS);
  const near = regionIn(first!) as keyof typeof REGIONS;
  expect(Object.keys(REGIONS)).toContain(near);
  const address = await edge.addressOf(DOMAIN);
  const client = new LambdaClient({ endpoint: aws.endpoint, region: REGIONS[near], credentials: CREDENTIALS });
  const throttled = { FunctionName: lambdaName('dr', 'traffic-router'), ReservedConcurrentExecutions: 0 };
  await client.send(new PutFunctionConcurrencyCommand(throttled));
  const other = await edge.until(
    DOMAIN,
    { path: '/health' },
    (answer) => answer.status === 200 && regionIn(answer) !== near,
    MOVED_SECONDS,
  );
  expect(other?.status).toBe(200);
  expect(regionIn(other!)).not.toBe(near);
  // No DNS answer has changed.
  expect(await edge.addressOf(DOMAIN)).toBe(address);
});

test('every request fits the models of AWS', async () => {
  const { unread, operations } = await aws.modelCheck();
  expect(unread).toEqual([]);
  expect(operations['globalaccelerator.CreateEndpointGroup']).toBe(2);
});

test('destroy leaves nothing of it', async () => {
  await stack.destroy();
  expect(await stack.applied()).toEqual([]);
  const left = Object.keys(await aws.inventory()).filter((path) => path.startsWith('globalaccelerator/'));
  expect(left).toEqual([]);
});
