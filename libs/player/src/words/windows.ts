// The pieces of a run that are worth a look: an outage is a tenth of its axis.
import type { RunLog } from '../log/run-log';
import { felt } from './verdict';

export const WINDOWS = ['fail', 'back', 'all'] as const;
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

/** Failover and failback only where there is one; the whole run always, and last. */
export function windowsOf(log: RunLog): Window[] {
  const clip = (ms: number): number => Math.min(log.endMs, Math.max(0, ms));
  const window = (name: WindowName, label: string, fromMs: number, toMs: number): Window => ({
    name,
    label,
    fromMs: clip(Math.floor((fromMs - BEFORE_MS) / ROUND_MS) * ROUND_MS),
    toMs: clip(Math.ceil((toMs + AFTER_MS) / ROUND_MS) * ROUND_MS),
  });
  const all: Window = { name: 'all', label: 'Whole run', fromMs: 0, toMs: Math.max(1, log.endMs) };
  const startMs = log.firstFaultMs;
  if (startMs === undefined) return [all];
  const back =
    felt(log)
      .filter(({ atMs }) => atMs < Infinity)
      .at(-1)?.atMs ?? startMs;
  const healMs = Math.max(...log.faults.map(({ endMs }) => endMs));
  const changes = [...log.answers.values()].flatMap(({ times }) => times.slice(1));
  const last = Math.max(healMs, ...changes.filter((ms) => ms >= healMs));
  return [
    window('fail', 'Failover', startMs, Math.max(back, ...changes.filter((ms) => ms < healMs))),
    ...(healMs < Infinity ? [window('back', 'Failback', healMs, last)] : []),
    all,
  ];
}

/** Where the page opens: half of the affected clients are back, so both paths are seen. */
export function openingMs(log: RunLog): number {
  const startMs = log.firstFaultMs;
  if (startMs === undefined) return 0;
  const affected = felt(log);
  const objectiveMs = startMs + (log.header.objective?.rtoSeconds ?? Infinity) * 1000;
  const worst = affected.at(-1)?.atMs ?? startMs;
  if (worst > objectiveMs) return Math.min(log.endMs, objectiveMs);
  return Math.min(log.endMs, affected[Math.floor(affected.length / 2)]?.atMs ?? startMs);
}
