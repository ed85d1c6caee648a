// What each population of clients saw, beside the clients that the promise is about: its own recovery time, and its own bound.
import { STRETCHED_SECONDS, type Population, type PopulationReport } from '@dr/contracts';
import { CLIENT_WAIT_TOTAL_SECONDS, type Prediction } from '@dr/failover';
import { CLIENT_KEEP_ALIVE, keepAliveBehind } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { clientRequests, faultStartMs, healMs, promiseOf, type FaultRun } from '../run/run-record';
import { recoveriesOf, recoveryTime, requestCounts } from './measure';

/** In the order in which they were asked for. */
export function populationReports(run: FaultRun, graph: Graph, predicted: Prediction): readonly PopulationReport[] {
  const requests = clientRequests(run);
  return (run.populations ?? []).map((population): PopulationReport => {
    const own = requests.where((request) => request.population === population.name);
    const { total, failed } = requestCounts(own);
    const recoveries = recoveriesOf(own, faultStartMs(run), healMs(run));
    return {
      name: population.name,
      clients: own.setOf(({ client }) => client).size,
      requests: { total, failed },
      rto: recoveryTime(recoveries),
      recoveredLate: recoveries.filter(({ recovered }) => recovered !== 'before-heal').length,
      ...boundOf(run, population, predicted, keepAliveBehind(graph, run.domain)),
    };
  });
}

/** Of what moves traffic: elsewhere nothing follows from the settings. */
function boundOf(
  run: FaultRun,
  { name, seconds }: Population,
  { worstDetectionSeconds, worstClientSeconds }: Prediction,
  keepAliveSeconds: number | undefined,
): Pick<PopulationReport, 'boundSeconds' | 'keepAlive'> {
  const where = (bound: number): number | null => (promiseOf(run, run.fault).movesTraffic ? bound : null);
  if (name === 'far') return { boundSeconds: where(worstClientSeconds) };
  if (name === 'stretches') {
    // No answer of DNS matters to those whom an accelerator leads.
    if (run.settings.accelerator) return { boundSeconds: where(worstClientSeconds) };
    const leastSeconds = seconds ?? Math.max(...STRETCHED_SECONDS);
    const heldSeconds = Math.max(run.settings.ttlSeconds, leastSeconds);
    return { boundSeconds: where(worstDetectionSeconds + heldSeconds + CLIENT_WAIT_TOTAL_SECONDS) };
  }
  if (keepAliveSeconds === undefined && seconds === undefined) return { boundSeconds: null };
  const { defaultSeconds } = CLIENT_KEEP_ALIVE;
  const kept = Math.min(keepAliveSeconds ?? Infinity, seconds ?? Infinity);
  return {
    boundSeconds: where(worstClientSeconds + kept),
    keepAlive: { seconds: kept, defaultSeconds, boundAtDefaultSeconds: where(worstClientSeconds + defaultSeconds) },
  };
}

/**
 * Of those that keep connections: what is shorter than AWS's default is there to be relied on. `isAccelerated`: of the others too, since no
 * cache of theirs has a say.
 */
export const brokenBounds = (reports: readonly PopulationReport[], isAccelerated = false): readonly string[] =>
  reports.flatMap(({ name, rto, boundSeconds, keepAlive }) => {
    if (!rto || boundSeconds === null || rto.worstSeconds <= boundSeconds) return [];
    if (keepAlive)
      return keepAlive.seconds < keepAlive.defaultSeconds
        ? [
            `the worst client of those that keep connections (${name}) was without service for ${rto.worstSeconds} s; ${boundSeconds} s follow from a connection's ${keepAlive.seconds} s and the prediction`,
          ]
        : [];
    if (!isAccelerated || name === 'keeps') return [];
    return [
      `a client of ${name}, whom the accelerator moves as any other, was without service for ${rto.worstSeconds} s; ${boundSeconds} s was predicted`,
    ];
  });
