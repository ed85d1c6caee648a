// The RTO record, as an auditor gets it.
import {
  CONTROL_ID,
  transitionKey,
  type Evidence,
  type FailoverState,
  type TransitionRecord,
} from '@dr/contracts/system';
import type { RunningStack } from '@dr/drills';
import type { Incident } from '../operate/incidents';
import { rehearsedHistory, renderHistory } from './history';
import { systemOf, type Setup } from '../testing/run-on';

const T0 = Date.UTC(2026, 0, 4, 10);
const STATES: readonly FailoverState[] = [
  'HealthCheckFailed',
  'Route53Failover',
  'TrafficRerouted',
  'SingleRegionActive',
  'ActiveActive',
];

/** `after`: seconds from T0 to each state in turn. */
const story = (
  writer: string,
  after: Partial<Record<FailoverState, number>>,
  { region = 'mumbai', incident = 1, startedAt = 0 } = {},
): TransitionRecord[] =>
  STATES.filter((state) => after[state] !== undefined).map((state, at, states): TransitionRecord => {
    const evidence: Evidence =
      state === 'ActiveActive' ? 'recovery' : state === 'TrafficRerouted' ? 'dns-ttl' : 'route53-alarm';
    return {
      id: CONTROL_ID,
      timestamp: transitionKey(writer, region, incident, state),
      writer,
      transitionId: `${region}#${incident}#${state}`,
      region,
      incident,
      from: states[at - 1] ?? 'ActiveActive',
      state,
      evidence,
      atMs: T0 + (after[state] ?? 0) * 1000,
      startedAtMs: T0 + startedAt * 1000,
      recordedAtMs: T0 + (after[state] ?? 0) * 1000 + 20_000,
    };
  });

const FULL = {
  HealthCheckFailed: 0,
  Route53Failover: 30,
  TrafficRerouted: 40,
  SingleRegionActive: 40,
  ActiveActive: 330,
};

async function history(setup: Setup) {
  const { dr } = systemOf(setup);
  const { code, out, err } = await dr('history --json');
  const { incidents, ...about } = JSON.parse(out || '{"incidents":[]}') as { incidents: Incident[] } & Record<
    string,
    unknown
  >;
  return { code, err, incidents, about };
}

test('an incident has every transition with its evidence, its recorder, and the time to rerouted', async () => {
  const { code, incidents, about } = await history({ transitions: story('singapore', FULL).reverse() });
  expect(code).toBe(0);
  expect(about).toEqual({
    schema: 1,
    system: 'dr',
    readFrom: ['mumbai', 'singapore'],
    notRead: [],
    unreadable: [],
    gameDays: [],
  });
  expect(incidents).toHaveLength(1);
  expect(incidents[0]).toMatchObject({
    region: 'mumbai',
    incident: 1,
    startedAt: '2026-01-04T10:00:00.000Z',
    closed: true,
    failedOver: true,
    secondsToFailover: 30,
    secondsToRerouted: 40,
    secondsToRecovered: 330,
  });
  expect(incidents[0]?.transitions.map(({ state }) => state)).toEqual(STATES);
  // SingleRegionActive has the same time, and follows.
  expect(incidents[0]?.transitions[2]).toEqual({
    transitionId: 'mumbai#1#TrafficRerouted',
    from: 'Route53Failover',
    state: 'TrafficRerouted',
    evidence: 'dns-ttl',
    at: '2026-01-04T10:00:40.000Z',
    secondsSinceStart: 40,
    recordedBy: 'singapore',
    recordedAt: '2026-01-04T10:01:00.000Z',
  });
});

test('of two recorders the longer time counts, each by its own clock', async () => {
  const other = story('mumbai', { HealthCheckFailed: 8, Route53Failover: 30, TrafficRerouted: 53 }, { startedAt: 8 });
  const { incidents } = await history({ transitions: [...story('singapore', FULL), ...other] });
  expect(incidents).toHaveLength(1);
  expect(incidents[0]).toMatchObject({ startedAt: '2026-01-04T10:00:00.000Z', secondsToRerouted: 45, closed: true });
  expect(incidents[0]?.transitions).toHaveLength(8);
});

