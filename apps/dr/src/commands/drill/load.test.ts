// `dr drill --load`: what it refuses before anything is synthesized, and the command that repeats it.
import { OURS, parseLoad, parseScenario, placesOf } from '@dr/drills';
import { configWith } from '../../testing/config';
import { systemOf } from '../../testing/run-on';
import { capacityTables } from './capacity-page';
import { replayCommand } from './replay';

const dr = (...args: string[]) => systemOf({ context: { config: () => configWith() } }).dr('drill', ...args);

test.each([
  ['a rate', ['--load', '10000', '--rate', '20'], /--rate with --load: says how many requests are simulated/],
  ['no load', ['--per-request', '100'], /--per-request: means nothing without a load/],
  ['a load that is too large', ['--load', '1000000'], /--load 1000000 with --per-request 100: simulates 20000.0/],
  ['a search', ['--load', '10000', '--seeds', '5'], /--load with --seeds/],
  ['the table of faults', ['--quota', '10', '--faults', 'matrix'], /--quota with --faults/],
])('fails on %s', async (_, args, message) => {
  const { code, out, err } = await dr(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
});

test('the command that repeats it names the load, and no rate', () => {
  const plan = parseLoad({ load: 8_000, quota: 3_000 });
  const objective = { rtoSeconds: 60, rpoSeconds: 5 };
  const scenario = parseScenario({ objective }, placesOf(OURS, configWith().regions));
  const command = replayCommand({ seed: 1 }, 'latency', { ...scenario, plan });
  expect(command).toContain('--load 8000 --per-request 80 --peak 8000 --quota 3000');
  expect(command).not.toContain('--rate');
});

test('the page shows each kept drill, what it throttled and what avoids that', () => {
  const limit = {
    ...{ id: 'lambda-requests', name: 'requests a second', region: 'singapore', subject: 'the account' },
    ...{ allowed: 10_000, used: 20_000, usedShare: 2, throttledBeforeShare: 0, throttledShare: 0.5 },
    ...{ fromSeconds: 110, toSeconds: 300, hottestPartition: null },
    avoidedBy: { what: 'a larger quota', oneTimeUsd: 0, monthlyUsd: 0 },
  };
  const capacity = {
    ...{ requestsPerSecond: 10_000, perRequest: 100, peakRequestsPerSecond: 0, accountConcurrency: 1_000 },
    ...{ survivors: [{ region: 'singapore', failedShare: 0.5 }], limits: [limit] },
  };
  const drills = [{ title: 'a small quota', options: '--quota 1000', passed: false, worstSeconds: 80, capacity }];
  expect(capacityTables({ drills })).toBe(
    [
      '### With a small quota',
      '`drill --load 10000 --quota 1000` fails; the worst client that honours the TTL and opens a new connection waits 80.0 s.',
      '',
      '| region | limit | allowed | used | throttled before | after | from s | to s |',
      '|---|---|---|---|---|---|---|---|',
      '| singapore | the account: requests a second | 10,000 | 20,000 | 0.0 % | 50.0 % | 110 | 300 |',
      '',
      '- singapore: 50.0 % of the requests that it got failed',
      '- singapore, the account, requests a second: a larger quota ($0.00)',
      '',
    ].join('\n'),
  );
});
