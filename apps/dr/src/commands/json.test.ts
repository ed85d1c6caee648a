// `--json` of the commands that act: what is done is told as data, and as the manual says.
import { departures, unseen } from '../terminal/json-shape';
import { pageOf, pathOf, withSubcommands, type JsonShape } from '../terminal/manual';
import { programOf } from '../whole-program';
import { systemOf } from '../testing/run-on';

const shapeOf = (path: string): JsonShape =>
  pageOf(withSubcommands(programOf(() => undefined, 80)).find((one) => pathOf(one) === path) as never)?.json ?? {};
const complete = (path: string, ...values: readonly unknown[]): void => {
  expect(values.flatMap((value) => departures(value, shapeOf(path)))).toEqual([]);
  expect(unseen(values, shapeOf(path))).toEqual([]);
};

test('an evacuation and a readmission', async () => {
  const { system, dr } = systemOf();
  await system.sleep(10_000);
  const left = await dr('evacuate --region mumbai --expires 90 --json');
  expect(left.code).toBe(0);
  const evacuated = JSON.parse(left.out) as { readonly expiresAt: string };
  expect(evacuated).toMatchObject({
    schema: 1,
    order: 1,
    kind: 'evacuate',
    region: 'mumbai',
    state: 'evacuated',
    movedWithinSeconds: 40,
  });
  expect(Date.parse(evacuated.expiresAt)).toBe(system.orders()[0]?.expiresAtMs);
  complete('evacuate', evacuated);
  const back = await dr('readmit --region mumbai --json');
  const readmitted: unknown = JSON.parse(back.out);
  expect(readmitted).toMatchObject({ schema: 1, order: 2, kind: 'readmit', state: 'recovering', serves: false });
  complete('readmit', readmitted);
});

test('an order that is refused prints no JSON', async () => {
  const { dr } = systemOf({ dark: ['singapore'] });
  expect(await dr('evacuate --region mumbai --json')).toMatchObject({ code: 1, out: '' });
});

test('a rotation, with the key where it is asked for and nowhere else', async () => {
  const { system, dr } = systemOf();
  const first: unknown = JSON.parse((await dr('keys rotate --json')).out);
  expect(first).toMatchObject({
    schema: 1,
    secret: 'dr-api-keys',
    first: true,
    replicas: [{ region: 'singapore', has: true }],
  });
  expect(first).not.toHaveProperty('key');
  complete('keys rotate', first);
  const next: unknown = JSON.parse((await dr('keys rotate --show --json')).out);
  const held = JSON.parse(system.secrets.get('ap-south-1')?.text ?? '{}') as { readonly current: string };
  expect(next).toMatchObject({ first: false, key: held.current });
  const dark = systemOf({ dark: ['singapore'] });
  expect(JSON.parse((await dark.dr('keys rotate --json')).out)).toMatchObject({ replicas: [{ has: false }] });
});

test('what reports on the applied system: status and history', async () => {
  const { system, dr } = systemOf();
  await system.sleep(10_000);
  const status: unknown = JSON.parse((await dr('status --quick --json')).out);
  complete('status', status);
  const history: unknown = JSON.parse((await dr('history --json')).out);
  complete('history', history);
});
