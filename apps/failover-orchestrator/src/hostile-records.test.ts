// failover-orchestrator among records that somebody else has written: it follows incidents as it would without them.
import * as fc from 'fast-check';
import { failoverKey, stateKey, type FailoverRecord, type StateRecord } from '@dr/contracts/system';
import { readControlRecords } from '@dr/contracts/system/records';
import { spoiled, timesIn, withTime } from '@dr/contracts/testing';
import { admissionConstants, initialFailover, mapTransitions } from '@dr/failover';
import {
  createTelemetry,
  FakeClock,
  FakeHttp,
  FakeInvoker,
  FakeNotifier,
  MemoryTable,
  whileTimePasses,
  type Item,
} from '@dr/handler-core';
import { failoverOrchestrator } from './handler';

const REGIONS = ['mumbai', 'singapore'];
const SCHEDULE = { source: 'aws.events', 'detail-type': 'Scheduled Event' };
const id = 'control';
const NAMED = 'control records that cannot be read';

function mumbai() {
  const clock = new FakeClock();
  const table = new MemoryTable();
  const notifier = new FakeNotifier();
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as Record<string, unknown>);
  const handler = failoverOrchestrator({
    table,
    notifier,
    invoker: new FakeInvoker(),
    http: new FakeHttp(),
    clock,
    telemetry: createTelemetry({ clock, region: 'mumbai', functionName: 'o', write }),
    system: 'dr',
    region: 'mumbai',
    peers: [{ name: 'singapore', awsRegion: 'ap-southeast-1', host: 'singapore.app.example.com' }],
    validatorFunction: 'validator:live',
    constants: admissionConstants(42),
    timing: { worstDetectionMs: 42_000, ttlMs: 10_000 },
    waitForValidation: false,
  });
  let heardAtMs = clock.now();
  const beatOf = (region: string): object => {
    const nowMs = clock.now();
    const common = { id, version: 9, sequence: 9, beatAtMs: nowMs, state: 'serving', leaving: null };
    const rest = { leavingSinceMs: null, closed: 0, reached: true, lastProbeAtMs: nowMs, grants: {}, stateSinceMs: 0 };
    return { ...common, ...rest, timestamp: stateKey(region), region };
  };
  /** mumbai beats, and hears nothing of singapore. */
  const beatAlone = (over: object = {}): void => {
    const heard = { sequence: 9, heardAtMs, freshSinceMs: heardAtMs, silentSinceMs: heardAtMs };
    const peer = { ...heard, answeredAtMs: null, answeredServing: false };
    const memory = { atMs: clock.now(), aloneSinceMs: null, peers: { singapore: peer } };
    table.apply({ ...(beatOf('mumbai') as Item), memory, ...over });
  };
  /** Both regions beat and serve; mumbai has just heard of singapore. */
  const beat = (over: object = {}): void => {
    heardAtMs = clock.now();
    beatAlone();
    table.apply({ ...(beatOf('singapore') as Item), ...over });
  };
  const run = (event: unknown = SCHEDULE): Promise<void> => whileTimePasses(clock, handler(event));
  const alarm = (state: 'ALARM' | 'OK', atMs = clock.now()): unknown => ({
    Records: [
      {
        Sns: {
          Message: JSON.stringify({
            AlarmName: 'dr-singapore-route53-unhealthy',
            NewStateValue: state,
            StateChangeTime: new Date(atMs).toISOString(),
          }),
        },
      },
    ],
  });
  const told = (): unknown[] => notifier.sent.map(({ body }) => body['id']);
  const record = (): FailoverRecord =>
    table.all().find(({ timestamp }) => timestamp === failoverKey('mumbai')) as unknown as FailoverRecord;
  return { clock, table, lines, beat, beatAlone, beatOf, run, alarm, told, record };
}

const transition = {
  transitionId: 'singapore#7#HealthCheckFailed',
  region: 'singapore',
  incident: 7,
  from: 'ActiveActive',
  state: 'HealthCheckFailed',
  atMs: 1,
  evidence: 'heartbeat',
  startedAtMs: 1,
  recordedAtMs: 1,
  written: true,
  claimedAtMs: null,
  sentAtMs: 1,
};
const failover = (writer: string) => ({
  id,
  timestamp: failoverKey(writer),
  writer,
  version: 3,
  regions: {
    singapore: {
      state: 'ActiveActive',
      incident: 7,
      startedAtMs: 1,
      closedAtMs: 2,
      route53: null,
      transitions: [transition],
    },
  },
});

