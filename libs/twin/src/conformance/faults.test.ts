// Each fault does what its sentence says: who can reach whom, and what becomes of calls, copies, messages and clocks.
import { FAULTS, type Fault, type FaultKind } from '@dr/contracts';
import fc from 'fast-check';
import { CloudWatch } from '../services/cloudwatch/cloudwatch';
import { DynamoDb } from '../services/dynamodb/dynamodb';
import { regionSite, type Site } from '../site';
import { graphOf, REGIONS, worldOf } from './fixtures';
import { functionWorld } from './function-fixtures';
import { FUNCTION, snsOf } from './sns-fixture';

const faultOf = (kind: FaultKind, more: Partial<Fault> = {}): Fault => ({
  kind,
  region: 'mumbai',
  startSeconds: 0,
  durationSeconds: 60,
  ...more,
});

const SITES: Readonly<Record<string, Site>> = {
  clients: { group: 'clients', at: 'ap-south-1' },
  checkers: { group: 'checkers', at: 'us-east-1' },
  mumbai: regionSite('ap-south-1'),
  singapore: regionSite('ap-southeast-1'),
  'us-east-1': regionSite('us-east-1'),
};
const NAMES = Object.keys(SITES);
const PAIRS = NAMES.flatMap((from) => NAMES.map((to) => `${from} ${to}`));
const among = (hit: (from: string, to: string) => boolean): string[] =>
  PAIRS.filter((pair) => {
    const [from = '', to = ''] = pair.split(' ');
    return hit(from, to);
  });
const isOneOf = (name: string, from: string, to: string): boolean => from === name || to === name;
const isWorld = (name: string): boolean => ['clients', 'checkers', 'us-east-1'].includes(name);
const toMumbai = among((from, to) => isOneOf('mumbai', from, to));

/** Pairs whose packets do not arrive; every other kind leaves all of them alone. */
const LOST: Readonly<Partial<Record<FaultKind, readonly string[]>>> = {
  'region-dark': toMumbai,
  'region-refuses': toMumbai,
  partition: ['mumbai singapore', 'singapore mumbai'],
  isolated: among((from, to) => isOneOf('mumbai', from, to) && (isWorld(from) || isWorld(to))),
  'us-east-1-down': among((_from, to) => to === 'us-east-1'),
  'link-cut': ['mumbai singapore'],
};

const lostPairs = (fault: Fault): [string[], Set<string>] => {
  const world = worldOf();
  world.faults.start(fault);
  const lost = PAIRS.flatMap((pair) => {
    const [from = '', to = ''] = pair.split(' ');
    const met = world.faults.delivery(SITES[from] as Site, SITES[to] as Site);
    return met === 'delivered' ? [] : [[pair, met] as const];
  });
  return [lost.map(([pair]) => pair), new Set(lost.map(([, met]) => met))];
};

test.each(Object.entries(FAULTS))('%s: $meaning (who reaches whom)', (name) => {
  const kind = name as FaultKind;
  const fault = faultOf(kind, kind === 'link-cut' ? { from: 'mumbai', to: 'singapore' } : {});
  const [lost, how] = lostPairs(fault);
  expect(lost).toEqual(LOST[kind] ?? []);
  if (lost.length > 0) expect([...how]).toEqual([kind === 'region-refuses' ? 'refused' : 'dropped']);
});

test('a link is cut one way only, between any two ends, and whole again when the fault ends', () => {
  const ends = fc.constantFrom(...NAMES);
  fc.assert(
    fc.property(ends, ends, (from, to) => {
      fc.pre(from !== to);
      const world = worldOf();
      const fault = faultOf('link-cut', { from, to });
      const reaches = (a: string, b: string): boolean =>
        world.faults.delivery(SITES[a] as Site, SITES[b] as Site) === 'delivered';
      world.faults.start(fault);
      expect([reaches(from, to), reaches(to, from)]).toEqual([false, true]);
      world.faults.end(fault);
      expect(reaches(from, to)).toBe(true);
    }),
  );
});

test('intensity is the share that is struck, and the count of strikes says so', () => {
  const world = worldOf();
  world.faults.start(faultOf('dynamodb-errors', { intensity: 0.25 }));
  const asked = 4_000;
  let hits = 0;
  for (let i = 0; i < asked; i += 1) if (world.faults.hits('dynamodb-errors', 'ap-south-1')) hits += 1;
  expect(hits / asked).toBeCloseTo(0.25, 1);
  expect(world.faults.timesStruck('dynamodb-errors')).toBe(hits);
  expect(world.faults.hits('dynamodb-errors', 'ap-southeast-1')).toBe(false);
});

