// data-consistency-validator through its handler: two in-memory replicas, what differs, what is on its way, what is reported, and
// who may work on a run.
import type { ValidationReport } from '@dr/consistency';
import { FakeClock, FakeNotifier, MemoryTable, createTelemetry, whileTimePasses } from '@dr/handler-core';
import { dataConsistencyValidator, type ValidatorPorts } from './handler';

const SCHEDULE = { source: 'aws.events', 'detail-type': 'Scheduled Event' };

const stamp = (atMs: number, region = 'mumbai'): string => `${new Date(atMs).toISOString()}#${region}#0000000a-000001`;

function replicas(over: Partial<ValidatorPorts> = {}) {
  const clock = new FakeClock();
  const here = new MemoryTable(3);
  const there = new MemoryTable(4);
  const notifier = new FakeNotifier();
  const metrics: Record<string, unknown>[] = [];
  const write = (line: string): void => void metrics.push(JSON.parse(line) as Record<string, unknown>);
  const telemetry = createTelemetry({ clock, region: 'mumbai', functionName: 'v', write });
  const handler = dataConsistencyValidator({
    clock,
    telemetry,
    notifier,
    table: here,
    peers: [{ name: 'singapore', table: there }],
    system: 'dr',
    region: 'mumbai',
    keepsOutcome: false,
    ...over,
  });
  const run = (event: unknown = {}): Promise<ValidationReport> => whileTimePasses(clock, handler(event));
  const put = (sides: readonly MemoryTable[], id: string, ageMs: number, rest: Record<string, unknown> = {}): void => {
    const region = (rest['region'] as string | undefined) ?? 'mumbai';
    for (const side of sides)
      side.apply({ id, timestamp: stamp(clock.now() - ageMs, region), region, value: 1, ...rest });
  };
  const both = [here, there];
  return { clock, here, there, both, notifier, metrics, run, put };
}

it('passes equal replicas without a word to anybody', async () => {
  const { run, put, both, notifier, here } = replicas();
  for (let n = 0; n < 10; n += 1) put(both, `id-${n}`, 60_000 + n);
  here.apply({ id: 'control', timestamp: 'state#mumbai', version: 1 });
  here.apply({ id: 'control', timestamp: 'failover#mumbai', version: 1 });
  const report = await run(SCHEDULE);
  expect(report).toMatchObject({
    passed: true,
    peers: [{ peer: 'singapore', complete: true, itemsHere: 10, itemsThere: 10 }],
  });
  expect(notifier.sent).toEqual([]);
});

it('names what is missing, divergent and crossed, as metric, message and report', async () => {
  const { run, put, both, here, there, notifier, metrics } = replicas();
  put(both, 'equal', 60_000);
  put([here], 'only-here', 60_000);
  put([there], 'only-there', 60_000);
  put([here], 'differs', 60_000);
  put([there], 'differs', 60_000, { value: 2 });
  put(both, 'crossed', 60_000, { previous: null });
  put(both, 'crossed', 50_000, { previous: null, region: 'singapore' });
  const { passed, peers } = await run();
  expect(passed).toBe(false);
  expect(peers[0]).toMatchObject({
    complete: true,
    missingHere: 1,
    missingThere: 1,
    divergent: 1,
    conflicting: 1,
    inFlight: 0,
  });
  expect(peers[0]?.samples.map(({ id, kind }) => `${id} ${kind}`).sort()).toEqual([
    'differs divergent',
    'only-here missing-there',
    'only-there missing-here',
  ]);
  expect(peers[0]?.conflicts).toMatchObject([{ id: 'crossed' }]);
  expect(notifier.sent).toMatchObject([
    { subject: 'Replicas differ: 3 items, seen from mumbai', body: { kind: 'dr-validation' } },
  ]);
  expect(metrics.find((line) => 'ReplicaDifferences' in line)).toMatchObject({
    ReplicaDifferences: 3,
    Region: 'mumbai',
    Peer: 'singapore',
  });
});

