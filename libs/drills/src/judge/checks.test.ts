// Each check of a schedule's run holds for a sound record and names what is wrong with one that is not.
import type { FailoverRecord } from '@dr/contracts/system';
import type { LoggedEvent } from '@dr/twin';
import { failure, health, published, request } from '../testing/fixtures';
import { arrived, beats, faultOf, inOrder, recordOf, said, wrongBy } from '../testing/schedule-fixtures';
import { checksOf } from './checks';
import { violationsOf } from './judge-schedule';
import type { RunRecord } from '../system-under-drill';
import { OURS } from '../systems/ours';

const broken = (id: string, run: RunRecord): string => wrongBy(id, run).join('; ');

test('two regions that beat and serve break nothing', () => {
  const events = inOrder(beats('mumbai', 0, 300_000), beats('singapore', 0, 300_000));
  expect(violationsOf(recordOf({ events }))).toEqual([]);
});

const singapore = beats('singapore', 0, 300_000);
const ORDERED = [
  { action: { order: 'evacuate', region: 'mumbai', via: 'singapore', atSeconds: 40 }, number: 1, expiresAtMs: 9e15 },
] as const;

const LEFT = [said(0, 'mumbai'), said(10_000, 'mumbai', { state: 'evacuated' })];

const SINGAPORES_TABLE_LOST = faultOf('dynamodb-errors', { region: 'singapore', startSeconds: 97 });
const TWO_TABLES_LOST = {
  regions: ['mumbai', 'singapore', 'seoul'],
  faults: [faultOf('dynamodb-slow'), faultOf('dynamodb-errors', { region: 'singapore' })],
};

/** [check, what, sound, broken, what it says]. */
const STALE = { ALARM: new Set(['mumbai/stale']), OK: new Set<string>() };

