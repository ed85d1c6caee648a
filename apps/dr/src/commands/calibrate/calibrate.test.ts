// `dr calibrate`: what it prints of records, and its exit codes.
import { GAME_DAY } from '../../testing/results';
import { systemOf } from '../../testing/run-on';

const SETTINGS = {
  regions: [],
  routing: 'latency',
  intervalSeconds: 10,
  failureThreshold: 3,
  ttlSeconds: 10,
  objective: null,
};
const HELD = { ...GAME_DAY, settings: SETTINGS };
const OWN = {
  schema: 1,
  title: 'staging, primary stopped',
  source: 'our wiki',
  date: '2026-11-20',
  settings: { intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 60 },
  fault: 'app-errors',
  quantity: 'dns',
  seconds: [60],
};

const calibrate = (record: unknown, ...flags: string[]) => {
  const readFile = () => (typeof record === 'string' ? record : JSON.stringify(record));
  const system = systemOf({ context: { processes: { readFile } as never } });
  return system.dr('calibrate --seeds 1 --record', 'record.json', ...flags);
};

test("a measurement of one's own stands beside what was published", async () => {
  const { code, out } = await calibrate(OWN);
  expect(out).toMatch(/^\d of 7 measurements lie within what 1 run of each simulate\.\n/);
  expect(out).toContain('inside   staging, primary stopped\n         our wiki, 2026-11-20, held out\n');
  expect(out).toMatch(
    /settings +3 x 10 s, TTL 60 s, app-errors\n +measured +60 s until DNS gave the other region\n +simulated +\d\d\.\d to/,
  );
  expect(code).toBe(0);
}, 60_000);

test('one that lies outside is an answer of no', async () => {
  const { code, out } = await calibrate({ ...OWN, seconds: [60, 600] }, '--json');
  const { rows } = JSON.parse(out) as { rows: { title: string; covered: boolean }[] };
  expect(rows.at(-1)).toMatchObject({ title: OWN.title, covered: false, boundSeconds: expect.any(Number) });
  expect(code).toBe(1);
}, 60_000);

test('the record of a game day is its worst client with new connections', async () => {
  const { code, out } = await calibrate(HELD, '--json');
  const { rows } = JSON.parse(out) as { rows: object[] };
  expect(rows.at(-1)).toMatchObject({
    date: '2026-01-05',
    settings: { intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 10, evaluateTargetHealth: false },
    fault: 'region-dark',
    quantity: 'service',
    seconds: [43.4],
    boundSeconds: 57,
  });
  expect([0, 1]).toContain(code);
}, 60_000);

test.each<[string, unknown, string]>([
  ['no JSON', '{', 'is not JSON'],
  ['something else', [], 'the file'],
  ['an emulated game day', { ...HELD, where: 'emulated' }, 'was not held on AWS'],
  ['a game day without settings', GAME_DAY, 'does not say with which settings'],
  ['a game day that was interrupted', { ...HELD, measured: null }, 'has measured no client'],
  ['a game day that is cut off', { ...HELD, measured: undefined }, 'measured'],
])('%s is refused, and nothing is run', async (_, record, why) => {
  const { code, out, err } = await calibrate(record);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('record.json');
  expect(err).toContain(why);
});

test.each(['0', '1001', '1.5', 'x'])('--seeds %s is refused', async (seeds) => {
  const { code, err } = await systemOf({}).dr('calibrate --seeds', seeds);
  expect(code).toBe(2);
  expect(err).toContain('--seeds');
});
