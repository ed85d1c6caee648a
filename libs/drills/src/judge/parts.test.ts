// The data of a long run is judged in parts: the verdict is that of the whole.
import type { LoggedEvent } from '@dr/twin';
import fc from 'fast-check';
import { partsOf } from '../run/run-record';
import type { RunRecord } from '../system-under-drill';
import { request, runOf } from '../testing/fixtures';
import { acknowledgedWritesSurvive, nothingReadUnwritten } from './data';

const IDS = ['a', 'b', 'c', 'client-1', 'client-2', 'client-30'];
const version = fc.record({ id: fc.constantFrom(...IDS), timestamp: fc.constantFrom('t1', 't2', 't3') });

const written = ({ id, timestamp }: { readonly id: string; readonly timestamp: string }): LoggedEvent => ({
  ...{ kind: 'item-written', atMs: 1, region: 'mumbai', id, timestamp },
});
const asked = (method: 'PUT' | 'GET') => (of: { readonly id: string; readonly timestamp: string }) =>
  request(2, { method, itemId: of.id, stamp: of.timestamp });

const event = fc.oneof(version.map(written), version.map(asked('PUT')), version.map(asked('GET')));
const run: fc.Arbitrary<RunRecord> = fc
  .record({
    events: fc.array(event, { minLength: 1, maxLength: 40 }),
    mumbai: fc.array(version, { maxLength: 18 }),
    singapore: fc.array(version, { maxLength: 18 }),
  })
  .map(({ events, ...replicas }) => runOf({ events, replicas }));

test('each id is in exactly one part', () => {
  fc.assert(
    fc.property(run, fc.integer({ min: 1, max: 20 }), fc.string(), (of, partEvents, id) => {
      const parts = partsOf(of, partEvents);
      expect(parts.filter((isIn) => isIn(id))).toHaveLength(1);
      expect(parts).toHaveLength(Math.ceil(of.events.length / partEvents));
    }),
  );
});

/** In which part something is wrong decides where it is named. */
const words = (text: string): string[] => text.split(/; and|; /).sort();

test.each([
  ['acknowledged-writes-survive', acknowledgedWritesSurvive],
  ['nothing-read-unwritten', nothingReadUnwritten],
])('%s', (_, judge) => {
  const seen = { held: 0, broken: 0 };
  fc.assert(
    fc.property(run, fc.integer({ min: 1, max: 20 }), (of, partEvents) => {
      const whole = judge(of, partsOf(of));
      const inParts = judge(of, partsOf(of, partEvents));
      expect(inParts.holds).toBe(whole.holds);
      expect(words(inParts.detail)).toHaveLength(words(whole.detail).length);
      if (whole.holds) expect(inParts.detail).toBe(whole.detail);
      else if (words(whole.detail).length <= 3) expect(words(inParts.detail)).toEqual(words(whole.detail));
      seen[whole.holds ? 'held' : 'broken'] += 1;
    }),
    { numRuns: 500 },
  );
  expect(Math.min(seen.held, seen.broken)).toBeGreaterThan(5);
});
