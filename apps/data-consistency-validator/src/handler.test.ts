// data-consistency-validator through its handler: two in-memory replicas, what differs, what is on its way, what is reported.
import { FakeClock, FakeNotifier, MemoryTable, createTelemetry, whileTimePasses } from '@dr/handler-core';
import { dataConsistencyValidator, type ValidationReport, type ValidatorPorts } from './handler';

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
  const report = await run({ source: 'aws.events', 'detail-type': 'Scheduled Event' });
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

it('counts what was written as it looked as in flight', async () => {
  const { run, put, here } = replicas();
  put([here], 'fresh', 0);
  const { passed, peers } = await run({ settleSeconds: 0 });
  expect(peers[0]).toMatchObject({ missingThere: 1 });
  expect(passed).toBe(false);
  const again = replicas();
  again.put([again.here], 'fresh', -14_000);
  expect((await again.run({ settleSeconds: 15 })).peers[0]).toMatchObject({ inFlight: 1, missingThere: 0 });
});

it('says that it is incomplete, and what a lower bound is, when the peer cannot be read', async () => {
  const { run, put, here, there, notifier } = replicas();
  put([here], 'a', 60_000);
  there.failure = 'unavailable';
  const { passed, peers } = await run();
  expect(passed).toBe(false);
  expect(peers[0]).toMatchObject({ complete: false, missingThere: 0 });
  expect(peers[0]?.incompleteBecause).toContain('table fails');
  expect(notifier.sent).toEqual([]);
});

it('gives up on a peer that never answers in time to report', async () => {
  const { run, there, clock } = replicas();
  there.failure = 'hang';
  const startedMs = clock.now();
  expect((await run()).peers[0]?.complete).toBe(false);
  expect(clock.now() - startedMs).toBeLessThan(25_000);
});

it('keeps its outcome for a failback that waits for it', async () => {
  const { run, put, here } = replicas({ keepsOutcome: true });
  const outcome = (): unknown => here.all().find(({ timestamp }) => timestamp === 'run#mumbai');
  await run();
  expect(outcome()).toMatchObject({ region: 'mumbai', version: 1, passed: true });
  put([here], 'lost', 60_000);
  await run();
  expect(outcome()).toMatchObject({ version: 2, passed: false });
});

it.each([{ settleSeconds: 99 }, { settleSeconds: '1' }, { limit: 1 }])('fails for the bad event %j', async (event) => {
  await expect(replicas().run(event)).rejects.toThrow(/must be|unknown key/);
});
