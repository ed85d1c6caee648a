// What is reported of each population, from a few requests: its own clock and bound, and nothing of it in the figures of the promise.
import { predict } from '@dr/failover';
import type { LoggedEvent } from '@dr/twin';
import { OF_DATA } from '../judge/data';
import { promisedRequests } from '../run/run-record';
import { failure, graphOf, request, runOf, SOUND_STACK } from '../testing/fixtures';
import { clientRecoveries } from './measure';
import { brokenBounds, populationReports } from './populations';
import { trafficToUnhealthy } from './stale-traffic';
import { health } from '../testing/fixtures';

const START = 60_000;
const HEAL = 360_000;
const kept = { client: 'keeps-0000', population: 'keeps' };
const stretched = { client: 'stretches-0000', population: 'stretches' };
const EVENTS: readonly LoggedEvent[] = [
  request(START - 100, kept),
  failure(START + 5_000),
  failure(START + 6_000, kept),
  failure(START + 7_000, stretched),
  request(START + 40_000),
  request(START + 90_000, kept),
  request(HEAL + 500, stretched),
];
const POPULATIONS = [{ name: 'keeps', share: 0.5 } as const, { name: 'stretches', share: 0.5 } as const];

const stack = (more: object = {}) =>
  graphOf({
    ...SOUND_STACK,
    'aws_lb.mumbai': { ...SOUND_STACK['aws_lb.mumbai'], ...more },
    'aws_lb.singapore': { ...SOUND_STACK['aws_lb.singapore'], client_keep_alive: 60 },
  });
const reportsOf = (events: readonly LoggedEvent[], more: object = { client_keep_alive: 60 }, kind = 'region-dark') => {
  const base = runOf({ events, populations: POPULATIONS });
  const run = { ...base, fault: { ...base.fault, kind: kind as 'region-dark' } };
  return populationReports(run, stack(more), predict(run.settings));
};

test('each population has a recovery time and a bound of its own', () => {
  expect(reportsOf(EVENTS)).toEqual([
    {
      name: 'keeps',
      clients: 1,
      requests: { total: 3, failed: 1 },
      rto: { clientsAffected: 1, p50Seconds: 90, p95Seconds: 90, worstSeconds: 90 },
      recoveredLate: 0,
      boundSeconds: 117,
      keepAlive: { seconds: 60, defaultSeconds: 3_600, boundAtDefaultSeconds: 3_657 },
    },
    {
      name: 'stretches',
      clients: 1,
      requests: { total: 2, failed: 1 },
      rto: { clientsAffected: 1, p50Seconds: 300.5, p95Seconds: 300.5, worstSeconds: 300.5 },
      recoveredLate: 1,
      boundSeconds: 347,
    },
  ]);
});

test('the clock of the promise, its counts and its clients are those of the others alone', () => {
  const run = runOf({ events: EVENTS });
  expect(clientRecoveries(run)).toEqual([{ client: 'c1', ms: 40_000, recovered: 'before-heal' }]);
  expect(promisedRequests(run).count()).toBe(2);
});

test('the longest keep-alive of the load balancers counts, and the default where one says nothing', () => {
  expect(reportsOf(EVENTS, { client_keep_alive: 300 })[0]?.keepAlive?.seconds).toBe(300);
  expect(reportsOf(EVENTS, {})[0]?.keepAlive?.seconds).toBe(3_600);
});

test('nothing follows from the settings where a fault moves nobody', () => {
  expect(reportsOf(EVENTS, {}, 'partition').map(({ boundSeconds }) => boundSeconds)).toEqual([null, null]);
});

describe('clients that keep connections are held to the keep-alive and the prediction', () => {
  const late = [failure(START + 6_000, kept), request(START + 118_000, kept)];
  test('where the load balancers end connections early', () => {
    expect(brokenBounds(reportsOf(EVENTS))).toEqual([]);
    expect(brokenBounds(reportsOf(late))).toEqual([
      "the worst client of those that keep connections (keeps) was without service for 118 s; 117 s follow from a connection's 60 s and the prediction",
    ]);
  });
  test('and with the default of AWS they are only reported, as are those behind resolvers that stretch', () => {
    expect(brokenBounds(reportsOf(late, {}))).toEqual([]);
    expect(brokenBounds(reportsOf([failure(START + 1_000, stretched), request(HEAL + 90_000, stretched)]))).toEqual([]);
  });
});

describe('behind an accelerator', () => {
  const accelerator = { intervalSeconds: 5, unhealthyThreshold: 2, timeoutSeconds: 4 };
  const acceleratedReports = (events: readonly LoggedEvent[]) => {
    const base = runOf({ events, populations: [...POPULATIONS, { name: 'far', share: 0.5 }] });
    const run = { ...base, settings: { ...base.settings, accelerator } };
    return populationReports(run, stack({ client_keep_alive: 60 }), predict(run.settings));
  };
  test('no TTL counts: all that open a new connection have one bound, and kept connections one of their own', () => {
    expect(acceleratedReports(EVENTS).map(({ name, boundSeconds }) => [name, boundSeconds])).toEqual([
      ['keeps', 109],
      ['stretches', 49],
      ['far', 49],
    ]);
  });
  test('whoever stretches a TTL is held to it, too', () => {
    const late = [failure(START + 1_000, stretched), request(START + 50_000, stretched)];
    expect(brokenBounds(acceleratedReports(late), true)).toEqual([
      'a client of stretches, whom the accelerator moves as any other, was without service for 50 s; 49 s was predicted',
    ]);
    expect(
      brokenBounds(acceleratedReports([failure(START + 1_000, stretched), request(START + 49_000, stretched)]), true),
    ).toEqual([]);
  });
});

test('a write of theirs that was acknowledged must survive', () => {
  const events = [request(START - 100, { ...kept, method: 'PUT', itemId: 'k', stamp: 't' })];
  const check = OF_DATA['acknowledged-writes-survive'];
  expect(check?.judge(runOf({ events })).holds).toBe(false);
  const item = { id: 'k', timestamp: 't' };
  expect(check?.judge(runOf({ events, replicas: { mumbai: [item], singapore: [item] } })).holds).toBe(true);
});

test('a connection that is kept may go on to a region after its answer has expired; a new one may not', () => {
  const told = (client: string): LoggedEvent => ({
    ...{ kind: 'dns-query', atMs: START, name: 'app.example.com', region: 'mumbai' },
    ...{ client, ttlSeconds: 10 },
  });
  const events = (client: object, name: string): LoggedEvent[] => [
    told(name),
    health(START + 5_000, 'mumbai', false),
    request(START + 20_000, { ...client, client: name }),
  ];
  expect(trafficToUnhealthy(runOf({ events: events({}, 'c1') }))).toHaveLength(1);
  expect(trafficToUnhealthy(runOf({ events: events({ population: 'stretches' }, 'c2') }))).toHaveLength(1);
  expect(trafficToUnhealthy(runOf({ events: events(kept, 'c3') }))).toEqual([]);
});
