// How long a write takes to reach another replica while nothing is wrong (DDB-06): it grows with the distance of the two regions.
import { roundTripMs } from '@dr/contracts';
import type { Random } from '../../kernel/random';

/** [A] Of this pair. AWS gives no service level; its guidance says 0.5 to 2.5 s. */
const BASE = { roundTripMs: roundTripMs('ap-south-1', 'ap-southeast-1'), medianMs: 800 };
/** [A] Of the base's median, what grows with the round trip. Medians are then 0.5 s between neighbours and 2 s across the globe. */
const SHARE_OF_DISTANCE = 0.4;
/** [A] From the median to the 99th percentile. The distance moves a write's lag and does not spread it. */
const SPREAD_MS = 1_700;
/** [A] No page gives a bound; a write of some ten thousand takes longer than 5 s. What is slower is the fault replication-slow. */
const MOST_MS = 10_000;

export function lagMs(random: Random, from: string, to: string): number {
  const farther = roundTripMs(from, to) / BASE.roundTripMs - 1;
  const medianMs = BASE.medianMs * (1 + SHARE_OF_DISTANCE * farther);
  return Math.min(random.logNormal(medianMs, medianMs + SPREAD_MS), MOST_MS);
}
