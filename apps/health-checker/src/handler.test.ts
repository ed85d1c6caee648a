// health-checker through its handler, over in-memory ports: verdicts, heartbeat, admission, staleness.
import type { Item } from '@dr/handler-core';
import {
  FakeClock,
  FakeHttp,
  FakeInvoker,
  MemoryTable,
  createTelemetry,
  syntheticGet,
  whileTimePasses,
} from '@dr/handler-core';
import { roundTripMs } from '@dr/contracts';
import { PEER_PATH, type StateRecord } from '@dr/contracts/system';
import { admissionConstants, peerDeadlines } from '@dr/failover';
import { CACHE_MS, healthChecker } from './handler';
import type { HealthPorts } from './ports';

const PROBE = syntheticGet('/health/token-b');
const SCHEDULE = { source: 'aws.events', 'detail-type': 'Scheduled Event' };
const DEADLINES = peerDeadlines('ap-south-1', ['ap-southeast-1']);
const PEER = { name: 'singapore', awsRegion: 'ap-southeast-1', host: 'singapore.app.example.com' };

function region(over: Partial<HealthPorts> = {}) {
  const clock = new FakeClock();
  const table = new MemoryTable();
  const peerTable = new MemoryTable();
  const invoker = new FakeInvoker();
  const http = new FakeHttp();
  const metrics: Record<string, unknown>[] = [];
  const write = (line: string): void => void metrics.push(JSON.parse(line) as Record<string, unknown>);
  const environment = (): ((
    event?: unknown,
  ) => Promise<{ status: number; reason?: string; body: Record<string, unknown> }>) => {
    const telemetry = createTelemetry({ clock, region: 'mumbai', functionName: 'health-checker', write });
    const handler = healthChecker({
      clock,
      telemetry,
      table,
      replicas: [{ name: PEER.name, table: peerTable }],
      invoker,
      http,
      region: 'mumbai',
      peers: [PEER],
      routerFunction: 'router:live',
      constants: admissionConstants(42),
      deadlines: DEADLINES,
      waitForValidation: false,
      checkTokens: ['token-a', 'token-b'],
      ...over,
    });
    return async (event = PROBE) => {
      const answer = (await whileTimePasses(clock, handler(event), 10_000, 10)) as { statusCode: number; body: string };
      const body = JSON.parse(answer.body ?? JSON.stringify(answer)) as Record<string, unknown>;
      return { status: answer.statusCode, body, ...(body['reason'] ? { reason: body['reason'] as string } : {}) };
    };
  };
  const record = (of = 'mumbai'): StateRecord | undefined =>
    table.all().find(({ timestamp }) => timestamp === `state#${of}`) as unknown as StateRecord | undefined;
  /** The peer's heartbeat as replication would bring it. */
  let peerSequence = 0;
  const peerBeats = (state: StateRecord['state'] = 'serving'): void => {
    peerSequence += 1;
    table.apply({ ...(peerRecord(peerSequence, state) as unknown as Item) });
  };
  return { clock, table, peerTable, invoker, http, metrics, environment, record, peerBeats };
}

const LIVENESS = { ...syntheticGet('/live'), headers: { 'user-agent': 'ELB-HealthChecker/2.0' } };

const peerRecord = (sequence: number, state: StateRecord['state']): StateRecord => ({
  id: 'control',
  timestamp: 'state#singapore',
  region: 'singapore',
  version: sequence,
  sequence,
  beatAtMs: 0,
  state,
  leaving: null,
  leavingSinceMs: null,
  closed: 0,
  reached: true,
  lastProbeAtMs: 0,
  grants: {},
});

/** A region that serves, its peer beating beside it. */
async function serving(over: Partial<HealthPorts> = {}) {
  const parts = region(over);
  const probe = parts.environment();
  let verdict = await probe();
  for (let beats = 0; beats < 40 && verdict.status !== 200; beats += 1) {
    await parts.clock.advance(5_000);
    parts.peerBeats();
    verdict = await probe();
  }
  expect(verdict.status).toBe(200);
  return { ...parts, probe };
}

