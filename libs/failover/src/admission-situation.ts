// What one beat decides from, worked out once: views of the peers, whether the region was away, whether it may serve.
import type { StateRecord } from '@dr/contracts/system';
import { caughtUpWith, heardByReplica, recordOf, viewOf } from './admission-memory';
import { absenceMs, hasArrived } from './admission-presence';
import type { AdmissionConstants } from './admission-constants';
import type { AdmissionInput, PeerView } from './admission-types';

/** What the rules look at, worked out once. */
export interface Situation {
  readonly input: AdmissionInput;
  readonly nowMs: number;
  /** The record as this beat would write it if nothing changed. */
  readonly beat: StateRecord;
  readonly views: Readonly<Record<string, PeerView>>;
  readonly servingPeers: readonly string[];
  readonly mayServe: boolean;
  readonly edge: boolean;
  /** Serving peers that have just answered, and whose writes may not have come while the table throttled for longer than W. */
  readonly missed: readonly string[];
}

// A broken router would take no client, so a region with one does not count as reached: nobody may leave to it.
export const isReached = (
  routerWorks: boolean,
  lastProbeAtMs: number,
  nowMs: number,
  { reachedMs }: AdmissionConstants,
): boolean => routerWorks && nowMs - lastProbeAtMs <= reachedMs;

/**
 * What a region's /health may tell its peers. A probe that has come since the last beat is not enough: it may end an absence,
 * and then the next beat leaves. After a beat that was reached no absence can end before the next, as W > F + reached.
 */
export const answersReached = (
  { reached, lastProbeAtMs }: Pick<StateRecord, 'reached' | 'lastProbeAtMs'>,
  routerWorks: boolean,
  probeAtMs: number | null,
  nowMs: number,
  constants: AdmissionConstants,
): boolean => reached && isReached(routerWorks, Math.max(lastProbeAtMs, probeAtMs ?? 0), nowMs, constants);

export function assess(input: AdmissionInput, previous: StateRecord): Situation {
  const { constants, memory, reading } = input;
  // Environments' clocks may differ a little; the region's time must not run backwards.
  const nowMs = Math.max(input.nowMs, previous.beatAtMs);
  const lastProbeAtMs = Math.max(previous.lastProbeAtMs, input.probeAtMs ?? 0);
  const views = Object.fromEntries(
    reading.peers.map((peer) => [peer, viewOf(peer, memory, reading.records, nowMs, constants)]),
  );
  const servingPeers = reading.peers.filter((peer) => views[peer] === 'serving');
  // A new region has missed nothing: DynamoDB makes a replica active once it holds all there is. It waits for no more than a
  // sign that replication works.
  const isNew = previous.firstStart ?? false;
  const caughtUp = servingPeers.every((peer) =>
    isNew ? heardByReplica(peer, memory, nowMs, constants) : caughtUpWith(peer, memory, nowMs, constants),
  );
  const known = reading.peers.every((peer) => views[peer] !== 'unknown');
  const validated = servingPeers.length === 0 || isNew || (input.validated ?? true);
  const presence = input.presence ?? null;
  const wasMute = nowMs - previous.beatAtMs > constants.edgeMs;
  return {
    input,
    nowMs,
    beat: {
      ...previous,
      version: previous.version + 1,
      sequence: previous.sequence + 1,
      beatAtMs: nowMs,
      lastProbeAtMs,
      reached: isReached(input.routerWorks, lastProbeAtMs, nowMs, constants),
      memory,
      grants: {},
    },
    views,
    servingPeers,
    mayServe: known && caughtUp && validated,
    // The end of an absence, never the absence itself: leaving while cut off helps nobody. A region that was throttled all
    // the time was not absent: its clients stayed, and its peers would have to take them, too.
    edge:
      absenceMs(previous.beatAtMs, nowMs, presence) > constants.edgeMs ||
      absenceMs(previous.lastProbeAtMs, lastProbeAtMs, presence) > constants.edgeMs,
    // Its clients stayed, so it leaves them to a peer that serves for certain, and to no other. That one answers `serving` only
    // after a beat of its own: two regions whose tables stop to throttle at once do not both leave.
    missed: wasMute
      ? reading.peers.filter(
          (peer) =>
            reading.answers[peer] === 'serving' &&
            !hasArrived(peer, recordOf(reading.records, peer)?.sequence, presence, nowMs, constants),
        )
      : [],
  };
}

/** For operators, who read it as the reason of an outcome. */
const IN_WORDS: Readonly<Record<PeerView, string>> = {
  serving: 'serves',
  not: 'does not serve or nobody reaches it',
  quiet: 'is silent',
  unknown: 'has not been heard for certain',
};

export const describe = ({ views }: Situation): string =>
  Object.entries(views)
    .map(([peer, view]) => `${peer} ${IN_WORDS[view]}`)
    .join(', ');
