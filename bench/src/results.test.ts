// What a row has reached of its bars.
import { reachedBy, type Bar, type Case, type Figures, type Result } from './results';

const side = (name: string, ...runs: readonly Figures[]) => ({ name, runs });
const cpu = (...values: readonly number[]): Figures[] => values.map((cpuMs) => ({ cpuMs }));
const result = (cases: readonly Case[], ...bars: readonly Bar[]): Result => ({
  ...{ name: 'row', work: 'work', does: 'Does it.', peer: 'a peer', bars, cases },
  machine: { date: '2026-11-28', commit: 'abc1234', node: '20.20.2', cpu: 'a processor', cores: 2 },
});
const reached = (cases: readonly Case[], bar: Bar) =>
  reachedBy(result(cases, bar)).map(({ of, median, low, high, isMet }) => ({ of, median, low, high, isMet }));

const PAIR: Case = { name: 'a', sides: [side('we', ...cpu(10, 30, 20)), side('they', ...cpu(20, 40, 10))] };
const RATIO: Bar = { title: 'CPU', kind: 'ratio', of: 'cpuMs', atMost: 0.75 };

test('a ratio is the median of the ratios of the turns', () => {
  expect(reached([PAIR], RATIO)).toEqual([{ of: '', median: 0.75, low: 0.5, high: 2, isMet: true }]);
});

test.each<[string, Partial<Bar>, boolean]>([
  ['at most, met', { atMost: 0.75 }, true],
  ['at most, missed', { atMost: 0.74 }, false],
  ['at least, met', { atMost: Number.POSITIVE_INFINITY, atLeast: 0.75 }, true],
  ['at least, missed', { atMost: Number.POSITIVE_INFINITY, atLeast: 0.76 }, false],
])('%s', (_, limit, isMet) => expect(reached([PAIR], { ...RATIO, ...limit })[0]?.isMet).toBe(isMet));

test('each case is judged by itself, and only those that the bar means', () => {
  const cases = ['a', 'b', 'c'].map((name) => ({ ...PAIR, name }));
  expect(reached(cases, RATIO).map(({ of }) => of)).toEqual(['a', 'b', 'c']);
  expect(reached(cases, { ...RATIO, cases: ['b'] }).map(({ of }) => of)).toEqual(['b']);
});

test('a value is that of the first side, with no peer', () => {
  const alone: Case = { name: '', sides: [side('we', { idlePercent: 3 }, { idlePercent: 1 }, { idlePercent: 2 })] };
  expect(reached([alone], { title: 'idle', kind: 'value', of: 'idlePercent', atMost: 2 })).toEqual([
    { of: '', median: 2, low: 1, high: 3, isMet: true },
  ]);
});

const sized = (name: string, cpuMs: number): Case => ({ name, sides: [side('we', { cpuMs })] });

test('the widest of some cases is the largest of their medians over the smallest', () => {
  const cases = [sized('a', 10), sized('b', 12), sized('c', 90)];
  const bar: Bar = { title: 'growth', kind: 'widest', of: 'cpuMs', cases: ['a', 'b'], atMost: 1.25 };
  expect(reached(cases, bar)).toEqual([{ of: '', median: 1.2, low: 1.2, high: 1.2, isMet: true }]);
});

test('a step is the second difference over the first', () => {
  const cases = [sized('own, 1', 100), sized('own, 2', 200), sized('own, 3', 350)];
  const bar: Bar = { title: 'linear', kind: 'step', of: 'cpuMs', atMost: 1.25 };
  expect(reached(cases, bar)).toEqual([{ of: 'own', median: 1.5, low: 1.5, high: 1.5, isMet: false }]);
});

test('a figure that nobody has measured is no bar that is met', () => {
  expect(reached([PAIR], { ...RATIO, of: 'wallMs' })).toEqual([]);
});
