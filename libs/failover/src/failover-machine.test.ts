// The failover state machine: the path of an incident, its evidence, its number, and properties over any signs.
import type { FailoverRecord, FailoverState, OpenTransition, RegionFailover } from '@dr/contracts/system';
import fc from 'fast-check';
import { advance, hearAlarm, ALARM_LAG_MS, initialFailover, type RegionSigns } from './failover-machine';
import {
  CLAIM_MS,
  TURN_MS,
  dutyFor,
  hearOthers,
  incidentNumber,
  newFailoverRecord,
  notifierRank,
} from './failover-machine-journal';

const TIMING = { worstDetectionMs: 42_000, ttlMs: 10_000 };
const T0 = 1_000_000;

const signs = (over: Partial<RegionSigns> = {}): RegionSigns => ({
  heartbeat: { kind: 'fresh', sinceMs: 0 },
  answers: null,
  globalRegionAnswers: null,
  evacuated: false,
  survivorAt: (_, sinceMs) => sinceMs + 3_000,
  incidentAt: () => 1,
  ...over,
});
const step = (machine: RegionFailover, over: Partial<RegionSigns>, nowMs: number): RegionFailover =>
  advance('mumbai', machine, signs(over), TIMING, nowMs);
const path = ({ transitions }: RegionFailover): [FailoverState, number][] =>
  transitions.map(({ state, atMs }) => [state, atMs]);
const stale = { kind: 'stale', sinceMs: T0 } as const;

