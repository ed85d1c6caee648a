// A log that grows answers as the whole log does, however it is cut and whatever was asked in between.
import type { LoggedEvent } from '@dr/event-log';
import fc from 'fast-check';
import { lanesOf, tableOf } from '../moment/lanes';
import { clientOrder, momentOf } from '../moment/moment';
import { logOf } from '../testing/logs';
import { rowsOf } from '../words/story';
import { verdictOf } from '../words/verdict';
import { windowsOf } from '../words/windows';
import { episodeAt } from './episodes';
import { RunLog, type AnyEvent } from './run-log';

const REGIONS = ['mumbai', 'singapore', 'seoul'];
const LENGTH_MS = 200_000;
const region = fc.constantFrom(...REGIONS);
const item = fc.constantFrom('a', 'b', 'control');
const client = fc.constantFrom('c1', 'c2', 'c3', 'unauthenticated-1');
// Whole seconds come often, so that events share their instant and stand on the bounds of windows.
const atMs = fc.oneof(
  fc.integer({ min: 0, max: LENGTH_MS }),
  fc.integer({ min: 0, max: 200 }).map((second) => second * 1000),
);

const fault = { kind: 'region-dark', durationSeconds: 1e6 } as const;
const alarmState = fc.constantFrom('OK' as const, 'ALARM' as const);
const checker = { healthCheck: fc.constant('h'), checker: fc.constantFrom('eu/1', 'us/1') };
const kinds: fc.Arbitrary<Record<string, unknown>>[] = [
  fc.record({
    ...{ kind: fc.constant('request'), client, home: region, region, itemId: item, lasted: fc.integer({ max: 9_000 }) },
    ...{ outcome: fc.constantFrom('ok', 'http-error'), method: fc.constant('GET'), route: fc.constant('GET /') },
  }),
  fc.record({ kind: fc.constant('item-written'), region, id: item, timestamp: fc.constantFrom('1', '2', '3') }),
  fc.record({
    ...{ kind: fc.constant('item-replicated'), region, from: region, id: item, lagMs: fc.constant(1) },
    ...{ timestamp: fc.constantFrom('1', '2', '3'), applied: fc.boolean() },
  }),
  fc.record({ kind: fc.constant('probe'), region, ...checker, outcome: fc.constantFrom('healthy', 'refused') }),
  fc.record({ kind: fc.constant('checker'), region, ...checker, healthy: fc.boolean() }),
  fc.record({
    ...{ kind: fc.constant('health-check'), region, healthCheck: fc.constant('h'), healthy: fc.boolean() },
    ...{ healthyCheckers: fc.integer({ min: 0, max: 16 }), checkers: fc.constant(16) },
  }),
  fc.record({ kind: fc.constant('dns-answer'), name: fc.constant('app'), from: region, regions: fc.array(region) }),
  fc.record({ kind: fc.constant('dns-query'), name: fc.constant('app'), client, region, ttlSeconds: fc.nat(60) }),
  fc.record({ kind: fc.constant('alarm'), region, alarm: fc.constant('a'), state: alarmState, previous: alarmState }),
  fc.record({
    ...{ kind: fc.constant('delivered'), region, topic: fc.constant('t'), protocol: fc.constant('email') },
    ...{ endpoint: fc.constant('x'), subject: fc.constantFrom('OK a', 'ALARM a'), messageId: fc.constant('m') },
  }),
  fc.record({
    ...{ kind: fc.constant('control-written'), region, timestamp: fc.constant('s') },
    record: fc.record({ region, state: fc.constantFrom('serving', 'recovering') }),
  }),
  fc.record({
    ...{ kind: fc.constant('log'), region, functionName: fc.constant('f') },
    record: fc.record({ region, from: fc.constant('Serving'), state: fc.constantFrom('Down', 'Back') }),
  }),
  fc.record({ kind: fc.constant('invocation'), region, functionName: fc.constant('f'), outcome: fc.constant('ok') }),
  fc.record({ kind: fc.constant('meteor'), size: fc.nat() }),
];

/** A fault is struck, and ended or not; as a console does it. */
const struck = fc
  .tuple(atMs, fc.integer({ min: 0, max: 30_000 }), region, fc.boolean())
  .map(([startMs, lastsMs, where, isEnded]) => {
    const one = { ...fault, region: where, startSeconds: startMs / 1000 };
    const start = { atMs: startMs, kind: 'fault-start', fault: one };
    return isEnded ? [start, { atMs: startMs + lastsMs, kind: 'fault-end', fault: one }] : [start];
  });

