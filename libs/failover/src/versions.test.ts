// Properties of stamps and versions: one order everywhere, retries that are one write, conflicts that are named.
import fc from 'fast-check';
import {
  collapse,
  compareStamps,
  CONFLICT_REACH,
  conflicts,
  formatStamp,
  IDEMPOTENCY_WINDOW_MS,
  nextStamp,
  parseStamp,
  type Version,
} from './versions';

const stampParts = fc.record({
  atMs: fc.integer({ min: 0, max: Date.UTC(9000, 0) }),
  region: fc.constantFrom('mumbai', 'mumbai2', 'singapore', 'zurich'),
  environment: fc.integer({ min: 0, max: 0xffffffff }).map((n) => n.toString(16).padStart(8, '0')),
  sequence: fc.integer({ min: 0, max: 999_999 }),
});

const version = (over: Partial<Version> & { atMs?: number } = {}): Version => {
  const { atMs = 1000, region = 'mumbai', ...rest } = over;
  return {
    timestamp: formatStamp({ atMs, region, environment: '0000000a', sequence: 0 }),
    region,
    previous: null,
    ...rest,
  };
};

describe('stamps', () => {
  it('are read back as they were written', () => {
    fc.assert(fc.property(stampParts, (parts) => expect(parseStamp(formatStamp(parts))).toEqual(parts)));
  });

  it('sort as strings by time, then region', () => {
    fc.assert(
      fc.property(stampParts, stampParts, (a, b) => {
        const byParts = a.atMs - b.atMs || (a.region < b.region ? -1 : a.region > b.region ? 1 : 0);
        if (byParts !== 0) expect(Math.sign(compareStamps(formatStamp(a), formatStamp(b)))).toBe(Math.sign(byParts));
      }),
    );
  });

  it('are later than whatever the writer had seen, though its clock is behind', () => {
    fc.assert(
      fc.property(stampParts, stampParts, (seen, writer) => {
        const next = nextStamp(writer, writer.atMs, formatStamp(seen));
        expect(compareStamps(next, formatStamp(seen))).toBeGreaterThan(0);
        expect(parseStamp(next)?.atMs).toBe(Math.max(writer.atMs, seen.atMs + 1));
      }),
    );
  });

  it.each([
    '',
    '2026-11-01T00:00:00Z#mumbai#0000000a-000001',
    '2026-13-01T00:00:00.000Z#mumbai#0000000a-000001',
    'state#mumbai',
  ])('fails to read "%s"', (text) => expect(parseStamp(text)).toBeUndefined());
});

describe('collapse', () => {
  const history = fc.uniqueArray(
    fc.tuple(stampParts, fc.option(fc.constantFrom('k1', 'k2'), { nil: undefined })).map(([parts, idempotencyKey]) => ({
      timestamp: formatStamp(parts),
      region: parts.region,
      idempotencyKey,
    })),
    { selector: (v) => v.timestamp, maxLength: 12 },
  );

  it('is the same for any order of arrival, keeps each key once, and loses no other write', () => {
    fc.assert(
      fc.property(history, fc.nat(), (versions, turn) => {
        const turned = [...versions.slice(turn % 13), ...versions.slice(0, turn % 13)];
        const kept = collapse(versions);
        expect(collapse(turned)).toEqual(kept);
        expect(collapse(kept)).toEqual(kept);
        const keys = new Set(versions.flatMap((v) => v.idempotencyKey ?? []));
        expect(kept).toHaveLength(versions.filter((v) => v.idempotencyKey === undefined).length + keys.size);
      }),
    );
  });

  it('keeps the earliest of a key, so that a retry does not undo a later write', () => {
    const first = version({ atMs: 1, idempotencyKey: 'k' });
    const other = version({ atMs: 2 });
    const retry = version({ atMs: 3, idempotencyKey: 'k', region: 'singapore' });
    expect(collapse([retry, other, first])).toEqual([other, first]);
  });

  it('takes a key for a new write once it has not been used for longer than the window', () => {
    const [first, retry, late] = [1, 11, 22].map((atMs) => version({ atMs, idempotencyKey: 'k' })) as Version[];
    expect(collapse([first, retry, late] as Version[], 10)).toEqual([late, first]);
    expect(collapse([first, retry, late] as Version[], 11)).toEqual([first]);
  });
});

describe('conflicts', () => {
  const a = version({ atMs: 1 });
  const b = version({ atMs: 2, region: 'singapore' });

  it.each([
    { name: 'neither saw the other', versions: [a, b], named: 1 },
    { name: 'the later saw the earlier', versions: [a, { ...b, previous: a.timestamp }], named: 0 },
    { name: 'both are of one region', versions: [a, version({ atMs: 2 })], named: 0 },
    { name: 'the later does not say what it saw', versions: [a, { ...b, previous: undefined }], named: 0 },
  ])('names $named when $name', ({ versions, named }) => {
    expect(conflicts(versions, 10)).toHaveLength(named);
    expect(conflicts([...versions].reverse(), 10)).toHaveLength(named);
  });

  const keyed = (atMs: number, json: string, over: Partial<Version> = {}): Version =>
    version({ atMs, json, idempotencyKey: 'k', ...over });

  it('names two contents under one key, though the later writer had seen the earlier version', () => {
    const one = keyed(1, '1');
    const two = keyed(2, '2', { region: 'singapore', previous: one.timestamp });
    expect(collapse([one, two])).toHaveLength(2);
    expect(conflicts([two, one], 10)).toEqual([{ earlier: one.timestamp, later: two.timestamp }]);
  });

  it('names none between a write and its retry, nor between one key and its use after the window', () => {
    const one = keyed(1, '1');
    expect(conflicts([one, keyed(2, '1', { region: 'singapore' })], 10)).toEqual([]);
    const late = keyed(1 + IDEMPOTENCY_WINDOW_MS + 1, '2', { region: 'singapore', previous: one.timestamp });
    expect(conflicts([one, late], 10)).toEqual([]);
  });

  it('goes by the time at which a key was used, not by a stamp that is ahead of it', () => {
    const one = keyed(1_000_000, '1', { keyUsedAtMs: 1 });
    const late = keyed(1_000_001, '1', { keyUsedAtMs: 2 + IDEMPOTENCY_WINDOW_MS });
    expect(collapse([one, late], IDEMPOTENCY_WINDOW_MS)).toHaveLength(2);
  });

  it('names what crossed within its reach and nothing beyond', () => {
    const far = version({ atMs: 1, region: 'singapore' });
    const own = Array.from({ length: CONFLICT_REACH }, (_, n) => version({ atMs: 2 + n, previous: far.timestamp }));
    const later = version({ atMs: 100, previous: null });
    expect(conflicts([far, ...own.slice(1), later], 10)).toHaveLength(1);
    expect(conflicts([far, ...own, later], 10)).toHaveLength(0);
  });

  it('names no more than asked for', () => {
    const many = Array.from({ length: 20 }, (_, n) => version({ atMs: n, region: n % 2 ? 'mumbai' : 'singapore' }));
    expect(conflicts(many, 7)).toHaveLength(7);
  });
});