describe('a wall clock that steps', () => {
  it.each([-300_000, -3_000, 300_000])('by %d ms does not repeat a cached verdict', async (stepMs) => {
    const { probe, clock, invoker } = await serving();
    await clock.advance(5_000);
    expect((await probe()).status).toBe(200);
    clock.stepWall(stepMs);
    invoker.answer = { kind: 'function-error', message: 'broken' };
    await clock.advance(CACHE_MS);
    expect(await probe()).toMatchObject({ status: 503, reason: 'router-error' });
  });

  it('back does not keep a region reached that nobody probes', async () => {
    const { probe, clock, peerBeats } = await serving();
    expect((await probe(syntheticGet('/health/token-a'))).status).toBe(200);
    clock.stepWall(-300_000);
    const reached: unknown[] = [];
    for (let second = 5; second <= 30; second += 5) {
      await clock.advance(5_000);
      peerBeats();
      reached.push((await probe(syntheticGet('/health'))).body['reached']);
    }
    expect([reached[0], reached.at(-1)]).toEqual([true, false]);
  });

  it('back does not keep a throttled region from asking its peer', async () => {
    const { probe, clock, table, peerTable, record } = await serving();
    table.failure = 'throttled';
    await clock.advance(CACHE_MS);
    expect((await probe()).status).toBe(200);
    peerTable.apply({ ...(record() as unknown as Item), state: 'evacuated', version: 10_000 });
    clock.stepWall(-300_000);
    await clock.advance(5_000);
    expect(await probe()).toMatchObject({ status: 503, reason: 'evacuated' });
  });

  it.each([-300_000, -3_000, 300_000])('by %d ms does not repeat what a peer was told', async (stepMs) => {
    const { environment, clock, invoker } = await serving();
    const asked = environment();
    expect((await asked(syntheticGet(PEER_PATH))).status).toBe(200);
    clock.stepWall(stepMs);
    invoker.answer = { kind: 'function-error', message: 'broken' };
    await clock.advance(CACHE_MS);
    expect(await asked(syntheticGet(PEER_PATH))).toMatchObject({ status: 503, reason: 'router-error' });
  });

  it.each([
    [0, true],
    [300_000, true],
    [-3_000, false],
  ])(
    'by %d ms: is a replica that was read 5 s ago still known to serve the clients of a throttled table? %s',
    async (stepMs, reached) => {
      const { probe, clock, table, peerTable } = await serving();
      table.failure = 'throttled';
      await clock.advance(CACHE_MS);
      expect((await probe()).body).toMatchObject({ reached: true, throttled: true });
      peerTable.failure = 'unavailable';
      clock.stepWall(stepMs);
      await clock.advance(5_000);
      expect((await probe()).body).toMatchObject({ status: 'pass', reached, throttled: true });
    },
  );

  it.each([0, -300_000, 300_000])(
    'by %d ms: a new environment that can read nothing keeps out for D',
    async (stepMs) => {
      const { environment, clock, table, peerTable } = await serving();
      for (const one of [table, peerTable]) one.failure = one === table ? 'throttled' : 'unavailable';
      const newcomer = environment();
      expect((await newcomer()).reason).toBe('state-unknown');
      clock.stepWall(stepMs);
      const said: number[] = [];
      for (let second = 5; second <= 30; second += 5) {
        await clock.advance(5_000);
        said.push((await newcomer()).status);
      }
      expect(said).toEqual([503, 503, 503, 200, 200, 200]);
    },
  );
});

