// Two runs in figures, and what became of each. Two logs are one seed each: what the settings cannot move is shown and not judged.
import { PROMISED_CLIENT } from '@dr/contracts';
import type { RunLog } from '../log/run-log';
import { seconds, whole } from './figures';
import { felt, noticed, worstOf } from './verdict';

export interface Difference {
  readonly what: string;
  readonly before: string;
  readonly now: string;
  readonly change: string;
  readonly judged: 'better' | 'worse' | 'same' | 'not judged';
  readonly note?: string;
}

interface Figure {
  readonly what: string;
  /** undefined: there is none. */
  of(log: RunLog): number | undefined;
  show(value: number): string;
  /** False: it falls as it likes. */
  readonly judged: boolean;
}

const sinceFault = (log: RunLog, ms: number | undefined): number | undefined =>
  ms === undefined || log.firstFaultMs === undefined ? undefined : ms - log.firstFaultMs;
const time = (ms: number): string => (ms === Infinity ? 'never' : seconds(ms));

const FIGURES: readonly Figure[] = [
  { what: `Worst ${PROMISED_CLIENT}`, of: (log) => sinceFault(log, worstOf(log)?.atMs), show: time, judged: true },
  { what: 'Half of the clients back', of: (log) => sinceFault(log, middleOf(log)), show: time, judged: true },
  { what: 'DNS moved', of: (log) => sinceFault(log, noticed(log).movedMs), show: time, judged: true },
  {
    what: 'Predicted, at most',
    of: ({ header }) => header.predicted && header.predicted.worstClientSeconds * 1000,
    show: time,
    judged: true,
  },
  { what: 'First failing probe', of: (log) => sinceFault(log, noticed(log).probeMs), show: time, judged: false },
  { what: 'Clients hit', of: (log) => felt(log).length, show: whole, judged: false },
  { what: 'Requests failed', of: ({ clients }) => clients.failures, show: whole, judged: true },
  { what: 'Writes at risk', of: ({ end }) => end?.report?.rpo.writesAtRisk, show: whole, judged: false },
];

function middleOf(log: RunLog): number | undefined {
  const all = felt(log);
  return all[Math.floor(all.length / 2)]?.atMs;
}

export const differencesOf = (before: RunLog, now: RunLog): Difference[] =>
  FIGURES.map(({ what, of, show, judged }) => {
    const [was, is] = [of(before), of(now)];
    const row = { what, before: was === undefined ? 'none' : show(was), now: is === undefined ? 'none' : show(is) };
    const note = judged ? {} : { note: 'not judged: one seed each' };
    if (was === undefined || is === undefined) return { ...row, change: '', judged: 'not judged', ...note };
    // What is shown alike is alike: two runs never agree to the last digit.
    const by = show(was) === show(is) ? 0 : is - was;
    const change = !Number.isFinite(by) ? '' : by === 0 ? 'none' : `${by < 0 ? '\u2212' : '+'}${show(Math.abs(by))}`;
    return {
      ...row,
      change,
      judged: judged ? (by === 0 ? 'same' : by < 0 ? 'better' : 'worse') : 'not judged',
      ...note,
    };
  });
