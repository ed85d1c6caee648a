// failover-orchestrator through its handler: two regions, replicated records, alarms that come late, twice or not at all.
import { admissionConstants } from '@dr/failover';
import type { FailoverRecord, StateRecord, TransitionRecord } from '@dr/contracts/system';
import type { Item } from '@dr/handler-core';
import {
  FakeClock,
  FakeHttp,
  FakeInvoker,
  FakeNotifier,
  MemoryTable,
  createTelemetry,
  whileTimePasses,
} from '@dr/handler-core';
import { failoverOrchestrator } from './handler';

const NAMES = ['mumbai', 'singapore'] as const;
type Name = (typeof NAMES)[number];
const hostOf = (name: Name): string => `${name}.app.example.com`;
const GLOBAL_URL = 'https://sns.us-east-1.amazonaws.com/';
const SCHEDULE = { source: 'aws.events', 'detail-type': 'Scheduled Event' };

function system({ waitForValidation = false } = {}) {
  const clock = new FakeClock();
  const constants = admissionConstants(42);
  const partsOf = (name: Name) => {
    const ports = {
      table: new MemoryTable(),
      notifier: new FakeNotifier(),
      invoker: new FakeInvoker(),
      http: new FakeHttp(),
    };
    const environment = () =>
      failoverOrchestrator({
        ...ports,
        clock,
        telemetry: createTelemetry({ clock, region: name, functionName: 'o', write: () => undefined }),
        system: 'dr',
        region: name,
        peers: NAMES.filter((other) => other !== name).map((other) => ({
          name: other,
          awsRegion: other,
          host: hostOf(other),
        })),
        validatorFunction: 'validator:live',
        constants,
        timing: { worstDetectionMs: 42_000, ttlMs: 10_000 },
        waitForValidation,
      });
    return { ...ports, sequence: 0, environment, handler: environment() };
  };
  const regions = { mumbai: partsOf('mumbai'), singapore: partsOf('singapore') };

  const replicate = (): void => {
    for (const from of NAMES)
      for (const to of NAMES)
        if (from !== to)
          for (const item of regions[from].table.all()) if (ownedBy(item, from)) regions[to].table.apply(item);
  };
  /** One heartbeat of a region, as its health-checker would write it, having just seen its peer. */
  const beat = (name: Name, over: Partial<StateRecord> = {}): void => {
    const region = regions[name];
    const stored = region.table.all().find(({ timestamp }) => timestamp === `state#${name}`) as unknown as
      StateRecord | undefined;
    const peers = Object.fromEntries(
      NAMES.filter((other) => other !== name).map((other) => {
        const seen = region.table.all().find(({ timestamp }) => timestamp === `state#${other}`) as unknown as
          StateRecord | undefined;
        const before = stored?.memory?.peers[other];
        const changed = seen !== undefined && seen.sequence !== before?.sequence;
        const heardAtMs = changed ? clock.now() : (before?.heardAtMs ?? null);
        const unbroken = before?.heardAtMs && clock.now() - before.heardAtMs <= 15_000 ? before.freshSinceMs : null;
        return [
          other,
          {
            sequence: seen?.sequence ?? null,
            heardAtMs,
            freshSinceMs: unbroken ?? (changed ? clock.now() : null),
            answeredAtMs: null,
            answeredServing: false,
            silentSinceMs: 0,
          },
        ];
      }),
    );
    region.sequence += 1;
    const record: StateRecord = {
      id: 'control',
      timestamp: `state#${name}`,
      region: name,
      version: region.sequence,
      sequence: region.sequence,
      beatAtMs: clock.now(),
      state: 'serving',
      leaving: null,
      leavingSinceMs: null,
      closed: 0,
      reached: true,
      lastProbeAtMs: clock.now(),
      grants: {},
      memory: { atMs: clock.now(), aloneSinceMs: null, peers },
      stateSinceMs: 0,
      ...over,
    };
    region.table.apply({ ...record });
  };
  const run = (name: Name, event: unknown = SCHEDULE, handler = regions[name].handler): Promise<void> =>
    whileTimePasses(clock, handler(event));
  /** Time passes; the living beat, see each other, and run their schedule each minute. */
  const live = async (seconds: number, alive: readonly Name[] = NAMES, isolated = false): Promise<void> => {
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

const ownedBy = (item: Item, name: Name): boolean =>
  new RegExp(`^(state|failover|transition)#${name}(#|$)`).test(item.timestamp);

const alarm = (about: Name, state: 'ALARM' | 'OK', atMs: number, id = 'route53-unhealthy'): unknown => ({
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
const alarmEvent = (about: Name, state: 'ALARM' | 'OK', atMs: number): unknown => ({
  version: '0',
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  region: 'us-east-1',
  detail: {
    alarmName: `dr-${about}-route53-unhealthy`,
    state: { value: state, timestamp: new Date(atMs).toISOString().replace('Z', '+0000') },
  },
});

/** Mumbai is lost for five minutes; its alarm reaches whoever lives. */
async function lossOfMumbai(
  parts: ReturnType<typeof system>,
  { alarms = true, delivered = alarm } = {},
): Promise<number> {
  const { clock, live, run } = parts;
  await live(120);
  const lostMs = clock.now();
  if (alarms) parts.regions.singapore.http.answers.set(GLOBAL_URL, { status: 403, body: '' });
  await live(75, ['singapore']);
  if (alarms) await run('singapore', delivered('mumbai', 'ALARM', clock.now() - 5_000));
  await live(240, ['singapore']);
  return lostMs;
}

describe('the loss of a region', () => {
  it('is followed to failback, each transition told once by the living region and kept for the auditor', async () => {
    const parts = system();
    const { clock, live, run, subjects, history, regions } = parts;
    const lostMs = await lossOfMumbai(parts);
    expect(subjects('singapore').map((subject) => subject.split(':')[0])).toEqual([
      'Health check failed',
      'Failover',
      'Traffic rerouted',
      'Running without mumbai',
    ]);
    await live(120);
    await run('singapore', alarm('mumbai', 'OK', clock.now() - 5_000));
    expect(subjects('singapore').at(-1)).toBe('Failback: mumbai is back in service');
    expect(subjects('singapore')).toHaveLength(5);
    expect(subjects('mumbai')).toEqual([]);
    const [first, second] = history('singapore').sort((a, b) => a.atMs - b.atMs);
    expect(first).toMatchObject({
      state: 'HealthCheckFailed',
      transitionId: 'mumbai#1#HealthCheckFailed',
      evidence: 'heartbeat',
    });
    // Its last beat is seen a beat later at most, and the next is overdue one beat after that.
    expect((first?.atMs ?? 0) - lostMs).toBeLessThanOrEqual(10_000);
    expect(second).toMatchObject({ state: 'Route53Failover', atMs: lostMs + 70_000, evidence: 'route53-alarm' });
    expect(history('singapore')).toHaveLength(5);
    expect(regions.singapore.invoker.invoked).toMatchObject([
      { functionName: 'validator:live', later: true, payload: { sinceMs: history('singapore').at(-1)?.atMs } },
    ]);
    for (const { subject } of regions.singapore.notifier.sent) expect(subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  });

  it('is followed with us-east-1 gone as well', async () => {
    const parts = system();
    await lossOfMumbai(parts, { alarms: false });
    expect(parts.subjects('singapore')).toContain('Failover: mumbai is out of service, its clients are moving');
    parts.regions.singapore.http.answers.set(`https://${hostOf('mumbai')}/health`, { status: 200, body: '{}' });
    await parts.live(120);
    expect(parts.subjects('singapore').at(-1)).toBe('Failback: mumbai is back in service');
  });

  it('is followed to the same record whether SNS or EventBridge brings its alarm', async () => {
    const recorded = await Promise.all(
      [alarm, alarmEvent].map(async (delivered) => {
        const parts = system();
        await lossOfMumbai(parts, { delivered });
        await parts.run('singapore', delivered('mumbai', 'OK', parts.clock.now() - 5_000));
        return parts.history('singapore').sort((a, b) => a.atMs - b.atMs);
      }),
    );
    expect(recorded[0]?.map(({ state }) => state)).toContain('Route53Failover');
    expect(recorded[1]).toEqual(recorded[0]);
  });

  it('is one incident with one set of ids when both regions follow it', async () => {
    const parts = system();
    const { clock, live, run, ids, subjects, history } = parts;
    await live(120);
    const atMs = clock.now();
    for (const name of NAMES) await run(name, alarm('mumbai', 'ALARM', atMs));
    parts.replicate();
    await live(180);
    for (const name of NAMES) await run(name, alarm('mumbai', 'OK', clock.now()));
    await live(180);
    const known = ['HealthCheckFailed', 'Route53Failover', 'TrafficRerouted', 'SingleRegionActive', 'ActiveActive'].map(
      (state) => `mumbai#1#${state}`,
    );
    expect(ids('singapore')).toEqual(known);
    expect(subjects('mumbai')).toEqual([]);
    expect(history('mumbai').map(({ transitionId }) => transitionId)).toEqual(known);
  });

  it('is told of by the region itself when the topic of its neighbour takes nothing', async () => {
    const parts = system();
    const { clock, live, run, subjects, regions, ids } = parts;
    await live(120);
    regions.singapore.notifier.failing = true;
    const event = alarm('mumbai', 'ALARM', clock.now());
    for (const name of NAMES) await run(name, event);
    await live(240);
    expect(subjects('mumbai')).toContain('Failover: mumbai is out of service, its clients are moving');
    regions.singapore.notifier.failing = false;
    await live(240);
    expect(ids('singapore')).toEqual([]);
    expect(new Set(ids('mumbai')).size).toBe(ids('mumbai').length);
  });
});

describe('deliveries', () => {
  it('that come twice, late or at the same time to two environments change nothing more', async () => {
    const parts = system();
    const { clock, run, live, ids, regions } = parts;
    await live(120);
    const event = alarm('mumbai', 'ALARM', clock.now());
    const twins = [regions.singapore.environment(), regions.singapore.environment()];
    await Promise.all(twins.map((handler) => run('singapore', event, handler)));
    await run('singapore', event);
    await run('singapore', alarmEvent('mumbai', 'ALARM', clock.now()));
    await live(120);
    await run('singapore', alarm('mumbai', 'OK', clock.now()));
    await run('singapore', event);
    await live(180);
    expect(new Set(ids('singapore')).size).toBe(ids('singapore').length);
    expect(ids('singapore').at(-1)).toBe('mumbai#1#ActiveActive');
    expect(ids('singapore')).toHaveLength(5);
  });

  it.each([
    {
      name: 'its own notifications',
      event: {
        Records: [{ Sns: { Message: JSON.stringify({ kind: 'dr-transition', id: 'mumbai#1#Route53Failover' }) } }],
      },
    },
    { name: "another system's alarms", event: { Records: [{ Sns: { Message: 'budget exceeded' } }] } },
    { name: 'nothing', event: { Records: [] } },
  ])('that are $name are ignored without a look at the table', async ({ event }) => {
    const { run, regions } = system();
    await run('singapore', event);
    expect(regions.singapore.table.calls).toEqual([]);
  });

  it('fail when the table does, so that Lambda tries again', async () => {
    const { run, regions } = system();
    regions.singapore.table.failure = 'unavailable';
    await expect(run('singapore')).rejects.toThrow('table fails');
    await expect(run('singapore', { unknown: true })).rejects.toThrow('SNS, alarm and schedule');
  });

  it('are published by the next run when the one that claimed them died', async () => {
    const parts = system();
    const { clock, live, ids, regions } = parts;
    await live(120);
    const publish = jest
      .spyOn(regions.singapore.notifier, 'publish')
      .mockImplementation(() => new Promise(() => undefined));
    void regions.singapore.environment()(alarm('mumbai', 'ALARM', clock.now()));
    await clock.advance(100);
    publish.mockRestore();
    await live(180);
    expect(ids('singapore')).toContain('mumbai#1#Route53Failover');
    expect(new Set(ids('singapore')).size).toBe(ids('singapore').length);
  });
});

it('sees no failover while replication stands still and both regions live', async () => {
  const { live, subjects, regions } = system();
  await live(120);
  for (const name of NAMES) {
    const other = NAMES.find((one) => one !== name) ?? name;
    regions[name].http.answers.set(`https://${hostOf(other)}/health`, { status: 200, body: '{}' });
    regions[name].http.answers.set(GLOBAL_URL, { status: 403, body: '' });
  }
  await live(300, NAMES, true);
  await live(300);
  const told = [...subjects('mumbai'), ...subjects('singapore')];
  expect(told.filter((subject) => /^(Failover|Failback)/.test(subject))).toEqual([]);
  expect(told).toEqual(
    expect.arrayContaining(['Health check failed: mumbai', 'Recovered: mumbai, without a failover']),
  );
});

it('a region that was dead does not blame its peer when it wakes', async () => {
  const parts = system();
  await lossOfMumbai(parts);
  await parts.run('mumbai');
  await parts.run('mumbai', alarm('singapore', 'ALARM', parts.clock.now(), 'peer-stale'));
  const record = parts.regions.mumbai.table
    .all()
    .find(({ timestamp }) => timestamp === 'failover#mumbai') as unknown as FailoverRecord | undefined;
  expect(record?.regions['singapore']?.state ?? 'ActiveActive').toBe('ActiveActive');
});

it('fails back only when Route 53 says so, though the region that woke beats and is probed again', async () => {
  const parts = system();
  await lossOfMumbai(parts);
  await parts.live(180);
  expect(parts.subjects('singapore').at(-1)).toBe('Running without mumbai');
  expect(parts.subjects('mumbai')).toEqual([]);
  await parts.run('singapore', alarm('mumbai', 'OK', parts.clock.now()));
  await parts.live(60);
  for (const name of NAMES) expect(parts.history(name).at(-1)?.transitionId).toBe('mumbai#1#ActiveActive');
  expect(parts.subjects('mumbai')).toEqual([]);
});

it('tells the outcome of an order once', async () => {
  const { beat, live, run, ids, regions } = system();
  await live(60);
  const lastOrder = {
    number: 3,
    kind: 'evacuate',
    outcome: 'refused',
    reason: 'no other region is known to serve',
  } as const;
  beat('mumbai', { lastOrder });
  regions.mumbai.notifier.failing = true;
  await run('mumbai');
  regions.mumbai.notifier.failing = false;
  await run('mumbai');
  await run('mumbai');
  expect(ids('mumbai')).toEqual(['mumbai#order#3']);
  expect(regions.mumbai.notifier.sent[0]).toMatchObject({
    subject: 'Order 3 for mumbai (evacuate): refused',
    body: { outcome: 'refused', reason: lastOrder.reason },
  });
});

it('asks for a validation run every minute while its region waits for one', async () => {
  const { live, regions, beat, run } = system({ waitForValidation: true });
  await live(120);
  expect(regions.mumbai.invoker.invoked).toEqual([]);
  const stateSinceMs = 1_700_000_000_000;
  beat('mumbai', { state: 'recovering', stateSinceMs });
  await run('mumbai');
  expect(regions.mumbai.invoker.invoked).toMatchObject([
    { functionName: 'validator:live', later: true, payload: { reason: 'recovering', sinceMs: stateSinceMs } },
  ]);
});

describe('a region that starts for the first time', () => {
  it.each([
    ['has never beaten', undefined],
    ['has not yet served', { firstStart: true, state: 'recovering', reached: false } as const],
  ])('is no incident while it %s', async (_, record) => {
    const { clock, regions, replicate, beat, run, subjects, history } = system();
    for (let second = 5; second <= 300; second += 5) {
      await clock.advance(5_000);
      beat('singapore');
      if (record && second === 5) beat('mumbai', record);
      replicate();
      if (second === 60) await run('singapore', alarm('mumbai', 'ALARM', clock.now()));
      if (second % 60 === 0) await run('singapore');
    }
    expect(subjects('singapore')).toEqual([]);
    expect(history('singapore')).toEqual([]);
    expect(regions.singapore.table.all().some(({ timestamp }) => timestamp === 'failover#singapore')).toBe(false);
  });

  it('is an incident once it has served and then falls silent', async () => {
    const { live, subjects } = system();
    await live(120);
    await live(120, ['singapore']);
    expect(subjects('singapore').join()).toContain('mumbai');
  });
});
