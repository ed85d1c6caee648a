import type { LoggedEvent } from '@dr/event-log';
import { logOf } from '../testing/logs';
import { verdictOf } from '../words/verdict';
import { LiveRun } from './live-run';

const given = logOf({ requests: [['c1', 'mumbai', 61_000, 64_000, false]], endMs: 70_000, ended: false });
const header = { ...given.header, run: 'live' as const };
const clock = { atMs: 65_000, asked: 10, reached: 8.2, behindMs: 0, paused: false };
const events = given.events as readonly LoggedEvent[];

function connected(): LiveRun {
  const run = new LiveRun();
  run.take({ kind: 'log', data: header });
  run.take({ kind: 'events', data: events });
  run.take({ kind: 'clock', data: clock });
  return run;
}

test('who connects anew is told everything anew, and keeps each event once', () => {
  const run = connected();
  const { log } = run;
  run.linked(false);
  expect(run.link).toBe('lost');
  run.take({ kind: 'log', data: header });
  run.take({ kind: 'events', data: events.slice(0, 2) });
  const more: LoggedEvent = { atMs: 66_000, kind: 'dns-answer', name: 'app', from: 'mumbai', regions: ['singapore'] };
  run.take({ kind: 'events', data: [...events.slice(2), more] });
  expect(run.log).toBe(log);
  expect(run.link).toBe('open');
  expect(run.log?.events).toEqual([...events, more]);
});

test('another run is another log', () => {
  const run = connected();
  const { log } = run;
  run.take({ kind: 'log', data: { ...header, writtenAt: '2027-01-01T00:00:00.000Z' } });
  expect(run.log).not.toBe(log);
  expect(run.log?.events).toEqual([]);
});

test('the run goes on when nothing happens, ends with a verdict, or is cut off', () => {
  const run = connected();
  expect(run.log).toMatchObject({ state: 'running', endMs: 65_000 });
  expect(verdictOf(run.log!)).toMatchObject({ tag: 'Live', headline: expect.stringContaining('1 client is down') });
  run.take({ kind: 'clock', data: { ...clock, atMs: 69_000 } });
  expect(run.log?.endMs).toBe(69_000);
  run.take({ kind: 'end', data: { kind: 'cut', why: 'it broke' } });
  expect(run).toMatchObject({ isOver: true, cutWhy: 'it broke' });
  expect(verdictOf(run.log!).tag).toBe('Incomplete');
  const ended = connected();
  ended.take({ kind: 'end', data: { kind: 'end', atMs: 70_000, events: 3, sha256: '', passed: true, reasons: [] } });
  expect(verdictOf(ended.log!)).toMatchObject({ tag: 'Passed', passed: true });
});

test('a log of another schema is refused', () => {
  const run = new LiveRun();
  expect(() => run.take({ kind: 'log', data: { ...header, schema: 3 as 1 } })).toThrow('schema 3');
});
