// The network of the emulated AWS: what a closed ACL, a security group and a FIS experiment do to new and to open connections.
import {
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkAclEntryCommand,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { setTimeout as pause } from 'node:timers/promises';
import { linesOf, makeSystem, regional } from './support/drill-system';
import { ANYWHERE, makeRole, type RegionalSystem } from './support/edge-region';
import { startEmulatedAws, type EmulatedAws } from './support/emulated-aws';
import { EmulatedEdge } from './support/emulated-edge';
import { RawConnection } from './support/raw-connection';
import { unsignedCall } from './support/unsigned-call';

let aws: EmulatedAws;
let edge: EmulatedEdge;
let mumbai: RegionalSystem;
let eventsFile: string;

beforeAll(async () => {
  aws = await startEmulatedAws();
  edge = new EmulatedEdge(aws.endpoint);
  ({ mumbai, eventsFile } = await makeSystem(aws.endpoint));
});

afterAll(() => aws?.stop());

const SILENCE_MS = 1_500;
/** A client's kernel sends its first packet again after 1, 3 and 7 s. */
const RECONNECT_MS = 9_000;
const open: RawConnection[] = [];

afterEach(() => open.splice(0).forEach((connection) => connection.close()));

const connection = async (): Promise<RawConnection> => {
  const made = await RawConnection.to(edge, regional(mumbai));
  open.push(made);
  return made;
};

const kept = async (): Promise<RawConnection> => {
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

test('a rule that is not there cannot be deleted', async () => {
  await expect(allow(false)).rejects.toMatchObject({ name: 'InvalidNetworkAclEntry.NotFound' });
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

describe('an experiment of FIS', () => {
  const account = '123456789012';
  const fis = (method: string, path: string, body?: unknown) =>
    unsignedCall({ endpoint: aws.endpoint, region: mumbai.region, service: 'fis', method, path, body });

  async function begin(roleArn: string, duration: string): Promise<string> {
    const arns = mumbai.subnetIds.map((id) => `arn:aws:ec2:${mumbai.region}:${account}:subnet/${id}`);
    const targets = { public: { resourceType: 'aws:ec2:subnet', resourceArns: arns, selectionMode: 'ALL' } };
    const disrupt = {
      actionId: 'aws:network:disrupt-connectivity',
      parameters: { duration, scope: 'all' },
      targets: { Subnets: 'public' },
    };
    const template = { description: 'cut off', roleArn, stopConditions: [{ source: 'none' }], targets };
    const made = await fis('POST', '/experimentTemplates', {
      ...template,
      clientToken: duration + roleArn,
      actions: { disrupt },
    });
    const { id: experimentTemplateId } = made['experimentTemplate'] as { id: string };
    const started = await fis('POST', '/experiments', { clientToken: duration + roleArn, experimentTemplateId });
    return (started['experiment'] as { id: string }).id;
  }

  async function untilStatus(id: string, wanted: string): Promise<string> {
    const status = async () => {
      const { experiment } = await fis('GET', `/experiments/${id}`);
      return (experiment as { state: { status: string } }).state.status;
    };
    for (const until = Date.now() + 90_000; Date.now() < until && (await status()) !== wanted;) await pause(200);
    return status();
  }

  const acls = async () =>
    (await mumbai.ec2.send(new DescribeNetworkAclsCommand({}))).NetworkAcls!.map(({ NetworkAclId }) => NetworkAclId);

  test('cuts the subnets off, and gives them back when it is stopped', async () => {
    const role = await makeRole(aws.endpoint, 'cuts-off', 'fis.amazonaws.com', {
      statements: [{ Effect: 'Allow', Action: 'ec2:*', Resource: '*' }],
    });
    const [before, made] = [await acls(), await kept()];
    const id = await begin(role, 'PT1M');
    expect(await untilStatus(id, 'running')).toBe('running');
    await pause(1_000);
    made.send('/items/x');
    expect(await made.answered(SILENCE_MS)).toBe(false);
    await fis('DELETE', `/experiments/${id}`);
    expect(await untilStatus(id, 'stopped')).toBe('stopped');
    expect(await made.answered(SILENCE_MS)).toBe(true);
    expect(await acls()).toEqual(before);
  });

  test('ends by itself after its duration', async () => {
    const begun = Date.now();
    const id = await begin(`arn:aws:iam::${account}:role/cuts-off`, 'PT60S');
    expect(await untilStatus(id, 'completed')).toBe('completed');
    expect(Date.now() - begun).toBeGreaterThan(59_000);
    expect(await (await kept()).answered(0)).toBe(true);
  });

  test.each(['PT59S', 'PT13H', 'a minute'])('cannot last %s', async (duration) => {
    await expect(begin(`arn:aws:iam::${account}:role/cuts-off`, duration)).rejects.toThrow('ValidationException');
  });

  test('fails with a role that may do nothing, and changes nothing', async () => {
    const before = await acls();
    const id = await begin(await makeRole(aws.endpoint, 'powerless', 'fis.amazonaws.com'), 'PT1M');
    expect(await untilStatus(id, 'failed')).toBe('failed');
    expect(await acls()).toEqual(before);
  });
});
