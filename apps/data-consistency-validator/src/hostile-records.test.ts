// data-consistency-validator among records that somebody else has written: it compares as it would without them.
import * as fc from 'fast-check';
import { VALIDATION_ID, validationChunkKey, validationHeadKey, validationKey } from '@dr/contracts/system';
import { readRun, tryRead } from '@dr/contracts/system/records';
import { hostileValue, spoiled } from '@dr/contracts/testing';
import { newHead, newRun, readRunHead } from '@dr/consistency';
import { createTelemetry, FakeClock, FakeNotifier, MemoryTable, whileTimePasses } from '@dr/handler-core';
import { dataConsistencyValidator } from './handler';

const SCHEDULE = { source: 'aws.events', 'detail-type': 'Scheduled Event' };

function mumbai() {
  const clock = new FakeClock();
  const [here, there] = [new MemoryTable(), new MemoryTable()];
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const notifier = new FakeNotifier();
  const handler = dataConsistencyValidator({
    clock,
    telemetry: createTelemetry({ clock, region: 'mumbai', functionName: 'v', write }),
    notifier,
    table: here,
    peers: [{ name: 'singapore', table: there }],
    system: 'dr',
    region: 'mumbai',
    keepsOutcome: true,
  });
  here.apply({ id: 'a', timestamp: '2026-10-01T00:00:00.000Z#mumbai#0000000a-000001', region: 'mumbai', value: 1 });
  const run = (event: unknown = SCHEDULE) => whileTimePasses(clock, handler(event));
  return { clock, here, there, notifier, lines, run };
}

const head = {
  ...newHead('mumbai'),
  version: 3,
  run: newRun({ id: 'mumbai-3', startedAtMs: 1, settleMs: 0, peers: ['singapore'] }),
};
const outcome = {
  id: 'control',
  timestamp: validationKey('mumbai'),
  region: 'mumbai',
  version: 1,
  startedAtMs: 1,
  finishedAtMs: 2,
  passed: true,
};
const chunk = {
  id: VALIDATION_ID,
  timestamp: validationChunkKey('mumbai', 0),
  region: 'mumbai',
  version: 1,
  keys: '{}',
};