describe('an incident', () => {
  it('is followed from the missing heartbeat to failback, each step with the time of its evidence', () => {
    let machine = step(initialFailover, { heartbeat: stale }, T0 + 20_000);
    machine = step(hearAlarm(machine, 'ALARM', T0 + 60_000), { heartbeat: stale }, T0 + 61_000);
    machine = step(machine, { heartbeat: stale }, T0 + 120_000);
    machine = step(
      hearAlarm(machine, 'OK', T0 + 400_000),
      { heartbeat: { kind: 'fresh', sinceMs: T0 + 310_000 } },
      T0 + 420_000,
    );
    expect(path(machine)).toEqual([
      ['HealthCheckFailed', T0],
      ['Route53Failover', T0 + 60_000],
      ['TrafficRerouted', T0 + 70_000],
      ['SingleRegionActive', T0 + 73_000],
      ['ActiveActive', T0 + 400_000],
    ]);
    expect(machine.transitions.map(({ transitionId }) => transitionId)).toContain('mumbai#1#Route53Failover');
    expect(machine).toMatchObject({ state: 'ActiveActive', closedAtMs: T0 + 400_000, startedAtMs: T0 });
  });

  it('is no failover while only replication stands still: us-east-1 would have said so', () => {
    const machine = step(
      initialFailover,
      { heartbeat: stale, globalRegionAnswers: true, answers: false },
      T0 + 500_000,
    );
    expect(machine.state).toBe('HealthCheckFailed');
    const back = step(machine, { heartbeat: { kind: 'fresh', sinceMs: T0 + 510_000 } }, T0 + 510_000 + ALARM_LAG_MS);
    expect(path(back).at(-1)).toEqual(['ActiveActive', T0 + 510_000]);
  });

  it('is a failover without us-east-1 once the region has been silent as long as detection takes', () => {
    const deaf = { heartbeat: stale, globalRegionAnswers: false };
    expect(step(initialFailover, { ...deaf, answers: true }, T0 + 500_000).state).toBe('HealthCheckFailed');
    expect(step(initialFailover, { ...deaf, answers: false }, T0 + 41_000).state).toBe('HealthCheckFailed');
    const machine = step(initialFailover, { ...deaf, answers: false }, T0 + 60_000);
    expect(path(machine).slice(0, 3)).toEqual([
      ['HealthCheckFailed', T0],
      ['Route53Failover', T0 + 42_000],
      ['TrafficRerouted', T0 + 52_000],
    ]);
    expect(step(machine, { answers: true, globalRegionAnswers: false }, T0 + 99_000).state).toBe('ActiveActive');
  });

  it('ends when us-east-1 went silent before it could clear its alarm, and does not begin again from that alarm', () => {
    const failed = step(hearAlarm(initialFailover, 'ALARM', T0), {}, T0 + 20_000);
    expect(step(failed, {}, T0 + 60_000).state).toBe('SingleRegionActive');
    const back = step(failed, { answers: true, globalRegionAnswers: false }, T0 + 60_000);
    expect(back.state).toBe('ActiveActive');
    expect(step(back, { answers: true }, T0 + 120_000)).toBe(back);
  });

  it('records the absence of a region that was evacuated as ordered, step for step', () => {
    const left = step(hearAlarm(initialFailover, 'ALARM', T0), { evacuated: true }, T0 + 20_000);
    expect(left.transitions.map(({ evidence }) => evidence).slice(0, 2)).toEqual(['evacuation', 'evacuation']);
    const lost = step(hearAlarm(initialFailover, 'ALARM', T0), {}, T0 + 20_000);
    expect(lost.transitions.map(({ evidence }) => evidence).slice(0, 2)).toEqual(['route53-alarm', 'route53-alarm']);
  });

  it('waits for a survivor before it says that one region carries all', () => {
    const seenAt =
      (atMs: number) =>
      (_: number, sinceMs: number): number | null =>
        atMs >= sinceMs ? atMs : null;
    // Seen last before all clients had moved, which says nothing of how it bears them.
    const failed = step(hearAlarm(initialFailover, 'ALARM', T0), { survivorAt: seenAt(T0 + 9_999) }, T0 + 20_000);
    expect(failed.state).toBe('TrafficRerouted');
    const carried = step(failed, { survivorAt: seenAt(T0 + 25_000) }, T0 + 30_000);
    expect(path(carried).slice(-2)).toEqual([
      ['TrafficRerouted', T0 + 10_000],
      ['SingleRegionActive', T0 + 25_000],
    ]);
  });

  it('goes back at once when the region returns before the TTL has passed', () => {
    const failed = step(hearAlarm(initialFailover, 'ALARM', T0), {}, T0 + 1_000);
    const back = step(hearAlarm(failed, 'OK', T0 + 5_000), {}, T0 + 60_000);
    expect(path(back).map(([state]) => state)).toEqual(['HealthCheckFailed', 'Route53Failover', 'ActiveActive']);
  });

  it('keeps what nobody has been told yet when the next one begins', () => {
    const closed = step(
      hearAlarm(step(hearAlarm(initialFailover, 'ALARM', T0), {}, T0 + 60_000), 'OK', T0 + 70_000),
      {},
      T0 + 80_000,
    );
    const told = {
      ...closed,
      transitions: closed.transitions.map((t, at) => ({ ...t, written: true, sentAtMs: at === 1 ? null : T0 })),
    };
    const next = step(hearAlarm(told, 'ALARM', T0 + 90_000), { incidentAt: () => 2 }, T0 + 91_000);
    const idsOf = ({ transitions }: RegionFailover) => transitions.map(({ transitionId }) => transitionId);
    expect(idsOf(next)).toEqual([...idsOf(closed), 'mumbai#2#HealthCheckFailed', 'mumbai#2#Route53Failover']);
    const ended = step(hearAlarm(next, 'OK', T0 + 95_000), {}, T0 + 100_000);
    const third = step(hearAlarm(ended, 'ALARM', T0 + 120_000), { incidentAt: () => 3 }, T0 + 121_000);
    expect(idsOf(third)).toEqual([
      'mumbai#1#Route53Failover',
      ...idsOf(ended).filter((id) => id.startsWith('mumbai#2#')),
      'mumbai#3#HealthCheckFailed',
      'mumbai#3#Route53Failover',
    ]);
  });

  it('stays known as told when the next one begins: a peer that comes to its end late does not tell it again', () => {
    const failed = step(hearAlarm(initialFailover, 'ALARM', T0), {}, T0 + 60_000);
    const closed = step(hearAlarm(failed, 'OK', T0 + 70_000), {}, T0 + 80_000);
    const told = {
      ...closed,
      transitions: closed.transitions.map((t) => ({ ...t, written: true, sentAtMs: T0 + 80_000 })),
    };
    const next = step(told, { heartbeat: { kind: 'stale', sinceMs: T0 + 90_000 }, incidentAt: () => 2 }, T0 + 91_000);
    const end = closed.transitions.at(-1) as OpenTransition;
    expect(next.incident).toBe(2);
    const singapore = [{ ...newFailoverRecord('singapore'), regions: { mumbai: next } }];
    expect(dutyFor(end, 'mumbai', ['mumbai', 'singapore'], singapore, T0 + 80_000 + TURN_MS)).toBe('told');
  });
});

