import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault } from '@dr/contracts';
import type { LoggedEvent } from '@dr/twin';
import { checksOf } from './checks';
import type { DrillRun } from '../run/run-record';
import { OURS } from '../systems/ours';
import { wrongBy } from '../testing/schedule-fixtures';
import { failure, health, published, request, runOf, SCENARIO } from '../testing/fixtures';

const START = 60_000;
const HEAL = 360_000;

const item = (id: string, value = 1) => ({ id, timestamp: `t-${id}`, value });
const acknowledged = (id: string, atMs = START - 10_000) =>
  request(atMs, { method: 'PUT', itemId: id, stamp: `t-${id}` });
const written = (id: string, atMs: number): LoggedEvent => ({
  kind: 'item-written',
  atMs,
  region: 'mumbai',
  id,
  timestamp: `t-${id}`,
});
const told = (atMs: number, region: string, client = 'c1'): LoggedEvent => ({
  kind: 'dns-query',
  atMs,
  name: 'app.example.com',
  client,
  region,
  ttlSeconds: 10,
});
const probe = (region: string, answeredBy: string, atMs = 1_000): LoggedEvent => ({
  kind: 'probe',
  atMs,
  healthCheck: `check-${region}`,
  checker: 'us-east-1/0',
  region,
  outcome: 'healthy',
  status: 200,
  answeredBy,
});
const alarm = (atMs: number, state: 'ALARM' | 'OK', previous: 'ALARM' | 'OK'): LoggedEvent => ({
  kind: 'alarm',
  atMs,
  region: 'singapore',
  alarm: 'dr-mumbai-peer-stale',
  state,
  previous,
  reason: 'threshold crossed',
});
const both = (...items: object[]): DrillRun['replicas'] =>
  ({ mumbai: items, singapore: items }) as unknown as DrillRun['replicas'];
const announced = {
  ALARM: new Set(['singapore/dr-mumbai-peer-stale']),
  OK: new Set(['singapore/dr-mumbai-peer-stale']),
};

const failover = [health(START + 40_000, 'mumbai', false), health(HEAL + 30_000, 'mumbai', true)];
const alert = published(START + 25_000, { publisher: 'dr-mumbai-alb-5xx' });
const withFault = (more: Partial<Fault>): Partial<DrillRun> => {
  const fault = { ...SCENARIO.fault, ...more };
  return { fault, schedule: { faults: [fault], orders: [] } };
};
const ofSeconds = (durationSeconds: number): Partial<DrillRun> => withFault({ durationSeconds });
const stepping = withFault({ kind: 'clock-behind' });
const heldBack: Partial<DrillRun> = {
  losses: [{ fault: SCENARIO.fault, unreplicated: [{ id: 'a', timestamp: 't-a' }] }],
};
const deep = [probe('mumbai', 'health-checker'), probe('singapore', 'health-checker')];

