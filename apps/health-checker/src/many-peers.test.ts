// health-checker beside one, two and three peers: each is watched for itself, and any living one stands in for a lost one.
import {
  FakeClock,
  FakeHttp,
  FakeInvoker,
  MemoryTable,
  createTelemetry,
  sleep,
  syntheticGet,
  whileTimePasses,
  type Item,
} from '@dr/handler-core';
import { CONTROL_ID, PEER_PATH, presenceKey, stateKey } from '@dr/contracts/system';
import { admissionConstants, peerDeadlines } from '@dr/failover';
import { healthChecker } from './handler';

const PEERS = [
  { name: 'singapore', awsRegion: 'ap-southeast-1', host: 'singapore.app.example.com' },
  { name: 'seoul', awsRegion: 'ap-northeast-2', host: 'seoul.app.example.com' },
  { name: 'sydney', awsRegion: 'ap-southeast-2', host: 'sydney.app.example.com' },
];
const SERVES = { status: 200, body: '{"reached":true}' };
const THROTTLES = { status: 200, body: '{"reached":true,"throttled":true}' };

/** Mumbai with so many peers, all of which serve; their heartbeats come when `beat` is called. */
async function serving(count: number) {
  const clock = new FakeClock();
  const http = new FakeHttp();
  const table = new MemoryTable();
  const peers = PEERS.slice(0, count);
  const replicas = peers.map(({ name }) => ({ name, table: new MemoryTable() }));
  const deadlines = peerDeadlines(
    'ap-south-1',
    peers.map(({ awsRegion }) => awsRegion),
  );
  const metrics: Record<string, unknown>[] = [];
  const write = (line: string): void => void metrics.push(JSON.parse(line) as Record<string, unknown>);
  const environment = () => {
    const handler = healthChecker({
      clock,
      telemetry: createTelemetry({ clock, region: 'mumbai', functionName: 'health-checker', write }),
      table,
      replicas,
      invoker: new FakeInvoker(),
      http,
      region: 'mumbai',
      peers,
      routerFunction: 'router:live',
      constants: admissionConstants(42),
      deadlines,
      waitForValidation: false,
      checkTokens: ['token'],
    });
    return async (): Promise<{ status: number; reason?: string; ms: number }> => {
      const startedMs = clock.now();
      const event = syntheticGet('/health/token');
      const answer = (await whileTimePasses(clock, handler(event), 10_000, 10)) as { statusCode: number; body: string };
      const { reason } = JSON.parse(answer.body) as { reason?: string };
      return { status: answer.statusCode, ...(reason ? { reason } : {}), ms: clock.now() - startedMs };
    };
  };
  let sequence = 0;
  /** Of all peers but some, into this region's replica and into their own. */
  const beat = (but: readonly string[] = []): void => {
    sequence += 1;
    for (const { name } of peers.filter((peer) => !but.includes(peer.name))) {
      for (const replica of [table, ...replicas.map((one) => one.table)]) replica.apply(heartbeat(name, sequence));
    }
  };
  const probe = environment();
  let verdict = await probe();
  for (let beats = 0; beats < 40 && verdict.status !== 200; beats += 1) {
    await clock.advance(5_000);
    beat();
    verdict = await probe();
  }
  expect(verdict.status).toBe(200);
  const own = (): Item => table.all().find(({ timestamp }) => timestamp === stateKey('mumbai')) as Item;
  const kept = (at: number): boolean =>
    replicas[at]?.table.all().some(({ timestamp }) => timestamp === presenceKey('mumbai')) ?? false;
  return { clock, http, table, replicas, metrics, environment, probe, beat, own, kept, deadlines };
}

const heartbeat = (region: string, sequence: number): Item => ({
  id: CONTROL_ID,
  timestamp: stateKey(region),
  region,
  version: sequence,
  sequence,
  beatAtMs: 0,
  state: 'serving',
  leaving: null,
  leavingSinceMs: null,
  closed: 0,
  reached: true,
  lastProbeAtMs: 0,
  grants: {},
});

/** Probes every 2 s. */
async function probing(clock: FakeClock, probe: () => Promise<{ status: number }>, seconds: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let passed = 0; passed < seconds; passed += 2, await clock.advance(2_000)) statuses.push((await probe()).status);
  return [...new Set(statuses)];
}