it('reads a difference again until it has settled', async () => {
  const { clock, run, put, here, there } = replicas();
  put([here], 'late', 1_000);
  put([here], 'lost', 1_000);
  const report = run();
  await clock.advance(3_000);
  const late = here.all().find(({ id }) => id === 'late');
  if (late) there.apply(late);
  expect((await report).peers[0]).toMatchObject({ inFlight: 1, missingThere: 1, samples: [{ id: 'lost' }] });
});

it('leaves out, on both sides, what was written after it began', async () => {
  const { run, put, here, there } = replicas();
  put([here], 'fresh', 0);
  put([here], 'later', -14_000);
  put([there], 'later-there', -1);
  const { passed, peers, newer } = await run({ settleSeconds: 0 });
  expect(peers[0]).toMatchObject({
    missingThere: 1,
    missingHere: 0,
    itemsHere: 1,
    itemsThere: 0,
    samples: [{ id: 'fresh' }],
  });
  expect({ passed, newer }).toEqual({ passed: false, newer: 1 });
});

describe('a replica that cannot be read', () => {
  it.each(['unavailable', 'hang'] as const)(
    'is tried five times, a minute apart, and then said to be so (%s)',
    async (failure) => {
      const { run, put, here, there, notifier, clock } = replicas();
      put([here], 'a', 60_000);
      there.failure = failure;
      let report = await run();
      for (let tries = 1; tries < 5; tries += 1) {
        expect(report).toMatchObject({ status: 'open', busy: false, finishedAt: null });
        expect(report.progress.waitingFor).toContain('the replica of singapore cannot be read');
        const startedMs = clock.now();
        report = await run(SCHEDULE);
        expect(clock.now() - startedMs).toBeLessThan(25_000);
      }
      expect(report).toMatchObject({ status: 'finished', passed: false, progress: { invocations: 5 } });
      expect(report.peers[0]).toMatchObject({ complete: false, missingThere: 0 });
      expect(report.peers[0]?.incompleteBecause).toContain('the replica of singapore cannot be read');
      expect(notifier.sent).toEqual([]);
    },
  );

  it('does not end a run when it can be read again in time', async () => {
    const { run, put, both, there } = replicas();
    for (let n = 0; n < 10; n += 1) put(both, `id-${n}`, 60_000);
    there.failure = 'throttled';
    await run();
    await run(SCHEDULE);
    there.failure = undefined;
    expect(await run(SCHEDULE)).toMatchObject({ status: 'finished', passed: true, progress: { invocations: 3 } });
  });
});

