// A run in real time on a machine of any speed: what people want is done between two slices, and the lag is said.
import type { LiveRun } from '@dr/drills';
import { paceInWords, Session } from './session';

/** A machine that needs `costMs` of real time for a virtual second. */
function on(costMs: number, speed: number) {
  let wallMs = 0;
  const live = {
    nowMs: 0,
    isFull: false,
    faults: [],
    orders: [],
    isAdvancing: false,
    async advance(toMs: number, goesOn: () => boolean, stepMs: number) {
      live.isAdvancing = true;
      while (live.nowMs < toMs) {
        const ms = Math.min(stepMs, toMs - live.nowMs);
        live.nowMs += ms;
        wallMs += (ms / 1_000) * costMs;
        await Promise.resolve();
        if (!goesOn()) break;
      }
      live.isAdvancing = false;
    },
    endAll: () => expect(live.isAdvancing).toBe(false),
  };
  const sleep = async (ms: number): Promise<void> => void (wallMs += ms);
  const session = new Session(live as unknown as LiveRun, { wallMs: () => wallMs, sleep }, speed);
  return { live, session, wallMs: () => wallMs };
}

test('a machine that is fast enough is where it should be, and looks ten times a second', async () => {
  const { live, session, wallMs } = on(10, 10);
  let looks = 0;
  await session.run(
    () => wallMs() >= 20_000,
    () => void (looks += 1),
  );
  expect(live.nowMs / wallMs()).toBeCloseTo(10, 0);
  expect(session.pace).toMatchObject({ asked: 10, behindMs: expect.closeTo(0, -2) as number });
  expect(looks).toBeGreaterThan(100);
  expect(looks).toBeLessThanOrEqual(201);
});

test('a machine that needs 200 ms for a virtual second reaches 5 of 10, and says how far it is behind', async () => {
  const { session, wallMs } = on(200, 10);
  await session.run(
    () => wallMs() >= 20_000,
    () => undefined,
  );
  expect(session.pace.reached).toBeCloseTo(5, 0);
  expect(paceInWords(session.pace)).toMatch(/^\d\.\d of 10 x, time lag (9|10)\.\d s$/);
});

test('a wish is done between two slices, and refused to whoever had it', async () => {
  const { session, wallMs } = on(50, 10);
  const wishes = [session.controls.endAll(), session.controls.speed(20)];
  const refused = expect(session.controls.speed(0)).rejects.toThrow(
    'asked 0: is no speed. Give a number from 0.1 to 100',
  );
  await session.run(
    () => wallMs() >= 500,
    () => undefined,
  );
  await Promise.all(wishes);
  await refused;
  expect(session.pace.asked).toBe(20);
});

test('no more time passes once the log is full', async () => {
  const { live, session, wallMs } = on(10, 10);
  live.isFull = true;
  await session.run(
    () => wallMs() >= 1_000,
    () => undefined,
  );
  expect(live.nowMs).toBe(0);
});

test.each([
  [{ asked: 10, reached: 9.96, behindMs: 40, paused: false }, '10.0 of 10 x'],
  [{ asked: 10, reached: 4.2, behindMs: 12_345, paused: false }, '4.2 of 10 x, time lag 12.3 s'],
  [{ asked: 10, reached: 0, behindMs: 12_345, paused: true }, 'paused'],
])('%j in words', (pace, words) => expect(paceInWords(pace)).toBe(words));
