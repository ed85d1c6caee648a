// What `npm run bench` takes, and what it refuses.
import { parseBench } from './arguments';

const KNOWN = ['drill', 'router', 'synth'];
const DEFAULTS = {
  rows: KNOWN,
  runs: undefined,
  against: undefined,
  baseline: undefined,
  comment: undefined,
  list: false,
};

test.each([
  [[], {}],
  [['--list'], { list: true }],
  [['synth', 'drill'], { rows: ['drill', 'synth'] }],
  [['router', 'router', '--runs', '7'], { rows: ['router'], runs: 7 }],
  [['--against', 'main~3', 'router'], { rows: ['router'], against: 'main~3' }],
  [['--against=abc', '--comment', 'a.md'], { against: 'abc', comment: 'a.md' }],
  [['drill', '--baseline', '/tmp/old'], { rows: ['drill'], baseline: '/tmp/old' }],
])('%j', (argv, expected) => expect(parseBench(argv, KNOWN)).toEqual({ ...DEFAULTS, ...expected }));

test.each([
  [['drills'], '"drills" is no row; it must be of drill, router, synth'],
  [['--runs', '0'], '--runs "0" is not a whole number from 1 to 100'],
  [['--runs', '101'], '--runs "101" is not a whole number from 1 to 100'],
  [['--runs', '2.5'], '--runs "2.5" is not a whole number'],
  [['--runs', '1', '--runs=2'], '--runs is given twice'],
  [['--against', 'a', '--against', 'b'], '--against is given twice'],
  [['--comment', 'a.md'], 'name it with --against'],
  [['--against', 'a', '--baseline', 'b'], 'give one of them'],
  [['--fast'], "Unknown option '--fast'"],
  [['--against'], "'--against <value>' argument missing"],
])('fails on %j', (argv, says) => {
  const parsed = parseBench(argv, KNOWN);
  expect('wrong' in parsed ? parsed.wrong : '').toContain(says);
});
