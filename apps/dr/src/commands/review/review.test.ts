// What `dr review` prints, writes and ends with.
import type { Review } from '@dr/review';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTextFile } from '../../adapters/project-adapter';
import { isRepositoryFile, sourceFiles } from '../../adapters/source-files-adapter';
import { departures } from '../../terminal/json-shape';
import { pageOf, pathOf, withSubcommands } from '../../terminal/manual';
import { programOf } from '../../whole-program';
import { systemOf } from '../../testing/run-on';
import { reviewText } from './formats/text';

const GOLDEN = join(__dirname, '../../../../../golden/cdk.tf.json');
const folder = mkdtempSync(join(tmpdir(), 'review-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Our own stack, with a change to its text. */
function changed(find: string | RegExp, put: string): string {
  const text = readFileSync(GOLDEN, 'utf8');
  const other = text.replace(find, put);
  expect(other).not.toBe(text);
  const file = join(folder, 'changed.tf.json');
  writeFileSync(file, other);
  return file;
}

const PAGE = pageOf(withSubcommands(programOf(() => undefined, 80)).find((one) => pathOf(one) === 'review') as never);

const review = async (...args: string[]) => systemOf().dr('review', ...args);

test('our own stack passes, with the arithmetic of each answer', async () => {
  const { code, out } = await review(GOLDEN);
  expect(code).toBe(0);
  expect(out).toContain('PASSES: 1 public name. Nothing found keeps clients down.\n');
  expect(out).toContain('region-dark  ap-south-1      recovers in 30 to 57 s  3 x (10 + 4) + TTL 10 + 5 = 57 s\n');
  expect(out).toMatch(/\nFixed cost: [1-9]\d*\.\d\d USD a month\.\n/);
});

test('an objective that it misses fails, with what it needs', async () => {
  const { code, out } = await review(GOLDEN, '--rto', '50');
  expect(code).toBe(1);
  expect(out).toContain('FAILS: 1 public name, objective 50 s. 1 finding blocks.\n');
  expect(out).toContain('app.example.com recovers in 57 s at worst, and the objective is 50 s.');
});

test('a health check that is disabled keeps clients down, by its name and in every format', async () => {
  const file = changed('"failure_threshold": 3,', '"failure_threshold": 3, "disabled": true,');
  const text = await review(file);
  expect(text.code).toBe(1);
  expect(text.out).toMatch(/blocks: health-check-is-disabled\n {2}aws_route53_health_check\.\w+ is disabled/);
  const { code, out } = await review(file, '--format', 'json');
  expect(await review(file, '--json')).toMatchObject({ code, out });
  expect(code).toBe(1);
  const answer: unknown = JSON.parse(out);
  const findings: unknown = expect.arrayContaining([expect.objectContaining({ severity: 'blocks' })]);
  expect(answer).toMatchObject({ schema: 1, verdict: 'fails', findings });
  expect(departures(answer, PAGE?.json ?? {})).toEqual([]);
});

test('what changes since the base is told with what follows', async () => {
  const file = changed(/"ttl": "?10"?/g, '"ttl": 60');
  const { out: text, code: missed } = await review(file, '--base', GOLDEN, '--rto', '60');
  expect(missed).toBe(1);
  expect(text).toContain('app.example.com: RTO 57 s -> 107 s, objective 60 s: fails\n');
  expect(text).toContain('recovers in 80 to 107 s (before: recovers in 30 to 57 s)');
  expect(text).toMatch(
    /What changes:\n {2}update: aws_route53_record\.\w+\n {4}TTL 10 -> 60: clients keep an old answer/,
  );
  const { code, out } = await review(file, '--base', GOLDEN, '--json');
  expect(code).toBe(0);
  const answer: unknown = JSON.parse(out);
  expect(departures(answer, PAGE?.json ?? {})).toEqual([]);
  expect(answer).toMatchObject({
    changes: [1, 2].map(() => ({
      actions: ['update'],
      meaning: 'TTL 10 -> 60: clients keep an old answer 50 s longer',
    })),
  });
  expect(JSON.parse((await review(file, '--json')).out)).toMatchObject({ changes: [] });
});

test('the same input gives the same bytes', async () => {
  const answers = await Promise.all([1, 2].map(async () => review(GOLDEN, '--format', 'json')));
  expect(answers[0]).toEqual(answers[1]);
});

test.each([
  ['--rto 0', ['--rto', '0']],
  ['a format that it does not know', ['--format', 'yaml']],
])('%s is refused', async (_, args) => {
  expect(await review(GOLDEN, ...args)).toMatchObject({ code: 2, out: '' });
});

/** Our own stack with a disabled check, and a file that waives all that blocks because of it. */
async function waived(expires: string): Promise<[stack: string, waivers: string]> {
  const stack = changed('"failure_threshold": 3,', '"failure_threshold": 3, "disabled": true,');
  const { findings } = JSON.parse((await review(stack, '--json')).out) as Review;
  const waivers = findings
    .filter(({ severity }) => severity === 'blocks')
    .map(({ rule, address }) => ({ rule, address, reason: 'the region is being closed', expires }));
  expect(waivers.map(({ rule }) => rule)).toContain('health-check-is-disabled');
  const file = join(folder, 'waivers.json');
  writeFileSync(file, JSON.stringify({ waivers }));
  return [stack, file];
}

const accepting = async (...args: string[]) =>
  systemOf({ context: { now: () => new Date('2026-11-27'), processes: { readFile: readTextFile } as never } }).dr(
    'review',
    ...args,
  );

test('what is waived is shown as that, and does not block', async () => {
  const [stack, waivers] = await waived('2026-12-31');
  const { code, out } = await accepting(stack, '--waivers', waivers);
  expect(code).toBe(0);
  expect(out).toMatch(
    /PASSES: .*\n[^]*waived: health-check-is-disabled[^]*Waived until 2026-12-31: the region is being/,
  );
  const json = await accepting(stack, '--waivers', waivers, '--json');
  expect(JSON.parse(json.out)).toMatchObject({
    verdict: 'passes',
    waivers: expect.arrayContaining([expect.objectContaining({ findings: 1 })]),
  });
});

test('a waiver that is past ends the command before anything is read or written', async () => {
  const [, waivers] = await waived('2026-11-26');
  expect(await accepting('no-such-plan.json', '--waivers', waivers)).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringMatching(/waivers\[0\].*2026-11-26, which is past/s),
  });
});

