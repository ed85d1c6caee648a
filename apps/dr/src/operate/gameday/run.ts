// A game day from its record to its end. Whatever happens in between, the fault is undone: by us, or by what AWS holds armed.
import { Refused } from '../operator';
import type { Fault } from './fault';
import type { Observation } from './observing';
import type { Clock, Interruption } from './ports';
import { LATE_MS, type Timing } from './timing';
import type { GameDayRecord, Records } from './records';

export interface Held {
  /** Epoch ms; undefined: it was interrupted before the fault. */
  readonly fault:
    { readonly madeAtMs: number; readonly healedAtMs: number; readonly undoneBy: 'dr' | 'aws' } | undefined;
  /** Interrupted by a signal: the exit code for it. */
  readonly interrupted: number | undefined;
}

const TICK_MS = 1_000;
/** FIS takes a while to begin. */
const EFFECT_LIMIT_MS = 60_000;
const RETRY_MS = 3_000;
/** Longer than AWS's own end of it takes. */
const UNDO_LIMIT_MS = 180_000;

export interface GameDay {
  readonly record: GameDayRecord;
  readonly timing: Timing;
  readonly fault: Fault;
  readonly records: Records;
  readonly clock: Clock;
  readonly measuring: Observation;
  readonly interruption: Interruption;
  readonly say: (text: string) => void;
}

/** Rejects once all is as it was; with Refused, which says when AWS undoes the fault, when it could not be seen to be undone. */
export async function holdGameDay(day: GameDay): Promise<Held> {
  const { record, records, measuring, interruption, timing } = day;
  if ((await records.open(record)) === 'refused') {
    throw new Refused('Another game day has just begun. Nothing was changed; wait until it is over.');
  }
  measuring.start();
  const made: { atMs?: number } = {};
  try {
    await makeFault(day, made);
    if (made.atMs === undefined) {
      await leave(day);
      return { fault: undefined, interrupted: interruption.code };
    }
    await until(day, timing.endsAtMs, 'fault');
    const undoneBy = await undo(day);
    const fault = { madeAtMs: made.atMs, healedAtMs: day.clock.now(), undoneBy };
    await leave(day);
    if (interruption.code === undefined) await measuring.untilBack();
    return { fault, interrupted: interruption.code };
  } catch (error) {
    if (made.atMs !== undefined) await undo(day);
    await leave(day);
    throw error;
  } finally {
    measuring.stop();
  }
}

/** `made.atMs` is set as soon as the fault may be there. */
async function makeFault(day: GameDay, made: { atMs?: number }): Promise<void> {
  const { fault, timing, clock, measuring, record, say } = day;
  await fault.arm(timing);
  if (!(await fault.isArmed(timing))) {
    throw new Refused(`What is to undo the fault (${record.name}) is not armed in AWS. The fault was not made.`);
  }
  say(`armed: ${record.name} ends the fault by ${time(timing.overByMs)}, whatever becomes of this machine`);
  await until(day, timing.faultAtMs, 'warm-up');
  if (day.interruption.code !== undefined) return;
  measuring.judgeWarmUp();
  if (clock.now() > timing.faultAtMs + LATE_MS) {
    throw new Refused('The fault would have begun too late for what ends it: this machine slept, or AWS was slow.');
  }
  made.atMs = clock.now();
  await fault.make();
  made.atMs = clock.now();
  const limitMs = made.atMs + EFFECT_LIMIT_MS;
  while (!(await fault.isThere())) {
    if (clock.now() > limitMs || day.interruption.code !== undefined) {
      throw new Refused(`The fault did not take effect in ${record.region}.`);
    }
    await clock.sleep(TICK_MS);
  }
  if (!(await fault.isArmed(timing))) throw new Refused(`${record.name} was taken away: the fault was ended at once.`);
  say(`fault: ${record.fault} in ${record.region}`);
}

/** Until `atMs`, or until somebody wants to end it. */
async function until(day: GameDay, atMs: number, phase: 'warm-up' | 'fault'): Promise<void> {
  const { clock, interruption, measuring } = day;
  while (clock.now() < atMs && interruption.code === undefined) {
    await Promise.race([clock.sleep(Math.min(TICK_MS, atMs - clock.now())), interruption.asked]);
    measuring.tick(phase);
  }
}

/** Resolves once AWS says that the fault is gone. */
async function undo({ fault, clock, record, timing, say }: GameDay): Promise<'dr' | 'aws'> {
  const limitMs = Math.max(clock.now(), timing.overByMs) + UNDO_LIMIT_MS;
  let tried = false;
  let last: unknown;
  for (; clock.now() <= limitMs; await clock.sleep(RETRY_MS)) {
    try {
      if (tried || (await fault.isThere())) {
        tried = true;
        await fault.undo();
      }
      if (await fault.isThere()) continue;
      say(`undone: ${record.region} is as it was${tried ? '' : ' (AWS has ended the fault itself)'}`);
      return tried ? 'dr' : 'aws';
    } catch (error) {
      last = error;
      say(`not undone yet: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw notUndone(record, timing, last);
}

const notUndone = ({ name, region }: GameDayRecord, { overByMs }: Timing, cause: unknown): Refused =>
  new Refused(
    `The fault in ${region} could not be seen to be undone from here. What is armed in AWS (${name}) undoes it by ` +
      `${time(overByMs)}; run "dr gameday --stop" to look again.`,
    { cause },
  );

/** Nothing is left in AWS, and others may hold a game day. What fails here the next call of dr does. */
async function leave({ fault, records, record, say }: GameDay): Promise<void> {
  try {
    await fault.disarm();
    await records.close(record);
  } catch (error) {
    say(`not tidied up, the next dr call does: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export const time = (ms: number): string => `${new Date(ms).toISOString().slice(11, 19)} UTC`;
