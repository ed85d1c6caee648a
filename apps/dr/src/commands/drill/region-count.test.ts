// A drill in another number of regions than dr.config.ts has.
import { OURS, parseScenario, placesOf } from '@dr/drills';
import { inConfig, inRegions, withRegions, withReplaced } from './region-count';
import { replayCommand } from './replay';
import type { Context } from '../../context';
import { configWith } from '../../testing/config';
import { systemOf } from '../../testing/run-on';

const names = ({ regions }: { readonly regions: readonly { readonly name: string }[] }) =>
  regions.map(({ name }) => name);

test.each([
  [2, ['mumbai', 'singapore']],
  [3, ['mumbai', 'singapore', 'seoul']],
  [4, ['mumbai', 'singapore', 'seoul', 'stockholm']],
])('%d regions are those of the config, and the nearest others', (count, expected) => {
  expect(names(withRegions(configWith(), count))).toEqual(expected);
});

test('fewer regions are the first ones, with what the config says of them alone', () => {
  const three = withRegions(
    configWith({ routing: 'weighted', weights: { mumbai: 70, singapore: 30 }, release: { singapore: 'next' } }),
    3,
  );
  expect(three).toMatchObject({ weights: { mumbai: 70, singapore: 30, seoul: 70 }, release: { singapore: 'next' } });
  expect(withRegions(three, 2)).toMatchObject({
    weights: { mumbai: 70, singapore: 30 },
    release: { singapore: 'next' },
  });
  expect(names(withRegions(three, 2))).toEqual(['mumbai', 'singapore']);
});

test('a name or an AWS region that the config has is not added again', () => {
  const regions = [
    { name: 'seoul', awsRegion: 'ap-south-1' },
    { name: 'asia', awsRegion: 'ap-southeast-1' },
  ];
  const more = withRegions(configWith({ regions }), 4);
  expect(new Set(names(more)).size).toBe(4);
  expect(new Set(more.regions.map(({ awsRegion }) => awsRegion)).size).toBe(4);
});

test('the stack is synthesized in those regions', async () => {
  const asked: string[][] = [];
  const synthesize: Context['synthesize'] = (args) => (asked.push([...args]), Promise.resolve('cdk.tf.json'));
  const context = inRegions({ config: () => configWith(), synthesize } as Context, 3);
  await context.synthesize(['--rto', '90'], 'out');
  const settings = ['--set', `regions=${JSON.stringify(context.config().regions)}`, '--set', 'release={}'];
  expect(asked).toEqual([[...settings, '--rto', '90']]);
});

test('of a context in a context the inner one counts: the last setting of a key does', async () => {
  const asked: string[][] = [];
  const synthesize: Context['synthesize'] = (args) => (asked.push([...args]), Promise.resolve('cdk.tf.json'));
  const three = inRegions({ config: () => configWith(), synthesize } as Context, 3);
  const replaced = withReplaced(three.config(), 'mumbai');
  await inConfig(three, replaced).synthesize([], 'out');
  const regions = asked[0]?.filter((setting) => setting.startsWith('regions='));
  expect(regions?.at(-1)).toBe(`regions=${JSON.stringify(replaced.regions)}`);
});

test('the command that repeats a drill names the number of regions', () => {
  const places = placesOf(OURS, withRegions(configWith(), 3).regions);
  const scenario = parseScenario({ objective: { rtoSeconds: 60, rpoSeconds: 5 } }, places);
  expect(replayCommand({ seed: 1, regions: 3 }, 'latency', scenario)).toContain(' --regions 3');
  expect(replayCommand({ seed: 1 }, 'latency', scenario)).not.toContain('--regions');
});

test.each([
  [['--regions', '1'], /--regions 1: is out of range\. Give a whole number from 2 to 4/],
  [['--regions', '5'], /--regions 5: is out of range/],
  [['--regions', '2.5'], /--regions 2\.5: is out of range/],
  [['--regions', 'three'], /--regions "three": is not a number/],
  [['--regions', '3', '--stack', 'cdk.tf.json'], /--regions with --stack: the stack has its own\. Leave --regions out/],
  [['--regions', '3', '--region', 'pune'], /--region "pune".*Use one of mumbai, singapore, seoul/],
])('fails with 2 and one paragraph for %j', async (argv, message) => {
  const { code, out, err } = await systemOf().dr('drill', ...argv);
  expect(err).toMatch(message);
  expect({ code, out }).toEqual({ code: 2, out: '' });
});
