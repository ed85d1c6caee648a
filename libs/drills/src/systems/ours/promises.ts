// What each fault is expected to do: whether clients feel it, whether traffic moves, and how long a failing probe takes.
import { traitsOf, type FaultKind, type FaultTraits } from '@dr/contracts';
import type { FunctionName } from '@dr/contracts/system';
import { BLACK_HOLE_PROBE_SECONDS, SLOW_PROBE_SECONDS } from '@dr/failover';
import type { FaultPromise } from '../../system-under-drill';

/** From the fault to the first message, by the 10 s alarm of a peer: it hears no heartbeat, or one that nobody reaches. */
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

/** Of a lost table: the first deadline, then the peer. */
export const FALLBACK_SECONDS = 2;
/** The function that clients call; a fault of functions that names none strikes it. */
export const ENTRY: FunctionName = 'traffic-router';

/** A function that clients do not call is not felt by them; the region is drained only when /health itself fails. */
export function promisesOf(kind: FaultKind, functionName: string = ENTRY): FaultPromise {
  const traits = traitsOf(kind);
  if (traits.strikes !== 'function' || functionName === ENTRY) return promiseOf(traits);
  return functionName === 'health-checker'
    ? promiseOf({ ...traits, clients: 'drained' })
    : promiseOf({ ...traits, clients: 'open', probe: 'black-hole' });
}

function promiseOf({ clients, probe, hidesReplica, alarms }: FaultTraits): FaultPromise {
  const movesTraffic = clients === 'lost' || clients === 'drained';
  return {
    affectsClients: clients === 'lost',
    movesTraffic,
    unfelt: clients === 'nothing' || clients === 'apart',
    silent: !alarms,
    ...(clients === 'open' ? { open: true } : {}),
    ...(movesTraffic || clients === 'apart' ? { toldWithinSeconds: ALERT_SECONDS } : {}),
    ...(hidesReplica && clients === 'drained' ? { servedWithinSeconds: FALLBACK_SECONDS } : {}),
    probeSeconds: PROBE_SECONDS[probe],
  };
}
