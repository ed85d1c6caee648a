// `dr readmit` on regions that decide by the real rules: with failback by hand, and what is no region to readmit.
import type { StateRecord } from '@dr/contracts/system';
import { systemOf, type Setup } from '../testing/run-on';

const BY_HAND = { config: { recovery: { failback: 'manual' as const } } };
const RETURNED: Partial<StateRecord> = { state: 'recovering' };

/** Mumbai is back from an absence and has caught up. */
async function waiting(setup: Setup = {}) {
  const parts = systemOf({ ...BY_HAND, states: { mumbai: RETURNED }, ...setup });
  await parts.system.sleep(90_000);
  expect(parts.system.state('mumbai').wait).toBeDefined();
  return parts;
}

test('a region that waits is shown waiting, serves by the order, and not before', async () => {
  const { system, dr } = await waiting();
  await system.sleep(3_600_000);
  const shown = await dr('status --quick');
  expect(shown.code).toBe(0);
  expect(shown.out).toMatch(/^mumbai +does not serve +waiting .*for: dr readmit --region mumbai$/m);
  expect(JSON.parse((await dr('status --quick --json')).out)).toMatchObject({
    regions: [
      { region: 'mumbai', state: 'recovering', waitingSince: '2026-01-05T00:01:10.000Z' },
      { waitingSince: null },
    ],
  });
  expect(await dr('readmit --region mumbai --reason mended')).toMatchObject({
    code: 0,
    out: 'mumbai has taken order 1: the region serves again.\n',
  });
  expect(system.orders()).toMatchObject([{ kind: 'readmit', wait: expect.any(Number) as number }]);
  expect(system.state('mumbai')).toMatchObject({ state: 'serving', closed: 1 });
});

test('a region that was ordered out comes back by one order', async () => {
  const { system, dr } = systemOf(BY_HAND);
  await system.sleep(10_000);
  expect((await dr('evacuate --region mumbai --expires 5')).out).toMatch(
    /The order ends at 2026-01-05T00:05:1\d\.000Z, and then mumbai waits until it is readmitted\. It comes back when no other region serves/,
  );
  expect(await dr('readmit --region mumbai')).toMatchObject({ code: 0 });
  await system.sleep(90_000);
  expect(system.state('mumbai')).toMatchObject({ state: 'serving' });
});

test('a region whose evacuation has expired waits', async () => {
  const { system, dr } = systemOf(BY_HAND);
  await system.sleep(10_000);
  await dr('evacuate --region mumbai --expires 5');
  await system.sleep(600_000);
  expect(system.state('mumbai')).toMatchObject({ state: 'recovering', wait: {} });
  expect(await dr('readmit --region mumbai')).toMatchObject({ code: 0 });
});

const refused: readonly [string, Setup, RegExp][] = [
  [
    'serves',
    BY_HAND,
    /^--region mumbai: serves: there is nothing to readmit\. Leave it, or order it out first: dr evacuate\n$/,
  ],
  [
    'has not caught up',
    { ...BY_HAND, states: { mumbai: RETURNED } },
    /^--region mumbai: has not caught up yet, and takes no order before it waits for one\. Give the order once dr status shows it as waiting\n$/,
  ],
  [
    'was readmitted already',
    { ...BY_HAND, states: { mumbai: { ...RETURNED, readmitted: 4, closed: 4 } } },
    /^--region mumbai: has taken order 4 already, and serves as soon as it has caught up\. Wait: dr status shows it\n$/,
  ],
  [
    'is new',
    { ...BY_HAND, states: { mumbai: { ...RETURNED, firstStart: true } } },
    /^--region mumbai: is new, and serves by itself/,
  ],
  [
    'catches up where failback is automatic',
    { states: { mumbai: RETURNED } },
    /^--region mumbai: has not been ordered out: it catches up, and then serves by itself \(automatic failback\)\. Wait/,
  ],
];
test.each(refused)('fails with 2 and writes nothing when the region %s', async (_, setup, message) => {
  const { system, dr } = systemOf(setup);
  const before = JSON.stringify(system.state('mumbai'));
  const { code, out, err } = await dr('readmit --region mumbai');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
  expect(system.orders()).toEqual([]);
  expect(JSON.stringify(system.state('mumbai'))).toBe(before);
});

test('fails with 2 when no record of the region can be read', async () => {
  const { system, dr } = systemOf({ ...BY_HAND, stopped: ['mumbai'] });
  system.items.delete('state#mumbai');
  expect(await dr('readmit --region mumbai')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^--region mumbai: has no record that can be read/) as string,
  });
  expect(system.orders()).toEqual([]);
});

test('fails, with the reason of the region itself, when it began another wait meanwhile', async () => {
  const { system, dr } = await waiting({
    beforePut: (one) => one.put({ ...one.state('mumbai'), wait: { number: 9_999, sinceMs: one.now() } }),
  });
  const { code, err } = await dr('readmit --region mumbai');
  expect(code).toBe(1);
  expect(err).toMatch(
    /was refused by mumbai: it was not given for this wait: look at dr status, and give it again\.\n$/,
  );
  expect(system.state('mumbai').state).toBe('recovering');
});

test('a region that waits although dr.config.ts says automatic is readmitted all the same', async () => {
  const { system, dr } = await waiting({ config: {}, failback: 'manual' });
  expect(await dr('readmit --region mumbai')).toMatchObject({ code: 0 });
  expect(system.state('mumbai').state).toBe('serving');
});
