// How long a region waits for a peer, from how far away the peer is.
import { roundTripMs } from '@dr/contracts';

export interface PeerDeadlines {
  /** For one question to the peer: its /health, or its replica. */
  readonly peerMs: number;
  /** For the whole of this region's own /health, which asks the peer on its way. */
  readonly healthMs: number;
}

/** A new HTTPS connection and its first answer: TCP, TLS 1.3, HTTP. */
const ROUND_TRIPS = 3;
/** [A] What the peer needs to work its answer out. */
const ANSWER_MS = 130;
const PEER_MS = { least: 300, most: 900 } as const;
const HEALTH_MS_LEAST = 800;
/** [A] This region's own table, before and after the peer is asked. */
const OWN_TABLE_MS = 500;

const wanted = (awsRegion: string, peer: string): number => ROUND_TRIPS * roundTripMs(awsRegion, peer) + ANSWER_MS;

/**
 * For the farthest of the peers, ms. Route 53 takes an answer within 2 s of connecting, and a far checker spends up to 600 ms
 * of them on TLS and the way: /health takes 1,400 ms at most. Throws InputError for an unknown region.
 */
export function peerDeadlines(awsRegion: string, peers: readonly string[]): PeerDeadlines {
  const farthest = Math.max(0, ...peers.map((peer) => wanted(awsRegion, peer)));
  const peerMs = Math.round(Math.min(PEER_MS.most, Math.max(PEER_MS.least, farthest)));
  return { peerMs, healthMs: Math.max(HEALTH_MS_LEAST, peerMs + OWN_TABLE_MS) };
}

/** The peer is so far away that its answer to a new connection may come too late. */
export const isOutOfEarshot = (awsRegion: string, peer: string): boolean => wanted(awsRegion, peer) > PEER_MS.most;
