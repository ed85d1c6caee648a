// health-checker when somebody has spoiled the region's own record: it goes on from what it, or a peer, last read.
import { syntheticGet, type Item } from '@dr/handler-core';
import { PROBE, serving } from './testing/serving-region';

const id = 'control';

describe('a record that somebody spoiled, and that no environment remembers,', () => {
  async function lost({ heard, probed = true }: { readonly heard: boolean; readonly probed?: boolean }) {
    const parts = await serving();
    const { table, environment, clock, peerBeats } = parts;
    const spoil = { id, timestamp: 'state#mumbai', version: 'x', state: ['serving'] };
    table.apply(spoil);
    const newcomer = environment(probed ? PROBE : syntheticGet('/health'));
    /** What is answered, and what the record says, every five seconds. */
    const live = async (seconds: number): Promise<readonly (readonly [number, unknown])[]> => {
      const said: (readonly [number, unknown])[] = [];
      for (let passed = 0; passed < seconds; passed += 5) {
        if (heard) peerBeats();
        const { status } = await newcomer();
        const isSpoiled = typeof (parts.record().version as unknown) === 'string';
        said.push([status, isSpoiled ? 'spoiled' : parts.record().state]);
        await clock.advance(5_000);
      }
      return said;
    };
    return { ...parts, live };
  }

  it('is written anew beside a peer that is heard to serve: the region is not new, and catches up', async () => {
    const { live, record } = await lost({ heard: true });
    const said = await live(90);
    expect(said.slice(0, 2)).toEqual([
      [503, 'spoiled'],
      [503, 'spoiled'],
    ]);
    expect(said.slice(2, 12)).toEqual(Array.from({ length: 10 }, () => [503, 'recovering']));
    expect(said.at(-1)).toEqual([200, 'serving']);
    expect(record()).not.toHaveProperty('firstStart');
  });

  it('keeps the region in service when no peer has been heard for D', async () => {
    const { live } = await lost({ heard: false });
    const said = await live(40);
    expect(said.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => [503, 'spoiled']));
    expect(said.slice(5)).toEqual(Array.from({ length: said.length - 5 }, () => [200, 'serving']));
  });

  it('is left as it is while nobody reaches the region', async () => {
    const { live } = await lost({ heard: false, probed: false });
    expect((await live(60)).every(([status, state]) => status === 503 && state === 'spoiled')).toBe(true);
  });

  it('is waited for anew when the clock has stepped back', async () => {
    const { live, clock } = await lost({ heard: false });
    await live(15);
    clock.stepWall(-180_000);
    expect((await live(40)).at(-1)).toEqual([200, 'serving']);
  });
});

test('an environment that has not seen a spoiled record for long leaves it to one that has: the region was not away', async () => {
  const { table, environment, record, clock, probe } = await serving();
  const [idle, cold] = [environment(), environment()];
  await idle();
  // The peer is lost: nobody else serves.
  for (let beats = 0; beats < 12; beats += 1) {
    await clock.advance(5_000);
    await probe();
  }
  const spoil = { id, timestamp: 'state#mumbai', version: 'x', state: ['serving'] };
  table.apply(spoil);
  expect(await idle()).toMatchObject({ status: 200, body: { reached: false } });
  expect(await cold()).toMatchObject({ status: 503, body: { reason: 'state-unknown' } });
  expect(record()).toEqual(spoil);
  await clock.advance(5_000);
  expect((await probe()).status).toBe(200);
  expect(record()).toMatchObject({ region: 'mumbai', state: 'serving' });
  await clock.advance(5_000);
  for (const one of [idle, cold, probe]) expect((await one()).status).toBe(200);
});

