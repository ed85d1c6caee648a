// The pieces of a run that are worth a look: an outage is a tenth of its axis.
import type { Episode } from '../log/episodes';
import type { RunLog } from '../log/run-log';
import { felt } from './verdict';

export const WINDOWS = ['now', 'fail', 'back', 'all'] as const;
export type WindowName = (typeof WINDOWS)[number];

export interface Window {
  readonly name: WindowName;
  readonly label: string;
  readonly fromMs: number;
  readonly toMs: number;
}

const BEFORE_MS = 10_000;
const AFTER_MS = 30_000;
const ROUND_MS = 5_000;

/** How much a live run shows before the cursor, and after it. */
const NOW_MS = 120_000;
const AHEAD_MS = 5_000;

/** Failover and failback only where there is one; the whole run always, and last. `episode`: the one that is looked at. */
export function windowsOf(log: RunLog, episode: Episode | undefined): Window[] {
  const clip = (ms: number): number => Math.min(log.plannedEndMs, Math.max(0, ms));
  const window = (name: WindowName, label: string, fromMs: number, toMs: number): Window => ({
    name,
    label,
    fromMs: clip(Math.floor((fromMs - BEFORE_MS) / ROUND_MS) * ROUND_MS),
    toMs: clip(Math.ceil((toMs + AFTER_MS) / ROUND_MS) * ROUND_MS),
  });
  const all: Window = { name: 'all', label: 'Whole run', fromMs: 0, toMs: Math.max(1, log.plannedEndMs) };
  if (!episode) return [all];
  const { startMs, endMs: healMs, untilMs } = episode;
  const back = episode.felt.findLast(({ atMs }) => atMs < Infinity)?.atMs ?? startMs;
  const changes = [...log.answers.values()]
    .flatMap(({ times }) => times.slice(1))
    .filter((ms) => ms >= startMs && ms < untilMs);
  const last = Math.max(healMs, ...changes.filter((ms) => ms >= healMs));
  const plannedMs = log.state === 'cut' && healMs === Infinity ? log.plannedEndMs : startMs;
  return [
    window('fail', 'Failover', startMs, Math.max(back, plannedMs, ...changes.filter((ms) => ms < healMs))),
    ...(healMs < Infinity ? [window('back', 'Failback', healMs, last)] : []),
    all,
  ];
}

/** Of a live run: the last two minutes up to the cursor, in steps, so that what is drawn does not move at every frame. */
export function windowUpTo(atMs: number): Window {
  const toMs = Math.max(NOW_MS, Math.ceil((atMs + AHEAD_MS) / ROUND_MS) * ROUND_MS);
  return { name: 'now', label: 'Last 2 min', fromMs: toMs - NOW_MS, toMs };
}

/** Where the page opens: half of the affected clients are back, so both paths are seen. */
export function openingMs(log: RunLog): number {
  const startMs = log.firstFaultMs;
  if (log.state === 'running') return log.endMs;
  if (startMs === undefined) return 0;
  const affected = felt(log);
  const objectiveMs = startMs + (log.header.objective?.rtoSeconds ?? Infinity) * 1000;
  const worst = affected.at(-1)?.atMs ?? startMs;
  if (worst > objectiveMs) return Math.min(log.endMs, objectiveMs);
  return Math.min(log.endMs, affected[Math.floor(affected.length / 2)]?.atMs ?? startMs);
}
