// The load that a drill stands for, from options.
import { InputError } from '@dr/contracts';
import { clientsAsking, parseLoad, scaleOf, simulatedPerSecond } from './load-plan';

test('without a load nothing is scaled', () => {
  expect(parseLoad({})).toBeUndefined();
});

test.each([
  [{ load: 10_000 }, { perRequest: 100, peakRequestsPerSecond: 10_000, accountConcurrency: 1_000 }],
  [{ load: 250 }, { perRequest: 3 }],
  [{ load: 50 }, { perRequest: 1 }],
  [{ load: 20_000 }, { perRequest: 100 }],
  [
    { load: 500, perRequest: 7, peak: 0, quota: 10 },
    { perRequest: 7, peakRequestsPerSecond: 0, accountConcurrency: 10 },
  ],
])('%j', (options, plan) => {
  expect(parseLoad(options)).toMatchObject({ requestsPerSecond: options.load, ...plan });
});

test('tables have had a share of the load, or are new', () => {
  const plan = { requestsPerSecond: 8_000, perRequest: 80, accountConcurrency: 3_000 };
  expect(scaleOf({ ...plan, peakRequestsPerSecond: 2_000 }).peakShare).toBe(0.25);
  expect(scaleOf({ ...plan, peakRequestsPerSecond: 0 }).peakShare).toBeUndefined();
});

test.each([
  [{ perRequest: 10 }, /--per-request: means nothing without a load/],
  [{ peak: 10 }, /--peak: means nothing/],
  [{ quota: 10 }, /--quota: means nothing/],
  [{ load: 0 }, /--load 0: is out of range/],
  [{ load: 10, perRequest: 0.5 }, /--per-request 0.5: is out of range.*whole number/],
  [{ load: 10, quota: 0 }, /--quota 0: is out of range/],
  [{ load: 10, peak: -1 }, /--peak -1: is out of range/],
])('fails on %j', (options, message) => {
  expect(() => parseLoad(options)).toThrow(InputError);
  expect(() => parseLoad(options)).toThrow(message);
});

test('a drill simulates 500 requests a second at most, and says what would do', () => {
  const plan = parseLoad({ load: 30_000 });
  if (!plan) throw new Error('no plan');
  expect(simulatedPerSecond(plan, 1)).toBe(300);
  expect(() => simulatedPerSecond(plan, 2)).toThrow(
    /simulates 600.0 requests a second.*Give --per-request 120 or more/,
  );
});

test('each client asks once a second, for whatever number of requests it stands; every region has one', () => {
  for (const perRequest of [100, 50]) {
    const plan = parseLoad({ load: 10_000, perRequest });
    if (!plan) throw new Error('no plan');
    const simulated = simulatedPerSecond(plan, 2);
    expect(simulated / clientsAsking(simulated)).toBe(1);
  }
  expect(clientsAsking(0.1)).toBe(4);
});
