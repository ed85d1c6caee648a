// What a drill had to show: a fault that ends before anybody can have found it moves nobody, and is judged as such.
import { BLACK_HOLE_PROBE_SECONDS, predict, type Prediction } from '@dr/failover';
import { PROMISED_CLIENT, PROMISED_CLIENTS, WORST_CLIENT, type DrillReport } from '@dr/contracts';
import { requestCounts } from '../measure/measure';
import { detectedMs } from '../measure/probes';
import {
  promisedRequests,
  faultStartMs,
  healMs,
  isPartial,
  promiseOf,
  seconds,
  type DrillRun,
  type FaultRun,
} from '../run/run-record';

/** What the settings promise for the fault. Objectives are set for a black hole, so a slower probe is only measured. */
export const promisedTo = (run: FaultRun): Prediction =>
  predict(run.settings, Math.min(promiseOf(run, run.fault).probeSeconds, BLACK_HOLE_PROBE_SECONDS));

export function demandedOf(run: DrillRun) {
  const { durationSeconds } = run.fault;
  const effect = promiseOf(run, run.fault);
  const { worstDetectionSeconds, worstClientSeconds } = predict(run.settings, effect.probeSeconds);
  return {
    /** The fault outlasts the slowest detection: its region has to leave the answers and to come back. */
    failover: effect.movesTraffic && durationSeconds > worstDetectionSeconds,
    /** It outlasts the slowest client, too: everybody has to be served again while it lasts. */
    recoveryBeforeHeal: durationSeconds > worstClientSeconds && !isPartial(run.fault),
    /** Route 53 has found the region unhealthy: then people are to be told, however short the fault was. */
    isFound: detectedMs(run) !== undefined,
  };
}

/** One or two sentences for people: did anything have to move, did it, and who was hurt. */
export function judgementOf(run: DrillRun, rto: DrillReport['rto']): string {
  if (run.stoppedBeforeFault) return 'No fault was injected: too much failed before it.';
  return `${movement(run)} ${isPartial(run.fault) ? shareFailed(run, rto) : harm(run, rto)}`;
}

function movement(run: DrillRun): string {
  const { kind, region, durationSeconds } = run.fault;
  const effect = promiseOf(run, run.fault);
  const foundMs = detectedMs(run);
  const found = foundMs === undefined ? undefined : seconds(foundMs - faultStartMs(run));
  if ((effect.open || isPartial(run.fault)) && found === undefined) return 'No health check changed.';
  if (!effect.movesTraffic) {
    return found === undefined ? `${kind} moves no client.` : `${region} was found unhealthy after ${found} s.`;
  }
  const { worstDetectionSeconds } = predict(run.settings, effect.probeSeconds);
  if (demandedOf(run).failover) {
    return found === undefined
      ? `${region} had to leave the answers within ${worstDetectionSeconds} s, and did not.`
      : `${region} was found unhealthy after ${found} s.`;
  }
  const short = `${durationSeconds} s is no longer than detection may take (${worstDetectionSeconds} s), so nothing had to move`;
  return found === undefined
    ? `${short}, and nothing did.`
    : `${short}; Route 53 moved clients all the same, after ${found} s.`;
}

/** While a share of requests fails, nobody is out of service for long, and many requests fail. */
function shareFailed(run: DrillRun, rto: DrillReport['rto']): string {
  if (!rto) return `No request of ${PROMISED_CLIENTS} failed.`;
  const { total, failed } = requestCounts(
    promisedRequests(run).where(({ startedMs }) => startedMs >= faultStartMs(run) && startedMs < healMs(run)),
  );
  return (
    `While it lasted ${failed} of ${total} requests failed, of ${rto.clientsAffected} clients; ` +
    `the longest time that one was without service was ${rto.worstSeconds} s, and the objective is ${run.objective.rtoSeconds} s.`
  );
}

function harm(run: DrillRun, rto: DrillReport['rto']): string {
  const { rtoSeconds } = run.objective;
  if (!rto) return `No ${PROMISED_CLIENT} was without service.`;
  return `The ${WORST_CLIENT} was without service for ${rto.worstSeconds} s; the objective is ${rtoSeconds} s.`;
}
