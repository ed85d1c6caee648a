// Recovery arithmetic: what Route 53 settings a recovery-time objective needs, and what they promise.
import {
  ALIAS_TTL_SECONDS,
  CHECKERS,
  InputError,
  PROBE_SECONDS,
  ROUTING_POLICIES,
  type FrontDoor,
  type Routing,
} from '@dr/contracts';
import { acceleratedSeconds, acceleratedSum, FRONT_CHECK, type TargetCheck } from './accelerator';

/** A probe that nothing answers. */
export const BLACK_HOLE_PROBE_SECONDS = PROBE_SECONDS.connect;
/** A connection that opens at the last moment, then silence. */
export const SLOW_PROBE_SECONDS = PROBE_SECONDS.connect + PROBE_SECONDS.status;
/** [A] What a user feels on top of DNS: a request time-out, the pause before the next try, the request that succeeds. */
export const CLIENT_WAIT_SECONDS = { timeout: 3, pause: 1, success: 1 } as const;
export const CLIENT_WAIT_TOTAL_SECONDS =
  CLIENT_WAIT_SECONDS.timeout + CLIENT_WAIT_SECONDS.pause + CLIENT_WAIT_SECONDS.success;

const INTERVALS = [30, 10] as const;
const THRESHOLDS = [3, 2, 1] as const;
const CNAME_TTLS = [60, 30, 20, 15, 10, 5] as const;
const SECONDS_A_MONTH = 730 * 3600;

/** USD, read 2026-09: a month of an option on a check of an AWS endpoint; a million invocations of a function. */
export const SETTING_PRICES_USD = { fastInterval: 1, invocations: 0.2 } as const;
const MILLION = 1e6;

interface Timing {
  readonly intervalSeconds: number;
  /** Consecutive failures (or successes) that flip one checker. */
  readonly failureThreshold: number;
  readonly ttlSeconds: number;
  /** Clients come by an accelerator: it moves them, by the check that load balancers make of a target. @default DNS moves them */
  readonly accelerator?: TargetCheck;
}

export interface RecoverySettings extends Timing {
  readonly recordType: 'alias' | 'cname';
}

export interface Prediction {
  readonly worstDetectionSeconds: number;
  readonly worstClientSeconds: number;
}

export interface Selection {
  readonly settings: RecoverySettings;
  readonly predicted: Prediction;
  /** The arithmetic in one line, for people. */
  readonly arithmetic: string;
  readonly warnings: readonly string[];
}

export interface RecoveryObjective {
  readonly rtoSeconds: number;
  /** The name is the zone itself: no CNAME is possible there. */
  readonly apex: boolean;
  /** @default dns */
  readonly frontDoor?: FrontDoor;
  readonly routing: Routing;
  /** Resolvers that keep asking for the name. */
  readonly resolvers: number;
  /** Number of endpoints checked. */
  readonly regions: number;
  readonly overrides?: {
    readonly intervalSeconds?: number | undefined;
    readonly failureThreshold?: number | undefined;
    readonly ttlSeconds?: number | undefined;
  };
}

/** Worst times after a region is lost. `probeSeconds`: what one failing probe takes, 0 (refused, 5xx) to 6 (slow connect). */
export function predict(settings: Timing, probeSeconds: number = BLACK_HOLE_PROBE_SECONDS): Prediction {
  return {
    worstDetectionSeconds: settings.failureThreshold * (settings.intervalSeconds + probeSeconds),
    worstClientSeconds: movedSeconds(settings, probeSeconds) + CLIENT_WAIT_TOTAL_SECONDS,
  };
}

/** From a failure until no new connection goes to the region: by DNS once caches have expired, by an accelerator when it acts. */
export const movedSeconds = (
  { failureThreshold, intervalSeconds, ttlSeconds, accelerator }: Timing,
  probeSeconds: number = BLACK_HOLE_PROBE_SECONDS,
): number =>
  accelerator ? acceleratedSeconds(accelerator) : failureThreshold * (intervalSeconds + probeSeconds) + ttlSeconds;

