// The twin beside published times: what docs/calibration.md says is what a sample of the same runs gives.
import { InputError } from '@dr/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { calibrate, type CalibrationRow } from './calibrate';
import { readMeasurement, type Measurement } from './measurement';
import { PUBLISHED } from './published';

const page = JSON.parse(readFileSync(join(__dirname, '../../../../../../docs/calibration.json'), 'utf8')) as {
  readonly seeds: number;
  readonly rows: readonly CalibrationRow[];
};

test('the page has every published time, and each was run with 50 seeds', () => {
  expect(page.rows).toMatchObject(PUBLISHED);
  expect(page.rows).toHaveLength(PUBLISHED.length);
  expect(page.seeds).toBe(50);
});

test('what is outside has a reason, what is inside needs none, and two rows at least are held out', () => {
  expect(page.rows.map(({ covered, reason }) => covered || reason !== undefined)).not.toContain(false);
  expect(page.rows.filter(({ covered, reason }) => covered && reason !== undefined)).toEqual([]);
  expect(page.rows.filter(({ heldOut }) => heldOut).length).toBeGreaterThanOrEqual(2);
});

test('a sample of the runs lies in what the page says', async () => {
  const sample = await calibrate(PUBLISHED, { seeds: [1, 2] });
  for (const [at, { title, simulated, boundSeconds }] of sample.entries()) {
    const row = page.rows[at]!;
    expect([title, boundSeconds]).toEqual([row.title, row.boundSeconds]);
    expect(simulated!.from).toBeGreaterThanOrEqual(row.simulated!.from);
    expect(simulated!.to).toBeLessThanOrEqual(row.simulated!.to);
    expect(row.simulated!.to).toBeLessThanOrEqual(row.boundSeconds!);
  }
});

const MEASUREMENT: Measurement = {
  title: 'a test',
  source: 'nowhere',
  date: '2026-01-05',
  settings: { intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 10, evaluateTargetHealth: false },
  fault: 'region-dark',
  quantity: 'detection',
  seconds: [34],
  heldOut: true,
};

const one = async (change: Partial<Measurement>, seeds: readonly number[]): Promise<CalibrationRow> => {
  const [row] = await calibrate([{ ...MEASUREMENT, ...change }], { seeds });
  return row!;
};

describe('detection', () => {
  test('lies between the first and the last moment that the settings allow', async () => {
    const { simulated, boundSeconds, covered } = await one({}, [1, 2, 3]);
    expect(boundSeconds).toBe(42);
    expect(simulated!.from).toBeGreaterThan(20);
    expect(simulated!.to).toBeLessThanOrEqual(42);
    expect(covered).toBe(simulated!.from <= 34 && 34 <= simulated!.to);
  });

  test.each([0, 50])('%d s is outside', async (seconds) => {
    expect((await one({ seconds: [34, seconds] }, [1])).covered).toBe(false);
  });
});

test('a TTL of its own is waited for', async () => {
  const settings = { ...MEASUREMENT.settings, ttlSeconds: 300 };
  const { simulated, boundSeconds } = await one({ settings, quantity: 'dns' }, [1]);
  expect(simulated!.to).toBeGreaterThan(200);
  expect(boundSeconds).toBe(347);
});

test('a DNS cache of the client is waited for beside that of its resolver, and added to the bound', async () => {
  const settings = { ...MEASUREMENT.settings, ttlSeconds: 60 };
  const service = { settings, quantity: 'service' } as const;
  const [plain, cached] = [
    await one(service, [1, 2]),
    await one({ ...service, clients: { dnsCacheSeconds: 300 } }, [1, 2]),
  ];
  expect(cached.boundSeconds).toBe((plain.boundSeconds ?? 0) + 300);
  expect(plain.simulated!.to).toBeLessThanOrEqual(plain.boundSeconds!);
  expect(cached.simulated!.to).toBeGreaterThan(plain.boundSeconds! + 30);
  expect(cached.simulated!.to).toBeLessThanOrEqual(cached.boundSeconds!);
});

describe('a file', () => {
  const given = { ...MEASUREMENT, schema: 1, heldOut: undefined };
  const read = (change: object): Measurement =>
    readMeasurement(JSON.parse(JSON.stringify({ ...given, ...change })), 'x.json');

  test('is read as it is', () => {
    expect(read({})).toEqual(MEASUREMENT);
    const clients = { dnsCacheSeconds: 30 };
    expect(read({ clients })).toEqual({ ...MEASUREMENT, clients });
  });

  test.each<[string, object]>([
    ['x.json: the file', { other: 1 }],
    ['x.json: schema', { schema: 2 }],
    ['x.json: title', { title: '' }],
    ['x.json: date', { date: '5 January' }],
    ['x.json: settings.intervalSeconds', { settings: { ...MEASUREMENT.settings, intervalSeconds: 20 } }],
    ['x.json: settings.failureThreshold', { settings: { ...MEASUREMENT.settings, failureThreshold: 11 } }],
    ['x.json: settings', { settings: { ...MEASUREMENT.settings, ttl: 60 } }],
    ['x.json: clients.dnsCacheSeconds', { clients: { dnsCacheSeconds: 0 } }],
    ['x.json: clients', { clients: { cache: 30 } }],
    ['x.json: fault', { fault: 'fire' }],
    ['x.json: seconds', { seconds: [] }],
    ['x.json: seconds.0', { seconds: [-1] }],
    ['x.json: seconds.1', { seconds: [1, '2'] }],
  ])('%s is refused by name', (at, change) => {
    expect(() => read(change)).toThrow(InputError);
    expect(() => read(change)).toThrow(new RegExp(`^${at.replace(/\./g, '\\.')}: `));
  });
});