/** What becomes of singapore. */
const COURSES = ['its probes fail, and it is back', 'it is lost', 'it is lost, and no alarm comes'] as const;

test('an incident is recorded and told as it would be without what somebody has planted', async () => {
  const states = mumbai();
  const planted = fc.oneof(
    spoiled(failover('mumbai')),
    spoiled(failover('singapore')),
    spoiled({ ...failover('atlantis') }),
    ...REGIONS.map((region) => spoiled(states.beatOf(region) as Item)),
    fc.record({ id: fc.constant(id), timestamp: fc.string().map((text) => `order#${text}`) }),
  );
  const told = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(planted, fc.nat(3), fc.constantFrom(...COURSES), async (item, when, course) => {
      const [control, attacked] = [mumbai(), mumbai()];
      const read = readControlRecords([item], REGIONS, control.clock.now());
      fc.pre(read.bad.length > 0 || [...read.failovers, ...read.states].length === 0);
      for (const { beat, beatAlone, run, alarm, clock, table } of [control, attacked]) {
        const plantIf = (is: boolean): void => {
          if (is && table === attacked.table) table.apply(item);
        };
        const isLost = course !== COURSES[0];
        plantIf(when === 0);
        beat();
        await run();
        plantIf(when === 1);
        await run(course === COURSES[2] ? undefined : alarm('ALARM'));
        plantIf(when === 2);
        await clock.advance(60_000);
        (isLost ? beatAlone : beat)();
        await run(isLost ? undefined : alarm('OK'));
        plantIf(when === 3);
        await run();
        for (let minutes = 0; minutes < 3; minutes += 1, await clock.advance(60_000)) {
          (isLost ? beatAlone : beat)();
          await run();
        }
      }
      told.set(course, control.told().length);
      expect(attacked.told()).toEqual(control.told());
      expect(attacked.record()).toEqual({ ...control.record(), version: expect.any(Number) });
      expect(Number.isSafeInteger(attacked.record().version)).toBe(true);
    }),
    { numRuns: 100 },
  );
  expect(COURSES.map((course) => told.get(course))).toEqual([5, 4, 4]);
});

test('a planned absence stays one, though nobody can read the record of the region that has left', async () => {
  const { beat, beatAlone, run, alarm, table, record } = mumbai();
  beat({ state: 'evacuated' });
  const left = { sequence: 9, beatAtMs: 1, lastProbeAtMs: 1, state: 'evacuated', closed: 1 };
  const { memory } = table.all().find(({ timestamp }) => timestamp === stateKey('mumbai')) as unknown as StateRecord;
  const singapore = { ...memory?.peers['singapore'], backup: left };
  beatAlone({ memory: { ...memory, peers: { singapore } } });
  table.apply({ id, timestamp: stateKey('singapore'), version: 'x' });
  await run(alarm('ALARM'));
  expect(record().regions['singapore']?.transitions).toMatchObject([
    { state: 'HealthCheckFailed', evidence: 'evacuation' },
    { state: 'Route53Failover', evidence: 'evacuation' },
  ]);
});

test.each<[string, (nowMs: number) => object]>([
  ['an alarm', (nowMs) => ({ route53: { state: 'OK', atMs: nowMs + 1e12 } })],
  ['an end', (nowMs) => ({ closedAtMs: nowMs + 1e12 })],
])('%s in times to come deafens nobody', async (_, over) => {
  for (const writer of REGIONS) {
    const { clock, table, beat, run, alarm, told } = mumbai();
    const [forged] = [failover(writer)];
    const singapore = { ...forged.regions.singapore, transitions: [], ...over(clock.now()) };
    table.apply({ ...forged, regions: { singapore } });
    beat();
    await run(alarm('ALARM'));
    expect(told().length).toBeGreaterThan(0);
  }
});

