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
    heartbeat: heartbeatOf(about, view, watch, nowMs),
    ...asked,
    evacuated: stateOf(about, view, watch) === 'evacuated',
    survivorAt: (incident, sinceMs) =>
      recordedSurvivor(about, incident, view) ?? seenSurvivor(about, sinceMs, view, watch, nowMs),
    incidentAt: (atMs) => incidentNumber(about, mine, view.others, atMs),
  };
}

const recordOf = ({ states }: ControlView, region: string): StateRecord | undefined =>
  states.find((state) => state.region === region);

/** By its record; where that cannot be read, as this region last read it. */
const stateOf = (about: string, view: ControlView, { region }: Watch): StateRecord['state'] | undefined =>
  recordOf(view, about)?.state ?? recordOf(view, region)?.memory?.peers[about]?.backup?.state;

/** A fresh one was last heard at `lastMs`. */
type Heartbeat =
  | { readonly kind: 'fresh'; readonly sinceMs: number; readonly lastMs: number }
  | Exclude<RegionSigns['heartbeat'], { readonly kind: 'fresh' }>;

const heartbeatOf = (about: string, view: ControlView, watch: Watch, nowMs: number): Heartbeat =>
  about === watch.region ? ownHeartbeat(view, watch, nowMs) : peerHeartbeat(about, view, watch, nowMs);

/** My region as the world sees it: it beats, Route 53's probes arrive, and they find it serving. */
function ownHeartbeat(view: ControlView, { region, constants }: Watch, nowMs: number): Heartbeat {
  const own = recordOf(view, region);
  if (!own || !hasServed(region, view) || own.lastProbeAtMs === 0) return null;
  const lastMs = Math.min(own.beatAtMs, own.lastProbeAtMs);
  if (nowMs - lastMs > constants.edgeMs) return { kind: 'stale', sinceMs: lastMs + constants.heartbeatMs };
  const isServing = own.reached && own.state === 'serving';
  return isServing ? { kind: 'fresh', sinceMs: own.stateSinceMs ?? 0, lastMs } : null;
}

function peerHeartbeat(
  about: string,
  view: ControlView,
  { region, peers, constants }: Watch,
  nowMs: number,
): Heartbeat {
  const own = recordOf(view, region);
  // While this region does not beat, it has not been watching its peers.
  if (!own?.memory || nowMs - own.beatAtMs > constants.freshMs) return null;
  const reading = { peers: peers.map(({ name }) => name), records: view.states, answers: {} };
  const memory = observe(own.memory, reading, nowMs, constants);
  const seen = memory.peers[about];
  if (!seen || !hasServed(about, view)) return null;
  const record = recordOf(view, about);
  if (heardByReplica(about, memory, nowMs, constants)) {
    if (!record) return null;
    // It beats on its schedule, and nobody reaches it.
    if (record.state === 'serving' && !record.reached) return null;
    const lastMs = seen.heardAtMs ?? nowMs;
    return { kind: 'fresh', sinceMs: seen.freshSinceMs ?? lastMs, lastMs };
  }
  // No change has been seen yet: the beat is overdue, counted from when this region began to watch.
  const lastMs = seen.heardAtMs ?? seen.silentSinceMs;
  return nowMs - lastMs > constants.freshMs ? { kind: 'stale', sinceMs: lastMs + constants.heartbeatMs } : null;
}

/** When another region recorded that one survives this incident of `about`: whoever was there knows better. */
const recordedSurvivor = (about: string, incident: number, { others }: ControlView): number | undefined =>
  others
    .flatMap(({ regions }) => regions[about]?.transitions ?? [])
    .find((transition) => transition.incident === incident && transition.state === 'SingleRegionActive')?.atMs;

/** When a region other than `about` was last seen serving and reached; null: not since `sinceMs`. */
function seenSurvivor(about: string, sinceMs: number, view: ControlView, watch: Watch, nowMs: number): number | null {
  const seenMs = view.states
    .filter((state) => state.region !== about && state.state === 'serving' && state.reached)
    .map(({ region }) => heartbeatOf(region, view, watch, nowMs))
    .map((heartbeat) => (heartbeat?.kind === 'fresh' ? heartbeat.lastMs : -Infinity));
  const lastMs = Math.max(-Infinity, ...seenMs);
  return lastMs >= sinceMs ? lastMs : null;
}
