import fc from 'fast-check';
import { RunLog } from '../log/run-log';
import { logOf } from '../testing/logs';
import { lanesOf, valueAt } from './lanes';
import { clientOrder, momentOf } from './moment';

const REGIONS = ['mumbai', 'singapore', 'seoul', 'tokyo'];
const at = (log: RunLog, atMs: number) => momentOf(log, clientOrder(log), atMs);

test('a client is down from its first failing request to its next success, and nowhere else', () => {
  const run = fc.array(fc.tuple(fc.integer({ min: 1, max: 3_000 }), fc.boolean()), { maxLength: 30 });
  fc.assert(
    fc.property(run, fc.integer({ min: 0, max: 90_000 }), (steps, atMs) => {
      let now = 0;
      const requests = steps.map(([ms, ok]) => ['c1', 'mumbai', now, (now += ms), ok] as const);
      const log = new RunLog(logOf({ requests, fault: null, endMs: 100_000 }));
      let isDown = false;
      let pendingMs: number | undefined;
      for (const [, , startedMs, endMs, ok] of requests) {
        if (ok && endMs <= atMs) [isDown, pendingMs] = [false, undefined];
        if (!ok && startedMs <= atMs) pendingMs ??= startedMs;
      }
      isDown = pendingMs !== undefined;
      expect(at(log, atMs).homes[0]?.count.down ?? 0).toBe(isDown ? 1 : 0);
      expect(log.clients.downCurve.at(atMs)).toBe(isDown ? 1 : 0);
    }),
  );
});

test.each([1, 2, 3, 4])('%i regions: each has its panel, its clients and its lanes', (count) => {
  const regions = REGIONS.slice(0, count);
  const requests = regions.map((home, index) => [`c${index}`, home, 100, 200, true] as const);
  const log = new RunLog(logOf({ regions, requests }));
  const moment = at(log, 70_000);
  expect(moment.regions.map(({ region }) => region.name)).toEqual(regions);
  expect(moment.homes.map(({ region }) => region)).toEqual(regions);
  expect(moment.replication).toHaveLength(count * (count - 1));
  expect(moment.regions[0]?.tag).toEqual({ kind: 'dark' });
  const names = lanesOf(log, 0, 200_000).map(({ name }) => name);
  for (const name of regions) expect(names.join()).toMatch(new RegExp(name, 'i'));
});

test('an answer that changes is a moved one from that millisecond on', () => {
  const moved = { atMs: 99_712, kind: 'dns-answer', name: 'app', from: 'mumbai', regions: ['singapore'] } as const;
  const log = new RunLog(logOf({ more: [moved] }));
  expect(at(log, 99_711).answers[0]).toMatchObject({ regions: ['mumbai'], moved: false });
  expect(at(log, 99_712).answers[0]).toMatchObject({ regions: ['singapore'], moved: true });
  const lane = lanesOf(log, 0, 200_000)[0];
  expect([valueAt(lane!, 99_711), valueAt(lane!, 99_712)]).toEqual(['Mumbai', 'Singapore']);
});

test('versions on their way are counted with the age of the oldest one', () => {
  const written = (id: string, atMs: number) =>
    ({ atMs, kind: 'item-written', region: 'mumbai', id: 'a', timestamp: id }) as const;
  const came = { atMs: 3_500, kind: 'item-replicated', region: 'singapore', from: 'mumbai', id: 'a' } as const;
  const log = new RunLog(
    logOf({
      requests: [['c1', 'mumbai', 0, 10, true]],
      more: [written('t1', 1_000), written('t2', 2_000), { ...came, timestamp: 't1', lagMs: 2_500, applied: true }],
    }),
  );
  const [toMumbai, toSingapore] = [at(log, 3_000), at(log, 4_000)].map(({ replication }) =>
    replication.find(({ to }) => to === 'singapore'),
  );
  expect(toMumbai).toMatchObject({ count: 2, oldestMs: 2_000 });
  expect(toSingapore).toMatchObject({ count: 1, oldestMs: 2_000 });
});

test('at the end of what is known, a lane still says what holds', () => {
  const log = new RunLog(logOf());
  const lanes = lanesOf(log, 0, log.endMs);
  expect(valueAt(lanes[0]!, log.endMs)).toBe('Mumbai');
});

test('a region that has caught up and waits for an order is shown waiting, on its panel and its lane', () => {
  const word = (atMs: number, more: object) =>
    ({
      atMs,
      kind: 'control-written',
      region: 'mumbai',
      timestamp: 'state#mumbai',
      record: { region: 'mumbai', ...more },
    }) as const;
  const wait = { number: 7, sinceMs: 20_000 };
  const log = new RunLog(
    logOf({
      fault: null,
      more: [
        word(10_000, { state: 'recovering' }),
        word(20_000, { state: 'recovering', wait }),
        word(30_000, { state: 'serving' }),
      ],
    }),
  );
  expect([10_000, 20_000, 30_000].map((atMs) => at(log, atMs).regions[0]?.tag.kind)).toEqual([
    'recovering',
    'waiting',
    'serving',
  ]);
  const lane = lanesOf(log, 0, 40_000).find(({ name }) => name === 'Mumbai');
  expect(lane && valueAt(lane, 25_000)).toBe('waiting');
});