test('a finding has its line, and an anchor that is no file of the repository is refused', async () => {
  const stack = changed('"failure_threshold": 3,', '"failure_threshold": 3, "disabled": true,');
  const context = {
    processes: { readFile: readTextFile } as never,
    sources: { read: sourceFiles(), isFile: isRepositoryFile },
  };
  const { dr } = systemOf({ context });
  const { out } = await dr('review', stack, '--source', 'libs/constructs', '--anchor', 'package.json', '--json');
  const { findings } = JSON.parse(out) as Review;
  expect(findings).toContainEqual(
    expect.objectContaining({ rule: 'health-check-is-disabled', file: 'libs/constructs/src/routing.ts' }),
  );
  expect(findings.filter(({ file }) => file === undefined)).toEqual([]);
  expect(await dr('review', stack, '--anchor', 'no-such.tf')).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('--anchor "no-such.tf": is no file of this directory'),
  });
});

test('lines are folded at the width of a terminal', () => {
  const why = 'x '.repeat(60).trim();
  const faults = [
    {
      fault: 'region-dark',
      region: 'eu-west-1',
      outcome: 'recovers',
      seconds: [10, 20],
      why,
      causes: [],
      assumptions: [],
      before: null,
    },
  ];
  const of = (width: number): string[] =>
    reviewText(
      {
        schema: 1,
        verdict: 'passes',
        objective: { rtoSeconds: null, rpoSeconds: null },
        names: [{ name: 'a', policy: 'latency', faults }],
        findings: [],
        changes: [],
        cost: { beforeUsd: null, afterUsd: 61.2, unpriced: 0, lines: [] },
        unknown: [],
      } as never,
      width,
    ).split('\n');
  expect(of(80).filter(({ length }) => length > 80)).toEqual([]);
  expect(of(Number.POSITIVE_INFINITY)).toContain(`  region-dark  eu-west-1  recovers in 10 to 20 s  ${why}`);
});
