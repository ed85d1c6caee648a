// health-checker among records that somebody else has written: it answers what it would without them, and writes over its own.
import * as fc from 'fast-check';
import { orderKey, presenceKey, stateKey, validationKey, type StateRecord } from '@dr/contracts/system';
import { readControlRecords } from '@dr/contracts/system/records';
import { spoiled } from '@dr/contracts/testing';
import { admissionConstants, peerDeadlines } from '@dr/failover';
import {
  createTelemetry,
  FakeClock,
  FakeHttp,
  FakeInvoker,
  MemoryTable,
  syntheticGet,
  whileTimePasses,
  type Item,
} from '@dr/handler-core';
import { healthChecker } from './handler';

const PROBE = syntheticGet('/health/token-b');
const PEER = { name: 'singapore', awsRegion: 'ap-southeast-1', host: 'singapore.app.example.com' };

/** A region that serves beside its peer. */
async function serving() {
  const clock = new FakeClock();
  const table = new MemoryTable();
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const environment = (question: unknown = PROBE) => {
    const handler = healthChecker({
      clock,
      telemetry: createTelemetry({ clock, region: 'mumbai', functionName: 'health-checker', write }),
      table,
      replicas: [{ name: PEER.name, table: new MemoryTable() }],
      invoker: new FakeInvoker(),
      http: new FakeHttp(),
      region: 'mumbai',
      peers: [PEER],
      routerFunction: 'router:live',
      constants: admissionConstants(42),
      deadlines: peerDeadlines('ap-south-1', ['ap-southeast-1']),
      waitForValidation: false,
      checkTokens: ['token-a', 'token-b'],
    });
    return async () => {
      const answer = (await whileTimePasses(clock, handler(question), 10_000, 10)) as {
        statusCode: number;
        body: string;
      };
      return { status: answer.statusCode, body: JSON.parse(answer.body) as unknown };
    };
  };
  const record = (): StateRecord =>
    table.all().find(({ timestamp }) => timestamp === 'state#mumbai') as unknown as StateRecord;
  let sequence = 0;
  const peerBeats = (): void => {
    sequence += 1;
    const beat = { region: 'singapore', version: sequence, sequence, beatAtMs: clock.now(), state: 'serving' };
    const rest = { leaving: null, leavingSinceMs: null, closed: 0, reached: true, lastProbeAtMs: 0, grants: {} };
    table.apply({ id: 'control', timestamp: stateKey('singapore'), ...beat, ...rest });
  };
  const probe = environment();
  const beat = async () => {
    await clock.advance(5_000);
    peerBeats();
    return probe();
  };
  for (let beats = 0; beats < 4; beats += 1) await beat();
  return { clock, table, lines, record, beat, probe, environment, peerBeats };
}

const REGIONS = ['mumbai', 'singapore'];
const id = 'control';
const order = {
  id,
  timestamp: orderKey('singapore', 'mumbai'),
  writer: 'singapore',
  target: 'mumbai',
  kind: 'evacuate',
  number: 1,
  expiresAtMs: 1,
};
const run = {
  id,
  timestamp: validationKey('mumbai'),
  region: 'mumbai',
  version: 1,
  startedAtMs: 1,
  finishedAtMs: 2,
  passed: true,
};
const presence = { id, timestamp: presenceKey('mumbai'), region: 'mumbai', version: 1, sinceMs: 1, untilMs: 2 };
const foreign = { id, timestamp: 'state#atlantis', region: 'atlantis', version: 1, state: 'serving', sequence: 1 };

test('whatever is in the table, it answers and beats as it would without it', async () => {
  const [control, attacked] = [await serving(), await serving()];
  const own = attacked.record() as unknown as Item;
  const planted = fc.oneof(
    spoiled(own),
    spoiled({ ...order, number: 1e100 }),
    spoiled({ ...order, expiresAtMs: 1e15 }),
    spoiled(run),
    spoiled({ ...presence, version: 'x' }),
    spoiled(foreign),
    fc.string().map((text) => ({ id, timestamp: `order#${text}`, version: 1 })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(planted, { minLength: 1, maxLength: 3 }), async (items) => {
      const fit = (item: Item): boolean => {
        const { bad, states, orders, runs, presences } = readControlRecords([item], REGIONS, attacked.clock.now());
        return bad.length === 0 && [...states, ...orders, ...runs, ...presences].length > 0;
      };
      // What is as it should be nobody can tell from the system's own.
      for (const item of items) if (!fit(item)) attacked.table.apply(item);
      const expected = await control.beat();
      expect(await attacked.beat()).toEqual(expected);
      const counts = { version: expect.any(Number), sequence: expect.any(Number) };
      expect(attacked.record()).toEqual({ ...control.record(), ...counts });
      expect(Number.isSafeInteger(attacked.record().version + attacked.record().sequence)).toBe(true);
      for (const { timestamp } of items) {
        if (timestamp !== 'state#mumbai') attacked.table.remove(id, timestamp);
      }
    }),
    { numRuns: 150 },
  );
});

