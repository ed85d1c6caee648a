// A measurement beside what the twin simulates with the same settings, and beside the bound in closed form.
import { predict } from '@dr/failover';
import { reviewStack, type Stack } from '@dr/review';
import { declaredHealthChecks, readNames } from '@dr/stack';
import { recoveriesOf } from '../../../measure/measure';
import { ofKind } from '../../../run/run-record';
import { watchLoss, type Lost } from '../lose';
import { CALIBRATED_NAME, failoverStack, PRIMARY } from './failover-stack';
import type { Measurement } from './measurement';

/** Both ends were met. */
export interface SimulatedSeconds {
  readonly from: number;
  readonly to: number;
}

export interface CalibrationRow extends Measurement {
  /** Over all seeds and clients; null where it never came. */
  readonly simulated: SimulatedSeconds | null;
  /**
   * That no client that honours the TTL and opens a new connection is above, and none with a DNS cache of its own where the row has such
   * clients; null where nothing may be promised.
   */
  readonly boundSeconds: number | null;
  /** Every time that was measured lies in what was simulated. */
  readonly covered: boolean;
}

/** Time to answer over HTTP after connecting, at most (Route 53: 2 s), by which a check that answers errors is slower. */
const PROBE_SECONDS = 2;

export interface CalibrationOptions {
  readonly seeds: readonly number[];
  /** Told before each set of runs. */
  readonly onRuns?: (runs: { readonly done: number; readonly of: number }) => void;
}

/** In the order of the measurements. Those of the same settings and fault are read from the same runs. */
export async function calibrate(
  measurements: readonly Measurement[],
  { seeds, onRuns }: CalibrationOptions,
): Promise<CalibrationRow[]> {
  const alike = new Map<string, Measurement[]>();
  for (const one of measurements) {
    const key = JSON.stringify([one.settings, one.clients, one.fault]);
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  const rows = new Map<Measurement, CalibrationRow>();
  for (const [done, of] of [...alike.values()].entries()) {
    onRuns?.({ done, of: alike.size });
    for (const row of await rowsOf(of, seeds)) rows.set(row.of, row.row);
  }
  return measurements.flatMap((one) => rows.get(one) ?? []);
}

async function rowsOf(of: readonly Measurement[], seeds: readonly number[]) {
  const [first] = of;
  if (!first) return [];
  const graph = failoverStack(first.settings);
  const stack: Stack = { graph, names: readNames(graph), checks: declaredHealthChecks(graph) };
  const times = of.map((): number[] => []);
  for (const seed of seeds) {
    const ownCacheSeconds = first.clients?.dnsCacheSeconds ?? 0;
    const loss = { kind: first.fault, region: PRIMARY, seed, ownCacheSeconds };
    const lost = await watchLoss(stack, [CALIBRATED_NAME], loss);
    for (const [at, one] of of.entries()) times[at]?.push(...timesIn(lost, one).map((ms) => Math.round(ms) / 1_000));
  }
  return of.map((one, at) => ({ of: one, row: rowOf(one, times[at] ?? [], boundOf(stack, one)) }));
}

function rowOf(measurement: Measurement, times: readonly number[], boundSeconds: number | null): CalibrationRow {
  const simulated = times.length === 0 ? null : { from: Math.min(...times), to: Math.max(...times) };
  const isIn = (seconds: number): boolean => simulated !== null && seconds >= simulated.from && seconds <= simulated.to;
  return { ...measurement, simulated, boundSeconds, covered: measurement.seconds.every(isIn) };
}

/** Milliseconds. */
function timesIn({ events, times: { faultMs, healMs } }: Lost, { quantity }: Measurement): number[] {
  if (quantity === 'detection') {
    const found = ofKind(events, 'health-check').find(({ atMs, healthy }) => atMs >= faultMs && !healthy);
    return found ? [found.atMs - faultMs] : [];
  }
  // Who arrives while answers change is not who goes on asking.
  const requests = ofKind(events, 'request').filter(({ client }) => !/\/new-\d+$/.test(client));
  const during = requests.filter(({ startedMs }) => startedMs >= faultMs && startedMs < healMs);
  if (quantity === 'service')
    return recoveriesOf(during, faultMs, healMs).flatMap(({ ms, recovered }) =>
      recovered === 'before-heal' ? [ms] : [],
    );
  const moved = new Map<string, number>();
  for (const { client, region, startedMs } of during)
    if (region !== PRIMARY && !moved.has(client)) moved.set(client, startedMs - faultMs);
  return [...moved.values()];
}

function boundOf({ graph }: Stack, { settings, clients, quantity, fault }: Measurement): number | null {
  if (quantity === 'detection')
    return predict(settings, fault === 'app-errors' ? PROBE_SECONDS : undefined).worstDetectionSeconds;
  const { names } = reviewStack(graph, { rtoSeconds: null, rpoSeconds: null });
  const met = names
    .find(({ name }) => name === CALIBRATED_NAME)
    ?.faults.find((one) => one.fault === fault && one.region === PRIMARY);
  const seconds = met?.seconds?.[1];
  return seconds === undefined ? null : seconds + (clients?.dnsCacheSeconds ?? 0);
}
