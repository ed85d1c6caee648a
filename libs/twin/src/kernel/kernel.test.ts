// Virtual time and seeded chance: order, cancellation, drains, and the same draws for the same seed.
import fc from 'fast-check';
import { EventLog } from '../event-log';
import { RegionNames } from '../region-names';
import { randomSource } from './random';
import { EPOCH_MS, Scheduler } from './scheduler';

describe('Scheduler', () => {
  it('runs events by time, then by the order of asking', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 }), async (times) => {
        const scheduler = new Scheduler();
        const ran: [number, number][] = [];
        times.forEach((atMs, order) => scheduler.at(atMs, () => ran.push([scheduler.now(), order])));
        await scheduler.runUntil(100);
        const expected = times
          .map((atMs, order) => [atMs, order] as [number, number])
          .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect(ran).toEqual(expected);
        expect(scheduler.now()).toBe(100);
      }),
    );
  });

  it('runs everything an event causes before time moves on', async () => {
    const scheduler = new Scheduler();
    const seen: string[] = [];
    scheduler.at(10, () => {
      void (async () => {
        for (let i = 0; i < 50; i += 1) await Promise.resolve();
        await new Promise<void>((resolve) => process.nextTick(resolve));
        seen.push(`chain ends at ${scheduler.now()}`);
      })();
    });
    scheduler.at(11, () => seen.push('next event'));
    await scheduler.runUntil(20);
    expect(seen).toEqual(['chain ends at 10', 'next event']);
  });

  it('does so at each of many events, of two runs at once', async () => {
    const events = 300;
    const runOf = async (): Promise<number[]> => {
      const scheduler = new Scheduler();
      const ends: number[] = [];
      const chain = async (): Promise<void> => {
        for (let i = 0; i < 5; i += 1) await new Promise<void>((resolve) => process.nextTick(resolve));
        ends.push(scheduler.now());
      };
      for (let atMs = 1; atMs <= events; atMs += 1) scheduler.at(atMs, () => void chain());
      await scheduler.runUntil(events + 1);
      return ends;
    };
    const expected = Array.from({ length: events }, (_, i) => i + 1);
    expect(await Promise.all([runOf(), runOf()])).toEqual([expected, expected]);
  });

  it('does not run what was cancelled, nor what lies beyond the end', async () => {
    const scheduler = new Scheduler();
    const seen: number[] = [];
    scheduler.after(5, () => seen.push(5)).cancel();
    scheduler.after(6, () => seen.push(6));
    scheduler.after(21, () => seen.push(21));
    await scheduler.runUntil(20);
    expect(seen).toEqual([6]);
    expect(scheduler.epochNow()).toBe(EPOCH_MS + 20);
  });

  it('within gives what came first', async () => {
    const scheduler = new Scheduler();
    const answers: string[] = [];
    const ask = async (takesMs: number) =>
      answers.push(
        await scheduler.within(
          10,
          scheduler.sleep(takesMs).then(() => 'done'),
          () => 'late',
        ),
      );
    void ask(5);
    void ask(15);
    await scheduler.runUntil(30);
    expect(answers).toEqual(['done', 'late']);
  });

  it('fails when events keep asking for the same instant for ever', async () => {
    const scheduler = new Scheduler();
    const again = (): void => void scheduler.after(0, again);
    again();
    await expect(scheduler.runUntil(1)).rejects.toThrow(/stands still/);
  });
});

describe('randomSource', () => {
  it('draws the same for the same seed and name, whatever other streams draw', () => {
    const draws = (seed: number, noise: number): number[] => {
      const source = randomSource(seed);
      for (let i = 0; i < noise; i += 1) source.stream('other').next();
      return [1, 2, 3].map(() => source.stream('lag').next());
    };
    expect(draws(7, 0)).toEqual(draws(7, 5));
    expect(draws(7, 0)).not.toEqual(draws(8, 0));
  });

  it('logNormal has the median and the 99th percentile it was asked for', () => {
    const lag = randomSource(1).stream('lag');
    const sorted = Array.from({ length: 20_000 }, () => lag.logNormal(0.8, 2.5)).sort((a, b) => a - b);
    expect(sorted[10_000]).toBeCloseTo(0.8, 1);
    expect(Math.abs((sorted[19_800] ?? 0) - 2.5)).toBeLessThan(0.2);
  });
});

describe('EventLog', () => {
  it('hashes to the SHA-256 of its lines, and any change changes it', () => {
    const log = (region: string): EventLog => {
      const events = new EventLog(() => 5, new RegionNames([{ name: 'mumbai', awsRegion: 'ap-south-1' }]));
      events.record({ kind: 'denied', region, role: 'r', action: 'a', resource: 'x' });
      return events;
    };
    expect([...log('ap-south-1').lines()]).toEqual([
      '{"atMs":5,"kind":"denied","region":"mumbai","role":"r","action":"a","resource":"x"}\n',
    ]);
    expect(log('mumbai').hash()).toBe(log('mumbai').hash());
    expect(log('mumbai').hash()).not.toBe(log('singapore').hash());
  });
});
