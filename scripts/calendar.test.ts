// The calendar of docs/guides/operations.md is what the workflows do: each schedule, who approves it, and where its record is.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { jobsOf, scriptsOf, stepsOf } from './testing/workflow-rules';

const ROOT = resolve(__dirname, '..');
const GITHUB = join(ROOT, '.github');
const WORKFLOWS = join(GITHUB, 'workflows');
const guide = readFileSync(join(ROOT, 'docs', 'guides', 'operations.md'), 'utf8');

const lines = (/^## The calendar\n([^]*?)^### /m.exec(guide)?.[1] ?? '')
  .split('\n')
  .filter((line) => /^\| [A-Z]/.test(line))
  .map((line) => {
    const [, what = '', link = '', schedule = '', approval = '', record = ''] = line.split(' | ').join('|').split('|');
    const [, name = '', path = ''] = /^\[([\w.-]+)\]\(\.\.\/\.\.\/\.github\/(.*)\)$/.exec(link) ?? [];
    return { what: what.trim(), name, path, cron: /`(.+)`/.exec(schedule)?.[1] ?? '', approval, record };
  });
const scheduled = lines.filter(({ path }) => path.startsWith('workflows/'));
const read = (path: string): string => readFileSync(join(GITHUB, path), 'utf8');
const cronsIn = (text: string): string[] => [...text.matchAll(/^ {4}- cron: '(.+)'$/gm)].map(([, cron = '']) => cron);
const environmentsIn = (text: string): string[] =>
  [...text.matchAll(/^ {4}environment: (\S+)$/gm)].map(([, name = '']) => name);

test('has a line for each schedule of each workflow, and no other', () => {
  const kept = readdirSync(WORKFLOWS).flatMap((file) =>
    cronsIn(read(`workflows/${file}`)).map((cron) => `${file} ${cron}`),
  );
  expect(kept.length).toBeGreaterThan(8);
  expect([...new Set(scheduled.map(({ name, cron }) => `${name} ${cron}`))].sort()).toEqual(kept.sort());
});

test.each(lines)('$what: $path is there, under that name and with that schedule', ({ path, name, cron }) => {
  expect(path.endsWith(name)).toBe(true);
  expect(existsSync(join(GITHUB, path))).toBe(true);
  const intervals = [...read(path).matchAll(/^ {6}interval: (\w+)$/gm)].map(([, interval = '']) => interval);
  expect([...cronsIn(read(path)), ...intervals]).toContain(cron);
});

/** What a GitHub cron says, as far as these use it. */
test.each(scheduled)('$what: $cron is a time that comes', ({ cron }) => {
  const [minute = '', hour = '', day = '', month = '', weekday = '', ...more] = cron.split(' ');
  expect(more).toEqual([]);
  const within = (text: string, least: number, most: number): boolean =>
    text === '*' || text.split(',').every((one) => /^\d+$/.test(one) && Number(one) >= least && Number(one) <= most);
  // No minute of the whole hour, when GitHub is busiest; no day that some month lacks.
  expect(minute).toMatch(/^\d+$/);
  expect(within(minute, 1, 59) && within(hour, 0, 23) && within(day, 1, 28)).toBe(true);
  expect(within(month, 1, 12) && within(weekday, 0, 6)).toBe(true);
});

describe.each(scheduled.filter(({ approval }) => approval.includes('`')))('$what', ({ path, approval }) => {
  const text = read(path);
  const environment = /^ ?reviewers of `([\w-]+)` ?$/.exec(approval)?.[1] ?? '';
  const waiting = jobsOf(text).filter((job) => environmentsIn(job).includes(environment));

  test('waits for approval in that environment, which the guide says how to set up', () => {
    expect(waiting).toHaveLength(1);
    expect(guide).toMatch(new RegExp(`^### Approval\\n[^]*?\`${environment}\``, 'm'));
  });

  test('asks GitHub who approved, and does nothing else before', () => {
    const steps = stepsOf(waiting[0] ?? '');
    const asks = steps.findIndex((step) => step.includes(`approval.mjs`));
    expect(scriptsOf(steps[asks] ?? '')).toEqual([
      'gh api "$APPROVALS" > ' + (/(\S*approvals\.json)/.exec(steps[asks] ?? '')?.[1] ?? ''),
      expect.stringMatching(new RegExp(`^node scripts/approval\\.mjs \\S*approvals\\.json ${environment} \\|`)),
    ]);
    const before = steps.slice(0, asks);
    expect(before.filter((step) => step.includes('configure-aws-credentials@'))).toEqual([]);
    expect(before.flatMap(scriptsOf).filter((line) => /\bnode\b/.test(line))).toEqual([]);
  });
});

test('no other scheduled workflow enters an environment that asks: nobody would be there at night', () => {
  const asking = scheduled
    .filter(({ approval }) => approval.includes('`'))
    .flatMap(({ path }) => environmentsIn(read(path)));
  const others = scheduled
    .filter(({ approval }) => !approval.includes('`'))
    .flatMap(({ path }) => environmentsIn(read(path)));
  expect(others.filter((one) => asking.includes(one))).toEqual([]);
  expect([...new Set(others)]).toEqual(['plan']);
});

const recorded = lines.filter(({ record }) => record.includes('-RUN`'));
test.each(recorded)('$what: its record is kept for the auditor, as the guide says', ({ path, record }) => {
  const name = /`([\w-]+)-RUN`/.exec(record)?.[1] ?? '';
  const uploads = stepsOf(read(path)).filter((step) => step.includes('actions/upload-artifact@'));
  const own = uploads.filter((step) => step.includes(`name: ${name}-\${{ github.run_id }}\n`));
  expect(own).toHaveLength(1);
  expect(own[0]).toMatch(/^ {10}retention-days: 400$/m);
  expect(record).toContain(', 400 days');
});

test('each record that is kept for 400 days has its line', () => {
  const kept = readdirSync(WORKFLOWS)
    .filter((file) => cronsIn(read(`workflows/${file}`)).length > 0)
    .flatMap((file) => stepsOf(read(`workflows/${file}`)))
    .filter((step) => step.includes('retention-days: 400'))
    .map((step) => /name: ([\w-]+)-\$\{\{ github\.run_id \}\}/.exec(step)?.[1]);
  expect(recorded.map(({ record }) => /`([\w-]+)-RUN`/.exec(record)?.[1]).sort()).toEqual(kept.sort());
});

describe('the game day', () => {
  const text = read('workflows/game-day.yml');
  const [, turn = '', held = ''] = jobsOf(text).filter((job) => /^ {2}\w/.test(job));

  test('asks nobody where the stack cannot hold one', () => {
    expect(turn).toMatch(/^ {2}turn:\n/);
    expect(turn).not.toMatch(/environment:|id-token/);
    expect(held).toMatch(/^ {2}game-day:\n {4}needs: \[build, turn\]\n {4}if: needs\.turn\.outputs\.region != ''\n/);
  });

  test('asks for the fault that the guide names, and for its end in any case', () => {
    const fault = /^- \*\*The fault\*\* is `([\w-]+)`/m.exec(guide)?.[1];
    expect(held).toContain(`gameday --region "$REGION" --fault ${fault} `);
    const stop = stepsOf(held).find((step) => step.includes('gameday --stop'));
    expect(stop).toContain("if: ${{ always() && steps.held.outcome != 'skipped' }}\n");
  });
});