/** No checker has met the threshold sooner: so many failures in a row are so far apart. What an accelerator goes by may be sooner still. */
export const soonestDetectionSeconds = ({ failureThreshold, intervalSeconds, accelerator }: Timing): number =>
  accelerator ? 0 : (failureThreshold - 1) * intervalSeconds;

/** How `predict` came to it, `3 x (10 + 4) + 10 + 5 = 57 s`: detection, DNS cache, client wait. */
export function explain(settings: Timing, predicted: Prediction = predict(settings)): string {
  const { failureThreshold, intervalSeconds, ttlSeconds, accelerator } = settings;
  const { worstDetectionSeconds, worstClientSeconds } = predicted;
  const wait = `client wait ${CLIENT_WAIT_TOTAL_SECONDS} s = ${worstClientSeconds} s`;
  if (accelerator) return `${acceleratedSum(accelerator)} + ${wait}`;
  const probeSeconds = Math.round((worstDetectionSeconds / failureThreshold - intervalSeconds) * 10) / 10;
  return (
    `${failureThreshold} x (${intervalSeconds} s interval + ${probeSeconds} s probe) + TTL ${ttlSeconds} s + ` + wait
  );
}

/**
 * The cheapest settings that meet the objective: threshold 3 unless none with 3 does, then 2, then 1; at equal cost the
 * larger TTL. Throws InputError with the arithmetic and the nearest reachable objective when nothing meets it.
 */
export function selectSettings(objective: RecoveryObjective): Selection {
  const candidates = candidatesFor(objective);
  for (const threshold of thresholdsFor(objective)) {
    const meeting = candidates.filter(
      (c) => c.failureThreshold === threshold && predict(c).worstClientSeconds <= objective.rtoSeconds,
    );
    const best = meeting.sort(
      (a, b) => monthlyCostUsd(a, objective) - monthlyCostUsd(b, objective) || b.ttlSeconds - a.ttlSeconds,
    )[0];
    if (best) return selection(best);
  }
  throw unreachable(objective, candidates);
}

export interface RecoveryChoice extends RecoverySettings, Prediction {
  readonly monthlyUsd: number;
  /** The worst client is within the objective. */
  readonly meets: boolean;
  /** Explicit settings leave it open. */
  readonly allowed: boolean;
}

/** Every choice that the name allows, those of explicit settings among them; the slowest interval, threshold and TTL first. */
export function choicesFor(objective: RecoveryObjective): RecoveryChoice[] {
  const allowed = new Set(candidatesFor(objective).map(keyOf));
  const all = [...candidatesFor({ ...objective, overrides: {} }), ...candidatesFor(objective)];
  return [...new Map(all.map((settings) => [keyOf(settings), settings])).values()]
    .sort(
      (a, b) =>
        b.intervalSeconds - a.intervalSeconds ||
        b.failureThreshold - a.failureThreshold ||
        b.ttlSeconds - a.ttlSeconds ||
        a.recordType.localeCompare(b.recordType),
    )
    .map((settings) => ({
      ...settings,
      ...predict(settings),
      monthlyUsd: monthlyCostUsd(settings, objective),
      meets: predict(settings).worstClientSeconds <= objective.rtoSeconds,
      allowed: allowed.has(keyOf(settings)),
    }));
}

const keyOf = ({ intervalSeconds, failureThreshold, ttlSeconds, recordType }: RecoverySettings): string =>
  [intervalSeconds, failureThreshold, ttlSeconds, recordType].join(' ');

/** USD a month of the choices that differ between settings: fast interval, probes' invocations, DNS queries. */
export function monthlyCostUsd(settings: RecoverySettings, objective: RecoveryObjective): number {
  const { fastInterval, invocations } = SETTING_PRICES_USD;
  const fast = settings.intervalSeconds === 10 ? fastInterval * objective.regions : 0;
  const probes = (monthlyProbes(settings.intervalSeconds, objective.regions) / MILLION) * invocations;
  const queries =
    settings.recordType === 'alias'
      ? 0
      : ((objective.resolvers * SECONDS_A_MONTH) / settings.ttlSeconds / MILLION) *
        ROUTING_POLICIES[objective.routing].queriesUsd;
  return fast + probes + queries;
}

