// Evacuate and readmit on regions that decide by the real rules of admission.
import { CONTROL_ID, orderKey, type OrderRecord } from '@dr/contracts/system';
import { systemOf, type Setup } from '../testing/run-on';

const order = (overrides: Partial<OrderRecord> = {}): OrderRecord => ({
  id: CONTROL_ID,
  timestamp: orderKey(overrides.writer ?? 'singapore', overrides.target ?? 'mumbai'),
  writer: 'singapore',
  target: 'mumbai',
  kind: 'evacuate',
  number: 1,
  expiresAtMs: Date.UTC(2026, 0, 6),
  ...overrides,
});

test('an evacuated region has left when the command ends, and comes back by a readmission once it has caught up', async () => {
  const { system, dr } = systemOf();
  await system.sleep(10_000);
  const left = await dr('evacuate --region mumbai --expires 90', '--reason', 'patching');
  expect(left).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^mumbai has left service by order 1: singapore serves\. .* 40 s/),
  });
  expect(left.seconds).toBeLessThan(30);
  expect(system.state('mumbai')).toMatchObject({ state: 'evacuated', closed: 1 });
  expect(system.orders()).toEqual([
    order({ reason: 'patching', expiresAtMs: expect.any(Number) as unknown as number }),
  ]);
  expect(left.out).toContain(new Date(system.orders()[0]?.expiresAtMs ?? 0).toISOString());
  expect((system.orders()[0]?.expiresAtMs ?? 0) - system.now()).toBeGreaterThan(89 * 60_000);

  const back = await dr('readmit --region mumbai');
  expect(back).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^mumbai has taken order 2: the region is on its way back\. /),
  });
  expect(system.state('mumbai').state).toBe('recovering');
  await system.sleep(70_000);
  expect(system.state('mumbai').state).toBe('serving');
  expect(await dr('readmit --region mumbai')).toMatchObject({
    code: 0,
    out: 'mumbai has taken order 3: the region is serving.\n',
  });
});

test('the other way: singapore leaves, and the order is written where --via says', async () => {
  const { system, dr } = systemOf();
  expect((await dr('evacuate --region singapore --via singapore')).code).toBe(0);
  expect(system.orders()).toMatchObject([{ writer: 'singapore', target: 'singapore', number: 1 }]);
  expect([...system.asked]).toEqual(['ap-southeast-1/dr-system-table']);
});

test('by default the order goes through the first other region that answers', async () => {
  const { system, dr } = systemOf({ count: 3, dark: ['singapore'] });
  expect(await dr('evacuate --region mumbai')).toMatchObject({ code: 0, out: expect.stringContaining('tokyo serves') });
  expect(system.orders()).toMatchObject([{ writer: 'tokyo' }]);
});

const last: readonly [string, Setup, RegExp][] = [
  ['has died, whatever its record says', { stopped: ['singapore'] }, /singapore: its heartbeat has stopped/],
  ['is evacuated', { states: { singapore: { state: 'evacuated' } }, stopped: ['singapore'] }, /singapore: evacuated/],
  [
    'is catching up',
    { states: { singapore: { state: 'recovering' } }, stopped: ['singapore'] },
    /singapore: recovering/,
  ],
  [
    'is not reached',
    { states: { singapore: { reached: false } }, stopped: ['singapore'] },
    /not reached by health checks/,
  ],
  ['is leaving itself', { states: { singapore: { leaving: 4 } }, stopped: ['singapore'] }, /is leaving by order 4/],
];
test.each(last)('fails before anything is written when the only other region %s', async (_name, setup, why) => {
  const { system, dr } = systemOf(setup);
  const { code, out, err } = await dr('evacuate --region mumbai');
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(why);
  expect(err).toMatch(/nobody would be left\. .* --force: then mumbai alone judges .* still refuses/);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(system.orders()).toEqual([]);
});

test('fails with the reason of the region itself when the last one is ordered out by force', async () => {
  const { system, dr } = systemOf({ stopped: ['singapore'] });
  await system.sleep(60_000);
  const { code, err } = await dr('evacuate --region mumbai --force');
  expect(code).toBe(1);
  expect(err).toMatch(
    /Order 1 \(evacuate mumbai\) was refused by mumbai: no other region is known to serve \(singapore is silent\)/,
  );
  expect(system.state('mumbai')).toMatchObject({ state: 'serving', closed: 1 });
});

test('fails when the region does not decide in time; the order stands and is said to', async () => {
  const { system, dr } = systemOf({ stopped: ['mumbai'] });
  const { code, err, seconds } = await dr('evacuate --region mumbai');
  expect(code).toBe(1);
  expect(err).toMatch(/has not been decided in 90 s: .* stands until 2026-01-05T08:.*dr readmit --region mumbai/);
  expect(seconds).toBeLessThan(120);
  expect(system.orders()).toHaveLength(1);
});

test('fails as superseded when another operator gives a higher order meanwhile', async () => {
  const readmit = order({ kind: 'readmit', number: 2, writer: 'mumbai', timestamp: orderKey('mumbai', 'mumbai') });
  const { dr } = systemOf({ onSecond: (system) => void (system.orders().length === 1 && system.put(readmit)) });
  const { code, err } = await dr('evacuate --region mumbai');
  expect(code).toBe(1);
  expect(err).toMatch(/Order 1 \(evacuate mumbai\) was superseded by order 2 \(readmit.*: that one counts\./);
});

test('two operators who order at once through one region get two numbers', async () => {
  let raced = false;
  const { system, dr } = systemOf({
    beforePut: (one) => {
      if (!raced) one.put(order({ number: 1 }));
      raced = true;
    },
  });
  expect(await dr('evacuate --region mumbai')).toMatchObject({ code: 0 });
  expect(system.orders()).toMatchObject([{ number: 2 }]);
});

test('fails, and says what became of it, when others are always faster', async () => {
  let number = 0;
  const { dr } = systemOf({ beforePut: (one) => one.put(order({ number: (number += 1) })) });
  expect(await dr('evacuate --region mumbai')).toMatchObject({
    code: 1,
    err: expect.stringContaining('5 times just now'),
  });
});

test('fails when no region answers, and names those that might', async () => {
  const { dr } = systemOf({ dark: ['singapore'] });
  const { code, err } = await dr('evacuate --region mumbai');
  expect(code).toBe(1);
  expect(err).toMatch(/^Nothing was ordered: singapore: .*--via mumbai \(mumbai takes orders about itself\)\.\n$/);
});

const badInput: readonly [string, RegExp][] = [
  ['evacuate --region pune', /^--region "pune": the system has no such region\. Use one of mumbai, singapore\n$/],
  ['readmit --region pune', /^--region "pune"/],
  ['evacuate --region mumbai --via pune', /^--via "pune"/],
  ['evacuate --region mumbai --expires 0', /^--expires 0: is out of range\. Give minutes from 1 to 10080/],
  ['evacuate --region mumbai --expires soon', /^--expires "soon": is not a number/],
  [`evacuate --region mumbai --reason ${'x'.repeat(201)}`, /^--reason of 201 characters/],
  ['evacuate', /required option '--region <name>' not specified/],
  ['readmit --region mumbai --force', /unknown option '--force'/],
];
test.each(badInput)('fails with 2 for %s and asks nobody', async (command, message) => {
  const { system, dr } = systemOf();
  const { code, out, err } = await dr(command);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
  expect([...system.asked]).toEqual([]);
});