describe('only who knows a token', () => {
  const AGENT = { 'user-agent': 'Amazon-Route53-Health-Check-Service (ref 1)' };
  const asked = (path: string) => ({ ...syntheticGet(path), headers: AGENT });

  it.each(['/health/token-a', '/health/token-b'])('is a checker, with either of them (%s)', async (path) => {
    const { probe, clock } = await serving();
    await clock.advance(15_000);
    expect(await probe(syntheticGet(path))).toMatchObject({ status: 200, body: { reached: true } });
  });

  it.each(['/health', '/health/', '/health/token', '/health/token-aa', '/health/token-a/', '/health/TOKEN-A'])(
    'says that the region is reached: %s with the checkers’ User-Agent does not',
    async (path) => {
      const { probe, clock } = await serving();
      await clock.advance(15_000);
      const answer = await probe(asked(path));
      expect(answer).toMatchObject({ status: 200, body: { reached: false } });
    },
  );

  it('gets another answer: while the token changes on one side only, the region is as healthy as before', async () => {
    const { probe, clock, peerBeats } = await serving();
    for (let second = 0; second < 120; second += 5) {
      await clock.advance(5_000);
      peerBeats();
      expect((await probe(syntheticGet('/health/token-c'))).status).toBe(200);
    }
  });
});

describe('a renewal of the token', () => {
  /** Two minutes on the settings `[a, b]`, two halfway, two when all has changed; by step: [status, reached] of every probe. */
  async function renewed(functionsFirst: boolean): Promise<string[][]> {
    const over = { checkTokens: ['token-a', 'token-b'] };
    const { probe, environment, clock, peerBeats } = await serving(over);
    const steps: string[][] = [];
    const probed = async (ask: typeof probe, path: string): Promise<void> => {
      const seen = new Set<string>();
      for (let second = 0; second < 120; second += 5) {
        await clock.advance(5_000);
        peerBeats();
        const { status, body } = await ask(syntheticGet(path));
        // What was heard of the token before counts for 10 s more.
        if (status !== 200 || second >= 20) seen.add(`${status} ${String(body['reached'])}`);
      }
      steps.push([...seen]);
    };
    await probed(probe, '/health/token-b');
    over.checkTokens = ['token-c', 'token-b'];
    const after = environment();
    await probed(functionsFirst ? after : probe, functionsFirst ? '/health/token-b' : '/health/token-c');
    await probed(after, '/health/token-c');
    return steps;
  }

  it('functions first, as Terraform does it: every probe finds the region healthy and reached', async () => {
    expect(await renewed(true)).toEqual([['200 true'], ['200 true'], ['200 true']]);
  });

  it('checks first: no probe fails, and the region is not reached until the functions know the token', async () => {
    expect(await renewed(false)).toEqual([['200 true'], ['200 false'], ['200 true']]);
  });
});

describe('liveness', () => {
  it('is 200 whenever the function runs, and asks and writes nothing', async () => {
    const { environment, table, peerTable, invoker } = region();
    table.failure = 'hang';
    peerTable.failure = 'hang';
    invoker.answer = 'hang';
    const { status, body } = await environment()(LIVENESS);
    expect([status, body]).toEqual([200, { live: true, region: 'mumbai' }]);
    expect([invoker.invoked, table.all()]).toEqual([[], []]);
  });

  it('is 200 while the region is out of service, of which Route 53 is told 503', async () => {
    const { probe } = await serving();
    const { environment, table } = region();
    table.apply({ ...(peerRecord(9, 'evacuated') as unknown as Item), timestamp: 'state#mumbai', region: 'mumbai' });
    const evacuated = environment();
    expect((await evacuated()).status).toBe(503);
    expect((await evacuated(LIVENESS)).status).toBe(200);
    expect((await probe(LIVENESS)).status).toBe(200);
  });

  it('is nothing that Route 53 is taken to have seen', async () => {
    const { environment, record, clock } = region();
    const ask = environment();
    await ask({ ...LIVENESS, headers: { 'user-agent': 'Amazon-Route53-Health-Check-Service (ref 1)' } });
    await clock.advance(5_000);
    await ask(SCHEDULE);
    expect(record()?.reached).toBe(false);
  });
});

