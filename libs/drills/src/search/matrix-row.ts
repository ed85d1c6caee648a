// One row of the table of faults, and what every row is read from: the path that requests took, and the first alert.
import type { Judged } from '../judge/checks';
import { ofKind } from '../run/run-record';
import type { Events } from '../system-under-drill';

export interface MatrixRow {
  /** A class of fault, or the name of several at once. */
  readonly fault: string;
  /** How often the fault decided what became of a packet, a call or a clock. */
  readonly injectedEvents: number;
  /** Of the bundles, throttled ones not counted. */
  readonly handlerInvocations: number;
  readonly path: 'dns failover' | 'peer fallback' | 'peer fallback, dns failover' | 'none';
  /** Worst client, seconds; null when no client had a failure. */
  readonly rto: number | null;
  /** Age of the oldest acknowledged write that no other region had at the moment of the fault, seconds. */
  readonly rpo: number;
  /** From the fault to the first message about it that a topic took, seconds; null: none before heal. */
  readonly alertSeconds: number | null;
  /** What the run was judged by. */
  readonly invariants: readonly Judged[];
  /** All that is promised for the class: recovery time, data, traffic, notifications. */
  readonly met: boolean;
  /** Why it was not met; empty when it was. */
  readonly reasons: readonly string[];
}

export const STRUCK_NOTHING = 'the fault struck nothing, so nothing was shown';

/** While something is broken. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

export function pathTaken(events: Events, { startMs, endMs }: Span): MatrixRow['path'] {
  const isDns = ofKind(events, 'health-check').some(
    ({ healthy, atMs }) => !healthy && atMs >= startMs && atMs <= endMs,
  );
  const isPeer = ofKind(events, 'request').some(
    ({ outcome, region, dataRegion, startedMs }) =>
      outcome === 'ok' && dataRegion !== undefined && dataRegion !== region && startedMs >= startMs,
  );
  if (isPeer) return isDns ? 'peer fallback, dns failover' : 'peer fallback';
  return isDns ? 'dns failover' : 'none';
}

/** Alarms that go OK are no alert. */
export function firstAlert(events: Events, { startMs, endMs }: Span): number | null {
  const first = ofKind(events, 'published').find(
    ({ atMs, subject }) => atMs > startMs && atMs <= endMs && !subject.startsWith('OK'),
  );
  return first ? Math.round((first.atMs - startMs) / 100) / 10 : null;
}