const NEXT: Readonly<Record<FailoverState, readonly FailoverState[]>> = {
  ActiveActive: ['HealthCheckFailed'],
  HealthCheckFailed: ['Route53Failover', 'ActiveActive'],
  Route53Failover: ['TrafficRerouted', 'ActiveActive'],
  TrafficRerouted: ['SingleRegionActive', 'ActiveActive'],
  SingleRegionActive: ['ActiveActive'],
};

it('takes only steps of the diagram, never back in time within an incident, under any signs and any order of alarms', () => {
  const heartbeat = fc.oneof(
    fc.constant(null),
    fc.record({ kind: fc.constantFrom('fresh' as const, 'stale' as const), sinceMs: fc.nat(300_000) }),
  );
  const observation = fc.record({
    heartbeat,
    answers: fc.constantFrom(null, true, false),
    globalRegionAnswers: fc.constantFrom(null, true, false),
    evacuated: fc.boolean(),
    survivorAt: fc.constantFrom(
      () => null,
      (_: number, sinceMs: number) => sinceMs,
      (_: number, sinceMs: number) => (sinceMs <= 400_000 ? 400_000 : null),
    ),
    alarm: fc.option(fc.record({ state: fc.constantFrom('ALARM' as const, 'OK' as const), atMs: fc.nat(300_000) })),
  });
  fc.assert(
    fc.property(fc.array(observation, { maxLength: 25 }), (observations) => {
      let machine = initialFailover;
      const seen = new Set<string>();
      observations.forEach(({ alarm, ...over }, tick) => {
        const heard = alarm ? hearAlarm(machine, alarm.state, alarm.atMs) : machine;
        let from = heard.state;
        const incident = heard.incident;
        const after = step(heard, { ...over, incidentAt: () => incident + 1 }, 300_000 + tick * 10_000);
        let atMs = from === 'ActiveActive' ? -Infinity : (heard.transitions.at(-1)?.atMs ?? -Infinity);
        for (const transition of after.transitions.filter((t) => !heard.transitions.includes(t))) {
          expect(NEXT[from]).toContain(transition.state);
          expect(transition.from).toBe(from);
          expect(transition.atMs).toBeGreaterThanOrEqual(atMs);
          expect(seen.has(transition.transitionId)).toBe(false);
          seen.add(transition.transitionId);
          ({ state: from, atMs } = transition);
        }
        expect(after.state).toBe(from);
        // A second look at the same signs changes nothing but what an end allows to begin.
        if (after.state !== 'ActiveActive') {
          expect(step(after, { ...over, incidentAt: () => incident + 1 }, 300_000 + tick * 10_000)).toBe(after);
        }
        machine = after;
      });
    }),
  );
});