const cases: readonly [string, string, RunRecord, RunRecord, RegExp][] = [
  [
    'I1-leaves-to-a-serving-peer',
    'leaves without another that serves',
    recordOf({
      events: inOrder(singapore, beats('mumbai', 0, 50_000), said(50_000, 'mumbai', { state: 'evacuated' })),
    }),
    recordOf({
      events: inOrder(
        beats('singapore', 0, 10_000),
        beats('mumbai', 0, 50_000),
        said(50_000, 'mumbai', { state: 'evacuated' }),
      ),
    }),
    /mumbai went from serving to evacuated at 50 s and no other region served/,
  ],
  [
    'I1-leaves-to-a-serving-peer',
    'recovers without having been away',
    recordOf({ events: inOrder(said(0, 'mumbai'), said(60_000, 'mumbai', { state: 'recovering' })) }),
    recordOf({ events: inOrder(said(0, 'mumbai'), said(5_000, 'mumbai', { state: 'recovering' })) }),
    /from serving to recovering/,
  ],
  [
    'I1-leaves-to-a-serving-peer',
    'recovers beside one that serves, or beside nobody',
    recordOf({ events: inOrder(singapore, said(0, 'mumbai'), said(5_000, 'mumbai', { state: 'recovering' })) }),
    recordOf({
      events: inOrder(
        said(0, 'singapore', { state: 'evacuated' }),
        said(0, 'mumbai'),
        said(5_000, 'mumbai', { state: 'recovering' }),
      ),
    }),
    /from serving to recovering/,
  ],
  [
    'I2-somebody-serves',
    'nobody serves after all is well',
    recordOf({ faults: [faultOf('region-dark')], events: inOrder(beats('mumbai', 0, 200_000)) }),
    recordOf({ faults: [faultOf('region-dark')], events: inOrder(said(0, 'mumbai', { state: 'recovering' })) }),
    /no region serves at 150 s, 60 s after all was well/,
  ],
  [
    'I2-the-last-one-serves',
    'stays out while the survivor is dead',
    recordOf({
      faults: [faultOf('region-dark', { region: 'singapore', durationSeconds: 90 })],
      events: inOrder(beats('mumbai', 0, 200_000)),
    }),
    recordOf({
      faults: [faultOf('region-dark', { region: 'singapore', durationSeconds: 90 })],
      events: inOrder(said(0, 'mumbai', { state: 'evacuated' })),
    }),
    /mumbai does not serve at 122 s, 62 s after every other region was lost/,
  ],
  [
    'I3-comes-back-with-the-peers-writes',
    'comes back without older writes of a peer that it hears',
    recordOf({
      events: inOrder(
        singapore,
        said(100_000, 'mumbai', { state: 'recovering' }),
        said(170_000, 'mumbai'),
        written(120_000),
        arrived(121_000, 'singapore', ITEM()),
      ),
    }),
    recordOf({
      events: inOrder(
        singapore,
        said(100_000, 'mumbai', { state: 'recovering' }),
        said(170_000, 'mumbai'),
        written(120_000),
      ),
    }),
    /mumbai went from recovering to serving at 170 s without 1 older writes of singapore/,
  ],
  [
    'I3-comes-back-with-the-peers-writes',
    'comes back although heartbeats had paused',
    recordOf({ events: inOrder(singapore, said(100_000, 'mumbai', { state: 'recovering' }), said(170_000, 'mumbai')) }),
    recordOf({
      events: inOrder(
        singapore.filter(({ kind, atMs }) => kind !== 'item-replicated' || atMs < 120_000 || atMs > 160_000),
        said(100_000, 'mumbai', { state: 'recovering' }),
        said(170_000, 'mumbai'),
      ),
    }),
    /although singapore's heartbeat had paused for 4\d\.\d s/,
  ],
  [
    'I3-waits-after-an-absence',
    'comes back from an absence and serves at once, without the writes of a peer that it can hear',
    recordOf({
      events: inOrder(
        singapore,
        said(30_000, 'mumbai'),
        said(100_000, 'mumbai', { state: 'recovering' }),
        written(60_000),
      ),
    }),
    recordOf({ events: inOrder(singapore, said(30_000, 'mumbai'), said(100_000, 'mumbai'), written(60_000)) }),
    /mumbai came back at 100 s and was serving at once without 1 older writes of singapore/,
  ],
  [
    'I4-returns-unasked-only-alone',
    'returns unasked beside a region that serves',
    recordOf({
      events: inOrder(
        beats('singapore', 0, 60_000),
        said(40_000, 'mumbai', { state: 'evacuated' }),
        said(150_000, 'mumbai'),
      ),
      faults: [faultOf('region-dark', { region: 'singapore', durationSeconds: 120 })],
    }),
    recordOf({ events: inOrder(singapore, said(40_000, 'mumbai', { state: 'evacuated' }), said(150_000, 'mumbai')) }),
    /mumbai went from evacuated to serving at 150 s unasked although singapore served/,
  ],
  [
    'I4-returns-unasked-only-alone',
    'is readmitted by nobody',
    recordOf({
      events: inOrder(said(0, 'mumbai', { state: 'evacuated' }), said(50_000, 'mumbai', { state: 'recovering' })),
      orders: [{ ...ORDERED[0], action: { ...ORDERED[0].action, order: 'readmit' } }],
    }),
    recordOf({
      events: inOrder(said(0, 'mumbai', { state: 'evacuated' }), said(50_000, 'mumbai', { state: 'recovering' })),
      orders: ORDERED,
    }),
    /and nobody had ordered it/,
  ],
  [
    'calm-orders-are-obeyed',
    'an evacuation in calm is refused',
    recordOf({ orders: ORDERED, events: inOrder(singapore, beats('mumbai', 0, 60_000), closed('obeyed')) }),
    recordOf({ orders: ORDERED, events: inOrder(singapore, beats('mumbai', 0, 60_000), closed('refused')) }),
    /mumbai did not obey the evacuation of 40 s/,
  ],
  [
    'comes-to-rest',
    'something is left undone',
    recordOf(),
    recordOf({ unquiet: ['mumbai is recovering'] }),
    /mumbai is recovering, 300 s after/,
  ],
  [
    'one-version-a-request',
    'one request is two versions',
    recordOf({ events: [put(1_000)], ...stored(['t1']) }),
    recordOf({ events: [put(1_000)], ...stored(['t1', 't2']) }),
    /c1 sent 1 writes of a, and 2 versions of it are stored/,
  ],
  [
    'acknowledged-apart',
    'two clients are told that one version is theirs',
    recordOf({ events: [put(1_000), put(2_000, { client: 'c2', stamp: 't2' })] }),
    recordOf({ events: [put(1_000), put(2_000, { client: 'c2' })] }),
    /a @ t1 was acknowledged to c1 and to c2/,
  ],
  [
    'read-your-writes',
    'a client does not find its own write',
    recordOf({ events: [put(1_000), request(2_000, { stamp: 't1', dataRegion: 'mumbai' })] }),
    recordOf({ events: [put(1_000), request(2_000, { stamp: 't0', dataRegion: 'mumbai' })] }),
    /c1 had written a @ t1 in mumbai and read t0 there at 2 s/,
  ],
  [
    'stamps-follow-what-was-seen',
    'a version sorts before what its writer had seen',
    recordOf(stored(['t2'], { previous: 't1' })),
    recordOf(stored(['t1'], { previous: 't2' })),
    /a @ t1 was written upon sight of t2/,
  ],
  [
    'retries-are-one-write',
    'a retried write is shown twice',
    recordOf({ audits: [audit('mumbai', ['k']), audit('singapore', ['k'])] }),
    recordOf({ audits: [audit('mumbai', ['k', 'k']), audit('singapore', ['k'])] }),
    /mumbai shows two versions of a with the key k; the regions show two histories of a/,
  ],
  [
    'no-traffic-to-unhealthy-after-bound',
    'clients are sent where nobody is healthy',
    recordOf({ events: [health(50_000, 'mumbai', false), asked(60_000, 'singapore')] }),
    recordOf({ events: [health(50_000, 'mumbai', false), asked(60_000, 'mumbai')] }),
    /c1 was told mumbai at 60 s although it was unhealthy/,
  ],
  [
    'nobody-sent-to-evacuated',
    'a client is sent to a region that left long ago',
    recordOf({ events: inOrder(said(0, 'mumbai'), said(10_000, 'mumbai', { state: 'evacuated' }), request(60_000)) }),
    recordOf({ events: inOrder(said(0, 'mumbai'), said(10_000, 'mumbai', { state: 'evacuated' }), request(80_000)) }),
    /which had been evacuated for longer than 58 s/,
  ],
  [
    'nobody-sent-to-evacuated',
    'clients keep an answer longer than the time in which no other region was healthy allows',
    recordOf({
      events: inOrder(LEFT, health(90_000, 'singapore', false), health(99_000, 'singapore', true), request(108_000)),
    }),
    recordOf({
      events: inOrder(LEFT, health(90_000, 'singapore', false), health(99_000, 'singapore', true), request(110_000)),
    }),
    /which had been evacuated for longer than 58 s/,
  ],
  [
    'nobody-sent-to-evacuated',
    'a region that left is still answered after another has long been healthy again',
    recordOf({ events: inOrder(LEFT, health(9_000, 'singapore', false), request(80_000)) }),
    recordOf({
      events: inOrder(LEFT, health(9_000, 'singapore', false), health(65_000, 'singapore', true), request(80_000)),
    }),
    /which had been evacuated for longer than 58 s/,
  ],
  [
    'no-traffic-to-unhealthy-after-bound',
    'a lost region is never found unhealthy',
    recordOf({ faults: [faultOf('region-dark', { durationSeconds: 60 })], events: [health(100_000, 'mumbai', false)] }),
    recordOf({ faults: [faultOf('region-dark', { durationSeconds: 60 })] }),
    /mumbai was never found unhealthy/,
  ],
  [
    'clients-recover-in-time',
    'a client is without service for too long',
    recordOf({
      faults: [faultOf('region-dark', { durationSeconds: 70 })],
      events: [failure(65_000), request(110_000)],
    }),
    recordOf({
      faults: [faultOf('region-dark', { durationSeconds: 70 })],
      events: [failure(65_000), request(128_000)],
    }),
    /c1 was without service for 68 s/,
  ],
  [
    'fallback-is-fast',
    'a dead table costs more than a slow answer',
    recordOf({ faults: [faultOf('dynamodb-slow')], events: [request(70_000, { startedMs: 69_000 })] }),
    recordOf({ faults: [faultOf('dynamodb-slow')], events: [request(70_000, { startedMs: 67_000 })] }),
    /c1 got ok for GET \/items\/\{id\} in mumbai at 67 s after 3 s/,
  ],
  [
    'fallback-is-fast',
    'a request fails while one of three tables lives',
    recordOf({ ...TWO_TABLES_LOST, events: [request(70_000, { startedMs: 67_000 })] }),
    recordOf({ ...TWO_TABLES_LOST, events: [failure(70_000)] }),
    /c1 got .* in mumbai at/,
  ],
  [
    'fallback-is-fast',
    'a request fails while one of two tables lives, the other having been lost before',
    recordOf({ faults: [faultOf('dynamodb-slow'), SINGAPORES_TABLE_LOST], events: [failure(70_000)] }),
    recordOf({
      faults: [faultOf('dynamodb-slow'), { ...SINGAPORES_TABLE_LOST, startSeconds: 98 }],
      events: [failure(99_000)],
    }),
    /c1 got .* in mumbai at/,
  ],
  [
    'calm-is-served',
    'a request fails while nothing is broken',
    recordOf({ faults: [faultOf('region-dark')], events: [failure(80_000), failure(97_000)] }),
    recordOf({ faults: [faultOf('region-dark')], events: [failure(55_000)] }),
    /while nothing was broken/,
  ],
  [
    'local-again',
    'a region keeps using its peer',
    recordOf({ faults: [faultOf('dynamodb-errors')], events: [request(80_000, { dataRegion: 'singapore' })] }),
    recordOf({ faults: [faultOf('dynamodb-errors')], events: [request(99_000, { dataRegion: 'singapore' })] }),
    /mumbai answered c1 from singapore at 99 s/,
  ],
  [
    'unfelt-stays-unfelt',
    'a partition takes a region out of service',
    recordOf({ faults: [faultOf('partition')], events: [request(70_000)] }),
    recordOf({ faults: [faultOf('partition')], events: [health(70_000, 'mumbai', false)] }),
    /mumbai changed its health at 70 s/,
  ],
  [
    'at-most-one-failover-and-failback',
    'a region leaves twice for one cause',
    recordOf({
      faults: [faultOf('isolated')],
      events: [health(70_000, 'mumbai', false), health(99_000, 'mumbai', true)],
    }),
    recordOf({
      faults: [faultOf('isolated')],
      events: [health(70_000, 'mumbai', false), health(99_000, 'mumbai', true), health(130_000, 'mumbai', false)],
    }),
    /mumbai left service 2 times and came back 1 times for 1 causes/,
  ],
  [
    'told-once',
    'a transition is told twice',
    recordOf({ events: [told(70_000, 'mumbai#1#ActiveActive'), told(71_000, 'mumbai#2#ActiveActive')] }),
    recordOf({ events: [told(70_000, 'mumbai#1#ActiveActive'), told(71_000, 'mumbai#1#ActiveActive')] }),
    /mumbai#1#ActiveActive was told at 70 s and again from singapore at 71 s/,
  ],
  [
    'told-of-what-happened',
    'something is told that no record shows',
    recordOf({ events: [failover(69_000, 'mumbai#1#Route53Failover'), told(70_000, 'mumbai#1#Route53Failover')] }),
    recordOf({ events: [told(70_000, 'mumbai#1#Route53Failover')] }),
    /singapore told of mumbai#1#Route53Failover, which nobody has recorded/,
  ],
  [
    'tells-what-it-notes',
    'a transition is noted as told, and nobody was told',
    recordOf({ events: [failover(69_000, 'mumbai#1#ActiveActive', 70_000), told(70_000, 'mumbai#1#ActiveActive')] }),
    recordOf({ events: [failover(69_000, 'mumbai#1#ActiveActive', 70_000), told(70_000, 'mumbai#2#ActiveActive')] }),
    /singapore noted that mumbai#1#ActiveActive was told, and nobody was/,
  ],
  [
    'no-failover-out-of-thin-air',
    'a failover is told that Route 53 never made',
    recordOf({ events: [health(60_000, 'mumbai', false), told(70_000, 'mumbai#1#Route53Failover')] }),
    recordOf({ events: [told(70_000, 'mumbai#1#Route53Failover')] }),
    /and Route 53 had moved nobody/,
  ],
  [
    'sent-by-the-living',
    'a dead region sends a message',
    recordOf({ faults: [faultOf('region-dark')], events: [told(70_000, 'x')] }),
    recordOf({ faults: [faultOf('region-dark', { region: 'singapore' })], events: [told(70_000, 'x')] }),
    /was sent from singapore at 70 s, while it was down/,
  ],
  [
    'loss-is-told',
    'nobody is told of a loss',
    recordOf({ faults: [faultOf('region-dark', { durationSeconds: 60 })], events: [told(100_000, 'x')] }),
    recordOf({ faults: [faultOf('region-dark', { durationSeconds: 60 })], events: [told(125_000, 'x')] }),
    /nobody was told while it lasted of region-dark in mumbai; an alert within 60 s/,
  ],
  [
    'alarms-announced',
    'an alarm goes off and says nothing',
    recordOf({ events: [alarm(70_000), published(70_500, { publisher: 'stale' })], announcedAlarms: STALE }),
    recordOf({ events: [alarm(70_000)], announcedAlarms: STALE }),
    /stale went to ALARM in mumbai at 70 s unannounced/,
  ],
  [
    'validator-is-right',
    'differing replicas are reported while nothing was late',
    recordOf({ faults: [faultOf('replication-paused')], events: [reported(80_000)] }),
    recordOf({ events: [reported(80_000)] }),
    /singapore reported "Replicas differ" at 80 s, while nothing was late/,
  ],
  [
    'no-unauthenticated-success',
    'a request without a key succeeds',
    recordOf({ events: [request(30_000, { client: 'unauthenticated-mumbai', outcome: 'http-error', status: 401 })] }),
    recordOf({ events: [request(30_000, { client: 'unauthenticated-mumbai' })] }),
    /in mumbai succeeded without a key/,
  ],
];

