// What is held of failover-orchestrator, whatever event it is given: no crash, and no region that is none of ours.
import { CONTROL_ID, stateKey } from '@dr/contracts/system';
import { admissionConstants } from '@dr/failover';
import {
  FakeClock,
  FakeHttp,
  FakeInvoker,
  FakeNotifier,
  MemoryTable,
  createTelemetry,
  isScheduled,
  type Chance,
  type FuzzTarget,
  type Item,
} from '@dr/handler-core';
import { failoverOrchestrator } from '../handler';

const NAMES = ['mumbai', 'singapore'];
const SCHEDULE = { source: 'aws.events', 'detail-type': 'Scheduled Event' };
const ALARMS = [
  'dr-mumbai-route53-unhealthy',
  'dr-singapore-route53-unhealthy',
  'dr-mumbai-peer-stale',
  'of somebody else',
];

export const orchestratorTarget: FuzzTarget = {
  world(chance) {
    const clock = new FakeClock();
    const [table, notifier] = [new MemoryTable(), new FakeNotifier()];
    const handler = failoverOrchestrator({
      clock,
      telemetry: createTelemetry({ clock, region: 'mumbai', functionName: 'o', write: () => undefined }),
      table,
      notifier,
      invoker: new FakeInvoker(),
      http: new FakeHttp(),
      system: 'dr',
      region: 'mumbai',
      peers: [{ name: 'singapore', awsRegion: 'ap-southeast-1', host: 'singapore.app.example.com' }],
      validatorFunction: 'validator:live',
      constants: admissionConstants(42),
      timing: { worstDetectionMs: 42_000, ttlMs: 10_000 },
      waitForValidation: false,
    });
    let beats = 0;
    return {
      valid: () => validEvent(chance, clock.wallMs()),
      async give(event) {
        await clock.advance(Math.floor(chance.next() * 20_000));
        notifier.failing = chance.next() < 0.1;
        beats += 1;
        table.apply(beatOf('mumbai', beats, clock.wallMs()));
        // Now and then the peer is silent for a while.
        if (beats % 100 < 70) table.apply(beatOf('singapore', beats, clock.wallMs()));
        try {
          await handler(event);
          return { outcome: isScheduled(event) ? 'schedule' : 'delivery', wrong: strangerIn(table) };
        } catch (error) {
          const isNone = !isScheduled(event) && String(error).includes('events only');
          return { outcome: 'no event', wrong: isNone ? undefined : `crash: ${String(error)}` };
        }
      },
    };
  },
};

function validEvent(chance: Chance, nowMs: number): unknown {
  const time = new Date(nowMs - Math.floor(chance.next() * 60_000)).toISOString().replace('Z', '+0000');
  const [name, state] = [chance.pick(ALARMS), chance.pick(['ALARM', 'OK', 'INSUFFICIENT_DATA'])];
  const message = { AlarmName: name, NewStateValue: state, StateChangeTime: time };
  return chance.pick<unknown>([
    SCHEDULE,
    { Records: [{ EventSource: 'aws:sns', Sns: { Message: JSON.stringify(message) } }] },
    {
      source: 'aws.cloudwatch',
      'detail-type': 'CloudWatch Alarm State Change',
      detail: { alarmName: name, state: { value: state, timestamp: time } },
    },
  ]);
}

/** A region's heartbeat; mumbai's remembers when it last heard singapore's. */
function beatOf(region: string, sequence: number, nowMs: number): Item {
  const heardMs = nowMs - (sequence % 100 < 70 ? 0 : (sequence % 100) * 10_000);
  const singapore = {
    ...{ sequence, heardAtMs: heardMs, freshSinceMs: heardMs === nowMs ? nowMs - 100_000 : null },
    ...{ answeredAtMs: null, answeredServing: false, silentSinceMs: heardMs, soundAtMs: heardMs },
  };
  return {
    ...{ id: CONTROL_ID, timestamp: stateKey(region), region, version: sequence, sequence, beatAtMs: nowMs },
    ...{ state: 'serving', leaving: null, leavingSinceMs: null, closed: 0, reached: true, lastProbeAtMs: nowMs },
    grants: {},
    memory: { atMs: nowMs, aloneSinceMs: null, peers: { singapore } },
    stateSinceMs: 0,
  };
}

/** A region that an event named and the system does not have must not get a record. */
function strangerIn(table: MemoryTable): string | undefined {
  const records = table.all().filter(({ timestamp }) => timestamp.startsWith('failover#'));
  const named = records.flatMap(({ regions }) => Object.keys(regions as object));
  const stranger = named.find((name) => !NAMES.includes(name));
  return stranger === undefined ? undefined : `a record of the region ${stranger}`;
}
