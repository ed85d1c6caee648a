// An outbox gives each change back as it was, whether it was packed meanwhile or not, and keeps little of those that wait.
import fc from 'fast-check';
import { keepInMemory } from '../../kernel/keep';
import { toAttributes } from './items';
import { Outbox, type Change, type Claim } from './outbox';

const SMALL = { chunkChanges: 3, openChunks: 2 };

const changeOf = (at: number, atMs = at * 1.1, isDeleted = false): Change => {
  const [id, timestamp] = [`client-${at % 7}`, `t${at}`];
  const item = isDeleted ? {} : { item: toAttributes({ id, timestamp, json: `{"count":${at}}`, previous: null }) };
  return { key: `${id}/${timestamp}`, ...item, id, timestamp, stamp: { ms: atMs, regionIndex: 1 }, writtenMs: atMs };
};
const claimOf = (at: number): Claim => ({
  partition: at % 5 === 0 ? undefined : `client-${at % 7}`,
  units: (at % 3) + 0.1,
  requests: 1,
});

describe('Outbox', () => {
  it('keeps changes in order, and gives out any of them once', () => {
    let packed = 0;
    const step = fc.record({
      adds: fc.boolean(),
      pick: fc.nat(),
      atMs: fc.double({ noNaN: true, min: 0, max: 1e12 }),
      isDeleted: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150, size: 'max' }), (steps) => {
        const outbox = new Outbox(keepInMemory, SMALL);
        const plain = new Map<number, readonly [Change, Claim]>();
        for (const [at, { adds, pick, atMs, isDeleted }] of steps.entries()) {
          const ids = [...plain.keys()];
          if (adds || ids.length === 0) {
            const [change, claim] = [changeOf(at, atMs, isDeleted), claimOf(at)];
            plain.set(outbox.add(change, claim), [change, claim]);
            continue;
          }
          const id = ids[pick % ids.length] as number;
          const [change, claim] = plain.get(id) as readonly [Change, Claim];
          expect(outbox.claimOf(id)).toEqual(claim);
          expect(outbox.take(id)).toEqual(change);
          plain.delete(id);
          expect(() => outbox.take(id)).toThrow(/not in the outbox/);
        }
        expect([...outbox]).toEqual([...plain.values()].map(([change]) => change));
        packed += outbox.use.packedChanges;
      }),
    );
    expect(packed).toBeGreaterThan(500);
  });

  it('packs what waits into less than 120 bytes a change, and keeps nothing of what was taken', () => {
    const outbox = new Outbox();
    const count = 20_000;
    const ids = Array.from({ length: count }, (_, at) => outbox.add(changeOf(at), claimOf(at)));
    const { packedChanges, packedBytes, claims } = outbox.use;
    expect(packedChanges).toBe(count - 4_096);
    expect(packedBytes / packedChanges).toBeLessThan(120);
    expect(claims).toBeLessThan(7 * 5 * 3);
    // From both ends to the middle.
    for (let at = 0; at < count; at += 1)
      outbox.take((at % 2 === 0 ? ids[at / 2] : ids[count - (at + 1) / 2]) as number);
    expect(outbox.use).toEqual({ packedChanges: 0, packedBytes: 0, claims: 0 });
    expect([...outbox]).toEqual([]);
  });

  it('packs nothing while no more wait than an ordinary drill holds back', () => {
    const outbox = new Outbox();
    for (let at = 0; at < 4_096; at += 1) outbox.add(changeOf(at), claimOf(at));
    expect(outbox.use.packedChanges).toBe(0);
  });
});
