// A game day that somebody else has written into the table: nothing that is not this system's is asked of AWS, whatever its record says.
import { CONTROL_ID, lambdaName, publicAclName } from '@dr/contracts/system';
import { hostileValue } from '@dr/contracts/testing';
import * as fc from 'fast-check';
import { configWith } from '../../testing/config';
import { ACCOUNT } from '../../testing/fake-game-day';
import { FakeSystem } from '../../testing/fake-system';
import type { Context } from '../../context';
import type { ControlItem } from '../operator';
import type { AwsChange, GameDayAws } from './ports';
import { FAULTS, GAME_DAY_KEY, gameDayName, recordsOf, type GameDayRecord } from './records';
import { repairing } from './repair';

const config = configWith({ options: { gameDay: true, accountId: ACCOUNT } });
const OWN_ACL = 'acl-0a1b2c';
const OVER_AFTER_MS = 200_000;

/** An AWS in which everything is as a game day of ours would have left it, in any region, of any name. */
function world({ deniesAll = true } = {}) {
  const system = new FakeSystem({ regions: config.regions });
  const calls: { awsRegion: string; what: string; of: string }[] = [];
  let said = '';
  const aws = (awsRegion: string): GameDayAws => {
    const ask = <T>(what: string, of: string, answer: T): Promise<T> => {
      calls.push({ awsRegion, what, of });
      return Promise.resolve(answer);
    };
    let isThere = true;
    const deny = { number: 1, deniesAll };
    const run = { id: 'EXP1', status: 'running' };
    return {
      reservedConcurrency: (name) => ask('GetFunctionConcurrency', name, isThere ? 0 : null),
      networkAcl: (name) =>
        ask('DescribeNetworkAcls', name, { id: OWN_ACL, subnetIds: [], inboundRules: isThere ? [deny] : [] }),
      change: ({ action, input }: AwsChange) => {
        isThere = false;
        return ask(action, String(input['FunctionName'] ?? input['NetworkAclId']), undefined);
      },
      arm: ({ name }) => ask('CreateSchedule', name, undefined),
      armedAt: (name) => ask('GetSchedule', name, undefined),
      disarm: (name) => ask('DeleteSchedule', name, undefined),
      makeExperiment: ({ name }) => ask('CreateExperimentTemplate', name, undefined),
      experiment: (name) =>
        ask('GetExperimentTemplate', name, { templateId: `of ${name}`, seconds: 60, runs: isThere ? [run] : [] }),
      startExperiment: (of) => ask('StartExperiment', of, undefined),
      stopExperiment: (of) => {
        isThere = false;
        return ask('StopExperiment', of, undefined);
      },
      removeExperiment: (of) => ask('DeleteExperimentTemplate', of, undefined),
    };
  };
  const context = {
    config: () => config,
    operator: system,
    gameDay: { aws, emulatedAt: undefined },
    err: (text: string) => void (said += text),
  } as unknown as Context;
  /** Any command of dr that looks into the table. */
  const look = async (): Promise<string> => {
    await repairing(context)
      .table(config.regions[0]?.awsRegion ?? '', '')
      .read('a', 'b');
    return said;
  };
  return { system, calls, look };
}

/** As this system writes it; over for a minute. */
function recordAt(nowMs: number, fault: GameDayRecord['fault']): GameDayRecord {
  const overByMs = nowMs - 60_000;
  const startedAtMs = overByMs - OVER_AFTER_MS;
  const name = gameDayName(config.system, startedAtMs);
  const region = 'mumbai';
  return {
    id: CONTROL_ID,
    timestamp: GAME_DAY_KEY,
    open: true,
    name,
    region,
    account: ACCOUNT,
    fault,
    startedAtMs,
    overByMs,
  };
}

const put = (system: FakeSystem, record: object): void => system.put(record as ControlItem);

const OURS: readonly (string | RegExp)[] = [
  ...config.regions.map(({ name }) => publicAclName(config.system, name)),
  lambdaName(config.system, 'traffic-router'),
  OWN_ACL,
  'EXP1',
  /^(of )?dr-game-day-\d{8}T\d{6}$/,
];
const isOurs = (of: string): boolean => OURS.some((one) => (typeof one === 'string' ? one === of : one.test(of)));

