// A drill's plan: the fault, the clients and the objective; parsed from options, everything else is a default.
import {
  FAULT_KINDS,
  InputError,
  kindsThat,
  type AwsEndpoint,
  type Fault,
  type FaultKind,
  type Population,
} from '@dr/contracts';
import type { LoadPlan } from './load-plan';
import { checkKind, checkNeverHeals, checkSettings, FUNCTION_KINDS, regionsFor, type Places } from './schedule';

export interface Load {
  readonly clients: number;
  /** Of all clients together. */
  readonly requestsPerSecond: number;
  /** Share of requests that write, 0-1. */
  readonly writeShare: number;
  /** Clients beside these, whom the promise is not about. @default none */
  readonly populations?: readonly Population[];
}

export interface Objective {
  readonly rtoSeconds: number;
  readonly rpoSeconds: number;
}

export interface Scenario {
  readonly fault: Fault;
  readonly objective: Objective;
  readonly load: Load;
  /** What its requests stand for. @default themselves */
  readonly plan?: LoadPlan | undefined;
}

export interface ScenarioOptions {
  readonly fault?: string | undefined;
  readonly region?: string | undefined;
  readonly functionName?: string | undefined;
  readonly service?: string | undefined;
  readonly zones?: number | undefined;
  /** Share of its calls that the fault strikes. @default that of its kind */
  readonly intensity?: number | undefined;
  /** The region is gone for good. */
  readonly neverHeals?: true | undefined;
  readonly startSeconds?: number | undefined;
  readonly durationSeconds?: number | undefined;
  readonly clients?: number | undefined;
  readonly requestsPerSecond?: number | undefined;
  /** @default none */
  readonly populations?: readonly Population[] | undefined;
  readonly objective: Objective;
}

export const WARM_UP_SECONDS = 60;
const DEFAULT_DURATION_SECONDS = 300;
const DEFAULT_CLIENTS = 200;
const DEFAULT_REQUESTS_PER_SECOND = 20;

const LIMITS = {
  duration: [1, 7200],
  clients: [1, 5000],
  rate: [0.1, 500],
} as const;

/** Throws InputError that names the option, its value and what is allowed. The first region is the default. */
export function parseScenario(options: ScenarioOptions, places: Places): Scenario {
  const { regions, functions, kinds = FAULT_KINDS } = places;
  const kind: string = options.fault ?? 'region-dark';
  checkKind(kind, kinds, `--fault "${kind}"`);
  const region = options.region ?? regions[0] ?? '';
  const allowed = regionsFor(kind, regions);
  if (!allowed.includes(region)) {
    throw new InputError(`--region "${region}"`, 'the stack has no such region', `Use one of ${allowed.join(', ')}`);
  }
  const { functionName } = options;
  if (functionName !== undefined && !functions.includes(functionName)) {
    const fix = `Use one of ${functions.join(', ')}`;
    throw new InputError(`--function "${functionName}"`, 'the stack has no such function', fix);
  }
  if (functionName !== undefined && !FUNCTION_KINDS.includes(kind)) {
    throw new InputError(
      `--function with --fault ${kind}`,
      'is ignored by that fault',
      `Leave it out; it is for ${FUNCTION_KINDS.join(', ')}`,
    );
  }
  const { service, zones, intensity, neverHeals } = options;
  if (intensity !== undefined) checkIntensity(kind, intensity);
  const fault: Fault = {
    kind,
    region,
    startSeconds: options.startSeconds ?? WARM_UP_SECONDS,
    durationSeconds: within('duration', options.durationSeconds ?? DEFAULT_DURATION_SECONDS),
    ...(functionName === undefined ? {} : { functionName }),
    ...(service === undefined ? {} : { service: service as AwsEndpoint }),
    ...(zones === undefined ? {} : { zones }),
    ...(intensity === undefined ? {} : { intensity }),
    ...(neverHeals ? { neverHeals } : {}),
    ...(kind === 'link-cut' ? linkOf(region, regions) : {}),
  };
  checkSettings(fault);
  checkNeverHeals(fault);
  return {
    fault,
    objective: options.objective,
    load: {
      clients: within('clients', options.clients ?? DEFAULT_CLIENTS),
      requestsPerSecond: within('rate', options.requestsPerSecond ?? DEFAULT_REQUESTS_PER_SECOND),
      writeShare: 0.5,
      ...(options.populations === undefined ? {} : { populations: options.populations }),
    },
  };
}

/** Kinds that strike call by call, so that they can strike a share of the calls. */
export const PER_CALL_KINDS = kindsThat(({ perCall }) => perCall);

function checkIntensity(kind: FaultKind, intensity: number): void {
  if (!PER_CALL_KINDS.includes(kind)) {
    const fix = `Leave it out; it is for ${PER_CALL_KINDS.join(', ')}`;
    throw new InputError(`--intensity with --fault ${kind}`, 'that fault strikes all or nothing', fix);
  }
  if (intensity > 0 && intensity <= 1) return;
  throw new InputError(`--intensity ${intensity}`, 'is no share', 'Give a number above 0, up to 1');
}

/** From the region to another one; schedules can name any two ends. */
const linkOf = (from: string, regions: readonly string[]): Pick<Fault, 'from' | 'to'> => ({
  from,
  to: regions.find((region) => region !== from) ?? from,
});

function within(option: keyof typeof LIMITS, value: number): number {
  const [least, most] = LIMITS[option];
  const isWhole = option === 'clients';
  if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return value;
  const number = isWhole ? 'a whole number' : 'a number';
  throw new InputError(`--${option} ${value}`, 'is out of range', `Give ${number} from ${least} to ${most}`);
}
