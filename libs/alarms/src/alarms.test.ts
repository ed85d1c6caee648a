// Alarms, contracts and runbooks name the same set, and every dashboard shows alarms that exist.
import { ALARMS, METRIC_NAMESPACE, METRICS } from '@dr/contracts/system';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DASHBOARD_DEFINITIONS } from './dashboards';
import { ALARM_DEFINITIONS as ALWAYS } from './definitions';
import { failbackWaiting, withWaiting } from './failback';

const RUNBOOKS = resolve(__dirname, '../../../docs/runbooks');
/** With those that an option adds. */
const ALARM_DEFINITIONS = [...ALWAYS, failbackWaiting(30)];
const sorted = (names: Iterable<string>): string[] => [...names].sort();

test('each alarm is defined once and has a runbook; each runbook has an alarm', () => {
  const defined = ALARM_DEFINITIONS.map((a) => a.id);
  expect(sorted(defined)).toEqual(sorted(ALARMS));
  expect(sorted(readdirSync(RUNBOOKS))).toEqual(sorted(defined.map((id) => `${id}.md`)));
});

test.each(ALARMS)('the runbook of %s says what it means, how to look and what to do', (id) => {
  const text = readFileSync(join(RUNBOOKS, `${id}.md`), 'utf8');
  expect(text.startsWith(`# ${id}\n`)).toBe(true);
  expect(text.match(/^## .*$/gm)).toEqual(['## What it means', '## How to look', '## What to do']);
});

test('custom metrics are ones that handlers emit, with breaching points that fit their window', () => {
  const emitted = Object.values(METRICS).map((m) => m.name);
  const watched = [
    ...ALARM_DEFINITIONS.flatMap((a) => Object.values(a.metrics)),
    ...DASHBOARD_DEFINITIONS.flatMap((d) => d.extra.flatMap((e) => e.metrics)),
  ].filter((m) => m.namespace === METRIC_NAMESPACE);
  expect(emitted).toEqual(expect.arrayContaining(watched.map((m) => m.name)));
  for (const { window } of ALARM_DEFINITIONS) expect(window.breaching).toBeLessThanOrEqual(window.of);
});

test('the four dashboards show every alarm but none twice on one', () => {
  expect(DASHBOARD_DEFINITIONS).toHaveLength(4);
  expect(sorted(new Set(DASHBOARD_DEFINITIONS.flatMap((d) => d.alarms)))).toEqual(sorted(ALWAYS.map(({ id }) => id)));
  for (const { alarms } of DASHBOARD_DEFINITIONS) expect(new Set(alarms).size).toBe(alarms.length);
});

test('alarms on DynamoDB metrics say what CloudWatch does anyway with missing data', () => {
  const dynamo = ALARM_DEFINITIONS.filter((a) => Object.values(a.metrics).some((m) => m.namespace === 'AWS/DynamoDB'));
  expect(dynamo.map((a) => a.missingData.treatedAs)).toEqual(dynamo.map(() => 'ignore'));
});

test('what a region waits for is paged after so many minutes, and one dashboard shows it', () => {
  expect(failbackWaiting(45)).toMatchObject({ severity: 'page', breach: { threshold: 2_700, unit: 'seconds' } });
  const shown = DASHBOARD_DEFINITIONS.map(withWaiting).filter(({ extra }) =>
    extra.some(({ metrics }) => metrics.some(({ name }) => name === METRICS.failbackWaiting.name)),
  );
  expect(shown.map(({ id }) => id)).toEqual(['system-health-overview']);
});
