// docs/performance.md and its pictures, from results.
import { performancePage } from './page';
import { barsPicture, growthPicture, type Colours } from './picture';
import type { Result } from './results';

const RESULT: Result = {
  ...{ name: 'synth', work: 'synthesis', does: 'Writes it.', peer: 'cdktf' },
  bars: [
    { title: 'CPU', kind: 'ratio', of: 'cpuMs', atMost: 1.3 },
    { title: 'items', kind: 'ratio', of: 'itemsPerCpuSecond', atLeast: 2 },
  ],
  machine: { date: '2026-11-28', commit: 'abc1234', node: '20.20.2', cpu: 'a processor', cores: 2 },
  cases: [
    {
      name: '',
      sides: [
        {
          name: 'ours',
          runs: [
            { cpuMs: 1250, itemsPerCpuSecond: 3000 },
            { cpuMs: 1150, itemsPerCpuSecond: 3000 },
          ],
        },
        {
          name: 'cdktf alone',
          runs: [
            { cpuMs: 1000, itemsPerCpuSecond: 1000 },
            { cpuMs: 1000, itemsPerCpuSecond: 2000 },
          ],
        },
      ],
    },
  ],
};
const GROWTH: Result = {
  ...RESULT,
  name: 'growth',
  bars: [{ title: 'CPU', kind: 'widest', of: 'cpuMsPerThousand', atMost: 1.25 }],
  cases: ['20 requests a second', '40 requests a second', 'a fault of 300 s', '3 regions'].map((name, index) => ({
    name,
    sides: [{ name: 'drill', runs: [{ cpuMsPerThousand: 2000 * (index + 1) }] }],
  })),
};

test('each bar has a line with what is reached, its range, and whether it is met', () => {
  const page = performancePage([RESULT]);
  expect(page).toContain(
    '| [synthesis](#synth) | cdktf | CPU | <= 1.30 x | **1.20 x** | 1.15 to 1.25 x | yes |\n' +
      '|  |  | items | >= 2.00 x | **2.25 x** | 1.50 to 3.00 x | yes |',
  );
});

test('each row has its section with its command, its machine and the medians of all sides', () => {
  const page = performancePage([RESULT]);
  expect(page).toContain('## synth\n');
  expect(page).toContain(
    '`npm run bench -- synth`, 2 runs in turn; 2026-11-28, commit abc1234, Node 20.20.2, 2 cores of a processor.',
  );
  expect(page).toContain(
    '| who | CPU, ms | items in a second of CPU |\n|---|---|---|\n| ours | 1,200 | 3,000 |\n| cdktf alone | 1,000 | 1,500 |',
  );
});

test('a bar that is not reached says so', () => {
  expect(performancePage([GROWTH])).toContain('| <= 1.25 x | **4.00 x** |  | no |');
});

test('a note stands with its row', () => {
  expect(performancePage([{ ...RESULT, note: 'The rest is V8.' }])).toMatch(
    /\n\nThe rest is V8\.\n\n`npm run bench -- synth`/,
  );
});

test('rows without a result are named with their commands', () => {
  expect(performancePage([RESULT])).not.toContain('Not measured yet');
  const page = performancePage([], ['seeds', 'fresh']);
  expect(page).toMatch(/\n\nNot measured yet: `npm run bench -- seeds`, `npm run bench -- fresh`\.\n$/);
  expect(page).not.toContain('Results and bars');
});

const colours = (ground: string): Colours => ({ ground, line: '#1', ink: '#2', dim: '#3', red: '#4', green: '#5' });
const [LIGHT, DARK] = [colours('#fff'), colours('#000')];

test('the bars are drawn as shares of their limits, in the colours of a theme', () => {
  const [light, dark] = [barsPicture([RESULT, GROWTH], LIGHT), barsPicture([RESULT, GROWTH], DARK)];
  expect(light).toContain('<title id="title">2 of 3 bars are met.</title>');
  expect(light.match(/class="(green|red)"/g)).toEqual(['class="green"', 'class="green"', 'class="red"']);
  expect(dark).toBe(light.replaceAll('#fff', '#000'));
});

test('growth is a point for each drill, and the default one has two regions as well', () => {
  const chart = growthPicture(GROWTH, LIGHT);
  expect(chart.match(/<circle/g)).toHaveLength(2 + 1 + 2);
  expect(chart).toContain('>4,000<');
  expect(growthPicture(undefined, LIGHT)).not.toContain('NaN');
});
