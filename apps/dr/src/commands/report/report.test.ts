// The report of a real drill: the page and the report speak of one run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DrillReport } from '@dr/contracts';
import { readLog } from '@dr/event-log';
import { felt, noticed, RunLog, runReportOf, verdictOf, worstOf, type RunReport } from '@dr/player';
import { createHash } from 'node:crypto';
import { departures } from '../../terminal/json-shape';
import { REPORT_FILES } from './json-shape';
import { ASSUMPTIONS } from './assumptions';
import { aboutRun } from './written';

const directory = mkdtempSync(join(tmpdir(), 'dr-report-'));
afterAll(() => rmSync(directory, { recursive: true }));
const dr = (...args: readonly string[]): string =>
  execFileSync(process.execPath, ['dist/dr/main.js', ...args], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();

test('what the page works out from the log is what the drill has found', () => {
  const [events, page, again] = ['events.jsonl', 'run.html', 'again.html'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const load = ['--clients', '40', '--rate', '8', '--duration', '90', '--seed', '11'];
  const report = JSON.parse(dr('drill', ...load, '--events', events, '--report', page, '--json')) as DrillReport;
  const log = new RunLog(readLog(readFileSync(events, 'utf8'), events));
  const worstMs = (worstOf(log)?.atMs ?? 0) - report.fault.startSeconds * 1000;
  expect(worstMs / 1000).toBeCloseTo(report.rto?.worstSeconds ?? NaN, 3);
  expect(felt(log)).toHaveLength(report.rto?.clientsAffected ?? NaN);
  expect(log.clients.requests).toHaveLength(report.requests.total);
  const moved = report.timeline.find(({ kind }) => kind === 'dns-answer');
  expect((noticed(log).movedMs ?? 0) / 1000).toBeCloseTo(moved?.atSeconds ?? NaN, 2);
  const { passed, headline } = verdictOf(log);
  expect([passed, log.end?.sha256]).toEqual([report.passed, report.eventLogHash]);
  const said = JSON.parse(dr('report', events, events, '--out', again, '--json')) as {
    readonly headline: string;
    readonly differences: readonly { readonly judged: string }[];
  };
  expect(said.headline).toBe(headline);
  expect(said.differences.filter(({ judged }) => judged === 'better' || judged === 'worse')).toEqual([]);
  for (const file of [page, again]) expect(readFileSync(file, 'utf8')).toContain(headline);
  const beside = JSON.parse(readFileSync(join(directory, 'run.json'), 'utf8')) as RunReport;
  expect(departures(beside, REPORT_FILES['FILE.json beside a report'])).toEqual([]);
  expect(beside).toEqual(runReportOf(log, aboutRun()));
  expect(beside.run.hurt.worstSeconds).toBeCloseTo(report.rto?.worstSeconds ?? NaN, 3);
  expect(beside.run.objectives[0]?.seconds).toMatchObject({
    objective: report.objective.rtoSeconds,
    predicted: report.predicted.worstClientSeconds,
    simulated: report.rto?.worstSeconds,
  });
  const config = createHash('sha256').update(readFileSync('dr.config.ts')).digest('hex');
  expect(beside.provenance).toMatchObject({ configSha256: config, stackSha256: log.header.stackSha256 });
});

test('each assumption of a report is a rule of the twin that is marked as one', () => {
  const rules = readFileSync('docs/twin.md', 'utf8').split('\n');
  for (const [rule] of ASSUMPTIONS) {
    expect(rules.find((line) => line.startsWith(`| ${rule} |`))).toContain('[A]');
  }
});