test('whatever is in the place of its records, it compares, tells and keeps the outcome', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(spoiled(head), spoiled(outcome), spoiled({ ...chunk, version: 'x' })), async (item) => {
      fc.pre('why' in tryRead(readRunHead, item) && 'why' in tryRead(readRun, item));
      const [control, attacked] = [mumbai(), mumbai()];
      attacked.here.apply(item);
      const [expected, report] = [await control.run(), await attacked.run()];
      expect(report).toMatchObject({ status: 'finished', passed: expected.passed, peers: expected.peers });
      const kept = attacked.here.all().find(({ timestamp }) => timestamp === validationKey('mumbai'));
      expect('is' in tryRead(readRun, kept)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test.each<[string, object]>([
  ['a lease that never ends', { leaseUntilMs: 1e15 }],
  ['an end in times to come', { finishedAtMs: 1e15 }],
  ['a start in times to come', { run: { ...head.run, startedAtMs: 1e15 }, finishedAtMs: 1e15 }],
  ['open keys that are none', { recent: '{"added":7}' }],
  ['open keys that are no JSON', { recent: '\u001b[31m' }],
  ['a chunk that nobody has written', { chunks: [{ slot: 0, version: 1 }] }],
  [
    'a scan that stands nowhere',
    { run: { ...head.run, here: { done: false, items: 1, newer: 0, cursor: 'nowhere' } } },
  ],
])('%s holds no run up', async (_, over) => {
  const { here, run, clock } = mumbai();
  here.apply({ ...chunk, keys: 'x' });
  here.apply({ ...head, ...over });
  let report = await run();
  for (let minutes = 0; minutes < 10 && report.status !== 'finished'; minutes += 1) {
    await clock.advance(60_000);
    report = await run();
  }
  expect(report.status).toBe('finished');
});

test('a key that sorts just above one of its own hides nothing', async () => {
  const { here, run, lines } = mumbai();
  here.apply({ id: VALIDATION_ID, timestamp: `${validationHeadKey('mumbai')}\u0000`, version: 9 });
  here.apply({ id: VALIDATION_ID, timestamp: `${validationHeadKey('mumbai')}\u0001`, version: 9 });
  await run();
  expect((await run()).status).toBe('finished');
  expect(lines.map(({ message }) => message)).not.toContain('control records that cannot be read');
});

const STAMP = '2026-10-01T00:00:00.000Z#mumbai#0000000f-00000';
/** What DynamoDB takes in an item of 400 KB and 32 levels. */
const oversized = fc.oneof(
  hostileValue,
  fc.constantFrom('x'.repeat(380_000), '\u0001'.repeat(100_000), 'ऀ'.repeat(100_000), '\ud83d\ude00'.repeat(20_000)),
  fc.integer({ min: 20, max: 30 }).map((depth): unknown => JSON.parse(`${'['.repeat(depth)}1${']'.repeat(depth)}`)),
);
/** Ids and sort keys as long as any, of characters that take one byte, three or four, or six as JSON. */
const longKey = (bytes: number) =>
  fc.constantFrom('x', '\u0001', 'ऀ', '"').map((one) => one.repeat(Math.floor(bytes / Buffer.byteLength(one))));
const forgedVersion = fc.record(
  {
    timestamp: fc.oneof(
      fc.nat(9).map((n) => `${STAMP}${n}`),
      fc.nat(9).map((n) => `${STAMP}${n}${'y'.repeat(1_000 - STAMP.length)}`),
      longKey(1_024),
    ),
    region: oversized,
    previous: oversized,
    idempotencyKey: oversized,
    keyUsedAtMs: hostileValue,
    json: oversized,
    deleted: hostileValue,
  },
  { requiredKeys: ['timestamp'] },
);
const forgedId = fc.oneof(fc.constantFrom('f', 'zz'), longKey(2_000));
/** In both replicas, or in one of them. */
const forgeries = fc.array(
  fc.record({
    id: forgedId,
    times: fc.constantFrom(1, 12),
    version: forgedVersion,
    inBoth: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);

/** Whatever DynamoDB would refuse is in no table. */
function forge(tables: readonly MemoryTable[], item: { id: string; timestamp: string }): void {
  try {
    for (const table of tables) table.apply(item);
  } catch (error) {
    if ((error as Error).name !== 'TableError') throw error;
  }
}

test('whatever versions of items say, a run comes to its end, and what it keeps and tells is of a bounded size', async () => {
  await fc.assert(
    fc.asyncProperty(forgeries, async (forged) => {
      const { clock, here, there, notifier, lines, run } = mumbai();
      for (const { id, times, version, inBoth } of forged)
        for (let n = 0; n < times; n += 1) forge(inBoth ? [here, there] : [here], { ...version, id: `${id}${n}` });
      let report = await run();
      for (let minutes = 0; minutes < 15 && report.status !== 'finished'; minutes += 1) {
        await clock.advance(60_000);
        report = await run();
      }
      expect(lines.filter(({ level }) => level === 'ERROR')).toEqual([]);
      expect(report).toMatchObject({ status: 'finished', peers: [{ complete: true }] });
      // SNS takes 256 KB.
      for (const { body } of notifier.sent)
        expect(Buffer.byteLength(JSON.stringify(body, null, 2))).toBeLessThan(100_000);
    }),
    // To make one of 400 KB smaller takes minutes.
    { numRuns: 25, endOnFailure: true },
  );
});

test.each<[string, object]>([
  ['a region of 380 KB', { region: 'x'.repeat(380_000) }],
  ['keys of 30 KB', { region: 'mumbai', idempotencyKey: 'x'.repeat(30_000) }],
  ['a key of 29 levels', { region: 'mumbai', idempotencyKey: JSON.parse(`${'['.repeat(29)}1${']'.repeat(29)}`) }],
  ['a `previous` of 380 KB', { region: 'mumbai', previous: 'x'.repeat(380_000) }],
])('versions with %s in a dozen items stop no run', async (_, over) => {
  const { here, there, run } = mumbai();
  for (let n = 0; n < 12; n += 1)
    for (let version = 0; version < 16; version += 1)
      forge([here, there], { id: `f${n}`, timestamp: `${STAMP}${version}`, ...over });
  expect(await run()).toMatchObject({ status: 'finished', peers: [{ complete: true, missingThere: 1 }] });
});

test.each<[string, string]>([
  ['six times as long as JSON', '\u0001'.repeat(1_900)],
  ['of characters of three bytes', 'ऀ'.repeat(650)],
])('open keys that are %s are counted by what they take', async (_, id) => {
  const { here, run } = mumbai();
  for (let n = 0; n < 260; n += 1) forge([here], { id: `${id}${n}`, timestamp: `${STAMP}0` });
  expect(await run()).toMatchObject({ status: 'finished', peers: [{ complete: true, missingThere: 261 }] });
});
