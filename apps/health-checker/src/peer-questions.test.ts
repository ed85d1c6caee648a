// Two regions that ask each other: neither answer waits for the other one, whatever is due, and a question changes nothing.
import { admissionConstants, peerDeadlines } from '@dr/failover';
import {
  FakeClock,
  FakeInvoker,
  MemoryTable,
  createTelemetry,
  syntheticGet,
  whileTimePasses,
  type Http,
  type Item,
} from '@dr/handler-core';
import { CONTROL_ID, stateKey, type StateRecord } from '@dr/contracts/system';
import { healthChecker } from './handler';

const REGIONS = [
  { name: 'mumbai', awsRegion: 'ap-south-1', host: 'mumbai.app.example.com' },
  { name: 'singapore', awsRegion: 'ap-southeast-1', host: 'singapore.app.example.com' },
];
const PROBE = syntheticGet('/health/token');
const FROM_PEER = syntheticGet('/health/peer');
const ONE_WAY_MS = 70;

type Answer = { readonly statusCode: number; readonly body: string };

/** Both regions, between which nothing replicates unless `replicate` is called. Every request starts an environment of its own. */
function world() {
  const clock = new FakeClock();
  const tables = new Map(REGIONS.map(({ name }) => [name, new MemoryTable()]));
  const tableOf = (name: string): MemoryTable => tables.get(name) as MemoryTable;
  const asked: string[] = [];
  const pass = (): Promise<void> => new Promise((done) => clock.after(ONE_WAY_MS, done));
  const http: Http = {
    async get(url) {
      const { hostname, pathname } = new URL(url);
      asked.push(hostname);
      await pass();
      const name = hostname.split('.')[0] as string;
      const { statusCode: status, body } = (await environment(name)(syntheticGet(pathname))) as unknown as Answer;
      await pass();
      return { status, body };
    },
  };
  const environment = (name: string): ((event: unknown) => Promise<Record<string, unknown>>) => {
    const peers = REGIONS.filter((peer) => peer.name !== name);
    const [own, peer] = [REGIONS.find((one) => one.name === name), peers[0]];
    if (!own || !peer) throw new Error(`no region ${name}`);
    return healthChecker({
      clock,
      telemetry: createTelemetry({ clock, region: name, functionName: 'health-checker', write: () => undefined }),
      table: tableOf(name),
      replicas: [{ name: peer.name, table: tableOf(peer.name) }],
      invoker: new FakeInvoker(),
      http,
      region: name,
      peers,
      routerFunction: 'router:live',
      constants: admissionConstants(42),
      deadlines: peerDeadlines(own.awsRegion, [peer.awsRegion]),
      waitForValidation: false,
      checkTokens: ['token'],
    });
  };
  const ask = async (name: string, event: unknown) => {
    const answer = whileTimePasses(clock, environment(name)(event), 10_000, 10);
    const { statusCode, body } = (await answer) as unknown as Answer;
    return { status: statusCode, body: JSON.parse(body) as Record<string, unknown> };
  };
  const record = (name: string): StateRecord =>
    tableOf(name)
      .all()
      .find(({ id, timestamp }) => id === CONTROL_ID && timestamp === stateKey(name)) as unknown as StateRecord;
  const replicate = (): void => {
    for (const { name } of REGIONS)
      for (const other of REGIONS) tableOf(other.name).apply({ ...record(name) } as never);
  };
  /** Probes of both regions that arrive so far apart; the first one in order. */
  const probeBoth = async (apartMs: number) => {
    const [first, second] = REGIONS.map(({ name }) => name) as [string, string];
    const later = new Promise<void>((done) => (apartMs === 0 ? done() : clock.after(apartMs, done)));
    const both = [environment(first)(PROBE), later.then(() => environment(second)(PROBE))];
    return whileTimePasses(clock, Promise.all(both), 10_000, 10);
  };
  return { clock, environment, tableOf, asked, ask, record, replicate, probeBoth };
}

/** Both serve, and know of each other. */
async function serving() {
  const parts = world();
  for (let beats = 0; beats < 12; beats += 1) {
    await parts.probeBoth(0);
    parts.replicate();
    await parts.clock.advance(5_000);
  }
  expect(await parts.probeBoth(0)).toMatchObject([{ statusCode: 200 }, { statusCode: 200 }]);
  parts.asked.length = 0;
  return parts;
}