describe('between regions', () => {
  const record = (writer: string, over: Partial<RegionFailover>): FailoverRecord => ({
    id: 'control',
    timestamp: `failover#${writer}`,
    writer,
    version: 1,
    regions: { mumbai: { ...initialFailover, ...over } },
  });
  const transition = (over: Partial<OpenTransition> = {}): OpenTransition => ({
    transitionId: 'mumbai#1#Route53Failover',
    region: 'mumbai',
    incident: 1,
    from: 'HealthCheckFailed',
    state: 'Route53Failover',
    atMs: T0,
    evidence: 'route53-alarm',
    startedAtMs: T0,
    recordedAtMs: T0,
    written: false,
    claimedAtMs: null,
    sentAtMs: null,
    ...over,
  });
  const REGIONS = ['mumbai', 'singapore'];

  it.each([
    { name: 'nobody knows of one', mine: 0, others: [], number: 1 },
    {
      name: 'another is in it',
      mine: 0,
      others: [record('singapore', { incident: 4, state: 'Route53Failover' })],
      number: 4,
    },
    {
      name: 'another closed it after my evidence',
      mine: 0,
      others: [record('singapore', { incident: 4, closedAtMs: T0 + 1 })],
      number: 4,
    },
    {
      name: 'another closed it long before',
      mine: 0,
      others: [record('singapore', { incident: 4, closedAtMs: T0 - 60_000 })],
      number: 5,
    },
    {
      name: 'another is still in what I have closed',
      mine: 4,
      others: [record('singapore', { incident: 4, state: 'Route53Failover' })],
      number: 4,
    },
  ])('an incident gets number $number when $name', ({ mine, others, number }) => {
    expect(incidentNumber('mumbai', { ...initialFailover, incident: mine }, others, T0)).toBe(number);
  });

  it('the newest word of the alarm is heard, whoever heard it', () => {
    const mine = hearAlarm(initialFailover, 'ALARM', T0);
    const others = [record('singapore', { route53: { state: 'OK', atMs: T0 + 1 } }), record('zurich', {})];
    expect(hearOthers('mumbai', mine, others).route53).toEqual({ state: 'OK', atMs: T0 + 1 });
    expect(hearOthers('mumbai', hearAlarm(mine, 'ALARM', T0 + 2), others).route53?.state).toBe('ALARM');
  });

  it('regions have different places in line, and the one concerned is the last', () => {
    const names = ['zurich', 'mumbai', 'singapore'];
    for (const about of names) {
      expect(names.map((self) => notifierRank(self, about, names)).sort()).toEqual([0, 1, 2]);
      expect(notifierRank(about, about, names)).toBe(2);
    }
  });

  const told = [record('singapore', { transitions: [transition({ sentAtMs: T0 })] })];
  it.each([
    { name: 'the neighbour, at once', self: 'singapore', over: {}, others: [], afterMs: 0, duty: 'publish' },
    {
      name: 'the region itself, not at first',
      self: 'mumbai',
      over: {},
      others: [],
      afterMs: TURN_MS - 1,
      duty: 'wait',
    },
    {
      name: 'the region itself, when nobody else did',
      self: 'mumbai',
      over: {},
      others: [],
      afterMs: TURN_MS,
      duty: 'publish',
    },
    {
      name: 'the neighbour not, while it is the turn of the region itself, which recorded it earlier',
      self: 'singapore',
      over: {},
      others: [record('mumbai', { transitions: [transition({ recordedAtMs: T0 - TURN_MS })] })],
      afterMs: 0,
      duty: 'wait',
    },
    {
      name: 'the neighbour again, once that turn is over',
      self: 'singapore',
      over: {},
      others: [record('mumbai', { transitions: [transition({ recordedAtMs: T0 - TURN_MS })] })],
      afterMs: TURN_MS,
      duty: 'publish',
    },
    { name: 'nobody twice', self: 'mumbai', over: {}, others: told, afterMs: TURN_MS, duty: 'told' },
    {
      name: 'one environment at a time',
      self: 'singapore',
      over: { claimedAtMs: T0 },
      others: [],
      afterMs: CLAIM_MS - 1,
      duty: 'wait',
    },
    {
      name: 'again after a publisher that died',
      self: 'singapore',
      over: { claimedAtMs: T0 },
      others: [],
      afterMs: CLAIM_MS,
      duty: 'publish',
    },
    { name: 'nothing once sent', self: 'singapore', over: { sentAtMs: T0 }, others: [], afterMs: 0, duty: 'done' },
  ])('tells people: $name', ({ self, over, others, afterMs, duty }) => {
    expect(dutyFor(transition(over), self, REGIONS, others, T0 + afterMs)).toBe(duty);
  });
});
