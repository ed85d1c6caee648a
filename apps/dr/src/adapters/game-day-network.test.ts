// The network adapters of a game day over loopback: a DNS server, an HTTP server, and a FIS that writes down what it is asked.
import { createSocket, type Socket } from 'node:dgram';
import { decode, encode, type DecodedPacket } from 'dns-packet';
import { serve, serveAws, whole } from '../testing/aws-in-test';
import { fis } from './fis';
import { network } from './game-day-network';

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((one) => one.close()));

type Reply = (question: DecodedPacket) => {
  rcode?: number;
  answers: { name: string; ttl: number; type: 'A' | 'CNAME'; data: string }[];
};

async function dns(reply: Reply): Promise<string> {
  const socket: Socket = createSocket('udp4');
  open.push(socket);
  socket.on('message', (message, { port }) => {
    const question = decode(message);
    const { rcode = 0, answers } = reply(question);
    const packet = {
      type: 'response' as const,
      id: question.id ?? 0,
      flags: rcode,
      questions: question.questions ?? [],
      answers,
    };
    socket.send(encode(packet), port, '127.0.0.1');
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return `127.0.0.1:${socket.address().port}`;
}

const A = { name: 'mumbai.example.com', ttl: 60, type: 'A', data: '127.0.0.1' } as const;

describe('names', () => {
  test('the least TTL of the chain counts', async () => {
    const cname = { name: 'app.example.com', ttl: 7, type: 'CNAME', data: 'mumbai.example.com' } as const;
    const resolver = await dns(() => ({ answers: [cname, A] }));
    expect(await network({ resolver }, true).resolve('app.example.com')).toEqual({
      ttlSeconds: 7,
      addresses: ['127.0.0.1'],
    });
  });

  test('the network of the client is asked for', async () => {
    const seen: unknown[] = [];
    const resolver = await dns((question) => {
      seen.push(...(question.additionals ?? []).flatMap((one) => ('options' in one ? (one.options as unknown[]) : [])));
      return { answers: [A] };
    });
    await network({ resolver, clientSubnet: '13.126.0.0/24' }, true).resolve('app.example.com');
    expect(seen).toMatchObject([{ type: 'CLIENT_SUBNET', ip: '13.126.0.0', sourcePrefixLength: 24 }]);
  });

  test('fails on a name that does not exist, or has no address', async () => {
    const resolver = await dns(() => ({ rcode: 3, answers: [] }));
    await expect(network({ resolver }, true).resolve('app.example.com')).rejects.toThrow('app.example.com: NXDOMAIN');
    const empty = await dns(() => ({ answers: [] }));
    await expect(network({ resolver: empty }, true).resolve('app.example.com')).rejects.toThrow('no address');
  });

  test.each([
    [{ resolver: 'example.com' }, /--resolver "example.com"/],
    [{ resolver: '192.0.2.1:70000' }, /--resolver/],
    [{ clientSubnet: '192.0.2.0' }, /--client-subnet "192.0.2.0": is not a network/],
    [{ clientSubnet: '192.0.2.0/33' }, /--client-subnet/],
  ])('fails on %j', (options, message) => {
    expect(() => network(options, true)).toThrow(message);
  });
});

describe('requests', () => {
  const ask = (path = '/ready', timeoutMs = 2_000) => ({ host: 'app.example.com', path, timeoutMs });

  test('a client that keeps its connection asks for the address once, the other one each time', async () => {
    const port = await serve((request, response) => void response.end(request.headers.host));
    for (const [kept, times] of [
      [true, 1],
      [false, 3],
    ] as const) {
      const connection = network({ port, resolver: '127.0.0.1' }, true).connection(kept);
      let asked = 0;
      const address = async (): Promise<string> => ((asked += 1), '127.0.0.1');
      for (let n = 0; n < 3; n += 1) {
        expect(await connection.get({ ...ask(), address })).toEqual({
          outcome: 'ok',
          status: 200,
          body: 'app.example.com',
        });
      }
      expect(asked).toBe(times);
      connection.close();
    }
  });

  test('tells refused, late, failed and unresolved apart', async () => {
    const port = await serve((request, response) => {
      if (request.url !== '/late') response.writeHead(502).end();
    });
    const connection = network({ port, resolver: '127.0.0.1' }, true).connection(false);
    const address = (): Promise<string> => Promise.resolve('127.0.0.1');
    expect(await connection.get({ ...ask(), address })).toMatchObject({ outcome: 'http-error', status: 502 });
    expect(await connection.get({ ...ask('/late', 100), address })).toEqual({ outcome: 'timeout' });
    const unresolved = { ...ask(), address: () => Promise.reject(new Error('no address')) };
    expect(await connection.get(unresolved)).toEqual({ outcome: 'dns-failed' });
    const nobody = network({ port: 1, resolver: '127.0.0.1' }, true).connection(false);
    expect(await nobody.get({ ...ask(), address })).toEqual({ outcome: 'refused' });
  });
});

test('FIS is asked for an experiment of the very length, signed, and found again by its tag', async () => {
  const templates: Record<string, unknown>[] = [];
  const asked: string[] = [];
  await serveAws(
    whole((request, text, response) => {
      asked.push(`${request.method} ${request.url}`);
      expect(request.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 .*\/ap-south-1\/fis\/aws4_request/);
      const body = (text ? JSON.parse(text) : {}) as Record<string, unknown>;
      if (request.method === 'POST' && request.url === '/experimentTemplates') templates.push({ ...body, id: 'EXT1' });
      const answers: Readonly<Record<string, unknown>> = {
        '/experimentTemplates': { experimentTemplates: templates },
        '/experimentTemplates/EXT1': { experimentTemplate: templates[0] },
      };
      const experiments = [{ id: 'EXP1', state: { status: 'running' } }];
      response.end(JSON.stringify(answers[request.url ?? ''] ?? { experiments }));
    }),
  );
  const client = fis('ap-south-1');
  expect(await client.experiment('dr-game-day-1')).toBeUndefined();
  const subnetArns = ['arn:aws:ec2:ap-south-1:123456789012:subnet/subnet-1'];
  const roleArn = 'arn:aws:iam::123456789012:role/r';
  await client.makeExperiment({ name: 'dr-game-day-1', roleArn, subnetArns, seconds: 90 });
  expect(templates).toMatchObject([
    {
      roleArn,
      stopConditions: [{ source: 'none' }],
      targets: { public: { resourceType: 'aws:ec2:subnet', resourceArns: subnetArns, selectionMode: 'ALL' } },
      actions: {
        disrupt: { actionId: 'aws:network:disrupt-connectivity', parameters: { duration: 'PT90S', scope: 'all' } },
      },
    },
  ]);
  expect(await client.experiment('dr-game-day-1')).toEqual({
    templateId: 'EXT1',
    seconds: 90,
    runs: [{ id: 'EXP1', status: 'running' }],
  });
  await client.startExperiment('EXT1');
  await client.stopExperiment('EXP1');
  await client.removeExperiment('EXT1');
  expect(asked.slice(-3)).toEqual([
    'POST /experiments',
    'DELETE /experiments/EXP1',
    'DELETE /experimentTemplates/EXT1',
  ]);
  expect(asked).toContain('GET /experiments?experimentTemplateId=EXT1');
});