describe('a record that somebody spoiled, and that no environment remembers,', () => {
  async function lost({ heard, probed = true }: { readonly heard: boolean; readonly probed?: boolean }) {
    const parts = await serving();
    const { table, environment, clock, peerBeats } = parts;
    const spoil = { id, timestamp: 'state#mumbai', version: 'x', state: ['serving'] };
    table.apply(spoil);
    const newcomer = environment(probed ? PROBE : syntheticGet('/health'));
    /** What is answered, and what the record says, every five seconds. */
    const live = async (seconds: number): Promise<readonly (readonly [number, unknown])[]> => {
      const said: (readonly [number, unknown])[] = [];
      for (let passed = 0; passed < seconds; passed += 5) {
        if (heard) peerBeats();
        const { status } = await newcomer();
        const isSpoiled = typeof (parts.record().version as unknown) === 'string';
        said.push([status, isSpoiled ? 'spoiled' : parts.record().state]);
        await clock.advance(5_000);
      }
      return said;
    };
    return { ...parts, live };
  }

  it('is written anew beside a peer that is heard to serve: the region is not new, and catches up', async () => {
    const { live, record } = await lost({ heard: true });
    const said = await live(90);
    expect(said.slice(0, 2)).toEqual([
      [503, 'spoiled'],
      [503, 'spoiled'],
    ]);
    expect(said.slice(2, 12)).toEqual(Array.from({ length: 10 }, () => [503, 'recovering']));
    expect(said.at(-1)).toEqual([200, 'serving']);
    expect(record()).not.toHaveProperty('firstStart');
  });

  it('keeps the region in service when no peer has been heard for D', async () => {
    const { live } = await lost({ heard: false });
    const said = await live(40);
    expect(said.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => [503, 'spoiled']));
    expect(said.slice(5)).toEqual(Array.from({ length: said.length - 5 }, () => [200, 'serving']));
  });

  it('is left as it is while nobody reaches the region', async () => {
    const { live } = await lost({ heard: false, probed: false });
    expect((await live(60)).every(([status, state]) => status === 503 && state === 'spoiled')).toBe(true);
  });

  it('is waited for anew when the clock has stepped back', async () => {
    const { live, clock } = await lost({ heard: false });
    await live(15);
    clock.stepWall(-180_000);
    expect((await live(40)).at(-1)).toEqual([200, 'serving']);
  });
});

test('an environment that has not seen a spoiled record for long leaves it to one that has: the region was not away', async () => {
  const { table, environment, record, clock, probe } = await serving();
  const [idle, cold] = [environment(), environment()];
  await idle();
  // The peer is lost: nobody else serves.
  for (let beats = 0; beats < 12; beats += 1) {
    await clock.advance(5_000);
    await probe();
  }
  const spoil = { id, timestamp: 'state#mumbai', version: 'x', state: ['serving'] };
  table.apply(spoil);
  expect(await idle()).toMatchObject({ status: 200, body: { reached: false } });
  expect(await cold()).toMatchObject({ status: 503, body: { reason: 'state-unknown' } });
  expect(record()).toEqual(spoil);
  await clock.advance(5_000);
  expect((await probe()).status).toBe(200);
  expect(record()).toMatchObject({ region: 'mumbai', state: 'serving' });
  await clock.advance(5_000);
  for (const one of [idle, cold, probe]) expect((await one()).status).toBe(200);
});

test('an environment that alone is asked, and knows only of long ago, keeps a region in service beside nobody', async () => {
  const { table, environment, record, clock, probe } = await serving();
  const idle = environment();
  await idle();
  // The peer is lost, and for longer than W another environment beats.
  for (let beats = 0; beats < 12; beats += 1) {
    await clock.advance(5_000);
    await probe();
  }
  table.apply({ id, timestamp: 'state#mumbai', version: 'x', state: ['serving'] });
  for (let beats = 0; beats < 4; beats += 1) {
    expect((await idle()).status).toBe(200);
    await clock.advance(5_000);
  }
  expect(record()).toMatchObject({ region: 'mumbai', state: 'serving' });
});

test.each([
  ['a beat', { beatAtMs: 1e15 }],
  ['a probe', { lastProbeAtMs: 1e15 }],
  ['a state', { stateSinceMs: 1e15 }],
])('%s in times to come holds nothing up', async (_, times) => {
  const { table, beat, record, clock } = await serving();
  table.apply({ ...(record() as unknown as Item), ...times });
  for (let beats = 0; beats < 3; beats += 1) expect((await beat()).status).toBe(200);
  expect(Math.abs(record().beatAtMs - clock.now())).toBeLessThanOrEqual(5_000);
  expect(record().lastProbeAtMs).toBeLessThanOrEqual(clock.now() + 5_000);
});

test.each(['version', 'sequence', 'closed'])(
  'the last %s that can be counted is followed by a first one',
  async (name) => {
    const { table, beat, record } = await serving();
    table.apply({ ...(record() as unknown as Item), [name]: 1e12 });
    for (let beats = 0; beats < 3; beats += 1) expect((await beat()).status).toBe(200);
    expect(record()[name as 'version']).toBeLessThanOrEqual(1e12);
  },
);

test('thousands of records that are not ours cost one more read of ours, and are told', async () => {
  const { table, beat, lines } = await serving();
  for (let n = 0; n < 3_000; n += 1) table.apply({ id, timestamp: `state#z${n}`, blob: 'x'.repeat(100) });
  const before = table.calls.filter((call) => call === 'query').length;
  expect(await beat()).toMatchObject({ status: 200, body: { reached: true } });
  expect(table.calls.filter((call) => call === 'query').length - before).toBeLessThanOrEqual(8);
  expect(lines.filter(({ message }) => message === 'control records that cannot be read')).toHaveLength(1);
});

test('bad records are counted as long as they are there, and named once', async () => {
  const { table, beat, lines } = await serving();
  table.apply({ ...order, number: 1e100 });
  for (let beats = 0; beats < 4; beats += 1) await beat();
  const named = lines.filter(({ message }) => message === 'control records that cannot be read');
  expect(named).toMatchObject([
    { level: 'WARN', count: 1, records: [{ key: 'order#singapore#mumbai', why: 'number is not a count' }] },
  ]);
  expect(lines.filter((line) => 'BadRecords' in line).length).toBeGreaterThanOrEqual(2);
});
