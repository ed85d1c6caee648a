// What a region has seen of its peers: a memory that is carried from beat to beat inside its own state record.
import { stateKey, type AdmissionMemory, type PeerMemory, type StateRecord } from '@dr/contracts/system';
import type { AdmissionConstants } from './admission-constants';
import type { PeerAnswer, PeerView, Reading } from './admission-types';
import { backupOf } from './state-record';

const within = (sinceMs: number | null, spanMs: number, nowMs: number): boolean =>
  sinceMs !== null && nowMs - sinceMs <= spanMs;

export const recordOf = (records: readonly StateRecord[], region: string): StateRecord | undefined =>
  records.find((record) => record.region === region);

/**
 * The memory after one beat's reading. A peer is heard when this region sees its sequence change, so only this region's clock is
 * read. After a gap in this region's own heartbeat (longer than F) everything is forgotten: a region knows neither silence nor
 * freshness for a time in which it did not watch.
 */
export function observe(
  previous: AdmissionMemory | null,
  reading: Reading,
  nowMs: number,
  constants: AdmissionConstants,
): AdmissionMemory {
  const kept = previous !== null && nowMs - previous.atMs <= constants.freshMs ? previous : null;
  const peers: Record<string, PeerMemory> = {};
  for (const peer of reading.peers) {
    const record = recordOf(reading.records, peer);
    const backup = record ? backupOf(record) : previous?.peers[peer]?.backup;
    peers[peer] = {
      ...observePeer(kept?.peers[peer], record, reading.answers[peer], nowMs, constants),
      ...(backup ? { backup } : {}),
    };
  }
  const memory: AdmissionMemory = { atMs: nowMs, aloneSinceMs: null, peers };
  const alone = reading.peers.every((peer) => {
    const view = viewOf(peer, memory, reading.records, nowMs, constants);
    return view === 'not' || view === 'quiet';
  });
  return alone ? { ...memory, aloneSinceMs: kept?.aloneSinceMs ?? nowMs } : memory;
}

function observePeer(
  before: PeerMemory | undefined,
  record: StateRecord | undefined,
  given: PeerAnswer | undefined,
  nowMs: number,
  { freshMs }: AdmissionConstants,
): PeerMemory {
  // An answer from a peer in trouble tells nothing: the peer still has clients, and may serve again before its next answer.
  const answer = given === 'troubled' ? undefined : given;
  // A record that cannot be read is no news, and neither is the same one when it can be read again.
  const sequence = record?.sequence ?? before?.sequence ?? null;
  const answered = answer
    ? { answeredAtMs: nowMs, answeredServing: answer !== 'not-serving' }
    : { answeredAtMs: before?.answeredAtMs ?? null, answeredServing: before?.answeredServing ?? false };
  // A record that is seen for the first time may be old. Only a change shows that it is recent.
  if (!before)
    return { sequence, heardAtMs: null, freshSinceMs: null, ...answered, silentSinceMs: nowMs, soundAtMs: nowMs };
  const soundAtMs = before.soundAtMs ?? before.heardAtMs ?? before.silentSinceMs;
  if (record && sequence !== null && sequence !== before.sequence) {
    const isTelling = answer !== undefined || tells(record);
    // Freshness ends when a beat finds the last news older than F. A late beat of this region alone does not end it.
    return {
      sequence,
      heardAtMs: nowMs,
      freshSinceMs: before.freshSinceMs ?? nowMs,
      ...answered,
      silentSinceMs: isTelling ? nowMs : before.silentSinceMs,
      soundAtMs: tells(record) ? nowMs : soundAtMs,
    };
  }
  return {
    sequence,
    heardAtMs: before.heardAtMs,
    freshSinceMs: within(before.heardAtMs, freshMs, nowMs) ? before.freshSinceMs : null,
    ...answered,
    silentSinceMs: answer ? nowMs : before.silentSinceMs,
    soundAtMs,
  };
}

/**
 * A record counts when clients reach its region, or when the region is out of service on purpose. A record of a region that serves
 * and is not reached does not count: its router may have failed only once.
 */
const tells = ({ state, reached }: StateRecord): boolean => state !== 'serving' || reached;

/** True while the peer's heartbeat comes through the local replica, so that what its record says is recent. */
export const heardByReplica = (
  peer: string,
  memory: AdmissionMemory,
  nowMs: number,
  constants: AdmissionConstants,
): boolean => within(memory.peers[peer]?.heardAtMs ?? null, constants.freshMs, nowMs);

export function viewOf(
  peer: string,
  memory: AdmissionMemory,
  records: readonly StateRecord[],
  nowMs: number,
  constants: AdmissionConstants,
): PeerView {
  const seen = memory.peers[peer];
  if (!seen) return 'unknown';
  const record = recordOf(records, peer);
  // A heartbeat is the peer's write check: one that arrives says that its table works.
  if (record && tells(record) && heardByReplica(peer, memory, nowMs, constants)) {
    return record.state === 'serving' ? 'serving' : 'not';
  }
  if (within(seen.answeredAtMs, constants.freshMs, nowMs)) return seen.answeredServing ? 'serving' : 'not';
  return nowMs - seen.silentSinceMs >= constants.quietMs ? 'quiet' : 'unknown';
}

/** What a table holds of regions: the records that can be read, and the keys of those that cannot. */
export interface RegionRecords {
  readonly states: readonly StateRecord[];
  readonly bad: readonly { readonly key: string }[];
}

/**
 * False of a region that has never started, or has not yet served while Route 53's probes reached it. Only a record that is read says so:
 * a region whose record cannot be read has started, and is missed like any other.
 */
export function hasServed(region: string, { states, bad }: RegionRecords): boolean {
  const record = recordOf(states, region);
  return record ? !record.firstStart : bad.some(({ key }) => key === stateKey(region));
}

/** Fresh for H: the peer's heartbeat came without a pause for that long. */
export function caughtUpWith(
  peer: string,
  memory: AdmissionMemory,
  nowMs: number,
  constants: AdmissionConstants,
): boolean {
  const freshSinceMs = memory.peers[peer]?.freshSinceMs ?? null;
  return (
    freshSinceMs !== null && heardByReplica(peer, memory, nowMs, constants) && nowMs - freshSinceMs >= constants.holdMs
  );
}

/**
 * Peers whose /health must be asked before this beat decides: all those from which the replica brought nothing new. If they were
 * asked only once the replica is stale, silence would be counted on a channel that nobody listened to. `memory`: observed without
 * answers.
 */
export const peersToAsk = ({ atMs, peers }: AdmissionMemory): readonly string[] =>
  Object.keys(peers).filter((peer) => peers[peer]?.heardAtMs !== atMs);

/**
 * Seconds since the peer's sequence was last seen to change in a record that counts ({@link tells}), less one heartbeat and never
 * below 0. People must hear of a peer that beats but that nobody reaches as fast as of a dead one.
 */
export function peerStalenessSeconds(
  peer: string,
  memory: AdmissionMemory,
  nowMs: number,
  constants: AdmissionConstants,
): number {
  const seen = memory.peers[peer];
  if (!seen) return 0;
  const sinceMs = seen.soundAtMs ?? seen.heardAtMs ?? seen.silentSinceMs;
  return Math.max(0, nowMs - sinceMs - constants.heartbeatMs) / 1000;
}
