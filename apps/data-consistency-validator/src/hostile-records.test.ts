// data-consistency-validator among records that somebody else has written: it compares as it would without them.
import * as fc from 'fast-check';
import { VALIDATION_ID, validationChunkKey, validationHeadKey, validationKey } from '@dr/contracts/system';
import { readRun, tryRead } from '@dr/contracts/system/records';
import { spoiled } from '@dr/contracts/testing';
import { newHead, newRun, readRunHead } from '@dr/consistency';
import { createTelemetry, FakeClock, FakeNotifier, MemoryTable, whileTimePasses } from '@dr/handler-core';
import { dataConsistencyValidator } from './handler';

const SCHEDULE = { source: 'aws.events', 'detail-type': 'Scheduled Event' };

function mumbai() {
  const clock = new FakeClock();
  const [here, there] = [new MemoryTable(), new MemoryTable()];
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const handler = dataConsistencyValidator({
    clock,
    telemetry: createTelemetry({ clock, region: 'mumbai', functionName: 'v', write }),
    notifier: new FakeNotifier(),
    table: here,
    peers: [{ name: 'singapore', table: there }],
    system: 'dr',
    region: 'mumbai',
    keepsOutcome: true,
  });
  here.apply({ id: 'a', timestamp: '2026-10-01T00:00:00.000Z#mumbai#0000000a-000001', region: 'mumbai', value: 1 });
  const run = (event: unknown = SCHEDULE) => whileTimePasses(clock, handler(event));
  return { clock, here, there, lines, run };
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