describe('functions', () => {
  const code = { f: 'exports.handler = async () => Date.now();' };
  const environments = ({ world }: ReturnType<typeof functionWorld>): string[] =>
    world.events.ofKind('invocation').map(({ environment }) => environment);

  test('cold-starts: each invocation has an environment of its own, until the fault ends', async () => {
    const setup = functionWorld({ code });
    const fault = faultOf('cold-starts');
    setup.world.faults.start(fault);
    for (let i = 0; i < 3; i += 1) await setup.call('f');
    expect(new Set(environments(setup)).size).toBe(3);
    setup.world.faults.end(fault);
    for (let i = 0; i < 3; i += 1) await setup.call('f');
    expect(new Set(environments(setup)).size).toBe(4);
  });

  test('lambda-scaling-limit: idle environments are gone, the busy one ends its work, no new one starts', async () => {
    const setup = functionWorld({ code });
    await setup.call('f');
    const busy = setup.start('f');
    const fault = faultOf('lambda-scaling-limit');
    setup.world.faults.start(fault);
    const next = setup.start('f');
    await setup.pass(2_000);
    expect([busy, next].map(({ result }) => result()?.kind)).toEqual(['ok', 'throttled']);
    expect((await setup.call('f')).kind).toBe('throttled');
    expect((await setup.call('f', {}, 'ap-southeast-1')).kind).toBe('ok');
    setup.world.faults.end(fault);
    expect((await setup.call('f')).kind).toBe('ok');
  });

  test('clock-drift: environments of the region disagree by less than 4 s, and each with itself never', async () => {
    const setup = functionWorld({ code });
    setup.world.faults.start(faultOf('clock-drift'));
    const drifts = new Map<string, number>();
    for (let round = 0; round < 3; round += 1) {
      const started = Array.from({ length: 8 }, () => setup.start('f'));
      await setup.pass(1_000);
      const seen = setup.world.events.ofKind('invocation').slice(-started.length);
      expect(seen).toHaveLength(8);
    }
    for (const { environment } of setup.world.events.ofKind('invocation')) {
      const drift = setup.world.faults.clockSkewMs('ap-south-1', environment);
      expect(drifts.get(environment) ?? drift).toBe(drift);
      drifts.set(environment, drift);
      expect(Math.abs(drift)).toBeLessThanOrEqual(2_000);
    }
    expect(new Set(drifts.values()).size).toBeGreaterThan(4);
    expect(setup.world.faults.clockSkewMs('ap-southeast-1', 'singapore/f/1')).toBe(0);
    const answer = await setup.call('f');
    const [last] = environments(setup).slice(-1);
    const ran = answer.kind === 'ok' ? Number(answer.payload) : NaN;
    expect(Math.abs(ran - setup.world.scheduler.epochNow() - (drifts.get(last ?? '') ?? NaN))).toBeLessThan(1_000);
  });
});

describe('sns-disorder', () => {
  const SENT = 60;
  /** In order, a delivery takes some tens of milliseconds. */
  const LATE_AFTER_SECONDS = 20;

  /** How often messages that were sent at once arrived, and how often late; `messages`: how many different ones did. */
  async function arrivals(fault?: Fault) {
    const { world, functions, publish, run } = snsOf({ subscriptions: [FUNCTION] });
    if (fault) world.faults.start(fault);
    for (let i = 0; i < SENT; i += 1) publish();
    const strikes = world.faults.timesStruck('sns-disorder');
    await run(LATE_AFTER_SECONDS);
    const inTime = functions.calls.length;
    await run(300);
    const all = functions.calls.length;
    const messages = new Set(
      functions.calls.map(({ event }) => /"MessageId":"([^"]+)"/.exec(JSON.stringify(event))?.[1]),
    );
    return { strikes, all, late: all - inTime, messages: messages.size };
  }

  test('some messages come twice, some late, none gets lost; without the fault none does', async () => {
    expect(await arrivals()).toEqual({ strikes: 0, all: SENT, late: 0, messages: SENT });
    const disordered = await arrivals(faultOf('sns-disorder', { intensity: 0.5 }));
    expect(disordered).toMatchObject({ strikes: SENT, messages: SENT });
    expect(disordered.all).toBeGreaterThan(SENT * 1.3);
    expect(disordered.late).toBeGreaterThan(SENT / 4);
  });

  test('of another region leaves this one in order', async () => {
    expect(await arrivals(faultOf('sns-disorder', { region: 'singapore' }))).toMatchObject({ all: SENT, late: 0 });
  });
});

