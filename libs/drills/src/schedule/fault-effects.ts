// What each fault is expected to do: whether clients feel it, whether traffic moves, and how long a failing probe takes.
import { kindsThat, traitsOf, type Fault, type FaultKind, type FaultTraits } from '@dr/contracts';
import { BLACK_HOLE_PROBE_SECONDS, predict, SLOW_PROBE_SECONDS, type Prediction } from '@dr/failover';
import type { RecoveryTimes } from '../run/twin-port';

export interface FaultEffect {
  /** At least one client must see a failure, else the drill has shown nothing. */
  readonly affectsClients: boolean;
  /** The region must leave the DNS answers and come back. */
  readonly movesTraffic: boolean;
  /** Somebody outside the region is told within {@link ALERT_SECONDS}: the peer hears no heartbeat, or an unreached one. */
  readonly toldByPeer: boolean;
  /** Upper bound of what one failing probe takes; the prediction is made with it. */
  readonly probeSeconds: number;
}

/** From the fault to the first message, by the 10 s alarm of the peer. */
export const ALERT_SECONDS = 60;

/** A reset comes back in one round trip: under 0.3 s from the farthest checker, so 1 s is a bound. */
const REFUSED_PROBE_SECONDS = 1;
/** /health gives its verdict within 0.8 s; three round trips of TCP and TLS come on top. */
const UNHEALTHY_ANSWER_SECONDS = 2;

const PROBE_SECONDS: Readonly<Record<FaultTraits['probe'], number>> = {
  'black-hole': BLACK_HOLE_PROBE_SECONDS,
  refused: REFUSED_PROBE_SECONDS,
  slow: SLOW_PROBE_SECONDS,
  'unhealthy-answer': UNHEALTHY_ANSWER_SECONDS,
};

const effect = ({ clients, probe }: Pick<FaultTraits, 'clients' | 'probe'>): FaultEffect => ({
  affectsClients: clients === 'lost',
  movesTraffic: clients === 'lost' || clients === 'drained',
  toldByPeer: clients === 'lost' || clients === 'drained' || clients === 'apart',
  probeSeconds: PROBE_SECONDS[probe],
});

/** What clients must not feel, whatever it does to those who operate the system. */
export const UNFELT = kindsThat(({ clients }) => clients === 'nothing' || clients === 'apart');

/** A function that clients do not call is not felt by them; the region is drained only when /health itself fails. */
export function effectOf(kind: FaultKind, functionName = 'traffic-router'): FaultEffect {
  const traits = traitsOf(kind);
  if (traits.strikes !== 'function' || functionName === 'traffic-router') return effect(traits);
  return functionName === 'health-checker'
    ? effect({ ...traits, clients: 'drained' })
    : effect({ clients: 'nothing', probe: 'black-hole' });
}

/** What the settings promise for the fault. Objectives are set for a black hole, so a slower probe is only measured. */
export const promisedBy = (settings: RecoveryTimes, fault: Fault): Prediction =>
  predict(settings, Math.min(effectOf(fault.kind, fault.functionName).probeSeconds, BLACK_HOLE_PROBE_SECONDS));
