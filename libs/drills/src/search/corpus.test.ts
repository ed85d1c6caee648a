// Schedules that once broke a check, as small as they could be made: none of them breaks one again.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { scheduleText, parseSchedule } from '../schedule/schedule-file';
import { withSynthesizedStack } from '../testing/synthesized-stack';
import { scheduleChecks } from '../judge/judge-schedule';
import { placesOf } from '../run/start';
import { OURS } from '../systems/ours';
import { runSeed } from './run-seed';

interface Kept {
  /** The promise that would be broken. */
  readonly guards: string;
  /** The check that was broken, and how. */
  readonly reason: string;
  /** The last commit known to break it. */
  readonly commit: string;
  /**
   * With each of these the check falls again: `npm run mutants -- --corpus` shows it. Where later rules keep the schedule whole, the mutant
   * names a test that finds it.
   */
  readonly mutants: readonly string[];
  readonly seed: number;
  readonly schedule: Parameters<typeof scheduleText>[0];
}

const directory = join(__dirname, '../../corpus');
const corpus = readdirSync(directory)
  .filter((name) => name.endsWith('.json'))
  .map((name): [string, Kept] => [name, JSON.parse(readFileSync(join(directory, name), 'utf8')) as Kept]);

const listed = readFileSync(join(__dirname, '../../../../scripts/mutants-list.mjs'), 'utf8');

it('is not empty, and says of each why it is kept', () => {
  expect(corpus.length).toBeGreaterThan(0);
  for (const [, { guards, reason, commit, seed, mutants }] of corpus) {
    expect(guards).toMatch(/^(I[1-4]|\d+): ./);
    expect(scheduleChecks(OURS)).toContain(reason.split(':')[0]);
    expect(mutants.length).toBeGreaterThan(0);
    for (const mutant of mutants) expect(listed).toContain(`'${mutant}',`);
    expect(reason).toMatch(/^\d+-\S+: ./);
    expect(commit).toMatch(/^[0-9a-f]{7,40}$/);
    expect(Number.isInteger(seed)).toBe(true);
  }
});

it.each(corpus)('%s breaks nothing any more', async (name, { seed, schedule }) => {
  const violations = await withSynthesizedStack([], async (graph) => {
    const places = placesOf(OURS, [{ name: 'mumbai' }, { name: 'singapore' }]);
    const checked = parseSchedule(scheduleText(schedule), name, places);
    return (await runSeed({ system: OURS, graph }, seed, checked)).violations;
  });
  expect(violations).toEqual([]);
});
