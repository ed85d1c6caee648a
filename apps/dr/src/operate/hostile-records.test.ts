// The command line among records that somebody else has written: each is said in one line, and nothing gets at the terminal.
import { orderKey, stateKey, transitionKey } from '@dr/contracts/system';
import { hostileValue, spoiled } from '@dr/contracts/testing';
import * as fc from 'fast-check';
import type { ControlItem } from './operator';
import { onOneLine, printable } from '../terminal/printable';
import { systemOf } from '../testing/run-on';

const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const id = 'control';
const order = {
  id,
  timestamp: orderKey('singapore', 'mumbai'),
  writer: 'singapore',
  target: 'mumbai',
  kind: 'evacuate',
  number: 1,
  expiresAtMs: 1,
  reason: 'x',
};
const state = { id, timestamp: stateKey('atlantis'), region: 'atlantis', version: 1, state: 'serving', reached: true };
const transition = {
  id,
  timestamp: transitionKey('mumbai', 'singapore', 1, 'HealthCheckFailed'),
  writer: 'mumbai',
  transitionId: 'singapore#1#HealthCheckFailed',
  region: 'singapore',
  incident: 1,
  from: 'ActiveActive',
  state: 'HealthCheckFailed',
  atMs: 1,
  evidence: 'heartbeat',
  startedAtMs: 1,
  recordedAtMs: 1,
};
const gameDay = {
  id,
  timestamp: 'tested#2026-11-01T00:00:00.000Z#mumbai',
  name: 'n',
  startedAtMs: 1e300,
  endedAtMs: 'x',
};

const decided = {
  ...state,
  timestamp: stateKey('mumbai'),
  region: 'mumbai',
  sequence: 1,
  beatAtMs: 1,
  leaving: null,
  leavingSinceMs: null,
  closed: 3,
  lastProbeAtMs: 1,
  grants: {},
  lastOrder: { number: 3, kind: 'readmit', outcome: 'obeyed', reason: 'x' },
};
const result = {
  ...gameDay,
  timestamp: 'tested#1970-01-01T00:00:00.001Z#mumbai',
  region: 'mumbai',
  account: '123456789012',
  where: 'aws',
  fault: 'alb-dark',
  startedAtMs: 1,
  endedAtMs: 2,
  outcome: 'passed',
  worstSeconds: 1,
};

/** The record with a line of its own behind each text that is free, in its key as well. */
function forgedLines(record: object): ControlItem {
  const forged = (value: unknown, name: string): unknown => {
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, forged(one, key)]));
    return ['reason', 'writer', 'region', 'name', 'account', 'timestamp', 'transitionId'].includes(name)
      ? `${String(value)}\n${FORGED}`
      : value;
  };
  return forged(record, '') as ControlItem;
}
const FORGED = 'forged: all is well';

test('whatever is in the table, every command answers, in its own words and lines, and no control character gets out', async () => {
  const broken = fc
    .string()
    .map((text) => ({ ...decided, lastOrder: { ...decided.lastOrder, reason: `${text}\n${FORGED}` } }));
  const planted = fc.oneof(
    spoiled(order),
    spoiled(state),
    spoiled(transition),
    spoiled(gameDay),
    spoiled(result),
    spoiled(decided),
    broken,
    fc.constantFrom(order, state, transition, gameDay, result).map(forgedLines),
    spoiled({ id, timestamp: 'testing', open: true, name: 'x', plan: {} }),
    fc.record({
      id: fc.constant(id),
      timestamp: fc.string().map((text) => `transition#\u001b[31m${text}\n${FORGED}`),
      value: hostileValue,
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(planted, { minLength: 1, maxLength: 4 }), async (items) => {
      for (const command of ['status --quick', 'history', 'history --json', 'evacuate --region mumbai']) {
        // What becomes of a region whose own record is spoiled is its functions' affair.
        const stopped = items.some(({ timestamp }) => timestamp === decided.timestamp) ? ['mumbai', 'singapore'] : [];
        const { system, dr } = systemOf({ stopped });
        for (const item of items) system.put(item as unknown as ControlItem);
        const { code, out, err } = await dr(command);
        expect([0, 1]).toContain(code);
        expect(out + err).not.toMatch(CONTROL);
        expect((out + err).split('\n').filter((line) => line.trimStart().startsWith(FORGED))).toEqual([]);
        if (command === 'history --json') expect(() => JSON.parse(out)).not.toThrow();
      }
    }),
    { numRuns: 100 },
  );
});

test('what a region says of its last order stays on the line of that region', async () => {
  const { system, dr } = systemOf({ stopped: ['mumbai', 'singapore'] });
  system.put({ ...decided, lastOrder: { ...decided.lastOrder, reason: `x\n${FORGED}` } } as unknown as ControlItem);
  const { out } = await dr('status --quick');
  expect(out).toContain(`order 3 (readmit): obeyed, x ${FORGED}\n`);
  expect(out.split('\n')).toHaveLength(3);
});

const later = 8.64e15;
test.each<[string, object, string]>([
  [
    'a transition of a region that we do not have',
    { ...transition, region: 'atlantis', timestamp: transitionKey('mumbai', 'atlantis', 1, 'HealthCheckFailed') },
    'it is of another region than mumbai, singapore',
  ],
  [
    'a transition that such a region has written',
    { ...transition, writer: 'atlantis', timestamp: transitionKey('atlantis', 'singapore', 1, 'HealthCheckFailed') },
    'it is of another region than mumbai, singapore',
  ],
  ['a transition of the year 275760', { ...transition, atMs: later, recordedAtMs: later }, 'it is of a time to come'],
  [
    'a game day of such a region',
    { ...result, region: 'atlantis', timestamp: 'tested#1970-01-01T00:00:00.001Z#atlantis' },
    'it is of another region than mumbai, singapore',
  ],
  ['a game day that ends in that year', { ...result, endedAtMs: later }, 'it is of a time to come'],
])('%s is named, and is in no history', async (_, item, why) => {
  const { system, dr } = systemOf();
  system.put(item as unknown as ControlItem);
  const { out, err } = await dr('history');
  expect(out).toMatch(/^No incident of dr is on record \([^)]*\)\.\n$/);
  expect(err).toBe(`warning: the record ${(item as ControlItem).timestamp} cannot be read and is ignored: ${why}\n`);
  const { incidents, gameDays, unreadable } = JSON.parse((await dr('history --json')).out) as Record<string, unknown>;
  expect({ incidents, gameDays, unreadable }).toEqual({
    incidents: [],
    gameDays: [],
    unreadable: [(item as ControlItem).timestamp],
  });
});

