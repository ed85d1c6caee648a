// The searches that nobody starts by hand: each from seeds that no other has used, and none is missed for what came before it.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { jobsOf, stepsOf } from './testing/workflow-rules';

const DIRECTORY = resolve(__dirname, '../.github/workflows');
const DAY = 86_400;
/** An IEEE integer of 32 bits: what a seed may be, less one. */
const LAST_SEED = 2 ** 32 - 1;

interface Search {
  readonly steps: readonly string[];
  readonly step: string;
  readonly seeds: number;
  readonly start: string;
}

function searchOf(file: string): Search {
  const job = jobsOf(readFileSync(join(DIRECTORY, file), 'utf8')).find((one) => one.startsWith('  search:')) ?? '';
  const steps = stepsOf(job);
  const step = steps.find((one) => one.includes('drill --seeds')) ?? '';
  const [, seeds, start = ''] = /--seeds (\d+) --seed (\$\(\(.*?\)\)) \| tee search\.txt$/m.exec(step) ?? [];
  return { steps, step, seeds: Number(seeds), start };
}

/** The seeds of a run at that time, as Bash counts them. */
function seedsAt({ start, seeds }: Search, atSeconds: number): readonly [first: number, last: number] {
  const script = `date() { [ "$*" = "-u +%s" ] && echo ${atSeconds}; }; echo ${start}`;
  const first = Number(execFileSync('bash', ['-c', script], { encoding: 'utf8' }));
  return [first, first + seeds - 1];
}

const nightly = searchOf('nightly.yml');
const weekly = searchOf('drill.yml');
const overlap = ([from, to]: readonly [number, number], [first, last]: readonly [number, number]): boolean =>
  from <= last && first <= to;

test('a night runs 3,000 seeds, a week 10,000, and no night and no week has those of another', () => {
  expect([nightly.seeds, weekly.seeds]).toEqual([3_000, 10_000]);
  for (const from of [Date.UTC(2026, 0, 1), Date.UTC(2060, 11, 30)]) {
    const days = Array.from({ length: 15 }, (_, day) => from / 1_000 + day * DAY + 4_711);
    const runs = [
      ...days.map((at) => seedsAt(nightly, at)),
      ...days.filter((_, at) => at % 7 === 0).map((at) => seedsAt(weekly, at)),
    ];
    for (const [at, run] of runs.entries()) {
      expect(run[0]).toBeGreaterThan(0);
      expect(run[1]).toBeLessThan(LAST_SEED);
      expect(runs.filter((other, place) => place !== at && overlap(run, other))).toEqual([]);
    }
  }
});

test('what a night checks before its search keeps it from none', () => {
  const installed = nightly.steps.findIndex((step) => step.includes('run: npm ci'));
  const before = nightly.steps.slice(installed + 1, nightly.steps.indexOf(nightly.step));
  const ran = before.map((step) => /npm (?:run -s )?(.*)/.exec(step)?.[1]);
  expect(ran).toEqual(['test -- --ci', 'mutants -- --corpus', 'corpus']);
  for (const step of [...before.slice(1), nightly.step]) expect(step).toContain('if: ${{ !cancelled() }}\n');
});

test.each([
  ['night', nightly],
  ['week', weekly],
])(
  "of a %s the search's own exit code decides, and what it has found is kept, whatever it was",
  (_, { steps, step }) => {
    // With a shell that is named, GitHub's runner sets pipefail.
    expect(step).toMatch(/\| tee search\.txt\n {8}shell: bash\n/);
    const upload = steps.find((one) => one.includes('upload-artifact@')) ?? '';
    expect(steps.indexOf(upload)).toBeGreaterThan(steps.indexOf(step));
    expect(upload).toContain('if: always()\n');
    expect(upload).toContain('path: |\n            search.txt\n            dist/schedules/\n');
  },
);
