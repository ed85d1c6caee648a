// Partitions answer as if each of them were kept, and keep few.
import fc from 'fast-check';
import { TokenBucket } from '../../kernel/token-bucket';
import { Partitions } from './partitions';

const UNITS = 10;

/** Each partition for ever. */
class Kept {
  private readonly buckets = new Map<string, TokenBucket>();

  of(partition: string): TokenBucket {
    const bucket = this.buckets.get(partition) ?? new TokenBucket(UNITS, 1);
    this.buckets.set(partition, bucket);
    return bucket;
  }
}

describe('Partitions', () => {
  it('admit what they would if none were let go', () => {
    let refused = 0;
    const call = fc.record({
      key: fc.nat(5),
      units: fc.integer({ min: 1, max: 15 }),
      afterMs: fc.double({ min: 0, max: 700, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 200, size: 'max' }), (calls) => {
        const [partitions, kept] = [new Partitions(UNITS), new Kept()];
        let nowMs = 0;
        for (const [at, { key, units, afterMs }] of calls.entries()) {
          nowMs += afterMs;
          // So many others that those in between are let go, again and again.
          for (let other = 0; other < 60; other += 1) partitions.take(`${at} ${other}`, 1, nowMs);
          const admits = partitions.admits(`k${key}`, nowMs);
          expect(admits).toBe(kept.of(`k${key}`).hasTokens(nowMs));
          if (!admits) refused += 1;
          else {
            partitions.take(`k${key}`, units, nowMs);
            kept.of(`k${key}`).take(units, nowMs);
          }
        }
      }),
      { numRuns: 30 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  it('keep as many as were busy within a second or so, however many there were', () => {
    const partitions = new Partitions(UNITS);
    let most = 0;
    for (let at = 0; at < 100_000; at += 1) {
      partitions.take(`k${at}`, 1, at);
      most = Math.max(most, partitions.size);
    }
    expect(most).toBeLessThanOrEqual(2_048);
  });
});