test.each(cases)('%s fails when something %s', (id, _what, sound, unsound, message) => {
  expect(broken(id, sound)).toBe('');
  expect(broken(id, unsound)).toMatch(message);
});

/** Each has its case in systems/ours/checks/callers.test. */
const OF_CALLERS = ['deletions-survive', 'keys-belong-to-one-request', 'preconditions-hold', 'one-follows-a-version'];
/** In its own file: `systems/ours/checks/failback.test.ts`. */
const OF_RETURNS = 'I7-serves-only-by-order';

test('every check that drills do not make has a case that breaks it; the others have theirs in invariants.test', () => {
  const shown = new Set([...cases.map(([id]) => id), ...OF_CALLERS, OF_RETURNS]);
  const without = checksOf(OURS, 'schedules').filter(([id, { of }]) => of === 'schedules' && !shown.has(id));
  expect(without).toEqual([]);
});

test('a duplicate is no fault where a region could not know that another had told', () => {
  const events = [told(70_000, 'mumbai#1#ActiveActive'), told(80_000, 'mumbai#1#ActiveActive')];
  expect(broken('told-once', recordOf({ events, faults: [faultOf('partition')] }))).toBe('');
});

function ITEM() {
  return { id: 'a', timestamp: 't1' };
}
function written(atMs: number): LoggedEvent {
  return { kind: 'item-written', atMs, region: 'singapore', ...ITEM() };
}
function put(atMs: number, more: Parameters<typeof request>[1] = {}): LoggedEvent {
  return request(atMs, { method: 'PUT', stamp: 't1', dataRegion: 'mumbai', ...more });
}
function stored(timestamps: readonly string[], more: object = {}): Pick<RunRecord, 'replicas'> {
  const items = timestamps.map((timestamp) => ({ id: 'a', timestamp, value: { by: 'c1' }, ...more }));
  return { replicas: { mumbai: items, singapore: items } };
}
function audit(region: string, keys: readonly string[]) {
  return { region, itemId: 'a', versions: keys.map((keyUse, at) => ({ timestamp: `t${at}`, keyUse })) };
}
function told(atMs: number, id: string): LoggedEvent {
  return { ...(published(atMs) as Extract<LoggedEvent, { kind: 'published' }>), subject: 'Failover: mumbai', id };
}
function failover(atMs: number, transitionId: string, sentAtMs: number | null = null): LoggedEvent {
  const regions = { mumbai: { transitions: [{ transitionId, sentAtMs }] } } as unknown as FailoverRecord['regions'];
  return {
    kind: 'control-written',
    atMs,
    region: 'singapore',
    timestamp: 'failover#singapore',
    record: { writer: 'singapore', regions },
  };
}
function alarm(atMs: number): LoggedEvent {
  return { kind: 'alarm', atMs, region: 'mumbai', alarm: 'stale', state: 'ALARM', previous: 'OK', reason: '' };
}
function closed(outcome: 'obeyed' | 'refused'): LoggedEvent {
  return said(60_000, 'mumbai', { closed: 1, lastOrder: { number: 1, kind: 'evacuate', outcome, reason: 'r' } });
}
function asked(atMs: number, region: string): LoggedEvent {
  return { kind: 'dns-query', atMs, client: 'c1', name: 'app.example.com', region, ttlSeconds: 10 };
}
function reported(atMs: number): LoggedEvent {
  const event = published(atMs, { publisher: 'data-consistency-validator' });
  return { ...(event as Extract<LoggedEvent, { kind: 'published' }>), subject: 'Replicas differ' };
}