const foreignCall = fc.record({
  service: fc.constantFrom('lambda', 'ec2'),
  action: fc.constantFrom('createNetworkAclEntry', 'deleteNetworkAclEntry', 'putFunctionConcurrency', 'x'),
  input: fc.dictionary(
    fc.constantFrom('FunctionName', 'NetworkAclId', 'RuleNumber', 'ReservedConcurrentExecutions'),
    fc.constantFrom('payments', 'acl-of-somebody', 0, 1),
  ),
});
const forgery = fc.record(
  {
    name: fc.oneof(fc.constant('nightly-backup'), hostileValue),
    region: fc.oneof(fc.constantFrom('singapore', 'atlantis', 'mumbai\nfake: line'), hostileValue),
    awsRegion: fc.oneof(fc.constantFrom('eu-central-1', 'ap-south-1'), hostileValue),
    account: fc.oneof(fc.constant('999999999999'), hostileValue),
    fault: fc.oneof(fc.constantFrom(...FAULTS), hostileValue),
    plan: fc.oneof(fc.record({ by: fc.constant('change'), make: foreignCall, undo: foreignCall }), hostileValue),
    reserved: fc.oneof(fc.constantFrom(1, 250), hostileValue),
    startedAtMs: hostileValue,
    overByMs: hostileValue,
  },
  { requiredKeys: [] },
);

test('whatever a game day says, nothing that is not of this system is asked of AWS, and what is not ours is named', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...FAULTS), forgery, async (fault, forged) => {
      const { system, calls, look } = world();
      put(system, { ...recordAt(system.now(), fault), ...forged });
      const said = await look();
      expect(calls.filter(({ of }) => !isOurs(of))).toEqual([]);
      const places = config.regions.map(({ awsRegion }) => awsRegion);
      expect(calls.filter(({ awsRegion }) => !places.includes(awsRegion as (typeof places)[number]))).toEqual([]);
      expect(said).toMatch(/^(note: a game day |warning: the record testing cannot be read and is ignored: )[^\n]*\n$/);
      if (said.startsWith('warning')) expect(calls).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test.each<[string, (nowMs: number) => Partial<Record<keyof GameDayRecord, unknown>>, string]>([
  ['a region that we do not have', () => ({ region: 'atlantis' }), 'region is not one of mumbai, singapore'],
  ['another name', () => ({ name: 'nightly-backup' }), 'name is not that of a game day of dr at its start'],
  ['another account', () => ({ account: '999999999999' }), `account is not ${ACCOUNT}`],
  ['an account that is none', () => ({ account: 'x' }), 'account is no AWS account'],
  ['a start to come', (now) => ({ startedAtMs: now + 60_000 }), 'startedAtMs is in the future'],
  ['an end that is far', () => ({ overByMs: 8e15 }), 'overByMs is longer after its start than a game day lasts'],
  ['no concurrency before', () => ({ reserved: 0 }), 'reserved is 0, which a game day does not begin with'],
])('a game day with %s is named, holds nobody up and is written over', async (_, forged, why) => {
  const { system, calls, look } = world();
  const ours = recordAt(system.now(), 'alb-dark');
  put(system, { ...ours, ...forged(system.now()) });
  expect(await look()).toBe(`warning: the record testing cannot be read and is ignored: ${why}\n`);
  expect(calls).toEqual([]);
  expect(await recordsOf(system, config).open(ours)).toBe('written');
});

test.each(FAULTS)('one of ours is ended, by calls that no record holds: %s', async (fault) => {
  const { system, calls, look } = world();
  put(system, { ...recordAt(system.now(), fault), reserved: 7 });
  expect(await look()).toBe(`note: a game day had left ${fault} in mumbai: it is undone\n`);
  const undone = {
    'alb-dark': { what: 'deleteNetworkAclEntry', of: OWN_ACL },
    'lambda-throttled': { what: 'putFunctionConcurrency', of: 'dr-traffic-router' },
    network: { what: 'StopExperiment', of: 'EXP1' },
  };
  expect(calls).toContainEqual({ awsRegion: 'ap-south-1', ...undone[fault] });
});

test('a rule of another kind that has that number stays', async () => {
  const { system, calls, look } = world({ deniesAll: false });
  put(system, recordAt(system.now(), 'alb-dark'));
  expect(await look()).toMatch(/^note: a game day in mumbai had been left open/);
  expect(calls.map(({ what }) => what)).not.toContain('deleteNetworkAclEntry');
});
