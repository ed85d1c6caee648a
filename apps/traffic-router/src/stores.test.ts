// Which replica answers a request: every combination of living, dead, slow and throttled replicas, in systems of 2, 3 and 4 regions.
import { FakeClock, MemoryTable, createTelemetry, fakeRandom, whileTimePasses, type Problem } from '@dr/handler-core';
import { writeVersion } from './item-writes';
import { createRecords } from './stored-records';
import {
  LOCAL_DEADLINE_MS,
  PEER_DEADLINE_MS,
  SKIP_MS,
  TOTAL_DEADLINE_MS,
  createStores,
  type Operation,
} from './stores';

const REGIONS = ['mumbai', 'singapore', 'seoul', 'sydney'];
const STATES = ['works', 'unavailable', 'hang', 'throttled'] as const;
type State = (typeof STATES)[number];

/** Every way in which the replicas can be. */
const statesOf = (regions: number): State[][] =>
  regions === 0 ? [[]] : statesOf(regions - 1).flatMap((rest) => STATES.map((state) => [...rest, state]));

function router(states: readonly State[]) {
  const clock = new FakeClock();
  const telemetry = createTelemetry({ clock, region: 'mumbai', functionName: 'r', write: () => undefined });
  const tables = states.map((state) => {
    const table = new MemoryTable();
    if (state !== 'works') table.failure = state;
    return table;
  });
  const [local, ...peers] = tables.map((table, at) => ({ region: REGIONS[at] ?? '', table }));
  if (!local) throw new Error('a system has regions');
  const run = createStores({ clock, telemetry, local, peers });
  const asked: string[] = [];
  const read: Operation<number> = async (table, signal, region) => {
    asked.push(region);
    return (await table.query({ id: 'a' }, signal)).items.length;
  };
  /** The region that answered, or the status of the refusal; which were asked, and the time that it took. */
  const ask = async <T>(operation: Operation<T> | Operation<number> = read) => {
    asked.length = 0;
    const startedMs = clock.now();
    const answer = await whileTimePasses<unknown>(
      clock,
      run(operation as Operation<unknown>).then(
        ({ region }) => region,
        (error: Problem) => error.status,
      ),
      10_000,
      100,
    );
    return { answer, asked: [...asked], ms: clock.now() - startedMs };
  };
  return { clock, tables, ask };
}

describe.each([2, 3, 4])('with %d regions', (regions) => {
  const cases = statesOf(regions);

  it('the first replica that works answers, each one before it has been asked once, and none after it', async () => {
    for (const states of cases) {
      const first = states.indexOf('works');
      const { answer, asked } = await router(states).ask();
      expect([states, answer]).toEqual([states, first < 0 ? 503 : REGIONS[first]]);
      expect(asked).toEqual(REGIONS.slice(0, first < 0 ? regions : first + 1));
    }
  });

  it('a request takes no longer than a client waits, and not 2 s when the first peer answers', async () => {
    for (const states of cases) {
      const { ms } = await router(states).ask();
      expect(ms).toBeLessThanOrEqual(TOTAL_DEADLINE_MS + 100);
      if (states.slice(0, 2).includes('works')) expect(ms).toBeLessThanOrEqual(LOCAL_DEADLINE_MS + 100);
    }
  });

  it('the next request goes at once to a living replica, past those that were dead or slow', async () => {
    for (const states of cases.filter((one) => one.includes('works'))) {
      const { ask } = router(states);
      await ask();
      const { asked, answer } = await ask();
      expect(answer).toBe(REGIONS[states.indexOf('works')]);
      expect(asked.filter((region) => ['unavailable', 'hang'].includes(states[REGIONS.indexOf(region)] ?? ''))).toEqual(
        [],
      );
    }
  });

  it('who works again answers again: the local table after its pause, any replica when no other does', async () => {
    for (const states of cases) {
      const { tables, ask, clock } = router(states);
      await ask();
      for (const table of tables) table.failure = undefined;
      expect((await ask()).answer).not.toBe(503);
      await clock.advance(SKIP_MS);
      expect(await ask()).toMatchObject({ answer: 'mumbai', asked: ['mumbai'] });
    }
  });
});

it('leaves two and three replicas their whole deadlines, and four of them less', async () => {
  const spent = async (regions: number) => (await router(Array<State>(regions).fill('hang')).ask()).ms;
  expect(await spent(2)).toBe(LOCAL_DEADLINE_MS + PEER_DEADLINE_MS);
  expect(await spent(3)).toBe(LOCAL_DEADLINE_MS + 2 * PEER_DEADLINE_MS);
  expect(Math.abs((await spent(4)) - TOTAL_DEADLINE_MS)).toBeLessThanOrEqual(100);
});

it('a write that ran out of time at two replicas is one version in all three', async () => {
  const { tables, ask, clock } = router(['works', 'works', 'works']);
  for (const table of tables.slice(0, 2)) {
    const put = table.put.bind(table);
    jest.spyOn(table, 'put').mockImplementation(async (item, condition) => {
      await put(item, condition);
      return new Promise(() => undefined);
    });
  }
  let sequence = 0;
  const origin = { region: 'mumbai', environment: fakeRandom().hex(4), nextSequence: () => (sequence += 1) };
  const { answer } = await ask(
    writeVersion(
      createRecords(clock, () => undefined),
      origin,
      { id: 'a', content: { json: '1' } },
    ),
  );
  expect(answer).toBe('seoul');
  const [here, ...elsewhere] = tables.map((table) => table.all());
  expect(here).toHaveLength(1);
  for (const there of elsewhere) expect(there).toEqual(here);
});
