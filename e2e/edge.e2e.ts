// The front doors of the emulated AWS, and what reserved concurrency does behind them.
import { DeregisterTargetsCommand, RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetFunctionCommand,
  InvokeCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { makeSystem, regional, throttle, unthrottle } from './support/drill-system';
import { FUNCTION_NAME, optionsIn, type RegionalSystem } from './support/edge-region';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { EmulatedEdge } from './support/emulated-edge';

let aws: EmulatedAws;
let edge: EmulatedEdge;
let mumbai: RegionalSystem;
let singapore: RegionalSystem;

beforeAll(async () => {
  aws = await startEmulatedAws();
  edge = new EmulatedEdge(aws.endpoint);
  ({ mumbai, singapore } = await makeSystem(aws.endpoint));
});

afterAll(() => aws?.stop());

describe('front doors', () => {
  test('each load balancer answers on an address of its own, at one port', async () => {
    const addresses = await Promise.all([mumbai, singapore].map((system) => edge.addressOf(regional(system))));
    expect(new Set(addresses).size).toBe(2);
    for (const address of addresses) expect(address).toMatch(/^127\.77\.\d+\.\d+$/);
  });

  test('a function sees the event that AWS documents', async () => {
    const headers = { 'content-type': 'application/json', 'X-Mixed': 'Case', 'x-forwarded-for': '203.0.113.9' };
    const call = { method: 'PUT', path: '/items/a%20b?x=1&x=2%20&y', headers, body: '{"a":1}' };
    const { status, body } = await edge.call(regional(mumbai), call);
    expect(status).toBe(200);
    expect(JSON.parse(body.toString())).toMatchObject({
      requestContext: { elb: { targetGroupArn: mumbai.targetGroupArn } },
      httpMethod: 'PUT',
      path: '/items/a%20b',
      queryStringParameters: { x: '2%20', y: '' },
      headers: {
        host: regional(mumbai),
        'x-mixed': 'Case',
        'x-forwarded-for': expect.stringMatching(/^203\.0\.113\.9, 127\./) as string,
        'x-forwarded-port': '443',
        'x-forwarded-proto': 'https',
        'x-amzn-trace-id': expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/) as string,
      },
      body: '{"a":1}',
      isBase64Encoded: false,
    });
  });

  test('bytes go through as base64, both ways', async () => {
    const call = { method: 'POST', path: '/items/x', headers: { 'content-type': 'image/png' } };
    const { body } = await edge.call(regional(mumbai), { ...call, body: Buffer.from([0, 255, 195]) });
    expect(JSON.parse(body.toString())).toMatchObject({ body: 'AP/D', isBase64Encoded: true });
    const answer = await edge.call(regional(mumbai), { path: '/items/bytes' });
    expect([answer.headers['content-type'], ...answer.body]).toEqual(['image/png', 255, 0, 255]);
  });

  test.each([
    ['a rule of a higher priority', '/items/blocked', 443, 403],
    ['the default action', '/elsewhere', 443, 404],
    ['a redirect of the plain port', '/items/x', 80, 301],
    ['a function that fails', '/items/fails', 443, 502],
    ['a malformed answer', '/items/malformed', 443, 502],
  ] as const)('%s', async (_, path, listenerPort, status) => {
    const answer = await edge.call(regional(mumbai), { path, listenerPort });
    expect(answer.status).toBe(status);
    if (status === 301) expect(answer.headers['location']).toBe(`https://${regional(mumbai)}:443/items/x`);
  });

  test('no target: 503', async () => {
    const targets = { TargetGroupArn: singapore.targetGroupArn, Targets: [{ Id: singapore.functionArn }] };
    await singapore.elb.send(new DeregisterTargetsCommand(targets));
    expect(await edge.call(regional(singapore), { path: '/items/x' })).toMatchObject({ status: 503 });
    await singapore.elb.send(new RegisterTargetsCommand(targets));
    expect(await edge.call(regional(singapore), { path: '/items/x' })).toMatchObject({ status: 200 });
  });
});

describe('reserved concurrency', () => {
  afterEach(() => unthrottle(mumbai));

  const invoke = () => mumbai.lambda.send(new InvokeCommand({ FunctionName: FUNCTION_NAME, Qualifier: 'live' }));

  test('of 0 throttles every invocation, and the load balancer says 502', async () => {
    await throttle(mumbai, 0);
    await expect(invoke()).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      $metadata: { httpStatusCode: 429 },
    });
    expect(await edge.call(regional(mumbai), { path: '/items/x' })).toMatchObject({ status: 502 });
    expect(await edge.call(regional(singapore), { path: '/items/x' })).toMatchObject({ status: 200 });
    const { Concurrency } = await mumbai.lambda.send(new GetFunctionCommand({ FunctionName: FUNCTION_NAME }));
    expect(Concurrency).toEqual({ ReservedConcurrentExecutions: 0 });
    await unthrottle(mumbai);
    expect(await edge.call(regional(mumbai), { path: '/items/x' })).toMatchObject({ status: 200 });
  });

  test('of 2 lets two run side by side, and throttles the third', async () => {
    await throttle(mumbai, 2);
    const slow = () => edge.call(regional(mumbai), { path: '/items/slow' });
    const statuses = (await Promise.all([slow(), slow(), slow()])).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 200, 502]);
    expect(await slow()).toMatchObject({ status: 200 });
  });

  test('of 0 sends what was invoked asynchronously to the failure destination', async () => {
    const sqs = new SQSClient(optionsIn(aws.endpoint, mumbai.region));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'undelivered' }));
    const Destination = `arn:aws:sqs:${mumbai.region}:123456789012:undelivered`;
    const config = {
      FunctionName: FUNCTION_NAME,
      Qualifier: 'live',
      DestinationConfig: { OnFailure: { Destination } },
    };
    await mumbai.lambda.send(new PutFunctionEventInvokeConfigCommand(config));
    await throttle(mumbai, 0);
    const event = { FunctionName: FUNCTION_NAME, Qualifier: 'live', InvocationType: 'Event' as const };
    const payload = { asked: 'later' };
    const { StatusCode } = await mumbai.lambda.send(new InvokeCommand({ ...event, Payload: JSON.stringify(payload) }));
    expect(StatusCode).toBe(202);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    expect(Messages?.map(({ Body }) => JSON.parse(Body!) as unknown)).toMatchObject([{ requestPayload: payload }]);
  });

  test('of 0 sends it to the dead-letter queue of the function as well, as it was', async () => {
    const sqs = new SQSClient(optionsIn(aws.endpoint, mumbai.region));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
    const TargetArn = `arn:aws:sqs:${mumbai.region}:123456789012:dead`;
    const update = { FunctionName: FUNCTION_NAME, DeadLetterConfig: { TargetArn } };
    await mumbai.lambda.send(new UpdateFunctionConfigurationCommand(update));
    const { Configuration } = await mumbai.lambda.send(new GetFunctionCommand({ FunctionName: FUNCTION_NAME }));
    expect(Configuration?.DeadLetterConfig).toEqual({ TargetArn });
    await throttle(mumbai, 0);
    const event = { FunctionName: FUNCTION_NAME, InvocationType: 'Event' as const };
    await mumbai.lambda.send(new InvokeCommand({ ...event, Payload: '{"asked":"in vain"}' }));
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    expect(Messages?.map(({ Body }) => JSON.parse(Body!) as unknown)).toEqual([{ asked: 'in vain' }]);
  });
});
