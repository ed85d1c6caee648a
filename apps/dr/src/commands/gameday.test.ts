// `dr gameday` and `dr chaos` as a person uses them: what they ask, refuse, print and leave. AWS in virtual time, the twin as it is.
import { startOurs as startTwin } from '@dr/drills';
import { predict } from '@dr/failover';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readTextFile } from '../adapters/project-adapter';
import { synthesize } from '../adapters/synthesis-adapter';
import type { Context } from '../context';
import type { GameDayReport } from '../operate/gameday/result';
import { Refused } from '../operate/operator';
import { configWith } from '../testing/config';
import { accountWith } from '../testing/fake-account';
import { FakeGameDay, type FakeGameDayOptions } from '../testing/fake-game-day';
import { runIn } from '../testing/run-on';
import { sourceIn } from './report/inputs';
import { GAME_DAY_KEY, gameDayName, type GameDayRecord, type GameDayResult } from '../operate/gameday/records';

const root = resolve(__dirname, '../../../..');
const asNow = { root, config: () => configWith(), warn: () => undefined };
const directory = mkdtempSync(join(tmpdir(), 'dr-gameday-'));
afterAll(() => rmSync(directory, { recursive: true }));

interface Setup extends Partial<FakeGameDayOptions> {
  readonly gameDay?: boolean;
  readonly context?: Partial<Context>;
}

function systemOf({ gameDay = true, context, ...options }: Setup = {}) {
  const parsed = configWith({ options: { gameDay } });
  const world = new FakeGameDay({ regions: parsed.regions, ...options });
  const files = new Map<string, string>();
  const dr = (command: string) =>
    world.time.until(
      runIn(command.split(' '), {
        root,
        config: () => parsed,
        wallMs: () => world.now(),
        temporaryDirectory: () => directory,
        synthesize: (args, out) => synthesize(asNow, args, out),
        writeFile: (path, lines) => void files.set(path, [...lines].join('')),
        checkWritable: () => undefined,
        operator: world,
        account: accountWith({ identity: () => world.identity() }),
        gameDay: world,
        startTwin,
        processes: {
          commit: () => 'abc1234',
          checkout: () => 'clean',
          readFile: readTextFile,
        } as unknown as Context['processes'],
        ...context,
      }),
    );
  return { world, dr, files };
}

/** Nothing was written, made or armed. */
function expectUntouched({ world }: ReturnType<typeof systemOf>): void {
  expect(world.requests.filter((what) => !/^(read|identity|Get|Describe|List)/.test(what))).toEqual([]);
}

test('what is not confirmed changes nothing, whatever was shown before', async () => {
  const system = systemOf({ confirms: false });
  const { code, err } = await system.dr('gameday --region mumbai --duration 60 --clients 4 --rate 0.5');
  expect(err).toMatch(/undone +at the end, on Ctrl-C[^]*Not confirmed\. Nothing was changed\.\n$/);
  expect(code).toBe(1);
  expectUntouched(system);
}, 240_000);

test('a whole game day: predicted, twin and measured side by side, kept for the auditor, and all as it was', async () => {
  const system = systemOf({ reserved: 40 });
  const { code, out, err } = await system.dr(
    'gameday --region mumbai --fault lambda-throttled --duration 60 --clients 4 --rate 0.5 --yes',
  );
  expect(err).toMatch(/account {4}123456789012, as arn:aws:iam::123456789012:user\/me/);
  expect(err).toMatch(/mumbai \(ap-south-1\) loses every invocation of traffic-router for 60 s/);
  expect(err).toMatch(/stays {6}singapore \(ap-southeast-1\)/);
  expect(out).toMatch(/PASSED {2}game day: lambda-throttled in mumbai for 60 s\n/);
  expect(out).toMatch(/predicted +twin +measured\n +new connections, worst +\d\d\.0 s +\d\d\.\d s +\d\d\.\d s/);
  expect(code).toBe(0);
  expect(system.world.isAsBefore('mumbai')).toBe(true);

  const [[name, text] = ['', '']] = [...system.files];
  expect(name).toMatch(/^game-day-20260105T1000\d\d-mumbai\.json$/);
  const report = JSON.parse(text) as GameDayReport;
  expect(sourceIn({ processes: { readFile: () => text } as unknown as Context['processes'] }, name)).toEqual({
    of: 'game-day',
    record: report,
  });
  expect(report).toMatchObject({
    schema: 1,
    kind: 'game-day',
    account: '123456789012',
    where: 'aws',
    fault: 'lambda-throttled',
    // /health answers 503 within 2 s.
    predicted: predict({ intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 10 }, 2),
    twin: {
      fault: 'lambda-throttled',
      passed: true,
      replay: expect.stringContaining('--duration 60 --fault lambda-throttled'),
    },
    measured: { newConnections: { clients: 4, notBeforeHeal: 0 }, keptConnections: { clients: 4 } },
    passed: true,
    reasons: [],
    commit: 'abc1234',
  });
  const { newConnections, keptConnections } = report.measured!;
  // A kept connection does not ask DNS again while the region answers on it, if only to say 502.
  expect(newConnections.rto!.worstSeconds).toBeLessThan(report.predicted.worstClientSeconds);
  expect(keptConnections.notBeforeHeal).toBe(4);
  expect(keptConnections.rto!.worstSeconds).toBeGreaterThan(55);

  const history = await system.dr('history');
  expect(history.out).toMatch(/1 game day.*\n.*mumbai +lambda-throttled +passed, \d\d\.\d s/);
  const again = await system.dr('gameday --stop');
  expect(again).toMatchObject({ code: 0, out: 'No game day is held.\n' });
}, 240_000);

