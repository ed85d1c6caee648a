// What an invocation has to do, as a table; and when the schedule begins a run.
import { newHead, newRun, type RunHead } from '@dr/consistency';
import { dutyOf, nextStartMs, type Duty, type Request } from './decide';

const HOUR = 3_600_000;
const START = 1_000 * HOUR;
const head = (over: Partial<RunHead> = {}): RunHead => ({
  ...newHead('mumbai'),
  run: newRun({ id: 'mumbai-1', startedAtMs: START, settleMs: 0, peers: ['singapore'] }),
  ...over,
});
const open = head();
const leased = head({ leaseUntilMs: START + 35_000 });
const passed = head({ finishedAtMs: START + 10_000, passed: true });
const failed = head({ finishedAtMs: START + 10_000, passed: false });
const untold = head({ finishedAtMs: START + 10_000, passed: false, told: false });

const schedule: Request = { kind: 'schedule' };
const wanted = (sinceMs: number, fresh = false): Request => ({ kind: 'wanted', sinceMs, fresh, settleMs: 0 });
const follow = (run: string): Request => ({ kind: 'follow', run });

it.each<[string, RunHead, Request, number, Duty]>([
  ['no run yet', newHead('mumbai'), schedule, START, 'start'],
  ['no run yet, wanted', newHead('mumbai'), wanted(START), START, 'start'],
  ['no run yet, followed', newHead('mumbai'), follow('mumbai-1'), START, 'nothing'],
  ['open', open, schedule, START + 60_000, 'work'],
  ['open, and a lease holds', leased, schedule, START + 20_000, 'busy'],
  ['open, and a lease reaches further than any', head({ leaseUntilMs: 1e15 }), schedule, START + 20_000, 'work'],
  ['open, and the lease of a killed invocation has ended', leased, schedule, START + 35_000, 'work'],
  ['finished and not told', untold, schedule, START + 60_000, 'work'],
  ['finished', passed, schedule, START + 60_000, 'nothing'],
  ['finished an hour ago', passed, schedule, START + 10_000 + HOUR, 'start'],
  ['open, wanted since before it began', open, wanted(START), START + 1, 'work'],
  ['open, wanted since after it began', open, wanted(START + 1), START + 1, 'start'],
  ['leased, wanted since after it began', leased, wanted(START + 1), START + 1, 'start'],
  ['leased, wanted since before it began', leased, wanted(START), START + 1, 'busy'],
  ['passed since', passed, wanted(START), START + 60_000, 'nothing'],
  ['passed at this very moment, and wanted from now on', passed, wanted(START, true), START, 'start'],
  ['begun at this very moment, and wanted from now on', leased, wanted(START, true), START, 'busy'],
  ['failed since', failed, wanted(START), START + 60_000, 'start'],
  ['followed', open, follow('mumbai-1'), START + 1, 'work'],
  ['followed, replaced', open, follow('mumbai-0'), START + 1, 'nothing'],
  ['followed to its end', passed, follow('mumbai-1'), START + HOUR * 9, 'nothing'],
])('%s: a request of its kind is answered', (_, stored, request, nowMs, duty) => {
  expect(dutyOf(stored, request, nowMs)).toBe(duty);
});

it.each([
  ['an hour after a short one', 10_000, HOUR],
  ['ten times as long as a long one took', HOUR / 2, 5 * HOUR],
  ['a day after a very long one', 9 * HOUR, 24 * HOUR],
])('begins the next %s', (_, tookMs, restMs) => {
  expect(nextStartMs({ startedAtMs: START, finishedAtMs: START + tookMs }) - START - tookMs).toBe(restMs);
});