describe('the verdict', () => {
  it('is healthy for a region whose table and router work and that is serving', async () => {
    const { probe } = await serving();
    expect((await probe()).body).toEqual({ status: 'pass', region: 'mumbai', reached: true });
  });

  it.each([
    { answer: 'hang', reason: 'router-timeout' },
    { answer: { kind: 'throttled' }, reason: 'router-throttled' },
    { answer: { kind: 'function-error', message: 'x' }, reason: 'router-error' },
    { answer: { kind: 'unreachable', message: 'x' }, reason: 'router-unreachable' },
    { answer: { kind: 'ok', payload: { statusCode: 500 } }, reason: 'router-not-ready' },
    { answer: { kind: 'ok', payload: null }, reason: 'router-not-ready' },
  ] as const)('fails with $reason, and no more', async ({ answer, reason }) => {
    const { probe, invoker, clock } = await serving();
    invoker.answer = answer;
    await clock.advance(2_000);
    expect(await probe()).toMatchObject({ status: 503, body: { status: 'fail', region: 'mumbai', reason } });
    expect(invoker.invoked.at(-1)).toMatchObject({
      functionName: 'router:live',
      payload: { path: '/ready', httpMethod: 'GET' },
    });
  });

  it.each([
    { failure: 'unavailable', reason: 'table-unavailable' },
    { failure: 'denied', reason: 'table-denied' },
    { failure: 'hang', reason: 'table-read-timeout' },
  ] as const)('fails with $reason when the table does', async ({ failure, reason }) => {
    const { probe, table, clock } = await serving();
    table.failure = failure;
    await clock.advance(2_000);
    const startedMs = clock.now();
    expect(await probe()).toMatchObject({ status: 503, reason });
    expect(clock.now() - startedMs).toBeLessThanOrEqual(DEADLINES.healthMs + 10);
    expect(clock.pending).toBe(0);
  });

  it('fails when the table reads but takes no write', async () => {
    const { probe, table, clock } = await serving();
    table.putFailure = 'denied';
    await clock.advance(5_000);
    expect((await probe()).reason).toBe('table-denied');
  });

  describe.each([
    ['reads and writes', 'failure'],
    ['writes alone', 'putFailure'],
    ['reads alone', 'readFailure'],
  ] as const)('while the table throttles %s', (_, refuses) => {
    it('stays healthy, and counts it', async () => {
      const { probe, table, clock, metrics } = await serving();
      table[refuses] = 'throttled';
      for (let n = 0; n < 10; n += 1) {
        await clock.advance(2_000);
        expect((await probe()).status).toBe(200);
      }
      expect(metrics.some((line) => Number(line['TableThrottled']) > 0)).toBe(true);
    });

    it('stays healthy for longer than W, however long', async () => {
      const { probe, table, clock, record, peerBeats } = await serving();
      table[refuses] = 'throttled';
      for (let n = 0; n < 60; n += 1) {
        await clock.advance(2_000);
        expect((await probe()).status).toBe(200);
      }
      table[refuses] = undefined;
      for (let n = 0; n < 10; n += 1) {
        await clock.advance(2_000);
        peerBeats();
        expect((await probe()).status).toBe(200);
      }
      expect(record()).toMatchObject({ state: 'serving', reached: true });
    });

    it.each([
      ["serves on, having its peer's writes", 'as here', 'serving', 200],
      ["catches up when its peer's heartbeat has not come", 'ahead', 'serving', 503],
      ["catches up when it could not ask its peer's replica", 'cut off', 'serving', 503],
      ['serves on when its peer throttles as well', 'cut off', 'throttled', 200],
      ['serves on when no peer can be heard', 'cut off', undefined, 200],
    ])('and has done so for longer than W, %s', async (__, replica, answer, status) => {
      const { probe, table, peerTable, clock, http, peerBeats } = await serving();
      peerBeats();
      const theirs = table.all().find(({ timestamp }) => timestamp === 'state#singapore');
      const ahead = replica === 'ahead' ? 1 : 0;
      peerTable.apply({
        ...theirs,
        id: 'control',
        timestamp: 'state#singapore',
        sequence: Number(theirs?.['sequence']) + ahead,
      });
      if (replica === 'cut off') peerTable.failure = 'unavailable';
      table[refuses] = 'throttled';
      for (let n = 0; n < 25; n += 1, await clock.advance(2_000)) expect((await probe()).status).toBe(200);
      table[refuses] = undefined;
      const body = JSON.stringify({ reached: true, ...(answer === 'throttled' ? { throttled: true } : {}) });
      if (answer) http.answers.set(`https://${PEER.host}${PEER_PATH}`, { status: 200, body });
      expect((await probe()).status).toBe(status);
    });

    it('and has done so for longer than W, waits for a heartbeat and the next one before it goes by what has arrived, in every environment', async () => {
      const { probe, table, peerTable, clock, http, peerBeats, environment, record } = await serving();
      peerBeats();
      const theirs = table.all().find(({ timestamp }) => timestamp === 'state#singapore');
      peerTable.apply({ ...theirs, id: 'control', timestamp: 'state#singapore' });
      table[refuses] = 'throttled';
      for (let n = 0; n < 25; n += 1, await clock.advance(2_000)) await probe();
      table[refuses] = undefined;
      http.answers.set(`https://${PEER.host}${PEER_PATH}`, { status: 200, body: '{"reached":true}' });
      const { version, beatAtMs } = record() ?? { version: 0, beatAtMs: 0 };
      expect((await probe()).body).toMatchObject({ status: 'pass', throttled: true });
      await clock.advance(3_000);
      expect((await environment()()).body).toMatchObject({ status: 'pass', throttled: true });
      expect(record()).toMatchObject({ version, beatAtMs });
      await clock.advance(2_100);
      expect((await environment()()).body).toMatchObject({ status: 'pass', throttled: true });
      peerBeats();
      expect((await environment()()).body).toEqual({ status: 'pass', region: 'mumbai', reached: true });
      expect(record()).toMatchObject({ version: version + 1, state: 'serving' });
    });

    it('is catching up after an absence before or after it', async () => {
      const { probe, table, clock, peerBeats } = await serving();
      const throttle = async (seconds: number): Promise<void> => {
        table[refuses] = 'throttled';
        for (let n = 0; n < seconds; n += 2, await clock.advance(2_000)) await probe();
        table[refuses] = undefined;
      };
      await throttle(20);
      await clock.advance(60_000);
      await throttle(20);
      peerBeats();
      expect((await probe()).reason).toBe('recovering');
    });
  });

  it('writes nothing while its table throttles reads alone', async () => {
    const { probe, table, clock } = await serving();
    table.readFailure = 'throttled';
    const before = table.calls.length;
    for (let n = 0; n < 60; n += 1, await clock.advance(2_000)) await probe();
    expect(table.calls.slice(before)).not.toContain('put');
  });

  describe('in a new environment, while the table throttles,', () => {
    async function throttled(state: StateRecord['state']) {
      const parts = await serving();
      const { table, peerTable, record } = parts;
      table.failure = 'throttled';
      peerTable.apply({ ...(record() as unknown as Item), state });
      return parts;
    }

    it('is that of the state which the replica of the peer knows', async () => {
      const { environment, peerTable, clock } = await throttled('evacuated');
      const fresh = environment();
      peerTable.failure = 'unavailable';
      expect((await fresh()).reason).toBe('state-unknown');
      peerTable.failure = undefined;
      await clock.advance(2_000);
      expect((await fresh()).reason).toBe('evacuated');
    });

    it.each([
      ['hears nobody for D', undefined, ['state-unknown', 200]],
      [
        'hears of a peer in trouble alone',
        { status: 503, body: '{"reason":"table-read-timeout"}' },
        ['state-unknown', 200],
      ],
      ['hears a peer that serves', { status: 200, body: '{"reached":true}' }, ['state-unknown', 'state-unknown']],
    ])('knows nothing, and serves once it %s', async (_, answer, [first, later]) => {
      const { environment, peerTable, clock, http } = await throttled('serving');
      if (answer) http.answers.set(`https://${PEER.host}${PEER_PATH}`, answer);
      peerTable.failure = 'unavailable';
      const fresh = environment();
      const said = async (): Promise<unknown> => {
        const { status, reason } = await fresh();
        return reason ?? status;
      };
      const heard: unknown[] = [];
      for (let second = 0; second <= 24; second += 4, await clock.advance(4_000)) heard.push(await said());
      expect([...new Set(heard.slice(0, 5))]).toEqual([first]);
      expect(heard.at(-1)).toBe(later);
    });

    it('stays in service beside a peer that throttles as well', async () => {
      const { environment, peerTable } = await throttled('serving');
      peerTable.failure = 'throttled';
      expect((await environment()()).status).toBe(200);
    });

    it('tells its peers that it serves and cannot be counted on, as long as their replica serves its clients', async () => {
      const { environment, peerTable, clock } = await throttled('serving');
      const fresh = environment();
      expect((await fresh()).body).toEqual({ status: 'pass', region: 'mumbai', reached: true, throttled: true });
      peerTable.failure = 'unavailable';
      await clock.advance(16_000);
      expect((await fresh()).body).toMatchObject({ reached: false, throttled: true });
    });

    it('knows its state when the table takes reads and no writes', async () => {
      const { environment, table, peerTable, record } = await serving();
      table.apply({ ...(record() as unknown as Item), state: 'evacuated', version: 500, beatAtMs: 0 });
      peerTable.failure = 'unavailable';
      table.putFailure = 'throttled';
      expect((await environment()()).reason).toBe('evacuated');
    });

    it('takes no older state than it has read itself', async () => {
      const { probe, peerTable, record, clock } = await throttled('serving');
      peerTable.apply({ ...(record() as unknown as Item), state: 'recovering', version: 1 });
      await clock.advance(2_000);
      expect((await probe()).status).toBe(200);
    });

    it('does not wait for the replica beyond the deadline', async () => {
      const { environment, peerTable, clock } = await throttled('serving');
      peerTable.failure = 'hang';
      const startedMs = clock.now();
      expect((await environment()()).reason).toBe('state-unknown');
      expect(clock.now() - startedMs).toBeLessThan(DEADLINES.healthMs);
    });

    it('asks the replica once a heartbeat, and writes there no more often', async () => {
      const { environment, peerTable, clock } = await throttled('serving');
      const some = [environment(), environment(), environment()];
      for (let second = 0; second < 60; second += 2, await clock.advance(2_000)) for (const run of some) await run();
      expect(peerTable.calls.filter((call) => call === 'put').length).toBeLessThanOrEqual(12);
      expect(peerTable.calls.filter((call) => call === 'query').length).toBeLessThanOrEqual(36);
    });

    it('proves the presence that others proved before it, and the region stays in service', async () => {
      const { probe, environment, table, clock, record } = await throttled('serving');
      for (let n = 0; n < 50; n += 1, await clock.advance(2_000)) expect((await probe()).status).toBe(200);
      const fresh = environment();
      expect((await fresh()).status).toBe(200);
      table.failure = undefined;
      await clock.advance(2_000);
      expect((await fresh()).status).toBe(200);
      expect(record()).toMatchObject({ state: 'serving' });
    });

    it.each([
      ['where none is kept', undefined],
      ['though one of times to come is kept', 8e15],
    ])('proves nothing of an absence before it, %s', async (_, untilMs) => {
      const { environment, table, peerTable, clock, peerBeats } = await throttled('serving');
      await clock.advance(60_000);
      const forged = { id: 'control', timestamp: 'present#mumbai', region: 'mumbai', version: 1, sinceMs: 1, untilMs };
      if (untilMs !== undefined) peerTable.apply(forged);
      const fresh = environment();
      for (let n = 0; n < 10; n += 1, await clock.advance(2_000)) await fresh();
      table.failure = undefined;
      const kept = peerTable.all().find(({ timestamp }) => timestamp === 'present#mumbai');
      expect(kept?.['untilMs']).toBeLessThanOrEqual(clock.now());
      peerBeats();
      expect((await fresh()).reason).toBe('recovering');
    });
  });

  it('holds for 2 s in one environment', async () => {
    const { probe, invoker, table, clock } = await serving();
    await clock.advance(2_000);
    await probe();
    const before = [invoker.invoked.length, table.calls.length];
    await clock.advance(1_500);
    await probe();
    expect([invoker.invoked.length, table.calls.length]).toEqual(before);
    await clock.advance(500);
    await probe();
    expect(invoker.invoked.length).toBe((before[0] ?? 0) + 1);
  });

  it('fails while the region is catching up, and comes back once its peer has been fresh for H', async () => {
    const { clock, environment, peerBeats, probe } = await serving();
    await clock.advance(120_000);
    const back = environment();
    expect((await back()).reason).toBe('recovering');
    let seconds = 0;
    for (; seconds < 120 && (await back()).status !== 200; seconds += 5) {
      await clock.advance(5_000);
      peerBeats();
    }
    expect(seconds).toBeGreaterThanOrEqual(60);
    expect((await probe()).status).toBe(200);
  });
});

