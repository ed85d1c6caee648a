// What a pull request is told of its speed.
import { comparisonComment, type Comparison, type Pair } from './comment';
import type { Figures } from './results';

const cpu = (...values: readonly number[]): Figures[] => values.map((cpuMs) => ({ cpuMs, wallMs: cpuMs * 2 }));
const pair = (row: string, head: readonly Figures[], base: readonly Figures[], name = ''): Pair => ({
  ...{ row, name, head: { name: 'head', runs: head }, base: { name: 'base', runs: base } },
});
const SAME = cpu(100, 100, 100);
const comment = (changes: Partial<Comparison>): string =>
  comparisonComment({ headCommit: 'aaaaaaa', baseCommit: 'bbbbbbb', pairs: [], left: [], ...changes });
const rowsOf = (text: string): string[] => text.split('\n').filter((line) => /^\| (?!---|row )/.test(line));

test.each<[string, readonly Pair[], string]>([
  ['nothing', [], 'nothing could be compared'],
  ['the same', [pair('synth', SAME, SAME)], 'no change beyond the noise'],
  ['slower', [pair('synth', cpu(120, 121, 122), SAME)], '1 slower'],
  ['faster', [pair('synth', cpu(60, 61, 62), SAME)], '1 faster'],
  ['both', [pair('synth', cpu(60, 61, 62), SAME), pair('drill', cpu(120, 120, 120), SAME)], '1 slower, 1 faster'],
  ['noise', [pair('synth', cpu(70, 140, 110), SAME)], 'no change beyond the noise'],
  ['two turns', [pair('synth', cpu(50, 50), cpu(100, 100))], 'too few turns to tell a change from noise'],
])('the headline of %s', (_, pairs, says) =>
  expect(comment({ pairs }).split('\n')[0]).toBe(`### Performance: ${says}`),
);

test('what has changed is in sight, with its noise, and what has not is folded', () => {
  const text = comment({ pairs: [pair('synth', SAME, SAME), pair('drill', cpu(80, 84, 82), SAME)] });
  const [seen = '', folded = ''] = text.split('<details>');
  expect(rowsOf(seen)).toEqual(['| drill | CPU | 0.82 x | ± 3.0 % | faster |']);
  expect(folded).toContain('<summary>1 unchanged</summary>');
  expect(rowsOf(folded)).toEqual(['| synth | CPU | 1.00 x | ± 3.0 % | unchanged |']);
});

test('wall time is no ground for a change: a busy runner has its own', () => {
  const slow = SAME.map(({ cpuMs = 0 }) => ({ cpuMs, wallMs: cpuMs * 9 }));
  expect(rowsOf(comment({ pairs: [pair('synth', slow, SAME)] }))).toHaveLength(1);
});

test('each cost of a case is a row, and a case has its name', () => {
  const runs = (bundleKb: number): Figures[] => [1, 1, 1].map((cpuMs) => ({ cpuMs, bundleKb }));
  const [bundle = '', cost = ''] = rowsOf(comment({ pairs: [pair('cold-start', runs(220), runs(200), 'a|b')] }));
  expect(bundle).toBe('| cold-start: a\\|b | bundle | 1.10 x | ± 3.0 % | slower |');
  expect(cost).toContain('| CPU | 1.00 x');
});

test('a row that one commit cannot run is left out, and said in one line', () => {
  const text = comment({ left: [{ row: 'router', why: 'it ended with 1: no such file\nat a stack' }] });
  expect(text).toContain('- router was left out: it ended with 1: no such file\n');
  expect(text).not.toContain('at a stack');
});

test('a later run finds the comment by the tag at its end, and can be repeated', () => {
  const text = comment({ pairs: [pair('synth', SAME, SAME)] });
  expect(text).toContain('`npm run bench -- --against bbbbbbb`');
  expect(/<!-- [\w-]+ -->\s*$/.test(text)).toBe(true);
});

test('a figure of nothing is no ratio', () => {
  expect(rowsOf(comment({ pairs: [pair('idle', [{ idlePercent: 1 }], [{ idlePercent: 0 }])] }))).toEqual([]);
});
