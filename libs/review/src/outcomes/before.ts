// What a change makes of the outcomes: the same name, the same loss, before it and after it.
import type { JudgedLoss, JudgedName } from './judge';
import type { Loss, OutcomeKind } from './outcome';

/** The worst first. */
const WORST: readonly OutcomeKind[] = ['never', 'manual', 'partly', 'unknown', 'recovers'];

export interface Told {
  readonly outcome: OutcomeKind;
  /** [best, worst] of those who recover; null where none does, or where AWS publishes no time. */
  readonly seconds: readonly [number, number] | null;
}

export const toldOf = ({ kind, span }: JudgedLoss): Told => ({
  outcome: kind,
  seconds: span === null || span.worst === null ? null : [span.best, span.worst],
});

export const lossIn = (names: readonly JudgedName[], name: string, loss: Loss): JudgedLoss | undefined =>
  names
    .find((one) => one.name === name)
    ?.faults.find(({ fault, awsRegion }) => fault === loss.fault && awsRegion === loss.awsRegion);

/** What was told of the base, where it is something else; null where nothing is, or the base has no such name or region. */
export function beforeOf(base: readonly JudgedName[], name: string, now: JudgedLoss): Told | null {
  const was = lossIn(base, name, now);
  if (!was) return null;
  const [old, told] = [toldOf(was), toldOf(now)];
  return JSON.stringify(old) === JSON.stringify(told) ? null : old;
}

/** A name and a loss from which clients recovered without anybody doing anything, and do not any more. */
export interface Stopped {
  readonly name: string;
  readonly was: JudgedLoss;
  readonly is: JudgedLoss;
}

/** The worst of each name. */
export const stoppedIn = (base: readonly JudgedName[], names: readonly JudgedName[]): Stopped[] =>
  names.flatMap(({ name, faults }) => {
    const stopped = faults.flatMap((is): Stopped[] => {
      const was = lossIn(base, name, is);
      const isStopped = was?.kind === 'recovers' && is.kind !== 'recovers' && is.kind !== 'unknown';
      return isStopped ? [{ name, was, is }] : [];
    });
    return stopped.sort((a, b) => rank(a.is.kind) - rank(b.is.kind)).slice(0, 1);
  });

const rank = (kind: OutcomeKind): number => WORST.indexOf(kind);
