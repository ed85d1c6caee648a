// `dr drill --load`: what it refuses before anything is synthesized, and the command that repeats it.
import { OURS, parseLoad, parseScenario, placesOf } from '@dr/drills';
import { configWith } from '../../testing/config';
import { systemOf } from '../../testing/run-on';
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