type Case = readonly [id: string, name: string, holds: Partial<DrillRun>, breaks: Partial<DrillRun>];
const cases: readonly Case[] = [
  [
    'replicas-equal',
    'a value that differs',
    { replicas: { mumbai: [item('a'), { id: 'control', timestamp: 'state#mumbai' }], singapore: [item('a')] } },
    { replicas: { mumbai: [item('a')], singapore: [item('a', 2)] } },
  ],
  [
    'replicas-equal',
    'an item that only the second has',
    { replicas: both(item('a'), item('b')) },
    { replicas: { mumbai: [item('a')], singapore: [item('a'), item('b')] } },
  ],
  [
    'acknowledged-writes-survive',
    'a write that one replica lacks',
    { events: [acknowledged('a')], replicas: both(item('a')) },
    { events: [acknowledged('a')], replicas: { mumbai: [], singapore: [item('a')] } },
  ],
  [
    'acknowledged-writes-survive',
    'an acknowledgement without a version',
    { events: [failure(START, { method: 'PUT' })] },
    { events: [request(START, { method: 'PUT' })] },
  ],
  [
    'nothing-read-unwritten',
    'a version from nowhere',
    { events: [written('a', 1), request(5, { stamp: 't-a' }), request(6)] },
    { events: [written('a', 1), request(5, { stamp: 't-b' })] },
  ],
  [
    'rpo-accounted',
    'a write held back that the log does not count',
    {
      events: [written('a', START - 10), acknowledged('a', START - 5)],
      ...heldBack,
      replicas: both(item('a')),
    },
    {
      events: [acknowledged('a', START - 5)],
      ...heldBack,
      replicas: both(item('a')),
    },
  ],
  [
    'rpo-accounted',
    'a write at risk that did not come back',
    {
      events: [written('a', START - 10), acknowledged('a', START - 5)],
      ...heldBack,
      replicas: both(item('a')),
    },
    {
      events: [written('a', START - 10), acknowledged('a', START - 5)],
      ...heldBack,
    },
  ],
  [
    'no-traffic-to-unhealthy-after-bound',
    'a region found unhealthy too late',
    { events: failover },
    { events: [health(START + 42_001, 'mumbai', false)] },
  ],
  ['no-traffic-to-unhealthy-after-bound', 'a region never found unhealthy', { events: failover }, { events: [] }],
  [
    'no-traffic-to-unhealthy-after-bound',
    'an answer that names an unhealthy region',
    { events: [...failover, told(START + 39_999, 'mumbai'), told(START + 50_000, 'singapore')] },
    { events: [failover[0] as LoggedEvent, told(START + 41_000, 'mumbai')] },
  ],
  [
    'no-traffic-to-unhealthy-after-bound',
    'a client that keeps an answer beyond its TTL',
    { events: [told(START + 35_000, 'mumbai'), ...failover, failure(START + 47_000, { startedMs: START + 44_000 })] },
    { events: [told(START + 35_000, 'mumbai'), ...failover, failure(START + 49_000, { startedMs: START + 46_000 })] },
  ],
  [
    'at-most-one-failover-and-failback',
    'a region that flaps',
    { events: failover },
    { events: [...failover, health(HEAL + 50_000, 'mumbai', false)] },
  ],
  [
    'notification-per-transition',
    'a failover nobody was told of',
    { events: [...failover, published(START + 50_000), published(HEAL + 40_000)] },
    { events: [...failover, published(HEAL + 40_000)] },
  ],
  [
    'notification-per-transition',
    'a failback nobody was told of',
    { events: [...failover, published(START + 50_000), published(HEAL + 40_000)] },
    { events: [...failover, published(START + 50_000), published(HEAL + 350_001)] },
  ],
  [
    'notification-per-transition',
    'a failback told long before it happened',
    { events: [...failover, published(START + 50_000), published(HEAL + 1)] },
    {
      events: [
        failover[0] as LoggedEvent,
        health(HEAL + 90_000, 'mumbai', true),
        published(START + 50_000),
        published(HEAL + 1),
      ],
    },
  ],
  [
    'notification-per-transition',
    'word of a failover that comes too late, within the fault',
    { events: [...failover, alert, published(START + 240_000), published(HEAL + 40_000)] },
    { events: [...failover, alert, published(START + 240_001), published(HEAL + 40_000)] },
  ],
  [
    'notification-per-transition',
    'word of a failover that comes once the region has healed',
    // Found 40 s after the loss: 200 s later the shorter fault has healed.
    { ...ofSeconds(239), events: [failover[0] as LoggedEvent, alert, published(START + 245_000)] },
    { ...ofSeconds(240), events: [failover[0] as LoggedEvent, alert, published(START + 245_000)] },
  ],
  [
    'loss-is-told',
    'a fast alert that comes too late',
    { events: [published(START + 60_000, { publisher: 'dr-mumbai-peer-stale' })] },
    { events: [published(START + 60_001, { publisher: 'dr-mumbai-peer-stale' })] },
  ],
  [
    'loss-is-told',
    'no alert at all, although the fault lasted long enough for one',
    { ...ofSeconds(59), events: [] },
    { ...ofSeconds(60), events: [] },
  ],
  [
    'sent-by-the-living',
    'a message from a dead region',
    { events: [published(START + 50_000)] },
    { events: [published(START + 50_000), published(START + 51_000, { region: 'mumbai' })] },
  ],
  [
    'alarms-announced',
    'an alarm that has actions and told nobody',
    {
      announcedAlarms: announced,
      events: [alarm(START, 'ALARM', 'OK'), published(START + 5, { publisher: 'dr-mumbai-peer-stale' })],
    },
    { announcedAlarms: announced, events: [alarm(START, 'ALARM', 'OK'), alert] },
  ],
  [
    'unfelt-stays-unfelt',
    'a region that leaves service because its clocks step',
    { events: failover },
    { ...stepping, events: failover },
  ],
  [
    'unfelt-stays-unfelt',
    'a client that fails because clocks step',
    { ...stepping, events: [request(START), failure(START - 1)] },
    { ...stepping, events: [request(START), failure(START)] },
  ],
  [
    'health-is-deep',
    'a fixed response',
    { events: deep },
    { events: [...deep, probe('mumbai', 'fixed-response', 2_000)] },
  ],
  ['health-is-deep', 'a region without probes', { events: deep }, { events: [deep[0] as LoggedEvent] }],
  ['warm-up-clean', 'a failed request', { events: [request(1), failure(START)] }, { events: [failure(START - 1)] }],
  [
    'warm-up-clean',
    'an alarm',
    { events: [alarm(START, 'ALARM', 'OK')] },
    { events: [alarm(START - 1, 'ALARM', 'OK')] },
  ],
  [
    'no-unauthenticated-success',
    'an open door',
    { events: [request(1, { client: 'unauthenticated-mumbai', outcome: 'http-error', status: 401 })] },
    { events: [request(1, { client: 'unauthenticated-mumbai' })] },
  ],
  ['failback-complete', 'a region left out at the end', { events: failover }, { events: failover.slice(0, 1) }],
];

test.each(cases)('%s holds without %s and breaks with it', (id, _name, holds, breaks) => {
  expect(wrongBy(id, runOf(holds))).toEqual([]);
  expect(wrongBy(id, runOf(breaks))).toHaveLength(1);
});

const ids = checksOf(OURS, 'drills').map(([id]) => id);

test('every invariant has a case that breaks it', () => {
  expect(new Set(cases.map(([id]) => id))).toEqual(new Set(ids));
});

test('docs/drills/README.md says of every invariant when it is broken', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/drills/README.md'), 'utf8');
  const table = page.slice(page.indexOf('## What must hold'), page.indexOf('## When it fails'));
  const listed = [...table.matchAll(/^\| ([a-z-]*[a-z][a-z-]*) +\|/gm)].map(([, id]) => id);
  expect([...listed].slice(1).sort()).toEqual([...ids].sort());
});

test('fail-open is no traffic to an unhealthy region: with none healthy every answer is right', () => {
  const events = [...failover.slice(0, 1), health(START + 45_000, 'singapore', false), told(START + 46_000, 'mumbai')];
  expect(wrongBy('no-traffic-to-unhealthy-after-bound', runOf({ events }))).toEqual([]);
});
