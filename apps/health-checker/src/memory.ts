// What one execution environment of health-checker remembers between invocations, and what of it may still be believed.
import type { AdmissionMemory, StateRecord } from '@dr/contracts/system';
import type { BadRecord } from '@dr/contracts/system/records';
import type { Presence } from '@dr/failover';
import type { Moment } from '@dr/handler-core';
import type { HealthPorts } from './ports';
import type { Stage, Verdict } from './verdict';

interface Given {
  readonly is: Verdict;
  readonly at: Moment;
}

export interface Memory {
  probeAt: Moment | undefined;
  verdict: Given | undefined;
  /** What peers were last told. It is no verdict for others, whose questions must make the beat. */
  toldPeers: Given | undefined;
  /** The region's record as last read or written: it stands in while the table throttles, and for one that was spoiled. */
  record: StateRecord | undefined;
  /** When the table last gave that record, or took it. */
  recordAt: Moment | undefined;
  /** The stretch in which every look at the table, no more than F apart, has found the record spoiled. */
  spoiled: { readonly since: Moment; readonly until: Moment } | undefined;
  /** What was seen of the peers since the record was found spoiled, by an environment that has never read it. */
  watched: AdmissionMemory | null;
  readonly tellBad: (bad: readonly BadRecord[]) => void;
  /** Since when this environment, which has read no record, has heard of no peer that serves. */
  blindSince: Moment | undefined;
  /** When a peer's replica was last read. */
  elsewhereAt: Moment | undefined;
  /** For how long the table has throttled: that a region could not beat does not mean that it was away. */
  presence: Presence | null;
}

/** One question to the region, and what it is answered from. */
export interface Question extends HealthPorts {
  /** A peer asks. It is told what is known: no beat is made, since that might ask the peer, whose answer waits for this one. */
  readonly forPeer: boolean;
  readonly memory: Memory;
  /** The region's own record as this environment last read or wrote it: it stands in for one that somebody has spoiled. */
  readonly lastKnown: StateRecord | undefined;
  /** For how long the table had throttled when the question came. */
  readonly presence: Presence | null;
  readonly routerWorks: () => Promise<boolean>;
  /** Told before each step, so that a deadline can name what it cut off. */
  readonly entering: (stage: Stage) => void;
}

export const newMemory = (tellBad: Memory['tellBad']): Memory => ({
  probeAt: undefined,
  verdict: undefined,
  toldPeers: undefined,
  record: undefined,
  recordAt: undefined,
  spoiled: undefined,
  watched: null,
  tellBad,
  blindSince: undefined,
  elsewhereAt: undefined,
  presence: null,
});

export function know({ clock, memory }: Question, record: StateRecord): void {
  memory.record = record;
  memory.recordAt = clock.moment();
  memory.spoiled = undefined;
  memory.watched = null;
}

/**
 * May this environment write a spoiled record anew? One that has not seen the record for F, and has no `backup` of a beat in that time,
 * waits two heartbeats for an environment that has. From what it knows, the region was away or is new, so it would take the region out
 * of service.
 */
export function mayRestore({ clock, constants, memory }: Question, backup: StateRecord | null, nowMs: number): boolean {
  const { recordAt, spoiled } = memory;
  const isLately = (at: Moment | undefined): boolean => at !== undefined && clock.isWithin(at, constants.freshMs);
  // After a longer pause another environment may have mended it, and somebody spoiled it again.
  const since = spoiled && isLately(spoiled.until) ? spoiled.since : clock.moment();
  memory.spoiled = { since, until: clock.moment() };
  const isKnown = isLately(recordAt) || (backup !== null && nowMs - backup.beatAtMs <= constants.freshMs);
  return isKnown || clock.sinceMs(since) >= 2 * constants.heartbeatMs;
}

/** What was seen since the record was found spoiled; by a clock that has stepped back since it says nothing. */
export const watchedSince = ({ memory: { watched } }: Question, nowMs: number): AdmissionMemory | null =>
  watched !== null && watched.atMs <= nowMs ? watched : null;

/** A replica may know less than this environment has already read. */
export function learn(memory: Memory, record: StateRecord): void {
  if (!memory.record || record.version >= memory.record.version) memory.record = record;
}

/** When the last probe came, by the wall clock of now, as records hold wall-clock times; null: none, or nobody can tell how long ago. */
export const lastProbeAtMs = ({ clock, memory: { probeAt } }: Question): number | null =>
  probeAt !== undefined && clock.isWithin(probeAt, Infinity) ? clock.wallMs() - clock.sinceMs(probeAt) : null;
