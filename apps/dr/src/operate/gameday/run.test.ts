// Whatever becomes of the process that holds a game day, the region is back when it was promised. AWS in virtual time.
import { CONTROL_ID } from '@dr/contracts/system';
import * as fc from 'fast-check';
import { Refused } from '../operator';
import { configWith } from '../../testing/config';
import { ACCOUNT, FakeGameDay, type FakeGameDayOptions } from '../../testing/fake-game-day';
import { faultOf, lookBefore } from './fault';
import { Observation } from './observing';
import { GAME_DAY_KEY, gameDayName, heldGameDay, recordsOf, type GameDayFault, type GameDayRecord } from './records';
import { endGameDay } from './repair';
import { holdGameDay, type Held } from './run';
import { timingOf, type Timing } from './timing';

const SECONDS = 120;
const FAULTS: readonly GameDayFault[] = ['alb-dark', 'lambda-throttled', 'network'];
const config = configWith({ options: { gameDay: true } });
const [MUMBAI] = config.regions as [(typeof config.regions)[number]];

interface Day {
  readonly world: FakeGameDay;
  readonly said: string[];
  readonly measuring: Observation;
  readonly timing: () => Timing;
  /** Settles only if the process lives. */
  readonly held: Promise<Held>;
}

function day(fault: GameDayFault, options: Partial<FakeGameDayOptions> = {}): Day {
  const world = new FakeGameDay({ regions: config.regions, ...options });
  const said: string[] = [];
  const measuring = new Observation({
    region: MUMBAI.name,
    domain: config.domain,
    clients: 4,
    rate: 1,
    network: world.network(),
    clock: world,
    show: () => undefined,
  });
  let timing = timingOf(world.now(), SECONDS);
  const hold = async (): Promise<Held> => {
    const aws = world.aws(MUMBAI.awsRegion);
    const before = await lookBefore(aws, config.system, MUMBAI, fault);
    const startedAtMs = world.now();
    timing = timingOf(startedAtMs, SECONDS);
    const record: GameDayRecord = {
      id: CONTROL_ID,
      timestamp: GAME_DAY_KEY,
      open: true,
      name: gameDayName(config.system, startedAtMs),
      region: MUMBAI.name,
      account: ACCOUNT,
      fault,
      ...before,
      startedAtMs,
      overByMs: timing.overByMs,
    };
    return holdGameDay({
      record,
      timing,
      fault: faultOf(aws, config.system, MUMBAI, record),
      records: recordsOf(world, config),
      clock: world,
      measuring,
      interruption: world.holdInterruptions(),
      say: (text) => void said.push(text),
    });
  };
  return { world, said, measuring, timing: () => timing, held: hold() };
}

/** Long enough for a dead process's game day to be over, to the millisecond that was promised. */
async function untilOver({ world, timing }: Day): Promise<void> {
  await world.time.advance(timing().overByMs - world.now());
}

/** Lets nothing settle that a dead process waits for. */
async function abandoned(one: Day): Promise<void> {
  one.held.catch(() => undefined);
  await untilOver(one);
}

const heldIn = async (world: FakeGameDay): Promise<GameDayRecord | undefined> =>
  (await world.time.until(heldGameDay(world.table(MUMBAI.awsRegion), config, world.now()))).held;

/** The region serves, and the next call of dr leaves nothing of the game day. */
async function expectBack({ world }: Day): Promise<void> {
  expect(world.isAsBefore('mumbai')).toBe(true);
  world.revive();
  const record = await heldIn(world);
  if (record) await world.time.until(endGameDay({ operator: world, gameDay: world }, config, record));
  expect(world.record?.open ?? false).toBe(false);
  expect(world.site('mumbai').schedules.size + world.site('mumbai').templates.size).toBe(0);
  expect(world.isAsBefore('mumbai')).toBe(true);
}

describe.each(FAULTS)('a game day of %s', (fault) => {
  test('takes the region away for as long as was asked, and leaves all as it was', async () => {
    const one = day(fault, { reserved: 73 });
    const held = await one.world.time.until(one.held);
    expect(held).toMatchObject({ interrupted: undefined, fault: { undoneBy: 'dr' } });
    const lasted = (held.fault!.healedAtMs - held.fault!.madeAtMs) / 1000;
    expect(lasted).toBeGreaterThan(SECONDS - 2);
    expect(lasted).toBeLessThan(SECONDS + 5);
    expect(one.said.join('\n')).toMatch(/armed: [^]*fault: [^]*undone: mumbai is as it was/);
    const failed = one.measuring.requests.filter(({ outcome }) => outcome !== 'ok');
    expect(failed.length).toBeGreaterThan(10);
    expect(one.measuring.backAtMs).toBeDefined();
    await expectBack(one);
  });

  test('killed at each request, which arrives or does not: the region is back', async () => {
    let total = 0;
    const counting = day(fault, { onRequest: (index) => void (total = Math.max(total, index + 1)) });
    await counting.world.time.until(counting.held);
    expect(total).toBeGreaterThanOrEqual(12);
    for (let kill = 0; kill < total; kill += 1) {
      for (const fate of ['lost', 'last'] as const) {
        const one = day(fault, { reserved: 73, onRequest: (index) => (index === kill ? fate : undefined) });
        await abandoned(one);
        await expectBack(one);
      }
    }
  });

  test('killed at any moment, whenever in its minute the schedule fires: the region is back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 330_000 }),
        fc.integer({ min: 0, max: 59 }),
        fc.constantFrom(null, 1, 250),
        async (killAfterMs, scheduleDelaySeconds, reserved) => {
          const one = day(fault, { scheduleDelaySeconds, reserved });
          one.held.catch(() => undefined);
          const killMs = one.world.now() + killAfterMs;
          one.world.time.at(killMs, () => (one.world.deadFromMs = killMs));
          await one.world.time.advance(killAfterMs);
          await untilOver(one);
          await expectBack(one);
        },
      ),
      { numRuns: 15 },
    );
  });

  test('interrupted at any moment: undone at once, and nothing is left', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 500, max: 160_000 }), async (afterMs) => {
        const one = day(fault);
        let signalledMs = 0;
        one.world.time.at(one.world.now() + afterMs, () => {
          signalledMs = one.world.now();
          one.world.signal(130);
        });
        const held = await one.world.time.until(one.held);
        expect(held.interrupted).toBe(130);
        expect(one.world.now() - signalledMs).toBeLessThan(10_000);
        await expectBack(one);
        expect(one.world.items.get('testing')).toMatchObject({ open: false });
      }),
      { numRuns: 10 },
    );
  });
});