test('a claim in times to come does not silence a notification', async () => {
  const { clock, table, beat, run, told } = mumbai();
  const { regions, ...mine } = failover('mumbai');
  const open = {
    ...transition,
    atMs: clock.now(),
    recordedAtMs: clock.now(),
    sentAtMs: null,
    claimedAtMs: clock.now() + 1e12,
  };
  table.apply({
    ...mine,
    regions: { singapore: { ...regions.singapore, state: 'HealthCheckFailed', transitions: [open] } },
  });
  beat();
  await run();
  await run();
  expect(told()).toEqual([transition.transitionId]);
});

test('what waits for its turn to be told is told in time, though it is said to be recorded in times to come', async () => {
  const { clock, table, beat, run, told } = mumbai();
  const { regions, ...mine } = failover('mumbai');
  const about = { ...transition, region: 'mumbai', transitionId: 'mumbai#7#HealthCheckFailed', sentAtMs: null };
  const open = { ...about, atMs: clock.now(), startedAtMs: clock.now(), recordedAtMs: clock.now() + 1e12 };
  table.apply({
    ...mine,
    regions: {
      mumbai: {
        ...regions.singapore,
        state: 'HealthCheckFailed',
        startedAtMs: clock.now(),
        transitions: [open],
      },
    },
  });
  for (let minutes = 0; minutes <= 2; minutes += 1) {
    beat();
    await run();
    await clock.advance(60_000);
  }
  expect(told()).toContain(open.transitionId);
});

const lastTimes = (record: object): number =>
  Math.max(...timesIn(record).map((path) => Number(path.reduce<unknown>((of, name) => Object(of)[name], record))));

test('a time to come in one place loses no incident, silences nothing, is named and is put right', async () => {
  const places = await (async () => {
    const { beat, run, alarm, record } = mumbai();
    beat();
    await run(alarm('ALARM'));
    return timesIn({ regions: record().regions });
  })();
  expect(new Set(places.map((path) => path.at(-1)))).toEqual(
    new Set(['startedAtMs', 'closedAtMs', 'atMs', 'recordedAtMs', 'claimedAtMs', 'sentAtMs']),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        place: fc.constantFrom(...places),
        aheadMs: fc.constantFrom(3_600_000, 86_400_000, 1e12, 6e15),
        writer: fc.constantFrom(...REGIONS),
        isTold: fc.boolean(),
        isLost: fc.boolean(),
      }),
      async ({ place, aheadMs, writer, isTold, isLost }) => {
        const worlds = ['control', 'attacked'].map((name) => ({ name, ...mumbai() }));
        for (const { name, clock, table, beat, beatAlone, run, alarm, record, lines } of worlds) {
          beat();
          await run(alarm('ALARM'));
          const known = mapTransitions(record(), (one) =>
            isTold ? one : { ...one, claimedAtMs: null, sentAtMs: null },
          );
          const theirs = { ...known, writer, timestamp: failoverKey(writer) };
          table.apply({ ...known } as unknown as Item);
          table.apply({
            ...(name === 'control' ? theirs : withTime(theirs, place, clock.now() + aheadMs)),
          } as unknown as Item);
          for (let minutes = 0; minutes < 5; minutes += 1) {
            await clock.advance(60_000);
            (isLost ? beatAlone : beat)();
            await run(isLost || minutes > 0 ? undefined : alarm('OK'));
            expect(lastTimes(record())).toBeLessThanOrEqual(clock.now());
          }
          const named = lines.filter(({ level, message }) => level === 'WARN' && message === NAMED);
          const bad = { key: failoverKey(writer), why: `${place.at(-1)} lies in times to come` };
          expect(named).toMatchObject(name === 'control' ? [] : [{ count: 1, records: [bad] }]);
        }
        const [control, attacked] = worlds.map(({ told, record }) => {
          const { state, incident, transitions } = record().regions['singapore'] ?? initialFailover;
          return { told: [...new Set(told())], state, incident, states: transitions.map((one) => one.state) };
        });
        expect(attacked).toEqual(control);
        expect(control?.told.length).toBe(isLost ? 4 : 5);
      },
    ),
    { numRuns: 150 },
  );
});

