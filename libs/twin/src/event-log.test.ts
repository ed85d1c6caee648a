// A log that packs what is old gives what one that packs nothing gives.
import type { TwinEvent } from '@dr/event-log';
import * as fc from 'fast-check';
import { EventLog, type LogLimits } from './event-log';
import { keepInMemory } from './kernel/keep';
import { PackedEvents } from './packed-events';

const REGIONS = { nameOf: (id: string) => (id === 'ap-south-1' ? 'mumbai' : id) };

const events: fc.Arbitrary<TwinEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('item-written' as const),
    region: fc.constantFrom('ap-south-1', 'ap-southeast-1'),
    id: fc.string(),
    timestamp: fc.string({ unit: 'binary' }),
  }),
  fc.record({
    kind: fc.constant('dns-answer' as const),
    name: fc.constant('app.example.com'),
    from: fc.constant('ap-south-1'),
    regions: fc.array(fc.constant('ap-south-1'), { maxLength: 2 }),
  }),
  fc.record({
    kind: fc.constant('control-written' as const),
    region: fc.constant('a'),
    timestamp: fc.constant('},\n{'),
    record: fc.dictionary(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  }),
);

function logOf(recorded: readonly TwinEvent[], limits?: LogLimits): EventLog {
  let nowMs = 0;
  const log = new EventLog(() => (nowMs += 0.1), REGIONS, keepInMemory, limits);
  for (const event of recorded) log.record({ ...event });
  return log;
}

const KINDS = ['item-written', 'dns-answer', 'control-written', 'probe'] as const;

test('gives the same events, lines and hash', () => {
  fc.assert(
    fc.property(
      fc.array(events, { maxLength: 40 }),
      fc.nat(4),
      fc.integer({ min: 1, max: 6 }),
      (recorded, short, packed) => {
        const plain = logOf(recorded);
        const log = logOf(recorded, { short, packed });
        expect(log.length).toBe(recorded.length);
        expect(JSON.stringify([...log])).toBe(JSON.stringify([...plain]));
        expect([...log.lines()]).toEqual([...plain.lines()]);
        expect(log.hash()).toBe(plain.hash());
        for (const kind of KINDS) {
          expect(JSON.stringify(log.ofKind(kind))).toBe(JSON.stringify(plain.ofKind(kind)));
          expect(log.each(kind).count()).toBe(plain.ofKind(kind).length);
        }
      },
    ),
  );
});

test('gives a part as an array does', () => {
  fc.assert(
    fc.property(
      fc.array(events, { maxLength: 30 }),
      fc.nat(3),
      fc.integer({ min: 1, max: 5 }),
      fc.nat(32),
      fc.nat(32),
      (recorded, short, packed, from, to) => {
        const whole = [...logOf(recorded)];
        const part = logOf(recorded, { short, packed }).slice(from, to);
        expect(JSON.stringify(part)).toBe(JSON.stringify(whole.slice(from, to)));
      },
    ),
  );
});

test('a listener hears each event once, when it happens', () => {
  const heard: string[] = [];
  const log = new EventLog(() => 0, REGIONS, keepInMemory, { short: 3, packed: 2 });
  log.subscribe(({ kind }) => heard.push(kind));
  for (let i = 0; i < 7; i += 1) log.denied('ap-south-1', 'role', 'action', `${i}`);
  expect(heard).toHaveLength(7);
  expect(log.ofKind('denied').map(({ resource }) => resource)).toEqual(['0', '1', '2', '3', '4', '5', '6']);
});

test('packed events of a drill take a fifth of their lines at most', () => {
  const stamp = (at: number): string =>
    `2026-01-05T00:00:${String(at % 60).padStart(2, '0')}.000Z#mumbai#c9571893-${at}`;
  const written = Array.from({ length: 2_000 }, (_, at) => ({
    atMs: at * Math.PI,
    kind: 'item-written' as const,
    region: 'mumbai',
    id: `client-${at % 200}-${at % 3}`,
    timestamp: stamp(at),
  }));
  const lines = written.reduce((sum, event) => sum + JSON.stringify(event).length, 0);
  let bytes = 0;
  const packed = new PackedEvents(written, (kept) => {
    bytes += kept.length;
    return keepInMemory(kept);
  });
  expect(bytes).toBeLessThan(lines / 5);
  expect([...packed]).toEqual(written);
});

test('a long log keeps few events as they are, a short one all', () => {
  let packs = 0;
  const log = new EventLog(
    () => 0,
    REGIONS,
    (kept) => {
      packs += 1;
      return keepInMemory(kept);
    },
    { short: 10, packed: 2 },
  );
  for (let i = 0; i < 9; i += 1) log.denied('ap-south-1', 'role', 'action', `${i}`);
  expect(packs).toBe(0);
  log.denied('ap-south-1', 'role', 'action', '9');
  expect(packs).toBe(4);
});