describe('refuses, and changes nothing', () => {
  const YES = 'gameday --region mumbai --duration 120 --yes';
  test.each<[string, Setup, string, number, RegExp]>([
    [
      'without a region',
      {},
      'gameday --yes',
      2,
      /^--region: is missing\. Say which region is lost: mumbai, singapore\n$/,
    ],
    [
      'without a yes, with nobody to ask',
      {},
      'gameday --region mumbai',
      2,
      /^--yes: is missing, and there is no terminal to ask\. Add --yes/,
    ],
    ['an unknown region', {}, 'gameday --region paris --yes', 2, /^--region "paris".*mumbai, singapore\n$/],
    ['an unknown fault', {}, 'gameday --region mumbai --fault fire', 2, /alb-dark, lambda-throttled, network\n$/],
    ['an hour and a second', {}, 'gameday --region mumbai --duration 3601', 2, /a table of its own for ever/],
    ['less than clients need', {}, 'gameday --region mumbai --duration 59', 2, /whole seconds from 60 to 3600\n$/],
    ['half a second', {}, 'gameday --region mumbai --duration 90.5', 2, /whole seconds from 60/],
    ['too many clients', {}, 'gameday --region mumbai --clients 101', 2, /^--clients 101/],
    ['a rate of nothing', {}, 'gameday --region mumbai --rate 0', 2, /^--rate 0/],
    ['a port that is none', {}, 'gameday --region mumbai --port 70000', 2, /^--port 70000/],
    ['a stack without the roles', { gameDay: false }, YES, 2, /options\.gameDay = false.*Set it to true and apply\n$/],
    ['another account', {}, `${YES} --account 999999999999`, 2, /^AWS account 123456789012 .* is not 999999999999/],
    ['a clock that is wrong', { clockAheadMs: -60_000 }, YES, 2, /the clock of this machine: is 60 s behind AWS/],
    ['a peer that does not serve', { stopped: ['singapore'] }, YES, 1, /singapore does not serve \(has no heartbeat\)/],
    ['a region that does not serve', { stopped: ['mumbai'] }, YES, 1, /mumbai does not serve.*nothing to take away/],
    ['a function that is throttled already', { reserved: 0 }, `${YES} --fault lambda-throttled`, 1, /it answers 503/],
  ])('%s', async (_, setup, command, code, message) => {
    const system = systemOf(setup);
    const answer = await system.dr(command);
    expect(answer.out).toBe('');
    expect(answer.err.split('\n').slice(-2)[0] + '\n').toMatch(message);
    expect(answer.code).toBe(code);
    expectUntouched(system);
  });

  test('while another game day is held, and says until when', async () => {
    const system = systemOf();
    const startedAtMs = system.world.now();
    const held = {
      id: 'control',
      timestamp: GAME_DAY_KEY,
      open: true,
      name: gameDayName('dr', startedAtMs),
      region: 'singapore',
      account: '123456789012',
      fault: 'network',
      startedAtMs,
      overByMs: startedAtMs + 300_000,
    };
    system.world.items.set(GAME_DAY_KEY, held);
    const { code, err } = await system.dr(YES);
    expect(err).toMatch(/Another game day is held \(network in singapore\), over by 10:05:17 UTC.*dr gameday --stop/);
    expect(code).toBe(1);
    expectUntouched(system);
  });
});

