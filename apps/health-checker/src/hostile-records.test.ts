// health-checker among records that somebody else has written: it answers what it would without them, and writes over its own.
import * as fc from 'fast-check';
import { orderKey, presenceKey, validationKey } from '@dr/contracts/system';
import { readControlRecords } from '@dr/contracts/system/records';
import { spoiled } from '@dr/contracts/testing';
import type { Item } from '@dr/handler-core';
import { serving } from './testing/serving-region';

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

const NAMED = 'control records that cannot be read';
/** What it has measured and told people, but of the records themselves. */
const measured = (lines: readonly Record<string, unknown>[]): readonly string[] =>
  lines
    .filter(({ message }) => message !== NAMED)
    .map(({ _aws, BadRecords: _bad, ...rest }) => rest)
    .filter((line) => Object.keys(line).some((name) => !['Region', 'Peer'].includes(name)))
    .map((line) => JSON.stringify(line))
    .sort();

/** A peer's record that somebody has spoiled is no news of the peer: as if its beat had not come yet. */
test('whatever is in the table, it answers, beats and measures as it would without it', async () => {
  const [control, attacked] = [await serving(), await serving()];
  const own = attacked.record() as unknown as Item;
  const planted = fc.oneof(
    spoiled(own),
    spoiled(attacked.record('singapore') as unknown as Item),
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
      const bad = items.filter((item) => !fit(item));
      const isHeard = bad.every(({ timestamp }) => timestamp !== 'state#singapore');
      const [expected, given] = await Promise.all(
        [control, attacked].map(async (one) => {
          await one.clock.advance(5_000);
          if (isHeard) one.peerBeats();
          if (one === attacked) for (const item of bad) one.table.apply(item);
          return one.probe();
        }),
      );
      expect(given).toEqual(expected);
      expect(measured(attacked.lines)).toEqual(measured(control.lines));
      const counts = { version: expect.any(Number), sequence: expect.any(Number) };
      expect(attacked.record()).toEqual({ ...control.record(), ...counts });
      expect(Number.isSafeInteger(attacked.record().version + attacked.record().sequence)).toBe(true);
      for (const { timestamp } of items) {
        if (!timestamp.startsWith('state#')) attacked.table.remove(id, timestamp);
      }
    }),
    { numRuns: 150 },
  );
  expect(measured(control.lines).some((line) => line.includes('PeerStalenessSeconds'))).toBe(true);
});

test('a peer that is lost grows stale by the second, though somebody has spoiled its record', async () => {
  const { clock, table, probe, lines } = await serving();
  table.apply({ id, timestamp: 'state#singapore', version: 'x' });
  lines.length = 0;
  for (let second = 0; second < 60; second += 5) {
    await clock.advance(5_000);
    expect((await probe()).status).toBe(200);
  }
  const stale = lines.flatMap((line) => ('PeerStalenessSeconds' in line ? [line['PeerStalenessSeconds']] : []));
  expect(Math.max(...stale.flat().map(Number))).toBeGreaterThanOrEqual(45);
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
  expect(lines.filter(({ message }) => message === NAMED)).toHaveLength(1);
});

test('bad records are counted as long as they are there, and named once', async () => {
  const { table, beat, lines } = await serving();
  table.apply({ ...order, number: 1e100 });
  for (let beats = 0; beats < 4; beats += 1) await beat();
  const named = lines.filter(({ message }) => message === NAMED);
  expect(named).toMatchObject([
    { level: 'WARN', count: 1, records: [{ key: 'order#singapore#mumbai', why: 'number is not a count' }] },
  ]);
  expect(lines.filter((line) => 'BadRecords' in line).length).toBeGreaterThanOrEqual(2);
});
