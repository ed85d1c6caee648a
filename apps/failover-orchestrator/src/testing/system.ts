// The orchestrators of several regions in memory: their records replicate, their regions beat, and alarms are delivered by hand.
import type { AdmissionMemory, PeerMemory, StateRecord, TransitionRecord } from '@dr/contracts/system';
import { admissionConstants } from '@dr/failover';
import {
  FakeClock,
  FakeHttp,
  FakeInvoker,
  FakeNotifier,
  MemoryTable,
  createTelemetry,
  whileTimePasses,
  type Item,
} from '@dr/handler-core';
import { failoverOrchestrator } from '../handler';

export const NAMES = ['mumbai', 'singapore'] as const;
export const hostOf = (name: string): string => `${name}.app.example.com`;
export const GLOBAL_URL = 'https://sns.us-east-1.amazonaws.com/';
const SCHEDULE = { source: 'aws.events', 'detail-type': 'Scheduled Event' };

export function system<Name extends string = (typeof NAMES)[number]>({
  names = NAMES as readonly string[] as readonly Name[],
  waitForValidation = false,
} = {}) {
  const clock = new FakeClock();
  const partsOf = (name: Name) => {
    const ports = {
      table: new MemoryTable(),
      notifier: new FakeNotifier(),
      invoker: new FakeInvoker(),
      http: new FakeHttp(),
      /** What was logged. */
      lines: [] as string[],
    };
    const peers = names.filter((other) => other !== name);
    const environment = () =>
      failoverOrchestrator({
        ...ports,
        clock,
        telemetry: createTelemetry({
          clock,
          region: name,
          functionName: 'o',
          write: (line) => void ports.lines.push(line),
        }),
        system: 'dr',
        region: name,
        peers: peers.map((peer) => ({ name: peer, awsRegion: peer, host: hostOf(peer) })),
        validatorFunction: 'validator:live',
        constants: admissionConstants(42),
        timing: { worstDetectionMs: 42_000, ttlMs: 10_000 },
        waitForValidation,
      });
    return { ...ports, peers, sequence: 0, environment, handler: environment() };
  };
  const regions = Object.fromEntries(names.map((name) => [name, partsOf(name)])) as Record<
    Name,
    ReturnType<typeof partsOf>
  >;

  const replicate = (): void => {
    for (const from of names)
      for (const to of names)
        if (from !== to)
          for (const item of regions[from].table.all()) if (ownedBy(item, from)) regions[to].table.apply(item);
  };
  /** One heartbeat of a region, as its health-checker would write it, having just seen its peers. */
  const beat = (name: Name, over: Partial<StateRecord> = {}): void => {
    const region = regions[name];
    region.sequence += 1;
    const memory = memoryOf(region.table, name, region.peers, clock.now());
    region.table.apply({ ...heartbeat(name, region.sequence, clock.now()), memory, ...over });
  };
  const run = (name: Name, event: unknown = SCHEDULE, handler = regions[name].handler): Promise<void> =>
    whileTimePasses(clock, handler(event));
  /** Time passes; the living beat, see each other, and run their schedule each minute. */
  const live = async (seconds: number, alive: readonly Name[] = names, isolated = false): Promise<void> => {
    for (let second = 5; second <= seconds; second += 5) {
      await clock.advance(5_000);
      for (const name of alive) beat(name);
      if (!isolated) replicate();
      if (second % 60 === 0) for (const name of alive) await run(name);
    }
  };
  const subjects = (name: Name): string[] => regions[name].notifier.sent.map(({ subject }) => subject);
  const ids = (name: Name): unknown[] => regions[name].notifier.sent.map(({ body }) => body['id']);
  const history = (name: Name): TransitionRecord[] =>
    regions[name].table
      .all()
      .filter(({ timestamp }) => timestamp.startsWith(`transition#${name}#`)) as unknown as TransitionRecord[];
  return { clock, regions, replicate, beat, run, live, subjects, ids, history };
}

const stateIn = (table: MemoryTable, region: string): StateRecord | undefined =>
  table.all().find(({ timestamp }) => timestamp === `state#${region}`) as unknown as StateRecord | undefined;

function memoryOf(table: MemoryTable, name: string, peers: readonly string[], nowMs: number): AdmissionMemory {
  const stored = stateIn(table, name);
  const seenOf = (peer: string): PeerMemory => {
    const seen = stateIn(table, peer);
    const before = stored?.memory?.peers[peer];
    const changed = seen !== undefined && seen.sequence !== before?.sequence;
    const unbroken = before?.heardAtMs && nowMs - before.heardAtMs <= 15_000 ? before.freshSinceMs : null;
    return {
      sequence: seen?.sequence ?? null,
      heardAtMs: changed ? nowMs : (before?.heardAtMs ?? null),
      freshSinceMs: unbroken ?? (changed ? nowMs : null),
      answeredAtMs: null,
      answeredServing: false,
      silentSinceMs: 0,
    };
  };
  return { atMs: nowMs, aloneSinceMs: null, peers: Object.fromEntries(peers.map((peer) => [peer, seenOf(peer)])) };
}

const heartbeat = (name: string, sequence: number, nowMs: number): StateRecord => ({
  id: 'control',
  timestamp: `state#${name}`,
  region: name,
  version: sequence,
  sequence,
  beatAtMs: nowMs,
  state: 'serving',
  leaving: null,
  leavingSinceMs: null,
  closed: 0,
  reached: true,
  lastProbeAtMs: nowMs,
  grants: {},
  stateSinceMs: 0,
});

const ownedBy = (item: Item, name: string): boolean =>
  new RegExp(`^(state|failover|transition)#${name}(#|$)`).test(item.timestamp);

export const alarm = (about: string, state: 'ALARM' | 'OK', atMs: number, id = 'route53-unhealthy'): unknown => ({
  Records: [
    {
      Sns: {
        Message: JSON.stringify({
          AlarmName: `dr-${about}-${id}`,
          NewStateValue: state,
          StateChangeTime: new Date(atMs).toISOString().replace('Z', '+0000'),
        }),
      },
    },
  ],
});

/** The same as EventBridge brings it to a region that SNS does not deliver to. */
export const alarmEvent = (about: string, state: 'ALARM' | 'OK', atMs: number): unknown => ({
  version: '0',
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  region: 'us-east-1',
  detail: {
    alarmName: `dr-${about}-route53-unhealthy`,
    state: { value: state, timestamp: new Date(atMs).toISOString().replace('Z', '+0000') },
  },
});