const run = fc
  .tuple(fc.array(fc.tuple(atMs, fc.oneof(...kinds)), { maxLength: 60 }), fc.array(struck, { maxLength: 3 }))
  .map(([events, faults]) =>
    [
      ...events.map(([ms, event]) => ({
        ...event,
        atMs: ms,
        startedMs: ms - Math.max(0, Number(event['lasted'] ?? 0)),
      })),
      ...faults.flat(),
    ].sort((a, b) => a.atMs - b.atMs),
  )
  .map((events) => events as unknown as AnyEvent[]);

/** Everything that a page asks a log for. */
function answersOf(log: RunLog, instants: readonly number[]) {
  return {
    verdict: verdictOf(log),
    rows: rowsOf(log),
    windows: windowsOf(log, episodeAt(log, log.endMs)),
    lanes: windowsOf(log, episodeAt(log, instants[0] ?? 0)).map(({ fromMs, toMs }) =>
      lanesOf(log, fromMs, toMs).map(tableOf),
    ),
    moments: instants.map((ms) => momentOf(log, clientOrder(log), ms)),
    changes: log.clients.downCurve.changes(),
    regions: log.regions,
    faults: log.faults,
  };
}

test.each(['drill', 'live'] as const)('a %s', (kind) => {
  const cuts = fc.array(fc.nat(80), { maxLength: 8 });
  const instants = fc.array(atMs, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(run, cuts, instants, (events, at, asked) => {
      const given = logOf({ fault: null, regions: REGIONS, ended: false });
      const header = { ...given.header, run: kind };
      const whole = new RunLog({ header, events, end: null });
      const grown = RunLog.running(header);
      let from = 0;
      for (const to of [...at, events.length].map((one) => Math.min(one, events.length)).sort((a, b) => a - b)) {
        grown.append(events.slice(from, to) as LoggedEvent[]);
        from = to;
        answersOf(grown, asked);
      }
      grown.cut();
      expect(answersOf(grown, asked)).toEqual(answersOf(whole, asked));
    }),
    { numRuns: 60 },
  );
});

test('writes count from when they were made, although the request that names their item comes after them', () => {
  const write = (ms: number, id: string, version: string) =>
    ({ atMs: ms, kind: 'item-written', region: 'mumbai', id, timestamp: version }) as const;
  const came = { kind: 'item-replicated', region: 'singapore', from: 'mumbai', lagMs: 1, applied: true } as const;
  const { header, events } = logOf({
    fault: null,
    more: [
      write(100, 'a', '1'),
      write(200, 'control', '1'),
      write(300, 'a', '2'),
      { ...came, atMs: 400, id: 'a', timestamp: '1' },
    ],
    requests: [['c1', 'mumbai', 50, 1_000, true]],
  });
  const log = RunLog.running(header);
  for (const event of events) {
    log.append([event]);
    log.replication.at('mumbai', 'singapore', 5_000);
  }
  const held = (ms: number) => momentOf(log, clientOrder(log), ms).regions.map((one) => [one.held, one.written]);
  expect([held(99), held(100), held(300), held(400)]).toEqual([
    ...[
      [
        [0, 0],
        [0, 0],
      ],
      [
        [1, 1],
        [0, 1],
      ],
      [
        [2, 2],
        [0, 2],
      ],
      [
        [2, 2],
        [1, 2],
      ],
    ],
  ]);
  expect(log.replication.at('mumbai', 'singapore', 350)).toMatchObject({ count: 2, oldestMs: 250 });
  expect(log.replication.at('mumbai', 'singapore', 5_000)).toMatchObject({ count: 1, oldestMs: 4_700 });
});

test('a write that waited for its request is on its way although all later ones have come', () => {
  const { header } = logOf({ fault: null });
  const log = RunLog.running(header);
  const request = (ms: number, id: string) =>
    logOf({ fault: null, requests: [['c1', 'mumbai', ms, ms + 1, true]] }).events.flatMap((event) =>
      event.kind === 'request' ? [{ ...event, itemId: id }] : [],
    );
  const write = { kind: 'item-written', region: 'mumbai', timestamp: '1' } as const;
  log.append(request(10, 'a'));
  log.append([
    { ...write, atMs: 100, id: 'b' },
    { ...write, atMs: 200, id: 'a' },
  ]);
  log.append([
    {
      ...write,
      kind: 'item-replicated',
      region: 'singapore',
      from: 'mumbai',
      atMs: 300,
      id: 'a',
      lagMs: 1,
      applied: true,
    },
  ]);
  expect(log.replication.at('mumbai', 'singapore', 4_000).count).toBe(0);
  log.append(request(4_000, 'b'));
  expect(log.replication.at('mumbai', 'singapore', 4_000)).toMatchObject({ count: 1, oldestMs: 3_900 });
});
