// Of conditional writes that have seen one version, a region acknowledges one: with requests at once, crashes, retries and late answers.
import type { FakeClock, Table } from '@dr/handler-core';
import fc from 'fast-check';
import { crashingTable } from './testing/crashing-table';
import { pagesOf, system, type Region, type Reply } from './testing/system';

/** Each call of the table takes its time: so requests at once meet in every order, and some are late. */
function slowTable(table: Table, clock: FakeClock, delaysMs: readonly number[]): Table {
  let calls = 0;
  const late = async <T>(call: () => Promise<T>): Promise<T> => {
    const delayMs = delaysMs[(calls += 1) % delaysMs.length] ?? 0;
    if (delayMs > 0) await new Promise<void>((resolve) => clock.after(delayMs, resolve));
    return call();
  };
  return {
    query: (query, signal) => late(() => table.query(query, signal)),
    put: (item, condition, signal) => late(() => table.put(item, condition, signal)),
    scan: (cursor, signal, limit) => late(() => table.scan(cursor, signal, limit)),
  };
}

const attempt = fc.record({
  region: fc.constantFrom<Region>('mumbai', 'mumbai', 'mumbai', 'singapore'),
  /** The retry of an earlier write; or else a new one, which names the version that an earlier one has named, or the latest. */
  kind: fc.constantFrom('retry', 'retry', 'same', 'same', 'latest', 'plain'),
  earlier: fc.nat(2),
  isKeyed: fc.boolean(),
  /** The function dies at this call of the table. */
  diesAt: fc.oneof(fc.constant(-1), fc.constantFrom(5, 6, 7), fc.nat(7)),
  afterEffect: fc.boolean(),
  delaysMs: fc.array(fc.constantFrom(0, 1, 7, 30, 150), { minLength: 1, maxLength: 6 }),
});
const step = fc.record({
  atOnce: fc.array(attempt, { minLength: 1, maxLength: 3 }),
  replicate: fc.boolean(),
  waitMs: fc.constantFrom(0, 6_000),
});

interface Asked {
  /** Its body, which nobody else has sent. */
  readonly name: number;
  readonly key: string | undefined;
  /** What If-Match names. */
  readonly follows: string | undefined;
}

it('are acknowledged once, whatever happens at once, dies and is tried again', async () => {
  const met = { refused: 0, retried: 0, acknowledged: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
      const parts = system();
      const { at, clock, replicate } = parts;
      const asked: Asked[] = [];
      const acknowledged = new Map<string, number>();
      await at('mumbai')('PUT', '/items/a', { body: -1 });
      replicate();
      const send = async (of: (typeof steps)[number]['atOnce'][number], latest: string | undefined): Promise<void> => {
        const { region, kind, isKeyed, diesAt, afterEffect, delaysMs } = of;
        const keyed = asked.filter(({ key }) => key !== undefined);
        const from = kind === 'retry' ? keyed : asked.filter(({ follows }) => follows !== undefined);
        const earlier = from.length > 0 ? from[from.length - 1 - (of.earlier % from.length)] : undefined;
        const follows = kind === 'plain' ? undefined : kind === 'same' ? (earlier?.follows ?? latest) : latest;
        const name = asked.length;
        const request: Asked =
          kind === 'retry' && earlier ? earlier : { name, key: isKeyed ? `k${name}` : undefined, follows };
        if (request !== earlier) asked.push(request);
        const table = slowTable(parts[region], clock, delaysMs);
        const call = at(region, { table: crashingTable(table, { calls: diesAt, afterEffect }), peers: [] });
        const reply: Reply = await call('PUT', '/items/a', {
          body: request.name,
          headers: {
            ...(request.key === undefined ? {} : { 'idempotency-key': request.key }),
            ...(request.follows === undefined ? {} : { 'if-match': request.follows }),
          },
        });
        expect([200, 412, 500, 503]).toContain(reply.status);
        if (reply.status === 412) met.refused += 1;
        if (reply.status !== 200) return;
        met.acknowledged += 1;
        if (request === earlier) met.retried += 1;
        if (request.follows === undefined) return;
        // A retry may be answered with what another region has written.
        const place = `${String(reply.body['region'])} ${request.follows}`;
        expect([place, acknowledged.get(place) ?? request.name]).toEqual([place, request.name]);
        acknowledged.set(place, request.name);
      };
      for (const { atOnce, replicate: replicates, waitMs } of steps) {
        const etag = (await at('mumbai')('GET', '/items/a')).headers['etag'];
        await Promise.all(atOnce.map((one) => send(one, etag)));
        await clock.advance(waitMs);
        if (replicates) replicate();
      }
      await clock.advance(2_000);
      replicate();
      const { entries } = await pagesOf(at('mumbai'), 'a', 100);
      const shown = entries.map(({ value }) => value);
      expect(new Set(shown).size).toBe(shown.length);
      for (const name of acknowledged.values()) expect(shown).toContain(name);
    }),
    { numRuns: 300 },
  );
  // Else the property would say nothing.
  expect(Math.min(met.refused, met.retried, met.acknowledged)).toBeGreaterThan(100);
}, 120_000);