const lastAnswer = (record: StateRecord, of: string): number | null => record.memory?.peers[of]?.answeredAtMs ?? null;

describe('two regions whose beats fall due together, while nothing replicates,', () => {
  it.each([0, 10, 100, 150, 200, 290])('%d ms apart, hear each other at every beat', async (apartMs) => {
    const { clock, probeBoth, record, asked } = await serving();
    for (let beats = 1; beats <= 6; beats += 1) {
      await clock.advance(5_000);
      const startMs = clock.wallMs();
      await probeBoth(apartMs);
      expect(lastAnswer(record('mumbai'), 'singapore')).toBeGreaterThanOrEqual(startMs);
      expect(lastAnswer(record('singapore'), 'mumbai')).toBeGreaterThanOrEqual(startMs);
      expect(asked).toHaveLength(2 * beats);
    }
  });
});

describe('what a peer asks', () => {
  it('is answered without a beat and without a question, as the record says', async () => {
    const { clock, ask, record, asked } = await serving();
    await clock.advance(6_000);
    const before = record('mumbai');
    expect(await ask('mumbai', FROM_PEER)).toEqual({
      status: 200,
      body: { status: 'pass', region: 'mumbai', reached: true },
    });
    expect(record('mumbai')).toEqual(before);
    expect(asked).toEqual([]);
  });

  const stateOf = (record: StateRecord, over: Partial<StateRecord>) => ({ ...record, ...over }) as unknown as Item;
  type World = Awaited<ReturnType<typeof serving>>;
  it.each<[what: string, afterMs: number, happens: (world: World) => void, says: Record<string, unknown>]>([
    ['serves', 6_000, () => undefined, { status: 200, reached: true }],
    ['has made no beat for F', 30_000, () => undefined, { status: 200, reached: false }],
    [
      'was evacuated, and has made no beat since',
      30_000,
      ({ tableOf, record }) => tableOf('mumbai').apply(stateOf(record('mumbai'), { state: 'evacuated' })),
      { status: 503, reason: 'evacuated' },
    ],
    [
      'takes no writes',
      6_000,
      ({ tableOf }) => (tableOf('mumbai').putFailure = 'unavailable'),
      { status: 503, reason: 'table-unavailable' },
    ],
    [
      'throttles writes',
      6_000,
      ({ tableOf }) => (tableOf('mumbai').putFailure = 'throttled'),
      { status: 200, throttled: true },
    ],
    [
      'has a record that somebody spoiled',
      6_000,
      ({ tableOf, record }) => tableOf('mumbai').apply(stateOf(record('mumbai'), { beatAtMs: 'soon' as never })),
      { status: 200, reached: false },
    ],
    [
      'has a record that somebody spoiled, and no peer with a backup,',
      6_000,
      ({ tableOf, record }) => {
        const { memory, ...theirs } = record('singapore');
        expect(memory?.peers['mumbai']?.backup).toMatchObject({ state: 'serving' });
        tableOf('mumbai').apply(theirs as unknown as Item);
        tableOf('mumbai').apply(stateOf(record('mumbai'), { beatAtMs: 'soon' as never }));
      },
      { status: 503, reason: 'state-unknown' },
    ],
    [
      'has no record yet',
      6_000,
      ({ tableOf, record }) => tableOf('mumbai').remove(CONTROL_ID, record('mumbai').timestamp),
      { status: 503, reason: 'state-unknown' },
    ],
  ])('of a region that %s says so', async (_, afterMs, happens, { status, ...says }) => {
    const world = await serving();
    await world.clock.advance(afterMs);
    happens(world);
    expect(await world.ask('mumbai', FROM_PEER)).toMatchObject({ status, body: says });
    expect(world.asked).toEqual([]);
  });

  it('does not keep the region from its beat: the next probe makes it in the same environment', async () => {
    // A verdict is kept for 2 s.
    const { clock, environment, record } = await serving();
    await clock.advance(6_000);
    const { version } = record('mumbai');
    const handler = environment('mumbai');
    const give = (event: unknown) => whileTimePasses(clock, handler(event), 10_000, 10);
    await give(FROM_PEER);
    expect(record('mumbai').version).toBe(version);
    await give(PROBE);
    expect(record('mumbai').version).toBe(version + 1);
  });
});