test.each([
  ['open', { HealthCheckFailed: 0, Route53Failover: 30 }, /failed over, still open/],
  [
    'rerouted and open',
    { HealthCheckFailed: 0, Route53Failover: 30, TrafficRerouted: 40 },
    /RTO 40\.0 s \(rerouted\), still open/,
  ],
  [
    'over without a failover',
    { HealthCheckFailed: 0, ActiveActive: 12 },
    /recovered after 12\.0 s, without a failover/,
  ],
  ['just begun', { HealthCheckFailed: 0 }, /still open, no failover so far/],
  ['over', FULL, /RTO 40\.0 s \(rerouted\), back in service after 330\.0 s/],
])('an incident that is %s says so in text', async (_name, after, text) => {
  const { out } = await systemOf({ transitions: story('singapore', after) }).dr('history');
  expect(out).toMatch(text);
  expect(out).toContain('2026-01-04T10:00:00.000Z  +0.0 s');
  expect(out).toContain('recorded by singapore at 2026-01-04T10:00:20.000Z');
});

test('an evacuation stands in the record as one, not as a recovery time', async () => {
  const transitions = story('singapore', FULL).map((one) =>
    one.evidence === 'route53-alarm' ? { ...one, evidence: 'evacuation' as const } : one,
  );
  const { incidents } = await history({ transitions });
  expect(incidents).toMatchObject([{ planned: true, secondsToRerouted: 40 }]);
  const { out } = await systemOf({ transitions }).dr('history');
  expect(out).toContain('evacuated by order, 40.0 s (rerouted), back in service after 330.0 s');
  expect(out).not.toContain('RTO 40');
  const mixed = [...transitions, ...story('mumbai', FULL)];
  expect((await history({ transitions: mixed })).incidents).toMatchObject([{ planned: false }]);
});

test('incidents come newest first, of all regions', async () => {
  const transitions = [
    ...story('singapore', FULL),
    ...story('mumbai', { HealthCheckFailed: 900 }, { region: 'singapore', startedAt: 900 }),
    ...story('singapore', { HealthCheckFailed: 500 }, { incident: 2, startedAt: 500 }),
  ];
  const { incidents } = await history({ transitions });
  expect(incidents.map(({ region, incident }) => `${region} ${incident}`)).toEqual([
    'singapore 1',
    'mumbai 2',
    'mumbai 1',
  ]);
});

test('a dark region is named and the others are read; fails when all are dark', async () => {
  const transitions = story('singapore', FULL);
  const { code, err, incidents, about } = await history({ transitions, dark: ['mumbai'] });
  expect({ code, count: incidents.length }).toEqual({ code: 0, count: 1 });
  expect(about).toMatchObject({ readFrom: ['singapore'], notRead: [{ region: 'mumbai' }] });
  expect(err).toMatch(/^warning: mumbai was not read: /);
  expect(await systemOf({ dark: ['mumbai', 'singapore'] }).dr('history')).toMatchObject({ code: 1, out: '' });
});

test('a record that cannot be read is named, and hides no other', async () => {
  const broken = { ...story('singapore', { HealthCheckFailed: 0 })[0], timestamp: 'transition#x', atMs: 'noon' };
  const { incidents, err, about } = await history({
    transitions: [...story('singapore', FULL), broken as unknown as TransitionRecord],
  });
  expect(incidents).toHaveLength(1);
  expect(about).toMatchObject({ unreadable: ['transition#x'] });
  expect(err).toContain('transition#x cannot be read');
});

test('no incident is an answer too', async () => {
  expect(await systemOf().dr('history')).toMatchObject({ code: 0, out: expect.stringContaining('No incident of dr') });
});

test('after a drill it shows what the regions of the twin have kept, and nothing else of their control records', async () => {
  const kept = [{ id: CONTROL_ID, timestamp: 'state#mumbai' }, ...story('singapore', FULL)];
  const twin = {
    world: { regions: [{ name: 'mumbai' }, { name: 'singapore' }] },
    operator: { read: (region: string) => Promise.resolve(region === 'mumbai' ? undefined : kept) },
  } as unknown as RunningStack;
  const rehearsed = await rehearsedHistory('dr', twin);
  expect(rehearsed).toMatchObject({ system: 'dr', readFrom: ['singapore'], unreadable: [] });
  expect(rehearsed.incidents).toMatchObject([{ region: 'mumbai', secondsToRerouted: 40, closed: true }]);
  expect(renderHistory(rehearsed)).toContain('RTO 40.0 s (rerouted), back in service after 330.0 s');
});