describe('the heartbeat', () => {
  it('is written at most once in 5 s, however many environments there are', async () => {
    const { clock, environment, table, record, peerBeats } = await serving();
    const environments = [environment(), environment(), environment()];
    const sequence = record()?.sequence ?? 0;
    const puts = table.calls.filter((call) => call === 'put').length;
    for (let second = 0; second < 60; second += 1) {
      await clock.advance(1_000);
      if (second % 5 === 0) peerBeats();
      for (const probe of environments) expect((await probe()).status).toBe(200);
    }
    const beats = (record()?.sequence ?? 0) - sequence;
    expect(beats).toBeLessThanOrEqual(12);
    expect(beats).toBeGreaterThanOrEqual(8);
    expect(table.calls.filter((call) => call === 'put').length - puts).toBe(beats);
  });

  it('is written on the schedule alone, too; only Route 53 makes the region reached', async () => {
    const { clock, environment, record } = region();
    const run = environment();
    await run(SCHEDULE);
    await run(syntheticGet('/health'));
    await clock.advance(60_000);
    await run(SCHEDULE);
    expect(record()).toMatchObject({ sequence: 2, reached: false, lastProbeAtMs: 0 });
    await run(PROBE);
    await clock.advance(5_000);
    await run(PROBE);
    expect(record()).toMatchObject({ sequence: 3, reached: true });
  });

  it('that found the region unreached keeps a new probe from saying that it is reached, until the next', async () => {
    const { clock, environment, probe, record } = await serving();
    const asked = environment();
    await clock.advance(20_000);
    await asked(SCHEDULE);
    expect(record()).toMatchObject({ state: 'serving', reached: false });
    await clock.advance(CACHE_MS);
    expect(await probe()).toMatchObject({ status: 200, body: { reached: false } });
    expect(record()?.reached).toBe(false);
    await clock.advance(5_000);
    await probe();
    expect(record()).toMatchObject({ reached: true });
  });

  it('counts as written when another environment was first', async () => {
    const { clock, probe, table, record } = await serving();
    const put = table.put.bind(table);
    jest.spyOn(table, 'put').mockImplementationOnce(async (item, condition) => {
      await put(item, condition);
      return put(item, condition);
    });
    const before = record()?.version ?? 0;
    await clock.advance(5_000);
    expect((await probe()).status).toBe(200);
    expect(record()?.version).toBe(before + 1);
  });
});