test('were the schedule to fail as well, the next call of dr would undo it', async () => {
  const one = day('alb-dark', { scheduleDelaySeconds: 7_200 });
  const killMs = one.world.now() + 60_000;
  one.world.time.at(killMs, () => (one.world.deadFromMs = killMs));
  await abandoned(one);
  expect(one.world.isAsBefore('mumbai')).toBe(false);
  one.world.revive();
  const record = (await heldIn(one.world)) as GameDayRecord;
  expect(await one.world.time.until(endGameDay({ operator: one.world, gameDay: one.world }, config, record))).toBe(
    'a game day had left alb-dark in mumbai: it is undone',
  );
  await expectBack(one);
});

test('fails when another one is held, and changes nothing', async () => {
  const one = day('alb-dark');
  await one.world.time.advance(2_000);
  const armed = [...one.world.site('mumbai').schedules.keys()];
  const record = { ...(one.world.record as GameDayRecord), name: 'dr-game-day-2' };
  const second = holdGameDay({
    record,
    timing: one.timing(),
    fault: faultOf(one.world.aws(MUMBAI.awsRegion), config.system, MUMBAI, record),
    records: recordsOf(one.world, config),
    clock: one.world,
    measuring: one.measuring,
    interruption: one.world.holdInterruptions(),
    say: () => undefined,
  });
  await expect(one.world.time.until(second)).rejects.toThrow(Refused);
  expect([...one.world.site('mumbai').schedules.keys()]).toEqual(armed);
  expect(one.world.record?.name).not.toBe('dr-game-day-2');
  one.held.catch(() => undefined);
});

test('a put whose answer was lost finds itself when it is sent again', async () => {
  const world = new FakeGameDay({ regions: config.regions });
  const record: GameDayRecord = {
    id: CONTROL_ID,
    timestamp: GAME_DAY_KEY,
    open: true,
    name: gameDayName(config.system, 1),
    region: 'mumbai',
    account: '111122223333',
    fault: 'network',
    startedAtMs: 1,
    overByMs: 2,
  };
  const { open } = recordsOf(world, config);
  expect(await world.time.until(open(record))).toBe('written');
  expect(await world.time.until(open(record))).toBe('written');
  expect(await world.time.until(open({ ...record, name: 'b' }))).toBe('refused');
});

test('fails without a fault when its schedule does not stand', async () => {
  const one = day('lambda-throttled', {
    onRequest(_, what) {
      // Somebody deletes it the moment that it is looked at.
      if (what === 'GetSchedule') one.world.site('mumbai').schedules.clear();
      return undefined;
    },
  });
  await expect(one.world.time.until(one.held)).rejects.toThrow(/not armed in AWS. The fault was not made/);
  expect(one.world.requests).not.toContain('putFunctionConcurrency');
  await expectBack(one);
});

test('fails without a fault when the machine has slept past its beginning', async () => {
  const one = day('alb-dark');
  one.world.time.at(one.world.now() + 8_000, () => (one.world.time.nowMs += 3_600_000));
  await expect(one.world.time.until(one.held)).rejects.toThrow(/begun too late/);
  expect(one.world.requests).not.toContain('createNetworkAclEntry');
  await expectBack(one);
});

test('fails without a fault when clients are not led to the region that is to be lost', async () => {
  const one = day('alb-dark');
  one.world.site('mumbai').changes.push(0);
  await expect(one.world.time.until(one.held)).rejects.toThrow(
    /leads to singapore, so the loss of mumbai would not be felt/,
  );
  expect(one.world.requests).not.toContain('createNetworkAclEntry');
  await expectBack(one);
});

test('undoes at once when what ends the fault is taken away while it lasts', async () => {
  const one = day('alb-dark', {
    onRequest(_, what) {
      if (what === 'createNetworkAclEntry') one.world.site('mumbai').schedules.clear();
      return undefined;
    },
  });
  await expect(one.world.time.until(one.held)).rejects.toThrow(/was taken away/);
  await expectBack(one);
});

test('an ended fault that AWS had to end is told as such', async () => {
  const one = day('alb-dark', { scheduleDelaySeconds: 0 });
  expect(await one.world.time.until(one.held)).toMatchObject({ fault: { undoneBy: 'aws' } });
  await expectBack(one);
});
