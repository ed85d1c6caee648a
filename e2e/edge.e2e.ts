// The emulated AWS can be drilled: what a client, a health checker and a timer meet while something is taken away, and after.
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkAclEntryCommand,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { DeregisterTargetsCommand, RegisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { linesOf, makeSystem, regional, throttle, unthrottle } from './support/drill-system';
import { ANYWHERE, FUNCTION_NAME, type RegionalSystem } from './support/edge-region';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { EmulatedEdge } from './support/emulated-edge';

let aws: EmulatedAws;
let edge: EmulatedEdge;
let mumbai: RegionalSystem;
let singapore: RegionalSystem;
let eventsFile: string;

beforeAll(async () => {
  aws = await startEmulatedAws();
  edge = new EmulatedEdge(aws.endpoint);
  ({ mumbai, singapore, eventsFile } = await makeSystem(aws.endpoint));
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
});

/** A client's connection, with what has happened to it. */
class Connection {
  received = '';
  connected = false;
  ended = false;

  private constructor(private readonly socket: Socket) {
    socket.on('connect', () => (this.connected = true));
    socket.on('data', (chunk) => (this.received += chunk.toString()));
    socket.on('close', () => (this.ended = true));
    socket.on('error', () => (this.ended = true));
  }

  static async to(name: string): Promise<Connection> {
    const { port } = await edge.description();
    return new Connection(connect(port, await edge.addressOf(name)));
  }

  send(path: string): void {
    this.received = '';
    this.socket.write(`GET ${path} HTTP/1.1\r\nhost: ${regional(mumbai)}\r\n\r\n`);
  }

  /** Whether an answer came within the time. */
  async answered(withinMs: number): Promise<boolean> {
    for (const until = Date.now() + withinMs; Date.now() < until && !this.received;) await pause(20);
    return this.received.startsWith('HTTP/1.1 200');
  }

  close(): void {
    this.socket.destroy();
  }
}

describe('the network', () => {
  const SILENCE_MS = 1_500;
  /** A client's kernel sends its first packet again after 1, 3 and 7 s. */
  const RECONNECT_MS = 9_000;
  const open: Connection[] = [];

  afterEach(() => open.splice(0).forEach((connection) => connection.close()));

  const connection = async (): Promise<Connection> => {
    const made = await Connection.to(regional(mumbai));
    open.push(made);
    return made;
  };

  const kept = async (): Promise<Connection> => {
    const made = await connection();
    made.send('/items/x');
    expect(await made.answered(5_000)).toBe(true);
    return made;
  };

  async function aclEntry(Egress: boolean) {
    const Filters = [{ Name: 'association.subnet-id', Values: [...mumbai.subnetIds] }];
    const { NetworkAcls } = await mumbai.ec2.send(new DescribeNetworkAclsCommand({ Filters }));
    return { NetworkAclId: NetworkAcls![0]!.NetworkAclId!, RuleNumber: 1, Egress };
  }

  async function deny(Egress: boolean): Promise<void> {
    const denied = { ...(await aclEntry(Egress)), Protocol: '-1', RuleAction: 'deny', CidrBlock: '0.0.0.0/0' } as const;
    await mumbai.ec2.send(new CreateNetworkAclEntryCommand(denied));
    await pause(200);
  }

  const allow = async (Egress: boolean) => mumbai.ec2.send(new DeleteNetworkAclEntryCommand(await aclEntry(Egress)));

  test('a closed ACL lets no new connection begin and silences those that are open; both go on when it opens', async () => {
    const before = await kept();
    await deny(false);
    before.send('/items/x');
    const during = await connection();
    during.send('/items/x');
    expect(await before.answered(SILENCE_MS)).toBe(false);
    expect([during.connected, during.received, during.ended, before.ended]).toEqual([false, '', false, false]);
    await allow(false);
    expect(await before.answered(SILENCE_MS)).toBe(true);
    expect(await during.answered(RECONNECT_MS)).toBe(true);
    expect(await (await kept()).answered(0)).toBe(true);
  });

  test('an ACL is stateless: with only the way out closed, a request on an open connection is served and its answer lost', async () => {
    const served = () => linesOf(eventsFile).filter((line) => (line as { counted?: string }).counted).length;
    const [before, counted] = [await kept(), served()];
    await deny(true);
    before.send('/items/counted');
    const during = await connection();
    expect(await before.answered(SILENCE_MS)).toBe(false);
    expect([during.connected, before.ended, served()]).toEqual([false, false, counted + 1]);
    await allow(true);
    expect(await before.answered(SILENCE_MS)).toBe(true);
  });

  test('a security group is stateful: without its rule no new connection begins, and an open one lives on', async () => {
    const rule = { GroupId: mumbai.securityGroupId, IpPermissions: [{ ...ANYWHERE, FromPort: 443, ToPort: 443 }] };
    const before = await kept();
    await mumbai.ec2.send(new RevokeSecurityGroupIngressCommand(rule));
    await pause(200);
    before.send('/items/x');
    const during = await connection();
    expect(await before.answered(SILENCE_MS)).toBe(true);
    await pause(SILENCE_MS);
    expect([during.connected, during.ended]).toEqual([false, false]);
    await mumbai.ec2.send(new AuthorizeSecurityGroupIngressCommand(rule));
    during.send('/items/x');
    expect(await during.answered(RECONNECT_MS)).toBe(true);
  });
});