describe('an environment whose clock has stepped back', () => {
  const spoil = { id, timestamp: 'state#mumbai', version: 'x', state: ['serving'] };

  async function idling() {
    const parts = await serving();
    const idle = parts.environment();
    await idle();
    /** Another environment beats for so long that this one knows nothing of the region. */
    const othersBeat = async (): Promise<void> => {
      for (let beats = 0; beats < 12; beats += 1) await parts.beat();
    };
    return { ...parts, idle, othersBeat };
  }

  it.each([0, -55_000])('by %d ms does not take what it read a minute ago for news', async (stepMs) => {
    const { table, record, clock, idle, othersBeat } = await idling();
    await othersBeat();
    clock.stepWall(stepMs);
    table.apply(spoil);
    expect(await idle()).toMatchObject({ status: 200, body: { reached: false } });
    expect(record()).toEqual(spoil);
  });

  it.each([0, -55_000])('by %d ms does not take two spoils a minute apart for one', async (stepMs) => {
    const { table, record, clock, idle, othersBeat, probe } = await idling();
    await othersBeat();
    table.apply(spoil);
    await idle();
    expect(record()).toEqual(spoil);
    await probe();
    await othersBeat();
    expect(record()).toMatchObject({ region: 'mumbai', state: 'serving' });
    clock.stepWall(stepMs);
    table.apply(spoil);
    await idle();
    expect(record()).toEqual(spoil);
  });
});

test('an environment that alone is asked, and knows only of long ago, keeps a region in service beside nobody', async () => {
  const { table, environment, record, clock, probe } = await serving();
  const idle = environment();
  await idle();
  // The peer is lost, and for longer than W another environment beats.
  for (let beats = 0; beats < 12; beats += 1) {
    await clock.advance(5_000);
    await probe();
  }
  table.apply({ id, timestamp: 'state#mumbai', version: 'x', state: ['serving'] });
  for (let beats = 0; beats < 4; beats += 1) {
    expect((await idle()).status).toBe(200);
    await clock.advance(5_000);
  }
  expect(record()).toMatchObject({ region: 'mumbai', state: 'serving' });
});

/** Somebody spoils the record again as soon as it is read anew; the peer reads what is there. */
describe('a record of which a peer has a backup', () => {
  const spoil = { id, timestamp: 'state#mumbai', version: 'x', state: ['serving'] };

  async function backedUp() {
    const parts = await serving();
    const idle = parts.environment();
    await idle();
    const live = async (seconds: number): Promise<void> => {
      for (let passed = 0; passed < seconds; passed += 5) {
        await parts.clock.advance(5_000);
        parts.peerBeats({ reads: true });
        await parts.probe();
      }
    };
    parts.peerAnswers();
    return { ...parts, idle, live };
  }

  it.each([
    ['has not read it for longer than W', 'idle'],
    ['has never read it', 'cold'],
  ] as const)('is written anew at once by an environment that %s, and the region stays', async (_, which) => {
    const { table, environment, record, clock, idle, live, peerBeats } = await backedUp();
    await live(100);
    const before = record();
    table.apply(spoil);
    const one = which === 'idle' ? idle : environment();
    for (let beats = 0; beats < 20; beats += 1) {
      await clock.advance(5_000);
      if (beats % 3 === 2) table.apply(spoil);
      else peerBeats({ reads: true });
      expect((await one()).status).toBe(200);
      expect(record()).toMatchObject({ region: 'mumbai', state: 'serving', stateSinceMs: before.stateSinceMs });
    }
    expect(record().sequence).toBeGreaterThan(before.sequence);
  });

  it('is no reason to stay for a region that was away: the peer has a backup of before', async () => {
    const { table, environment, record, clock, live, peerBeats } = await backedUp();
    await live(60);
    for (let beats = 0; beats < 12; beats += 1) {
      await clock.advance(5_000);
      peerBeats();
    }
    table.apply(spoil);
    const back = environment();
    for (let beats = 0; beats < 4; beats += 1) {
      peerBeats();
      await back();
      await clock.advance(5_000);
    }
    expect(record()).toMatchObject({ region: 'mumbai', state: 'recovering' });
  });

  it.each(['recovering', 'evacuated'] as const)('leaves a region that was %s as it was', async (state) => {
    const { table, environment, record, clock, live, peerBeats } = await backedUp();
    await live(10);
    table.apply({ ...(record() as unknown as Item), state, closed: 3 });
    peerBeats({ reads: true });
    table.apply(spoil);
    await clock.advance(5_000);
    expect((await environment()()).status).toBe(503);
    expect(record()).toMatchObject({ region: 'mumbai', state, closed: 3 });
  });
});
