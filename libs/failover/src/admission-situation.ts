// What one beat decides from, worked out once: views of the peers, whether the region was away, whether it may serve.
import type { StateRecord } from '@dr/contracts/system';
import { caughtUpWith, heardByReplica, recordOf, viewOf } from './admission-memory';
import { absenceMs, hasArrived, hasSettled } from './admission-presence';
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
  /** Only an order brings the region back beside a peer that serves. */
  readonly byHand: boolean;
  /** After an absence it may serve without an order. */
  readonly mayStay: boolean;
  readonly edge: boolean;
  /** After throttling for longer than W: serving peers that have just answered, and whose writes may be missing here. */
  readonly missed: readonly string[];
  /** Such peers whose last heartbeat has only just been found here. */
  readonly unsettled: readonly string[];
}

// A broken router serves no client, so its region does not count as reached, and no region may leave to it.
export const isReached = (
  routerWorks: boolean,
  lastProbeAtMs: number,
  nowMs: number,
  { reachedMs }: AdmissionConstants,
): boolean => routerWorks && nowMs - lastProbeAtMs <= reachedMs;

/**
 * Whether /health may tell the peers that this region is reached. A probe since the last beat is not enough: it may end an absence, and
 * then the next beat leaves service. After a beat that was reached, no absence can end before the next beat, as W > F + reached.
 */
export const answersReached = (
  { reached, lastProbeAtMs }: Pick<StateRecord, 'reached' | 'lastProbeAtMs'>,
  routerWorks: boolean,
  probeAtMs: number | null,
  nowMs: number,
  constants: AdmissionConstants,
): boolean => reached && isReached(routerWorks, Math.max(lastProbeAtMs, probeAtMs ?? 0), nowMs, constants);

export const viewsOf = (
  { reading: { peers, records }, memory, constants }: AdmissionInput,
  nowMs: number,
): Readonly<Record<string, PeerView>> =>
  Object.fromEntries(peers.map((peer) => [peer, viewOf(peer, memory, records, nowMs, constants)]));

export function assess(input: AdmissionInput, previous: StateRecord): Situation {
  const { constants, memory, reading } = input;
  // Environments' clocks may differ a little; the region's time must not run backwards.
  const nowMs = Math.max(input.nowMs, previous.beatAtMs);
  const lastProbeAtMs = Math.max(previous.lastProbeAtMs, input.probeAtMs ?? 0);
  const views = viewsOf(input, nowMs);
  const servingPeers = reading.peers.filter((peer) => views[peer] === 'serving');
  // A new region has missed nothing, since DynamoDB makes a replica active only once it holds every item. It waits only for a sign that
  // replication works.
  const isNew = previous.firstStart ?? false;
  const caughtUp = servingPeers.every((peer) =>
    isNew ? heardByReplica(peer, memory, nowMs, constants) : caughtUpWith(peer, memory, nowMs, constants),
  );
  const known = reading.peers.every((peer) => views[peer] !== 'unknown');
  const validated = servingPeers.length === 0 || isNew || (input.validated ?? true);
  const presence = input.presence ?? null;
  const wasMute = nowMs - previous.beatAtMs > constants.edgeMs;
  const reached = isReached(input.routerWorks, lastProbeAtMs, nowMs, constants);
  const mayServe = known && caughtUp && validated;
  // A new region has never been out of service: the apply is its order.
  const byHand = input.failback === 'manual' && !isNew;
  const { unreachedSinceMs, ...before } = previous;
  const arrived = (peer: string): number | undefined => recordOf(reading.records, peer)?.sequence;
  const answering = wasMute ? reading.peers.filter((peer) => reading.answers[peer] === 'serving') : [];
  return {
    input,
    nowMs,
    beat: {
      ...before,
      version: previous.version + 1,
      sequence: previous.sequence + 1,
      beatAtMs: nowMs,
      lastProbeAtMs,
      reached,
      ...(byHand && !reached ? { unreachedSinceMs: unreachedSinceMs ?? previous.beatAtMs } : {}),
      memory,
      grants: {},
    },
    views,
    servingPeers,
    mayServe,
    byHand,
    mayStay: mayServe && (!byHand || servingPeers.length === 0),
    // An edge is the end of an absence, not the absence: leaving while cut off helps nobody. Throttling is no absence: the clients
    // stayed, and the peers would have to take them.
    edge:
      absenceMs(previous.beatAtMs, nowMs, presence) > constants.edgeMs ||
      absenceMs(previous.lastProbeAtMs, lastProbeAtMs, presence) > constants.edgeMs ||
      // DNS leaves a region whose router is broken, too. By hand, it does not come back by itself when that works again.
      (byHand &&
        reached &&
        unreachedSinceMs !== undefined &&
        absenceMs(unreachedSinceMs, nowMs, presence) > constants.edgeMs),
    // The clients stayed, so the region leaves them only to a peer that certainly serves. A peer answers `serving` only after a beat of
    // its own, so two regions whose tables stop throttling together do not both leave.
    missed: answering.filter((peer) => !hasArrived(peer, arrived(peer), presence, nowMs, constants)),
    unsettled: answering.filter((peer) => !hasSettled(peer, arrived(peer), presence, nowMs, constants)),
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
