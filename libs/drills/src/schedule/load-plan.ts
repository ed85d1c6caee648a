// The load that a drill stands for: requests a second of each region, and how many of them one simulated request is.
import { InputError } from '@dr/contracts';
import type { LoadScale } from '@dr/twin';

export interface LoadPlan {
  /** Of each region, before any is lost. */
  readonly requestsPerSecond: number;
  readonly perRequest: number;
  /** The highest load of each region that tables have had; 0: they are new. */
  readonly peakRequestsPerSecond: number;
  readonly accountConcurrency: number;
}

export interface LoadOptions {
  readonly load?: number | undefined;
  readonly perRequest?: number | undefined;
  readonly peak?: number | undefined;
  readonly quota?: number | undefined;
}

const DEFAULT_QUOTA = 1_000;
/** Of each region: more would take long, and show no more. */
const SIMULATED_PER_SECOND = 100;
/** The most that the partitions of a table allow. */
const DEFAULT_PER_REQUEST_MOST = 100;
const SIMULATED_MOST = 500;

/** Each has a client at least. */
const MOST_REGIONS = 4;

const LIMITS = { load: [1, 1e6], 'per-request': [1, 1e5], peak: [0, 1e6], quota: [1, 1e6] } as const;

/** undefined: no load is given, and each request stands for itself. Throws InputError on what is out of range, or given without a load. */
export function parseLoad(options: LoadOptions): LoadPlan | undefined {
  const { load, perRequest, peak, quota } = options;
  const others = { 'per-request': perRequest, peak, quota };
  if (load === undefined) {
    const given = Object.entries(others).find(([, value]) => value !== undefined)?.[0];
    if (given === undefined) return undefined;
    throw new InputError(`--${given}`, 'means nothing without a load', `Give --load, or leave --${given} out`);
  }
  within('load', load);
  const stands = perRequest ?? Math.min(DEFAULT_PER_REQUEST_MOST, Math.ceil(load / SIMULATED_PER_SECOND));
  return {
    requestsPerSecond: load,
    perRequest: within('per-request', stands, true),
    peakRequestsPerSecond: within('peak', peak ?? load),
    accountConcurrency: within('quota', quota ?? DEFAULT_QUOTA, true),
  };
}

export const scaleOf = (plan: LoadPlan): LoadScale => ({
  perRequest: plan.perRequest,
  accountConcurrency: plan.accountConcurrency,
  peakShare: plan.peakRequestsPerSecond === 0 ? undefined : plan.peakRequestsPerSecond / plan.requestsPerSecond,
});

/** Of all clients together. Throws InputError where that is more than a drill can run. */
export function simulatedPerSecond({ requestsPerSecond, perRequest }: LoadPlan, regions: number): number {
  const perSecond = (requestsPerSecond * regions) / perRequest;
  if (perSecond >= 0.1 && perSecond <= SIMULATED_MOST) return perSecond;
  const least = Math.ceil((requestsPerSecond * regions) / SIMULATED_MOST);
  throw new InputError(
    `--load ${requestsPerSecond} with --per-request ${perRequest}`,
    `simulates ${perSecond.toFixed(1)} requests a second; a drill has 0.1 to ${SIMULATED_MOST}`,
    perSecond > SIMULATED_MOST ? `Give --per-request ${least} or more` : 'Give a smaller --per-request',
  );
}

/**
 * [A] A client asks once a second, however many real clients it stands for. With fewer of them at the same pace, those that are refused
 * and try again a second later are the same share of the load for each `perRequest`.
 */
export const clientsAsking = (perSecond: number): number => Math.max(MOST_REGIONS, Math.round(perSecond));

function within(option: keyof typeof LIMITS, value: number, isWhole = false): number {
  const [least, most] = LIMITS[option];
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return value;
  const number = isWhole ? 'a whole number' : 'a number';
  throw new InputError(`--${option} ${value}`, 'is out of range', `Give ${number} from ${least} to ${most}`);
}