describe('the peer', () => {
  const stalenessOf = (metrics: readonly Record<string, unknown>[]): number[] =>
    metrics.flatMap((line) => ('PeerStalenessSeconds' in line ? [Number(line['PeerStalenessSeconds'])] : []));

  it('is never stale in an hour of beats every 5 to 6 s with up to 2.5 s of lag', async () => {
    const { clock, probe, metrics, peerBeats } = await serving();
    metrics.length = 0;
    let nextBeatMs = 0;
    for (let ms = 0; ms < 3_600_000; ms += 2_000) {
      await clock.advance(2_000);
      if (ms >= nextBeatMs) {
        peerBeats();
        nextBeatMs += 5_000 + ((ms / 1000) % 4) * 900;
      }
      await probe();
    }
    expect(stalenessOf(metrics)).toHaveLength(360);
    expect(Math.max(...stalenessOf(metrics))).toBeLessThanOrEqual(5);
  });

  it('grows stale by the second once its beats stop, in a new environment as well', async () => {
    const { clock, probe, metrics, environment } = await serving();
    const other = environment();
    metrics.length = 0;
    for (let second = 0; second < 60; second += 2) {
      await clock.advance(2_000);
      await probe();
      await other();
    }
    const late = stalenessOf(metrics).slice(-2);
    for (const seconds of late) expect(seconds).toBeGreaterThan(40);
  });

  it('is not late before it has served for the first time', async () => {
    const { clock, probe, metrics, table } = await serving();
    const known = table.all().find(({ timestamp }) => timestamp === 'state#singapore');
    table.apply({ ...known, id: 'control', timestamp: 'state#singapore', version: 999, firstStart: true });
    for (let second = 0; second < 80; second += 2) {
      // What was measured before leaves with the next lines.
      if (second === 20) metrics.length = 0;
      await clock.advance(2_000);
      await probe();
    }
    expect(stalenessOf(metrics)).toEqual([]);
  });

  it('is asked directly when its beats do not come, and its death lets a region that was away serve', async () => {
    const answers = async (reply?: { status: number; body: string }): Promise<number> => {
      const { clock, environment, http } = await serving();
      if (reply) http.answers.set(`https://${PEER.host}${PEER_PATH}`, reply);
      await clock.advance(120_000);
      const back = environment();
      for (let beat = 0; beat < 12; beat += 1) {
        await back();
        await clock.advance(5_000);
      }
      return (await back()).status;
    };
    expect(await answers()).toBe(200);
    expect(await answers({ status: 503, body: '{}' })).toBe(200);
    expect(await answers({ status: 200, body: '{"reached":true}' })).toBe(503);
  });

  it.each([
    ['heard at a distance of three round trips', 'us-east-1', 503],
    ['not heard when its answer comes too late', 'ap-southeast-1', 200],
  ])('is %s', async (_, peerRegion, status) => {
    const { clock, environment } = await serving({
      deadlines: peerDeadlines('ap-south-1', [peerRegion]),
      http: {
        get: async () => {
          await new Promise<void>((answered) => void clock.after(3 * roundTripMs('ap-south-1', 'us-east-1'), answered));
          return { status: 200, body: '{"reached":true}' };
        },
      },
    });
    await clock.advance(120_000);
    const back = environment();
    for (let beat = 0; beat < 12; beat += 1) {
      await back();
      await clock.advance(5_000);
    }
    expect((await back()).status).toBe(status);
  });
});

