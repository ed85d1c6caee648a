// The check of failback by hand: it fails for each way in which a region may serve before its order.
import type { LoggedEvent } from '@dr/twin';
import { beats, faultOf, inOrder, recordOf, said, wrongBy } from '../../../testing/schedule-fixtures';
import type { GivenOrder, RunRecord } from '../../../system-under-drill';

const ID = 'I7-serves-only-by-order';
const singapore = beats('singapore', 0, 300_000);
const back = (atMs: number): LoggedEvent[] => [
  ...beats('mumbai', 0, 40_000),
  said(100_000, 'mumbai', { state: 'recovering' }),
  said(160_000, 'mumbai', { state: 'recovering', wait: { number: 32, sinceMs: 160_000 } }),
  said(atMs, 'mumbai'),
];
const order = (kind: 'evacuate' | 'readmit', atSeconds: number, number: number): GivenOrder => ({
  action: { order: kind, region: 'mumbai', via: 'singapore', atSeconds },
  number,
  expiresAtMs: 0,
});
const readmit = (atSeconds: number, number = 1): GivenOrder => order('readmit', atSeconds, number);
const evacuate = (atSeconds: number): GivenOrder => order('evacuate', atSeconds, 1);
const health = (atMs: number, healthy: boolean): LoggedEvent =>
  ({
    kind: 'health-check',
    atMs,
    region: 'mumbai',
    healthCheck: 'c',
    healthy,
    checkers: 16,
    healthyCheckers: healthy ? 16 : 0,
  }) as unknown as LoggedEvent;
const probe = (atMs: number): LoggedEvent =>
  ({ kind: 'probe', atMs, region: 'mumbai', checker: 'c1', outcome: 'healthy' }) as unknown as LoggedEvent;
const unreached = (fromMs: number, toMs: number) => beats('mumbai', fromMs, toMs, { reached: false });

const run = (events: readonly (LoggedEvent | readonly LoggedEvent[])[], more: Partial<RunRecord> = {}): RunRecord =>
  recordOf({ events: inOrder(singapore, ...events), returnsByOrder: true, ...more });

const wrong: readonly [string, RunRecord, RegExp][] = [
  ['no order', run([back(200_000)]), /mumbai serves at 200 s beside singapore and nobody had ordered it/],
  ['an order that comes later', run([back(200_000)], { orders: [readmit(210)] }), /nobody had ordered it/],
  ['an order from before the absence', run([back(200_000)], { orders: [readmit(30)] }), /nobody had ordered it/],
  ['an order from before it had caught up', run([back(200_000)], { orders: [readmit(120)] }), /nobody had ordered it/],
  [
    'no order, as its router works again',
    run([beats('mumbai', 0, 40_000), unreached(40_000, 120_000), beats('mumbai', 120_000, 200_000)]),
    /was not there for clients from 35 s to 120 s and serves beside singapore without an order/,
  ],
  [
    'no order, as Route 53 has it',
    run([probe(40_000), health(80_000, false), probe(150_000), health(170_000, true)]),
    /Route 53 found mumbai healthy again at 170 s beside singapore without an order/,
  ],
];
test.each(wrong)('fails for %s', (_, record, message) => {
  expect(wrongBy(ID, record)[0]).toMatch(message);
  expect(wrongBy(ID, { ...record, returnsByOrder: false as never })).toEqual([]);
});

const right: readonly [string, RunRecord][] = [
  ['an order within the absence', run([back(200_000)], { orders: [readmit(180)] })],
  [
    'an order that takes back an evacuation on its way',
    run(
      [
        beats('mumbai', 0, 40_000),
        said(60_000, 'mumbai', { state: 'evacuated', closed: 1 }),
        said(65_000, 'mumbai', { state: 'recovering', closed: 2, readmitted: 2 }),
        said(70_000, 'mumbai', { closed: 2 }),
      ],
      { orders: [evacuate(45), readmit(50, 2)] },
    ),
  ],
  [
    'nobody else that serves',
    recordOf({
      events: inOrder(beats('singapore', 0, 150_000), back(200_000)),
      returnsByOrder: true,
      faults: [faultOf('region-dark', { region: 'singapore', startSeconds: 150, durationSeconds: 120 })],
    }),
  ],
  [
    'a peer that it cannot hear',
    run([back(200_000)], { schedule: { faults: [faultOf('partition', { durationSeconds: 200 })], orders: [] } }),
  ],
  ['an absence shorter than W', run([beats('mumbai', 0, 40_000), beats('mumbai', 65_000, 200_000)])],
  ['a new region', run([said(10_000, 'mumbai', { state: 'recovering', firstStart: true }), said(20_000, 'mumbai')])],
  [
    'a short outage that Route 53 noticed',
    run([probe(40_000), health(66_000, false), probe(68_000), health(90_000, true)]),
  ],
];
test.each(right)('holds with %s', (_, record) => {
  expect(wrongBy(ID, record)).toEqual([]);
});
