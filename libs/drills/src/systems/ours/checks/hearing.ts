// Whether one region could hear another: the two channels between them, and the faults that close each.
import { kindsThat, type Fault, type FaultKind } from '@dr/contracts';
import type { AdmissionHistory } from './admission-history';
import { endMs, faultsBetween, startMs } from '../../../run/run-record';
import type { RunRecord } from '../../../system-under-drill';

/** Of a peer: it writes no heartbeat that says that it is reached. */
const STOPS_BEATS = kindsThat(({ stopsHeartbeats }) => stopsHeartbeats);
/** Of a peer: its /health then says nothing, says that it cannot serve, or that it throttles, or is not believed. */
const MUTES_HEALTH: readonly FaultKind[] = [...STOPS_BEATS, 'cold-starts', 'certificate-expired'];
/** [A] A question to a peer waits for 0.9 s at most, and the beat that asked is written after it. */
const QUESTION_MS = 1_500;
/** Two heartbeats: a peer that has been well for so long has beaten. */
const BEATEN_WITHIN_MS = 10_000;

const isBetween = ({ from, to }: Fault, sender: string, receiver: string): boolean =>
  from === sender && to === receiver;

/** Packets between the two regions vanish, one way or both: no question is answered. */
export const isCutBetween = (fault: Fault, a: string, b: string): boolean =>
  (fault.kind === 'partition' && (fault.region === a || fault.region === b)) ||
  (fault.kind === 'link-cut' && (isBetween(fault, a, b) || isBetween(fault, b, a)));

/** A question that the region put to the peer's /health and that has just ended may have had no answer. */
export function mayGetNoAnswer(
  record: RunRecord,
  history: AdmissionHistory,
  region: string,
  peer: string,
  atMs: number,
): boolean {
  const isCut = faultsBetween(record, atMs - QUESTION_MS, atMs).some((fault) => isCutBetween(fault, region, peer));
  if (isCut) return true;
  // What was wrong with the peer itself is over, for others, with its first beat that says that it is reached.
  return faultsBetween(record, atMs - BEATEN_WITHIN_MS, atMs, MUTES_HEALTH)
    .filter((fault) => fault.region === peer)
    .some(
      (fault) =>
        endMs(fault) >= atMs - QUESTION_MS ||
        !history.of(peer).some((said) => said.record.reached && said.atMs > endMs(fault) && said.atMs < atMs),
    );
}

/** Neither the peer's /health nor its heartbeat reached the region at any instant of the span. */
export function heardNothing(record: RunRecord, region: string, peer: string, fromMs: number, toMs: number): boolean {
  const faults = faultsBetween(record, fromMs, toMs);
  const unasked = faults.filter(
    (fault) => isCutBetween(fault, region, peer) || (fault.region === peer && MUTES_HEALTH.includes(fault.kind)),
  );
  const unreplicated = faults.filter((fault) =>
    fault.kind === 'link-cut'
      ? isBetween(fault, peer, region)
      : isCutBetween(fault, region, peer) ||
        (fault.region === peer && STOPS_BEATS.includes(fault.kind)) ||
        (fault.kind === 'replication-paused' && (fault.region === peer || fault.region === region)),
  );
  return covers(unasked, fromMs, toMs) && covers(unreplicated, fromMs, toMs);
}

const covers = (faults: readonly Fault[], fromMs: number, toMs: number): boolean =>
  spansOf(faults).some((span) => span.fromMs <= fromMs && span.toMs >= toMs);

/** The times in which at least one of the faults was in force. */
export function spansOf(faults: readonly Fault[]): readonly { readonly fromMs: number; readonly toMs: number }[] {
  const spans: { fromMs: number; toMs: number }[] = [];
  for (const fault of [...faults].sort((a, b) => startMs(a) - startMs(b))) {
    const last = spans.at(-1);
    if (last && startMs(fault) <= last.toMs) last.toMs = Math.max(last.toMs, endMs(fault));
    else spans.push({ fromMs: startMs(fault), toMs: endMs(fault) });
  }
  return spans;
}
