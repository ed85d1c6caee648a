// failover-orchestrator among records that somebody else has written: it follows incidents as it would without them.
import * as fc from 'fast-check';
import { failoverKey, stateKey, type FailoverRecord, type StateRecord } from '@dr/contracts/system';
import { readControlRecords } from '@dr/contracts/system/records';
import { spoiled } from '@dr/contracts/testing';
import { admissionConstants } from '@dr/failover';
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
  expect(told().length).toBeLessThanOrEqual(1);
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

test('nobody can count incidents to their end', async () => {
  const { table, beat, run, alarm, record } = mumbai();
  const { regions, ...theirs } = failover('singapore');
  table.apply({
    ...theirs,
    regions: { singapore: { ...regions.singapore, incident: 1e12, state: 'HealthCheckFailed' } },
  } as Item);
  beat();
  await run(alarm('ALARM'));
  expect(record().regions['singapore']?.incident).toBe(1);
});
