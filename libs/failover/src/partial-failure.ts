// A region that fails only some of its requests: from which share of failing probes on Route 53 takes it out.
import { CHECKERS, isHealthyBy } from '@dr/contracts';

/**
 * The part of the time that one checker says "unhealthy", in the long run, 0-1. Probes fail independently with the chance `failing`,
 * 0-1; `threshold` of them in a row flip a checker, in both directions (HC-05). It is the mean number of probes from one flip to the
 * next, (p^-n - 1) / (1 - p) for n results in a row of chance p, unhealthy against both.
 */
export function unhealthyPart(failing: number, threshold: number): number {
  if (failing <= 0 || failing >= 1) return Math.min(1, Math.max(0, failing));
  const probesUntil = (chance: number): number => (chance ** -threshold - 1) / (1 - chance);
  const unhealthy = probesUntil(1 - failing);
  return unhealthy / (unhealthy + probesUntil(failing));
}

/** The part of the time that the whole check is unhealthy, in the long run: no more than 18 % of its checkers say "healthy" (HC-07). */
export function checkUnhealthyPart(failing: number, threshold: number, checkers = CHECKERS): number {
  const unhealthy = unhealthyPart(failing, threshold);
  let part = 0;
  let ways = 1;
  for (let healthy = 0; healthy <= checkers && !isHealthyBy(healthy, checkers); healthy += 1) {
    part += ways * (1 - unhealthy) ** healthy * unhealthy ** (checkers - healthy);
    ways = (ways * (checkers - healthy)) / (healthy + 1);
  }
  return part;
}

/** A thousandth is finer than any sweep. */
const STEPS = 10;

/** The share of failing probes at which the check is unhealthy half of the time, 0-1: above it Route 53 takes the region out for good. */
export function turningShare(threshold: number, checkers = CHECKERS): number {
  let [stays, turns] = [0, 1];
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (stays + turns) / 2;
    if (checkUnhealthyPart(middle, threshold, checkers) < 0.5) stays = middle;
    else turns = middle;
  }
  return (stays + turns) / 2;
}
