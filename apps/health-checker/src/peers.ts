// Asking a peer directly, over its regional name, when its heartbeat does not come through the replica.
import { PEER_PATH, type AdmissionState, type Peer } from '@dr/contracts/system';
import type { PeerAnswer } from '@dr/failover';
import { jsonIn, withDeadline } from '@dr/handler-core';
import type { HealthPorts } from './ports';

/** The answers of those that answered in time; silence is left out. */
export async function askPeers(
  { clock, http, deadlines }: Pick<HealthPorts, 'clock' | 'http' | 'deadlines'>,
  peers: readonly Peer[],
): Promise<Record<string, PeerAnswer>> {
  const asked = await Promise.all(
    peers.map(async ({ name, host }): Promise<[string, PeerAnswer][]> => {
      try {
        const { status, body } = await withDeadline(clock, deadlines.peerMs, (signal) =>
          http.get(`https://${host}${PEER_PATH}`, signal),
        );
        return [[name, answerOf(status, body)]];
      } catch {
        return [];
      }
    }),
  );
  return Object.fromEntries(asked.flat());
}

const OUT: readonly unknown[] = ['evacuated', 'recovering', 'waiting'] satisfies (AdmissionState | 'waiting')[];

function answerOf(status: number, body: string): PeerAnswer {
  const { reached, throttled, reason } = (jsonIn(body) ?? {}) as Readonly<Record<string, unknown>>;
  if (status === 503 && OUT.includes(reason)) return 'not-serving';
  if (status !== 200 || reached !== true) return 'troubled';
  return throttled === true ? 'throttled' : 'serving';
}