/** Requests a month that Route 53's checkers send to all endpoints. */
export const monthlyProbes = (intervalSeconds: number, endpoints: number): number =>
  Math.round((CHECKERS * endpoints * SECONDS_A_MONTH) / intervalSeconds);

function selection(settings: RecoverySettings): Selection {
  const warnings =
    settings.failureThreshold === 1
      ? ['failureThreshold 1: a single lost probe flips a checker, so expect false alarms']
      : [];
  return { settings, predicted: predict(settings), arithmetic: explain(settings), warnings };
}

/** Behind an accelerator Route 53's checks steer nobody: they tell people, and the region itself, whether the world reaches it. */
const ACCELERATED: RecoverySettings = {
  intervalSeconds: 10,
  failureThreshold: 3,
  ttlSeconds: ALIAS_TTL_SECONDS,
  recordType: 'alias',
  accelerator: FRONT_CHECK,
};

function candidatesFor({ apex, frontDoor, overrides = {} }: RecoveryObjective): RecoverySettings[] {
  if (frontDoor === 'global-accelerator') return [ACCELERATED];
  const intervals = overrides.intervalSeconds ? [overrides.intervalSeconds] : INTERVALS;
  const thresholds = overrides.failureThreshold ? [overrides.failureThreshold] : THRESHOLDS;
  const cnameTtls = apex ? [] : overrides.ttlSeconds ? [overrides.ttlSeconds] : CNAME_TTLS;
  const withAlias = apex || overrides.ttlSeconds === undefined || overrides.ttlSeconds === ALIAS_TTL_SECONDS;
  const answers = [
    ...(withAlias ? [{ recordType: 'alias' as const, ttlSeconds: ALIAS_TTL_SECONDS }] : []),
    ...cnameTtls.map((ttlSeconds) => ({ recordType: 'cname' as const, ttlSeconds })),
  ];
  return intervals.flatMap((intervalSeconds) =>
    thresholds.flatMap((failureThreshold) =>
      answers.map((answer) => ({ intervalSeconds, failureThreshold, ...answer })),
    ),
  );
}

const thresholdsFor = ({ overrides }: RecoveryObjective): readonly number[] =>
  overrides?.failureThreshold ? [overrides.failureThreshold] : THRESHOLDS;

function unreachable(objective: RecoveryObjective, candidates: readonly RecoverySettings[]): InputError {
  if (objective.frontDoor === 'global-accelerator')
    return new InputError(
      `dr.config.ts: objectives.rtoSeconds = ${objective.rtoSeconds} with frontDoor "global-accelerator"`,
      `cannot be met: ${explain(ACCELERATED)}, and nothing of it can be set lower`,
      `Set rtoSeconds to ${predict(ACCELERATED).worstClientSeconds} or more, or use frontDoor: 'dns'`,
    );
  const nearest = candidates.reduce((a, b) => (predict(b).worstClientSeconds < predict(a).worstClientSeconds ? b : a));
  const atThresholds = thresholdsFor(objective)
    .map((t) =>
      Math.min(...candidates.filter((c) => c.failureThreshold === t).map((c) => predict(c).worstClientSeconds)),
    )
    .map((seconds, i) => `${seconds} s with threshold ${thresholdsFor(objective)[i]}`);
  const apex = objective.apex
    ? ', because the domain is the zone itself: only an alias is possible there, and its TTL is fixed at 60 s'
    : '';
  return new InputError(
    `dr.config.ts: objectives.rtoSeconds = ${objective.rtoSeconds}`,
    `cannot be met${apex}: ${explain(nearest)} at best (${atThresholds.join(', ')})`,
    `Set rtoSeconds to ${predict(nearest).worstClientSeconds} or more${objective.apex ? ', or use a sub-domain' : ''}`,
  );
}