describe.each([1, 2, 3])('beside %d peers', (count) => {
  const places = Array.from({ length: count }, (_, at) => at);

  it('a new environment knows its state from any replica that lives, within the deadline', async () => {
    for (const living of places) {
      const { environment, table, replicas, own, deadlines } = await serving(count);
      table.failure = 'throttled';
      replicas.forEach((replica, at) => {
        replica.table.apply({ ...own(), state: 'evacuated' });
        replica.table.failure = at === living ? undefined : 'hang';
      });
      const { reason, ms } = await environment()();
      expect(reason).toBe('evacuated');
      expect(ms).toBeLessThanOrEqual(deadlines.healthMs);
    }
  });

  it('the proof that it lives is kept in the nearest replica that can be read, and in one only', async () => {
    for (const living of places) {
      const { probe, table, replicas, clock, kept } = await serving(count);
      replicas.slice(0, living).forEach((replica) => (replica.table.failure = 'unavailable'));
      table.failure = 'throttled';
      expect(await probing(clock, probe, 16)).toEqual([200]);
      expect(places.filter(kept)).toEqual([living]);
    }
  });

  it('the proof holds what every replica has told at that time, the far ones too', async () => {
    const { clock, environment, replicas, table } = await serving(count);
    for (const [at, { table: replica }] of replicas.entries()) {
      const query = replica.query.bind(replica);
      replica.query = async (...asked) => (await sleep(clock, 20 + 60 * at), query(...asked));
    }
    table.failure = 'throttled';
    expect((await environment()()).status).toBe(200);
    const proof = replicas[0]?.table.all().find(({ timestamp }) => timestamp === presenceKey('mumbai'));
    const told = Object.keys(proof?.['sights'] ?? {});
    expect(told.sort()).toEqual(replicas.map(({ name }) => name).sort());
  });

  it('an environment that can read no replica stays out for D, unless they all throttle', async () => {
    const { environment, table, replicas, clock, http } = await serving(count);
    table.failure = 'throttled';
    for (const replica of replicas) replica.table.failure = 'throttled';
    expect((await environment()()).status).toBe(200);
    (replicas.at(-1) as (typeof replicas)[0]).table.failure = 'unavailable';
    const late = environment();
    expect((await late()).reason).toBe('state-unknown');
    expect((await probing(clock, late, 24)).at(-1)).toBe(200);
    // One that is heard to serve is reason enough to stay out.
    http.answers.set(`https://${PEERS[count - 1]?.host}${PEER_PATH}`, SERVES);
    const later = environment();
    expect(await probing(clock, later, 30)).toEqual([503]);
  });

  it('the staleness of each is told apart', async () => {
    const { clock, probe, beat, metrics } = await serving(count);
    const silent = PEERS[count - 1]?.name ?? '';
    metrics.length = 0;
    for (let n = 0; n < 6; n += 1, await clock.advance(5_000)) {
      beat([silent]);
      await probe();
    }
    const worst = (name: string): number =>
      Math.max(...metrics.filter((line) => line['Peer'] === name).map((line) => Number(line['PeerStalenessSeconds'])));
    expect(worst(silent)).toBeGreaterThan(15);
    for (const { name } of PEERS.slice(0, count - 1)) expect(worst(name)).toBeLessThan(3);
  });
});

describe('after throttling for longer than W, beside two peers that serve,', () => {
  async function throttledBeside(change: (parts: Awaited<ReturnType<typeof serving>>) => void) {
    const parts = await serving(2);
    const { table, clock, probe, http } = parts;
    change(parts);
    table.failure = 'throttled';
    expect(await probing(clock, probe, 50)).toEqual([200]);
    table.failure = undefined;
    for (const { host } of PEERS)
      if (!http.answers.has(`https://${host}${PEER_PATH}`)) http.answers.set(`https://${host}${PEER_PATH}`, SERVES);
    return probe();
  }

  it('it serves on when both told it what has arrived here', async () => {
    expect((await throttledBeside(() => undefined)).status).toBe(200);
  });

  it('it catches up when the replica of one could not be read, whatever the other one tells of it', async () => {
    const { reason } = await throttledBeside(({ replicas }) => {
      (replicas[1] as (typeof replicas)[0]).table.failure = 'unavailable';
    });
    expect(reason).toBe('recovering');
  });

  it('it catches up when the heartbeat of one has not come', async () => {
    const { reason } = await throttledBeside(({ replicas }) => {
      replicas[1]?.table.apply(heartbeat('seoul', 1_000));
    });
    expect(reason).toBe('recovering');
  });

  it('it serves on when the one whose replica could not be read throttles as well', async () => {
    const { status } = await throttledBeside(({ replicas, http }) => {
      (replicas[1] as (typeof replicas)[0]).table.failure = 'unavailable';
      http.answers.set(`https://${PEERS[1]?.host}${PEER_PATH}`, THROTTLES);
    });
    expect(status).toBe(200);
  });
});
