// failover-orchestrator through its handler: two regions, replicated records, alarms that come late, twice or not at all.
import type { FailoverRecord } from '@dr/contracts/system';
import { GLOBAL_URL, NAMES, alarm, alarmEvent, hostOf, system } from './testing/system';

/** Mumbai is lost for five minutes; its alarm reaches whoever lives. */
async function lossOfMumbai(
  parts: ReturnType<typeof system<(typeof NAMES)[number]>>,
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

  it('is one line in the log of the region that comes back, and its record has the times of those who were there', async () => {
    const parts = system();
    const { clock, live, run, history, regions } = parts;
    await lossOfMumbai(parts);
    parts.replicate();
    await run('mumbai');
    const logged = regions.mumbai.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(logged.filter(({ message }) => message === 'failover transition')).toEqual([]);
    expect(logged.filter(({ incident }) => incident !== undefined)).toMatchObject([
      {
        message: 'others had recorded this incident',
        incident: 'mumbai#1',
        states: ['HealthCheckFailed', 'Route53Failover', 'TrafficRerouted', 'SingleRegionActive'],
      },
    ]);
    await live(120);
    await run('singapore', alarm('mumbai', 'OK', clock.now()));
    const carried = (name: (typeof NAMES)[number]): number | undefined =>
      history(name).find(({ state }) => state === 'SingleRegionActive')?.atMs;
    expect(carried('singapore')).toBeDefined();
    expect(carried('mumbai')).toBe(carried('singapore'));
  });

  it('is followed with us-east-1 gone as well', async () => {
    const parts = system();
    await lossOfMumbai(parts, { alarms: false });
    expect(parts.subjects('singapore')).toContain('Failover: mumbai is out of service, its clients are moving');
    parts.regions.singapore.http.answers.set(`https://${hostOf('mumbai')}/health`, { status: 200, body: '{}' });
    await parts.live(120);
    expect(parts.subjects('singapore').at(-1)).toBe('Failback: mumbai is back in service');
  });

  it('is told by the next run where SNS could not be reached', async () => {
    const parts = system();
    const { notifier } = parts.regions.singapore;
    notifier.failing = true;
    await lossOfMumbai(parts);
    expect(notifier.sent).toEqual([]);
    notifier.failing = false;
    await parts.run('singapore');
    expect(parts.subjects('singapore').map((subject) => subject.split(':')[0])).toEqual([
      'Health check failed',
      'Failover',
      'Traffic rerouted',
      'Running without mumbai',
    ]);
  });

  it('is not over while the region beats and nobody reaches it', async () => {
    const parts = system();
    const { clock, beat, replicate, run, subjects } = parts;
    await lossOfMumbai(parts, { alarms: false });
    const back = async (over: { readonly reached: boolean }): Promise<void> => {
      for (let second = 5; second <= 240; second += 5) {
        await clock.advance(5_000);
        beat('singapore');
        beat('mumbai', over);
        replicate();
        if (second % 60 === 0) await run('singapore');
      }
    };
    parts.regions.singapore.http.answers.set(`https://${hostOf('mumbai')}/health`, { status: 200, body: '{}' });
    await back({ reached: false });
    expect(subjects('singapore').at(-1)).toBe('Running without mumbai');
    await back({ reached: true });
    expect(subjects('singapore').at(-1)).toBe('Failback: mumbai is back in service');
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
  await live(480);
  const told = [...subjects('mumbai'), ...subjects('singapore')];
  expect(told.filter((subject) => /^(Failover|Failback)/.test(subject))).toEqual([]);
  expect(told).toEqual(expect.arrayContaining(['Health check failed: mumbai', 'Recovered: mumbai, no failover seen']));
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