test.each([1e100, Number.MAX_SAFE_INTEGER, 1e9, '7', null])(
  'an order with number %j is said in one line, and shuts out neither evacuation nor readmission',
  async (number) => {
    const { system, dr } = systemOf();
    system.put({ ...order, number, expiresAtMs: 1e15 } as unknown as ControlItem);
    const evacuated = await dr('evacuate --region mumbai');
    expect(evacuated).toMatchObject({
      code: 0,
      err: expect.stringContaining('the record order#singapore#mumbai cannot be read'),
    });
    expect((await dr('status --quick')).out).toMatch(/mumbai .*evacuated/);
    expect((await dr('readmit --region mumbai')).code).toBe(0);
  },
);

test('a transition that cannot be read is named, with why, and the others are shown', async () => {
  const { system, dr } = systemOf();
  system.put(transition as unknown as ControlItem);
  system.put({
    ...transition,
    timestamp: 'transition#\u001b[2J\nforged: all is well',
    incident: 1e100,
  } as unknown as ControlItem);
  const { code, out, err } = await dr('history');
  expect(code).toBe(0);
  expect(out).toContain('singapore, incident 1');
  expect(err).toBe(
    'warning: the record transition#\\u001b[2J forged: all is well cannot be read and is ignored: incident is not a count\n',
  );
});

test('thousands of bad records are named a few at a time', async () => {
  const { system, dr } = systemOf();
  for (let n = 0; n < 3_000; n += 1)
    system.put({ ...transition, timestamp: `transition#${n}` } as unknown as ControlItem);
  const { code, err } = await dr('history');
  expect(code).toBe(0);
  expect(err.split('\n').length).toBeLessThan(25);
  expect(err).toContain('2980 more records cannot be read');
});

test('a game day that somebody has made up undoes nothing', async () => {
  const { system, dr } = systemOf();
  const undo = { service: 'ec2', action: 'terminateInstances', input: {} };
  const plan = { by: 'change', make: undo, undo };
  const forged = {
    id,
    timestamp: 'testing',
    open: true,
    name: 'x',
    region: 'mumbai',
    awsRegion: 'ap-south-1',
    account: '1',
  };
  system.put({ ...forged, fault: 'alb-dark', plan, startedAtMs: 1, overByMs: 2 } as unknown as ControlItem);
  const { code, err } = await dr('status --quick');
  expect(code).toBe(0);
  expect(err).not.toContain('terminateInstances');
  expect(err).not.toContain('game day is held');
});

test('text is printed as it is, but for what a terminal obeys', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(text)).not.toMatch(CONTROL);
      expect(onOneLine(text)).not.toMatch(/[\n\u2028\u2029]/);
      if (!CONTROL.test(text)) expect(printable(text)).toBe(text);
      expect(JSON.parse(printable(JSON.stringify(text)))).toBe(text);
    }),
  );
});
