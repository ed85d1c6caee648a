// From control records to signs: what each region's heartbeat, probes and state say, as this region sees them.
import type { StateRecord } from '@dr/contracts/system';
import { hasServed, heardByReplica, incidentNumber, initialFailover, observe, type RegionSigns } from '@dr/failover';
import type { OrchestratorPorts } from './ports';
import type { ControlView } from './records';

/** What was asked beyond the records, for a region whose records alone do not settle it. */
export interface Asked {
  readonly answers: boolean | null;
  readonly globalRegionAnswers: boolean | null;
}

export const NOT_ASKED: Asked = { answers: null, globalRegionAnswers: null };

type Watch = Pick<OrchestratorPorts, 'region' | 'peers' | 'constants'>;

export function signsOf(about: string, view: ControlView, watch: Watch, asked: Asked, nowMs: number): RegionSigns {
  const mine = view.mine.regions[about] ?? initialFailover;
  return {
    heartbeat: about === watch.region ? ownHeartbeat(view, watch, nowMs) : peerHeartbeat(about, view, watch, nowMs),
    ...asked,
    evacuated: recordOf(view, about)?.state === 'evacuated',
    survivor: hasSurvivor(about, view, watch, nowMs),
    incidentAt: (atMs) => incidentNumber(about, mine, view.others, atMs),
  };
}

const recordOf = ({ states }: ControlView, region: string): StateRecord | undefined =>
  states.find((state) => state.region === region);

/** My region as the world sees it: it beats, Route 53's probes arrive, and they find it serving. */
function ownHeartbeat(view: ControlView, { region, constants }: Watch, nowMs: number): RegionSigns['heartbeat'] {
  const own = recordOf(view, region);
  if (!own || !hasServed(own) || own.lastProbeAtMs === 0) return null;
  const lastMs = Math.min(own.beatAtMs, own.lastProbeAtMs);
  if (nowMs - lastMs > constants.edgeMs) return { kind: 'stale', sinceMs: lastMs + constants.heartbeatMs };
  const isServing = own.reached && own.state === 'serving';
  return isServing ? { kind: 'fresh', sinceMs: own.stateSinceMs ?? 0 } : null;
}

function peerHeartbeat(
  about: string,
  view: ControlView,
  { region, peers, constants }: Watch,
  nowMs: number,
): RegionSigns['heartbeat'] {
  const own = recordOf(view, region);
  // While this region does not beat, it has not been watching its peers.
  if (!own?.memory || nowMs - own.beatAtMs > constants.freshMs) return null;
  const reading = { peers: peers.map(({ name }) => name), records: view.states, answers: {} };
  const memory = observe(own.memory, reading, nowMs, constants);
  const seen = memory.peers[about];
  if (!seen || !hasServed(recordOf(view, about))) return null;
  const record = recordOf(view, about);
  if (heardByReplica(about, memory, nowMs, constants)) {
    // It beats on its schedule, and nobody reaches it.
    if (record?.state === 'serving' && !record.reached) return null;
    return { kind: 'fresh', sinceMs: seen.freshSinceMs ?? seen.heardAtMs ?? nowMs };
  }
  // No change has been seen yet: the beat is overdue, counted from when this region began to watch.
  const lastMs = seen.heardAtMs ?? seen.silentSinceMs;
  return nowMs - lastMs > constants.freshMs ? { kind: 'stale', sinceMs: lastMs + constants.heartbeatMs } : null;
}

function hasSurvivor(about: string, view: ControlView, watch: Watch, nowMs: number): boolean {
  return view.states
    .filter((state) => state.region !== about && state.state === 'serving' && state.reached)
    .some((state) => {
      const heartbeat =
        state.region === watch.region
          ? ownHeartbeat(view, watch, nowMs)
          : peerHeartbeat(state.region, view, watch, nowMs);
      return heartbeat?.kind === 'fresh';
    });
}
