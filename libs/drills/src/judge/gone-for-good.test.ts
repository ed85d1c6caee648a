// What the checks of schedules ask where a region is gone for good: of those that are left all, of the one that is gone nothing.
import { CONTROL_ID, orderKey } from '@dr/contracts/system';
import type { LoggedEvent } from '@dr/twin';
import { Watch } from '../run/watch';
import type { RunRecord } from '../system-under-drill';
import { ControlWatch } from '../systems/ours/control-watch';
import { failure, health, request } from '../testing/fixtures';
import { beats, faultOf, inOrder, recordOf, said, wrongBy } from '../testing/schedule-fixtures';

const GONE = faultOf('region-dark', { neverHeals: true });

const deletion = (region: string): LoggedEvent[] => [
  { kind: 'item-written', atMs: 50_000, region, id: 'a', timestamp: 't1' },
  request(50_000, { method: 'DELETE', stamp: 't1', region }),
];
const written = (atMs: number, region: string): LoggedEvent[] => [
  { kind: 'item-written', atMs, region, id: 'a', timestamp: 't1' },
  request(atMs, { method: 'PUT', stamp: 't1', region }),
];
const replicated = (atMs: number, from: string, region: string): LoggedEvent => ({
  kind: 'item-replicated',
  atMs,
  from,
  region,
  id: 'a',
  timestamp: 't1',
  lagMs: 1_000,
  applied: true,
});
/** Before the region is lost for good it is lost for a while, with a write that it had just taken. */
const MUMBAI_LOST = faultOf('region-refuses', { startSeconds: 30, durationSeconds: 10 });
const LOST_TWICE = {
  faults: [MUMBAI_LOST, GONE],
  losses: [{ fault: MUMBAI_LOST, unreplicated: [{ id: 'a', timestamp: 't1' }] }],
};
const SINGAPORE_LOST = faultOf('region-refuses', { region: 'singapore', startSeconds: 80, durationSeconds: 10 });

/** [check, what, sound, broken, what it says]. */
const cases: readonly [string, string, RunRecord, RunRecord, RegExp][] = [
  [
    'calm-is-served',
    'a client is still out of service once Route 53 has had its time to move it',
    recordOf({ faults: [GONE], events: [failure(100_000), failure(200_000, { population: 'stretches' })] }),
    recordOf({ faults: [GONE], events: [failure(140_000)] }),
    /c1 got .* at 137 s, while nothing was broken/,
  ],
  [
    'calm-is-served',
    'a region that was out of service itself has a minute more to find that it is the last one',
    recordOf({ faults: [GONE, SINGAPORE_LOST], events: [failure(200_000)] }),
    recordOf({ faults: [GONE, SINGAPORE_LOST], events: [failure(260_000)] }),
    /c1 got .* at 257 s, while nothing was broken/,
  ],
  [
    'I2-somebody-serves',
    'the last that the lost region said of itself does not count',
    recordOf({ faults: [GONE], events: inOrder(said(0, 'mumbai'), beats('singapore', 0, 300_000)) }),
    recordOf({ faults: [GONE], events: inOrder(said(0, 'mumbai'), said(0, 'singapore', { state: 'evacuated' })) }),
    /no region serves at 120 s/,
  ],
  [
    'deletions-survive',
    'what the lost region took with it is lost, and nothing else may be',
    recordOf({ faults: [GONE], events: deletion('mumbai') }),
    recordOf({ faults: [GONE], events: deletion('singapore') }),
    /the deletion of a @ t1 was acknowledged, and singapore has no tombstone/,
  ],
  [
    'rpo-accounted',
    'a write that was at risk where a region came back is in those that are left',
    recordOf({
      faults: [GONE, SINGAPORE_LOST],
      events: written(79_000, 'singapore'),
      losses: [{ fault: SINGAPORE_LOST, unreplicated: [{ id: 'a', timestamp: 't1' }] }],
      replicas: { mumbai: [], singapore: [{ id: 'a', timestamp: 't1' }] },
    }),
    recordOf({
      faults: [GONE, SINGAPORE_LOST],
      events: written(79_000, 'singapore'),
      losses: [{ fault: SINGAPORE_LOST, unreplicated: [{ id: 'a', timestamp: 't1' }] }],
    }),
    /not every write at risk came back after heal/,
  ],
  [
    'rpo-accounted',
    'what was at risk once, and had still reached nobody when its region was gone for good, is lost with it',
    recordOf({ ...LOST_TWICE, events: written(29_000, 'mumbai') }),
    recordOf({ ...LOST_TWICE, events: [...written(29_000, 'mumbai'), replicated(45_000, 'mumbai', 'singapore')] }),
    /not every write at risk came back after heal/,
  ],
  [
    'acknowledged-writes-survive',
    'what a region that is left has got must stay there, though its author is gone',
    recordOf({ faults: [GONE], events: written(29_000, 'mumbai') }),
    recordOf({ faults: [GONE], events: [...written(29_000, 'mumbai'), replicated(30_000, 'mumbai', 'singapore')] }),
    /a @ t1 is not in singapore/,
  ],
];

describe.each(cases)('%s', (id, _, sound, broken, says) => {
  test(`holds, and names: ${_}`, () => {
    expect(wrongBy(id, sound)).toEqual([]);
    expect(wrongBy(id, broken).join('; ')).toMatch(says);
  });
});

test('nothing of it is waited for', () => {
  const timestamp = orderKey('singapore', 'mumbai');
  const order = (region: string, number: number): LoggedEvent => ({
    kind: 'control-written',
    atMs: 50_000,
    region,
    timestamp: orderKey(region, 'singapore'),
    record: { id: CONTROL_ID, timestamp, target: 'singapore', kind: 'evacuate', number },
  });
  const watch = new Watch('app.example.com', new ControlWatch());
  const events = inOrder(
    beats('singapore', 0, 90_000),
    said(0, 'mumbai', { state: 'recovering' }),
    order('mumbai', 1),
    health(90_000, 'mumbai', false),
  );
  for (const event of events) watch.see(event);
  expect(watch.unrest(['mumbai', 'singapore'], true)).toEqual([
    'mumbai is recovering',
    'order 1 (evacuate singapore) is not decided',
  ]);
  expect(watch.unrest(['singapore'], true)).toEqual([]);
  watch.see(order('singapore', 2));
  expect(watch.unrest(['singapore'], true)).toEqual(['order 2 (evacuate singapore) is not decided']);
});
