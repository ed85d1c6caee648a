// Asking a peer directly, over its regional name, when its heartbeat does not come through the replica.
import type { Peer } from '@dr/contracts';
import type { PeerAnswer, PeerDeadlines } from '@dr/failover';
import { withDeadline, type Clock, type Http } from '@dr/handler-core';

/** The answers of those that answered in time; silence is left out. */
export async function askPeers(
  { clock, http, deadlines }: { readonly clock: Clock; readonly http: Http; readonly deadlines: PeerDeadlines },
  peers: readonly Peer[],
): Promise<Record<string, PeerAnswer>> {
  const asked = await Promise.all(
    peers.map(async ({ name, host }): Promise<[string, PeerAnswer][]> => {
      try {
        const { status, body } = await withDeadline(clock, deadlines.peerMs, (signal) =>
          http.get(`https://${host}/health`, signal),
        );
        return [[name, status === 200 && isReached(body) ? 'serving' : 'not-serving']];
      } catch {
        return [];
      }
    }),
  );
  return Object.fromEntries(asked.flat());
}

function isReached(body: string): boolean {
  try {
    return (JSON.parse(body) as { reached?: unknown } | null)?.reached === true;
  } catch {
    return false;
  }
}