describe('a game day whose machine is gone', () => {
  async function abandoned(afterMs: number) {
    const system = systemOf({ stopped: ['singapore'] });
    const record: GameDayRecord = {
      id: 'control',
      timestamp: GAME_DAY_KEY,
      open: true,
      name: gameDayName('dr', system.world.now()),
      region: 'mumbai',
      account: '123456789012',
      fault: 'lambda-throttled',
      startedAtMs: system.world.now(),
      overByMs: system.world.now() + 200_000,
    };
    system.world.items.set(GAME_DAY_KEY, { ...record });
    system.world.site('mumbai').concurrency = 0;
    await system.world.time.advance(afterMs);
    return system;
  }

  test.each(['status --quick', 'history', 'gameday --region mumbai --yes'])(
    'is ended by a later "dr %s"',
    async (command) => {
      const system = await abandoned(201_000);
      const { err } = await system.dr(command);
      expect(err).toMatch(
        /^note: a game day had left lambda-throttled in mumbai: it is undone\n|\nnote: a game day had left/,
      );
      expect(system.world.isAsBefore('mumbai')).toBe(true);
      expect(system.world.record).toMatchObject({ open: false });
      const [result] = [...system.world.items.values()].filter(({ timestamp }) => timestamp.startsWith('tested#'));
      expect(result as unknown as GameDayResult).toMatchObject({ outcome: 'unfinished', worstSeconds: null });
    },
    120_000,
  );

  test('is left alone before it is over, and told of', async () => {
    const system = await abandoned(100_000);
    expect((await system.dr('status --quick')).err).toMatch(
      /^note: a game day is held: lambda-throttled in mumbai, over by/,
    );
    expect(system.world.site('mumbai').concurrency).toBe(0);
  });

  test('is ended at once by --stop', async () => {
    const system = await abandoned(1_000);
    expect(await system.dr('gameday --stop')).toMatchObject({ code: 0, out: expect.stringContaining('it is undone') });
    expect(system.world.isAsBefore('mumbai')).toBe(true);
  });
});

describe('chaos', () => {
  test('simulate-failure is the drill on the twin, and reaches nothing else', async () => {
    const system = systemOf();
    const command = 'chaos simulate-failure --region mumbai --duration 90 --clients 20 --rate 4 --json';
    const { code, out } = await system.dr(command);
    const fault = { kind: 'region-dark', region: 'mumbai', durationSeconds: 90 };
    expect(JSON.parse(out)).toMatchObject({ passed: true, fault });
    expect(code).toBe(0);
    expect(system.world.requests).toEqual([]);
  }, 240_000);

  test('test-failover is the drill of five minutes', async () => {
    const asked: unknown[] = [];
    const synthesized = async (args: readonly string[], out: string): Promise<string> => {
      asked.push(args);
      return synthesize(asNow, args, out);
    };
    const startTwin = (): Promise<never> => Promise.reject(new Refused('the twin was reached'));
    const system = systemOf({ context: { synthesize: synthesized, startTwin } });
    const { err } = await system.dr('chaos test-failover --region mumbai');
    expect([asked, err]).toEqual([[[]], 'the twin was reached\n']);
    expect(system.world.requests).toEqual([]);
  });

  test.each([
    ['test-failover', /--region.*not specified/],
    ['simulate-failure --region mumbai', /--duration.*not specified/],
    ['test-failover --region mumbai --yes', /^--yes with --target twin: is about the applied system/],
    ['test-failover --region mumbai --client-subnet 192.0.2.0/24', /^--client-subnet with --target twin/],
    [
      'test-failover --region mumbai --target aws --fault region-dark',
      /"region-dark".*alb-dark, lambda-throttled, network/,
    ],
    ['simulate-failure --region mumbai --duration 4000 --target aws --yes', /a table of its own for ever/],
    ['simulate-failure --region mumbai --duration 8000', /^--duration 8000/],
    ['test-failover --region paris --target aws', /^--region "paris"/],
  ])('refuses %s', async (command, message) => {
    const system = systemOf();
    const { code, err } = await system.dr(`chaos ${command}`);
    expect(err).toMatch(message);
    expect(code).toBe(2);
    expect(system.world.requests).toEqual([]);
  });

  test('on AWS is the game day', async () => {
    const system = systemOf({ stopped: ['singapore'] });
    const { code, err } = await system.dr('chaos test-failover --region mumbai --target aws --yes');
    expect(err).toMatch(/singapore does not serve/);
    expect(code).toBe(1);
  });
});
