// The searches that nobody starts by hand: each from seeds that no other has used, on eight machines, with one verdict.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { jobsOf, scriptsOf, stepsOf } from './testing/workflow-rules';

const DIRECTORY = resolve(__dirname, '../.github/workflows');
const DAY = 86_400;
/** An IEEE integer of 32 bits: what a seed may be, less one. */
const LAST_SEED = 2 ** 32 - 1;

const workflow = (file: string): string => readFileSync(join(DIRECTORY, file), 'utf8');
const jobOf = (text: string, name: string): string => jobsOf(text).find((one) => one.startsWith(`  ${name}:`)) ?? '';
const scriptOf = (job: string, word: string): string => scriptsOf(job).find((one) => one.includes(word)) ?? '';

const SEARCH = workflow('search.yml');
const [start, shard, merge] = ['start', 'shard', 'merge'].map((name) => jobOf(SEARCH, name)) as [
  string,
  string,
  string,
];

interface Search {
  readonly seeds: number;
  readonly offset: number;
}

/** What a workflow asks of the one that searches. */
function calledBy(file: string): Search {
  const job = jobOf(workflow(file), 'search');
  expect(job).toContain('    uses: ./.github/workflows/search.yml\n');
  const [seeds, offset] = ['seeds', 'offset'].map((name) =>
    Number(new RegExp(`^ {6}${name}: (\\d+)$`, 'm').exec(job)?.[1]),
  );
  return { seeds: seeds as number, offset: offset as number };
}

const byHand = (): Search => {
  const [seeds, offset] = [...SEARCH.matchAll(/^ {8}default: (\d+)$/gm)].map(([, value]) => Number(value));
  return { seeds: seeds as number, offset: offset as number };
};

/** The seeds of a run at that time, as the step counts them. */
function seedsAt({ seeds, offset }: Search, atSeconds: number): readonly [first: number, last: number] {
  const step = scriptOf(start, 'seed=').replace(/ >> "\$GITHUB_OUTPUT"$/, '');
  const script = `date() { [ "$*" = "-u +%s" ] && echo ${atSeconds}; }; ${step}`;
  const env = { ...process.env, OFFSET: String(offset) };
  const said = execFileSync('bash', ['-c', script], { encoding: 'utf8', env });
  const first = Number(/^seed=(\d+)\n$/.exec(said)?.[1]);
  return [first, first + seeds - 1];
}

const overlap = ([from, to]: readonly [number, number], [first, last]: readonly [number, number]): boolean =>
  from <= last && first <= to;

test('a night runs 3,000 seeds, a week 10,000, and no night, no week and nobody by hand has those of another', () => {
  const [nightly, weekly] = [calledBy('nightly.yml'), calledBy('drill.yml')];
  expect([nightly.seeds, weekly.seeds, byHand().seeds]).toEqual([3_000, 10_000, 10_000]);
  for (const from of [Date.UTC(2026, 0, 1), Date.UTC(2060, 11, 30)]) {
    const days = Array.from({ length: 15 }, (_, day) => from / 1_000 + day * DAY + 4_711);
    const runs = [
      ...days.map((at) => seedsAt(nightly, at)),
      ...days.filter((_, at) => at % 7 === 0).map((at) => seedsAt(weekly, at)),
      ...days.map((at) => seedsAt(byHand(), at)),
    ];
    for (const [at, run] of runs.entries()) {
      expect(run[0]).toBeGreaterThan(0);
      expect(run[1]).toBeLessThan(LAST_SEED);
      expect(runs.filter((other, place) => place !== at && overlap(run, other))).toEqual([]);
    }
  }
});

test('what a night checks beside its search keeps it from none, and is kept from none itself', () => {
  const checks = stepsOf(jobOf(workflow('nightly.yml'), 'checks'));
  const installed = checks.findIndex((step) => step.includes('run: npm ci'));
  const ran = checks.slice(installed + 1);
  expect(ran.map((step) => /npm (?:run -s )?(.*)/.exec(step)?.[1])).toEqual([
    'test -- --ci',
    'mutants -- --corpus',
    'corpus',
  ]);
  for (const step of ran.slice(1)) expect(step).toContain('if: ${{ !cancelled() }}\n');
  expect(jobOf(workflow('nightly.yml'), 'search')).not.toContain('needs:');
});

test('eight machines run each shard once, from one start, and none keeps another from searching', () => {
  const [, listed = ''] = /^ {8}shard: \[(.*)\]$/m.exec(shard) ?? [];
  const machines = listed.split(', ').map(Number);
  const search = scriptOf(shard, 'drill --seeds');
  const [, of] = /--shard \$\{\{ matrix\.shard \}\}\/(\d+) /.exec(search) ?? [];
  expect(machines).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(Number(of)).toBe(machines.length);
  expect(search).toContain('--seeds "$SEEDS" --seed "$SEED"');
  expect(shard).toContain('SEED: ${{ needs.start.outputs.seed }}\n');
  expect(shard).toContain('fail-fast: false\n');
});

test.each([
  [0, 0],
  [1, 0],
  [2, 2],
  [70, 70],
])('a shard that ends with %d ends its step with %d: one that broke a check has ended', (ends, step) => {
  const script = scriptOf(shard, 'drill --seeds').replaceAll('${{ matrix.shard }}', '3');
  // As GitHub runs a script without a shell of its own.
  const { status } = spawnSync('bash', ['-e', '-c', `npm() { return ${ends}; }; ${script}`]);
  expect(status).toBe(step);
});

test("the merge's own exit code decides, whatever became of the shards, and what was found is kept", () => {
  const steps = stepsOf(merge);
  expect(merge).toMatch(/^ {4}needs: shard\n {4}if: \$\{\{ !cancelled\(\) \}\}\n/m);
  // With a shell that is named, GitHub's runner sets pipefail.
  expect(merge).toMatch(/dr -- merge shards\/\*\.jsonl --report search\.html \| tee search\.txt\n {8}shell: bash\n/);
  expect(merge).toMatch(/pattern: search-shard-\*\n {10}path: shards\n {10}merge-multiple: true\n/);
  const upload = steps.findIndex((step) => step.includes('upload-artifact@'));
  expect(upload).toBeGreaterThan(steps.findIndex((step) => step.includes('tee search.txt')));
  expect(steps[upload]).toContain('if: always()\n');
  for (const kept of ['search.txt', 'search.json', 'shards/', 'dist/schedules/']) expect(steps[upload]).toContain(kept);
  expect(stepsOf(shard).find((step) => step.includes('upload-artifact@'))).toContain('if: always()\n');
});