it('waits for a validation run that began after it came back, where it is asked to', async () => {
  const { clock, peerBeats, table, record } = await serving();
  await clock.advance(120_000);
  const waiting = region({ waitForValidation: true, table, clock });
  const back = waiting.environment();
  const beat = async (beats: number): Promise<number> => {
    for (let n = 0; n < beats; n += 1) {
      await clock.advance(5_000);
      peerBeats();
      await back();
    }
    return (await back()).status;
  };
  expect(await beat(30)).toBe(503);
  const run = {
    id: 'control',
    timestamp: 'run#mumbai',
    region: 'mumbai',
    version: 1,
    finishedAtMs: clock.now(),
    passed: true,
  };
  table.apply({ ...run, startedAtMs: (record()?.stateSinceMs ?? 0) - 1 });
  expect(await beat(3)).toBe(503);
  table.apply({ ...run, startedAtMs: clock.now() });
  expect(await beat(3)).toBe(200);
});

it('fails for an event that is neither a request nor the schedule', async () => {
  await expect(region().environment()({ Records: [] })).rejects.toThrow('schedule');
});

it('serves a new region as soon as it hears a serving peer, long before a minute has passed', async () => {
  const { clock, environment, peerBeats, record } = region();
  const probe = environment();
  peerBeats();
  const verdicts: number[] = [];
  for (let second = 0; second <= 10; second += 5) {
    verdicts.push((await probe()).status);
    await clock.advance(5_000);
    peerBeats();
  }
  expect(verdicts).toEqual([503, 200, 200]);
  expect(record()).not.toHaveProperty('firstStart');
});
