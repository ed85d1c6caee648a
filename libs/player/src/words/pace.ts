// How the time of a run passes, in words.
import type { Clock } from '../live/messages';
import { seconds } from './figures';

/** A tenth less than was asked for is no news. */
const SHORT = 0.9;
const LATE_MS = 1_000;

const factor = (value: number): string => (value < 10 ? String(Number(value.toFixed(1))) : String(Math.round(value)));

/** `10 x asked, 8.2 x reached`: the latter where it falls short. */
export function paceOf({ asked, reached, behindMs, paused }: Clock): string {
  if (paused) return 'Paused';
  const late = behindMs >= LATE_MS ? `, ${seconds(behindMs)} behind` : '';
  if (reached >= asked * SHORT) return `${factor(asked)} x${late}`;
  return `${factor(asked)} x asked, ${factor(reached)} x reached${late}`;
}
