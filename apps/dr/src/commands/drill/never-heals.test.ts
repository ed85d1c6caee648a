// `dr drill --never-heals`: what it refuses, and which region takes the place of the lost one.
import { withReplaced } from './region-count';
import { configWith } from '../../testing/config';
import { systemOf } from '../../testing/run-on';

test.each([
  [['--never-heals', '--fault', 'gray'], /--never-heals with --fault gray: is for the loss of a whole region/],
  [['--never-heals', '--stack', 'cdk.tf.json'], /--never-heals with --stack: the plan adds a region to dr\.config\.ts/],
  [['--never-heals', '--table-gb', '-1'], /--table-gb -1: is out of range\. Give GB from 0 to 100000/],
  [['--never-heals', '--history'], /--history with --never-heals: the history ends with no return/],
  [['--table-gb', '10'], /--table-gb: is for --never-heals\. Add --never-heals, or leave it out/],
  [['--never-heals', '--seeds', '3'], /--never-heals with --seeds: is for the drill of one fault/],
  [['--never-heals', '--sweep'], /--never-heals with --sweep: is for the drill of one fault/],
])('fails with 2 and one paragraph for %j', async (argv, message) => {
  const { code, out, err } = await systemOf().dr('drill', ...argv);
  expect(err).toMatch(message);
  expect({ code, out }).toEqual({ code: 2, out: '' });
});

test('the nearest region to the lost one takes its place, behind those that are left', () => {
  const replaced = withReplaced(configWith(), 'mumbai').regions.map(({ name }) => name);
  expect(replaced[0]).toBe('singapore');
  expect(replaced).toHaveLength(2);
  expect(replaced).not.toContain('mumbai');
  expect(withReplaced(configWith(), 'singapore').regions[0]?.name).toBe('mumbai');
});
