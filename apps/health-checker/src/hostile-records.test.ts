// health-checker among records that somebody else has written: it answers what it would without them, and writes over its own.
import * as fc from 'fast-check';
import { CLOCK_SKEW_MS, orderKey, presenceKey, validationKey } from '@dr/contracts/system';
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

/** Each time of a proof may be one to come. */
const ahead = fc.constantFrom(1, 3_600_000, 1e12, 6e15);
const hostileProof = fc.record({ since: ahead, until: ahead, seen: ahead, found: ahead }).map((at) => ({
  presence: (nowMs: number): Item => ({
    ...presence,
    sinceMs: at.since === 1 ? 1 : nowMs + at.since,
    untilMs: nowMs + at.until,
    sights: {
      singapore: {
        sequence: 1,
        sinceMs: 1,
        atMs: nowMs + at.seen,
        found: { sequence: 1, atMs: nowMs + at.found },
      },
    },
  }),
  run: (nowMs: number): Item => ({ ...run, startedAtMs: nowMs + at.since, finishedAtMs: nowMs + at.until }),
}));

test('a region that was away comes back as it would without what is in the table, and mends it', async () => {
  const hostile = fc.oneof(
    fc
      .record({ proof: hostileProof, kind: fc.constantFrom('presence' as const, 'run' as const) })
      .map(({ proof, kind }) => proof[kind]),
    fc
      .oneof(spoiled(presence), spoiled(run), spoiled({ ...presence, sights: { singapore: { sequence: 1e100 } } }))
      .map((item) => () => item as Item),
  );
  const isTrusted = (item: Item, nowMs: number): boolean => {
    const { presences, runs } = readControlRecords([item], REGIONS, nowMs);
    const times = [...JSON.stringify([...presences, ...runs]).matchAll(/Ms":([^,}]+)/g)].map(([, ms]) => Number(ms));
    return times.length > 0 && times.every((ms) => ms <= nowMs + CLOCK_SKEW_MS);
  };
  const options = fc.record({ waitForValidation: fc.boolean(), answers: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(hostile, { minLength: 1, maxLength: 2 }), options, async (items, given) => {
      const worlds = await Promise.all(
        ['control', 'attacked'].map(async (name) => {
          const world = await serving(given);
          const { clock, table, peerBeats, peerAnswers, environment, lines, record } = world;
          if (given.answers) peerAnswers();
          for (let beats = 0; beats < 24; beats += 1) {
            await clock.advance(5_000);
            peerBeats();
          }
          const planted = items.map((item) => item(clock.now())).filter((item) => !isTrusted(item, clock.now()));
          if (name === 'attacked') for (const item of planted) table.apply(item);
          lines.length = 0;
          const back = environment();
          const said: unknown[] = [];
          for (let beats = 0; beats < 15; beats += 1) {
            said.push(await back(), record());
            await clock.advance(5_000);
            peerBeats();
          }
          return { ...world, said, planted };
        }),
      );
      const [control, attacked] = worlds as [(typeof worlds)[0], (typeof worlds)[0]];
      expect(attacked.said).toEqual(control.said);
      expect(measured(attacked.lines)).toEqual(measured(control.lines));
      const named = attacked.lines.filter(({ message }) => message === NAMED);
      expect(named.length > 0).toBe(attacked.planted.length > 0);
      // The proof that cannot be trusted is gone; a run is written over by the next one.
      const kept = attacked.table.all().filter(({ timestamp }) => timestamp === presence.timestamp);
      for (const item of kept) expect(isTrusted(item, attacked.clock.now())).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['a beat', { beatAtMs: 1e15 }],
  ['a probe', { lastProbeAtMs: 1e15 }],
  ['a state', { stateSinceMs: 1e15 }],
])('%s in times to come holds nothing up, and is named', async (_, times) => {
  const { table, beat, record, clock, lines } = await serving();
  table.apply({ ...(record() as unknown as Item), ...times });
  for (let beats = 0; beats < 3; beats += 1) expect((await beat()).status).toBe(200);
  expect(Math.abs(record().beatAtMs - clock.now())).toBeLessThanOrEqual(5_000);
  expect(record().lastProbeAtMs).toBeLessThanOrEqual(clock.now() + 5_000);
  const why = `${Object.keys(times).join()} lies in times to come`;
  expect(lines.filter(({ message }) => message === NAMED)).toMatchObject([
    { count: 1, records: [{ key: 'state#mumbai', why }] },
    { level: 'INFO', count: 0 },
  ]);
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
