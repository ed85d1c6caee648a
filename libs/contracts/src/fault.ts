// One fault of a drill or a schedule: its kind, place, time and settings.
import { FAULTS, type FaultKind, type FaultTraits } from './faults';

export interface Fault {
  readonly kind: FaultKind;
  /** Short region name; for us-east-1-down and link-cut it is ignored. */
  readonly region: string;
  /** Seconds after the drill's start. */
  readonly startSeconds: number;
  readonly durationSeconds: number;
  /** For lambda-* and bad-deploy; default traffic-router. */
  readonly functionName?: string;
  /** Share of calls hit, 0 < x <= 1; default: that of its kind. */
  readonly intensity?: number;
  /** For dns-empty: the service whose endpoint has no address; default dynamodb. */
  readonly service?: AwsEndpoint;
  /** For zone-dark: how many zones are dark; default 1. */
  readonly zones?: number;
  /** Of a loss: the region is gone for good. `durationSeconds` is then for how long the run looks at what is left. */
  readonly neverHeals?: true;
  /** For link-cut: the sender and the receiver, each a short region name or one of LINK_ENDS. */
  readonly from?: string;
  readonly to?: string;
}

/** What of the region it strikes, where the fault says so: `traffic-router`, `dynamodb`, `2 zones`. */
export function aimOf({ functionName, service, zones }: Partial<Fault>): string | undefined {
  if (zones !== undefined) return zones === 1 ? '1 zone' : `${zones} zones`;
  return functionName ?? service;
}

/** Services of AWS that functions call, by the first label of their endpoints' names. */
export const AWS_ENDPOINTS = ['dynamodb', 'lambda', 'secretsmanager', 'sns'] as const;
export type AwsEndpoint = (typeof AWS_ENDPOINTS)[number];
/** As many zones as a region of AWS has at most (us-east-1). */
export const MAX_ZONES = 6;

/** Of the calls that the fault may strike, 0 < x <= 1. A log may name a kind that came later: all of them. */
export const shareOf = ({ kind, intensity }: Pick<Fault, 'kind' | 'intensity'>): number =>
  intensity ?? (FAULTS as Partial<Record<FaultKind, FaultTraits>>)[kind]?.share ?? 1;

/** Ends of a link besides the system's regions. `us-east-1`: the services there, where it is no region of the system. */
export const LINK_ENDS = ['clients', 'checkers', 'us-east-1'] as const;