test.each([
  ['AWS/Lambda', 60 + 120],
  ['DR/System', 60],
])(
  'metrics-late: what is measured of %s in the region comes ten minutes later, in others and afterwards it does not',
  async (namespace, usualSeconds) => {
    const world = worldOf();
    const cloudwatch = new CloudWatch(world, graphOf([]));
    const measure = (): void => {
      for (const { awsRegion } of REGIONS)
        cloudwatch.put({ awsRegion, namespace, name: 'm', dimensions: {}, value: 1 });
    };
    const known = (minute: number): (number | undefined)[] =>
      REGIONS.map(({ awsRegion }) => {
        const metric = { awsRegion, namespace, name: 'm', dimensions: {} };
        return cloudwatch.read({ metric, statistic: 'Sum', periodMs: 60_000 }, (minute + 1) * 60_000);
      });
    const run = (seconds: number): Promise<void> => world.scheduler.runUntil(seconds * 1000);
    const fault = faultOf('metrics-late');
    world.faults.start(fault);
    await run(30);
    measure();
    world.faults.end(fault);
    await run(90);
    measure();
    await run(usualSeconds);
    expect(known(0)).toEqual([undefined, 1]);
    await run(60 + usualSeconds);
    expect([known(0), known(1)]).toEqual([
      [undefined, 1],
      [1, 1],
    ]);
    await run(440 + usualSeconds);
    expect(known(0)).toEqual([undefined, 1]);
    await run(600 + usualSeconds);
    expect(known(0)).toEqual([1, 1]);
    expect(world.faults.timesStruck('metrics-late')).toBe(1);
  },
);

describe('copies', () => {
  /** A table with a replica in each region. */
  function tableOf() {
    const world = worldOf({ seed: 3 });
    const values = {
      name: 'table',
      billing_mode: 'PAY_PER_REQUEST',
      hash_key: 'id',
      range_key: 'timestamp',
      attribute: ['id', 'timestamp'].map((name) => ({ name, type: 'S' })),
      replica: [{ region_name: 'ap-southeast-1' }],
    };
    const graph = graphOf([{ type: 'aws_dynamodb_table', name: 'table', awsRegion: 'ap-south-1', values }]);
    const authorize = { allows: () => true, resourcePolicyAllows: () => true };
    const dynamo = new DynamoDb(world, graph, { authorize, metrics: { put: () => {}, ingestLogLine: () => {} } });
    return { world, dynamo };
  }

  const CALLER = { roleArn: 'role', awsRegion: 'ap-south-1', name: 'f' };
  /** As a function sends it, on a connection that it has. */
  const putOf = (id: string) => ({
    method: 'POST',
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      authorization: 'AWS4-HMAC-SHA256 Credential=f, SignedHeaders=host, Signature=none',
      'x-amz-date': '20260105T000000Z',
      'x-amz-target': 'DynamoDB_20120810.PutItem',
    },
    body: Buffer.from(JSON.stringify({ TableName: 'table', Item: { id: { S: id }, timestamp: { S: 't' } } })),
  });

  const lags = async (fault?: Fault, healAtMs = 60_000) => {
    const { world, dynamo } = tableOf();
    if (fault) world.faults.start(fault);
    for (let i = 0; i < 50; i += 1) {
      for (const { awsRegion } of REGIONS) void dynamo.handle(awsRegion, CALLER, putOf(`${awsRegion}-${i}`));
    }
    await world.scheduler.runUntil(healAtMs);
    if (fault) world.faults.end(fault);
    await world.scheduler.runUntil(healAtMs + 60_000);
    const from = (name: string): number[] =>
      world.events.ofKind('item-replicated').flatMap((event) => (event.from === name ? [event.lagMs] : []));
    return { mumbai: from('mumbai'), singapore: from('singapore') };
  };
  const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;

  test('replication-slow: what is written in the region takes long, nothing is lost, the other way is as ever', async () => {
    const { mumbai, singapore } = await lags(faultOf('replication-slow'));
    expect([mumbai.length, singapore.length]).toEqual([50, 50]);
    expect(median(mumbai)).toBeGreaterThan(5_000);
    expect(median(singapore)).toBeLessThan(2_000);
  });

  test('FT-05 dns-empty: what is written in the region and what is written for it comes late, and nothing is lost', async () => {
    const { mumbai, singapore } = await lags(faultOf('dns-empty'));
    expect([mumbai.length, singapore.length]).toEqual([50, 50]);
    expect(Math.min(median(mumbai), median(singapore))).toBeGreaterThan(5_000);
    const another = await lags(faultOf('dns-empty', { service: 'sns' }));
    expect(Math.max(median(another.mumbai), median(another.singapore))).toBeLessThan(2_000);
  });

  test('link-cut: copies wait at the cut, and go the other way', async () => {
    const { mumbai, singapore } = await lags(faultOf('link-cut', { from: 'mumbai', to: 'singapore' }), 30_000);
    expect(mumbai).toHaveLength(50);
    expect(Math.min(...mumbai)).toBeGreaterThan(30_000);
    expect(Math.max(...singapore)).toBeLessThan(10_000);
  });
});