test('an alarm from the future is ignored, and the true one is heard', async () => {
  const { clock, beat, run, alarm, told, lines } = mumbai();
  beat();
  await run(alarm('OK', clock.now() + 86_400_000));
  expect(lines.map(({ message }) => message)).toContain('an alarm from the future is ignored');
  await run(alarm('ALARM'));
  expect(told().length).toBeGreaterThan(0);
});

test('an alarm is of the past or the future by the time that the table has told', async () => {
  const { clock, table, beat, run, alarm, told, lines } = mumbai();
  const query = table.query.bind(table);
  // The clock of this environment is three minutes behind, until the first answer of the table puts it right.
  const behind = clock.now();
  beat();
  const given = alarm('ALARM', behind + 180_000);
  let isFirst = true;
  table.query = async (...input) => {
    if (isFirst) clock.stepWall(180_000);
    isFirst = false;
    return query(...input);
  };
  await run(given);
  expect(lines.map(({ message }) => message)).not.toContain('an alarm from the future is ignored');
  expect(told().length).toBeGreaterThan(0);
});

test('nobody can count incidents to their end, and it is named', async () => {
  const { table, beat, run, alarm, record, lines } = mumbai();
  const { regions, ...theirs } = failover('singapore');
  table.apply({
    ...theirs,
    regions: { singapore: { ...regions.singapore, incident: 1e12, state: 'HealthCheckFailed' } },
  } as Item);
  beat();
  await run(alarm('ALARM'));
  expect(record().regions['singapore']?.incident).toBe(1);
  const why = 'incident is far beyond what is on record here';
  expect(lines.filter(({ message }) => message === NAMED)).toMatchObject([
    { count: 1, records: [{ key: 'failover#singapore', why }] },
  ]);
});

test('a count of incidents that somebody has put at its end begins anew', async () => {
  const { table, beat, run, alarm, record, told } = mumbai();
  const { regions, ...mine } = failover('mumbai');
  table.apply({ ...mine, regions: { singapore: { ...regions.singapore, incident: 1e12 } } } as Item);
  beat();
  await run(alarm('ALARM'));
  expect(record().regions['singapore']).toMatchObject({ incident: 1, state: 'Route53Failover' });
  expect(told()).toContain('singapore#1#HealthCheckFailed');
});

test('bad records are counted as long as they are there, and named once', async () => {
  const { table, beat, run, clock, lines } = mumbai();
  table.apply({ id, timestamp: 'order#singapore#mumbai', number: 1e100 });
  for (let minutes = 0; minutes < 3; minutes += 1, await clock.advance(60_000)) {
    beat();
    await run();
  }
  expect(lines.filter(({ message }) => message === NAMED)).toMatchObject([
    { level: 'WARN', count: 1, records: [{ key: 'order#singapore#mumbai' }] },
  ]);
  expect(lines.filter((line) => Number(line['BadRecords']) === 1).length).toBeGreaterThanOrEqual(3);
});

test('no survivor is recorded at a time to come, whatever the region’s own record says', async () => {
  const { beat, beatAlone, run, alarm, clock, record, told, lines } = mumbai();
  beat();
  await run(alarm('ALARM'));
  await clock.advance(60_000);
  beatAlone({ beatAtMs: 8e15, lastProbeAtMs: 8e15 });
  await run();
  expect(told()).toContain('singapore#1#SingleRegionActive');
  expect(lastTimes(record())).toBeLessThanOrEqual(clock.now());
  const why = 'beatAtMs, lastProbeAtMs lies in times to come';
  expect(lines.filter(({ message }) => message === NAMED)).toMatchObject([{ records: [{ key: 'state#mumbai', why }] }]);
});

test('people are told of an order, though somebody has written that they were told of all to come', async () => {
  const { table, beat, beatAlone, run, told } = mumbai();
  table.apply({ ...failover('mumbai'), noticedOrder: 1e12 });
  beat();
  beatAlone({ closed: 3, lastOrder: { number: 3, kind: 'evacuate', outcome: 'refused', reason: 'nobody serves' } });
  await run();
  await run();
  expect(told()).toEqual(['mumbai#order#3']);
});