describe('one run at a time', () => {
  it('lets one of two invocations work, whoever of them starts the run', async () => {
    const parts = replicas();
    for (let n = 0; n < 20; n += 1) parts.put(parts.both, `id-${n}`, 60_000);
    const [first, second] = await Promise.all([parts.run(), parts.run(SCHEDULE)]);
    expect([first, second].map(({ status }) => status)).toContain('finished');
    expect([first, second].filter(({ busy }) => busy)).toHaveLength(1);
    expect(first.run).toBe(second.run);
    // One scan of each replica: 60 control and item pages would be two.
    expect(parts.there.calls.filter((call) => call === 'scan')).toHaveLength(5);
  });

  it('gives the answer of the run, and does nothing, once it is over', async () => {
    const { run, put, both, there } = replicas();
    put(both, 'a', 60_000);
    const { run: id } = await run();
    const calls = there.calls.length;
    expect(await run({ run: id })).toMatchObject({ status: 'finished', passed: true, busy: false });
    expect(await run({ run: 'mumbai-0' })).toMatchObject({ run: id });
    expect(await run(SCHEDULE)).toMatchObject({ run: id, status: 'finished' });
    expect(there.calls).toHaveLength(calls);
  });

  it('begins the next an hour after the last', async () => {
    const { run, clock } = replicas();
    const { run: first } = await run(SCHEDULE);
    await clock.advance(3_599_000);
    expect((await run(SCHEDULE)).run).toBe(first);
    await clock.advance(1_000);
    expect((await run(SCHEDULE)).run).not.toBe(first);
  });

  it('begins anew for somebody who wants one that began later, and is left alone by repeated wishes', async () => {
    const { run, put, here, both, clock } = replicas();
    put(both, 'a', 60_000);
    const sinceMs = clock.now();
    const first = await run({ sinceMs });
    expect(await run({ sinceMs })).toMatchObject({ run: first.run });
    await clock.advance(60_000);
    put([here], 'lost', 30_000);
    const second = await run({ sinceMs: clock.now() - 1 });
    expect(second).toMatchObject({ passed: false, peers: [{ missingThere: 1 }] });
    expect(second.run).not.toBe(first.run);
    // That one has not passed: who waits for one that does gets another try.
    expect((await run({ sinceMs })).run).not.toBe(second.run);
  });

  it('begins anew when a deployment has changed the peers', async () => {
    const { run, put, both, here, there } = replicas();
    put(both, 'a', 60_000);
    const { run: first } = await run();
    const more = replicas({ table: here, peers: [{ name: 'tokyo', table: there }] });
    const report = await more.run({ run: first });
    expect(report).toMatchObject({ status: 'idle', run: null });
    expect(await more.run(SCHEDULE)).toMatchObject({ status: 'finished', peers: [{ peer: 'tokyo' }] });
  });
});

it('publishes what differs again until the topic has taken it, and counts it once', async () => {
  const { run, put, here, notifier, metrics } = replicas();
  put([here], 'lost', 60_000);
  notifier.failing = true;
  await run();
  await run(SCHEDULE);
  notifier.failing = false;
  await run(SCHEDULE);
  await run(SCHEDULE);
  expect(notifier.sent).toMatchObject([{ body: { passed: false, peers: [{ missingThere: 1 }] } }]);
  expect(metrics.filter((line) => 'ReplicaDifferences' in line)).toHaveLength(1);
});

it('waits for the next minute when its own table fails on schedule, and tells anybody else', async () => {
  const { run, here } = replicas();
  here.failure = 'unavailable';
  expect(await run(SCHEDULE)).toMatchObject({ status: 'idle', passed: false });
  await expect(run()).rejects.toThrow('table fails');
});

it('says how far it is, by what the last run has read', async () => {
  const { run, put, both, there } = replicas();
  for (let n = 0; n < 9; n += 1) put(both, `id-${n}`, 60_000);
  expect((await run()).progress).toMatchObject({ items: 9, share: 1, invocations: 1, open: 0 });
  const scan = there.scan.bind(there);
  let pages = 0;
  there.scan = (cursor, ...rest) => ((pages += 1) > 1 ? Promise.reject(new Error('gone')) : scan(cursor, ...rest));
  expect((await run()).progress).toMatchObject({ items: 3, pages: 2, share: 3 / 9, open: 1 });
});

it('keeps its outcome for a failback that waits for it', async () => {
  const { run, put, here } = replicas({ keepsOutcome: true });
  const outcome = (): unknown => here.all().find(({ timestamp }) => timestamp === 'run#mumbai');
  await run();
  expect(outcome()).toMatchObject({ region: 'mumbai', version: 1, passed: true });
  put([here], 'lost', 60_000);
  await run();
  expect(outcome()).toMatchObject({ version: 2, passed: false });
  expect(here.all().filter(({ id }) => id === 'control')).toHaveLength(1);
});

it.each([{ settleSeconds: 99 }, { settleSeconds: '1' }, { limit: 1 }, { sinceMs: 'now' }, { run: 1 }])(
  'fails for the bad event %j',
  async (event) => {
    await expect(replicas().run(event)).rejects.toThrow(/must be|unknown key/);
  },
);
