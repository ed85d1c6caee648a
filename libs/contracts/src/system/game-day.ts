// Game days: the faults that are made on AWS itself, and the control records that tell of them.
import type { FaultKind } from '../faults';
import type { CONTROL_ID } from './table';

/** What a game day can take away, and the fault of the twin that is the same for clients. */
export const GAME_DAY_FAULTS = {
  'alb-dark': { twin: 'alb-dark', loses: 'all packets to its load balancer' },
  'lambda-throttled': { twin: 'lambda-throttled', loses: 'every invocation of traffic-router' },
  network: { twin: 'alb-dark', loses: 'the network of its public subnets' },
} as const satisfies Readonly<Record<string, { readonly twin: FaultKind; readonly loses: string }>>;

export type GameDayFault = keyof typeof GAME_DAY_FAULTS;

/** One call of an AWS API as data, so that we and a schedule can make the very same one. `input` as the API reference has it. */
export interface AwsChange {
  /** As the SDK identifies it. */
  readonly service: 'lambda' | 'ec2';
  /** In lower camel case, e.g. `putFunctionConcurrency`. */
  readonly action: string;
  readonly input: Readonly<Record<string, string | number | boolean>>;
}

/**
 * How the fault is made and ended. `change`: two calls, the second of which a schedule makes when nobody else does.
 * `experiment`: FIS makes it and ends it.
 */
export type FaultPlan =
  { readonly by: 'change'; readonly make: AwsChange; readonly undo: AwsChange } | { readonly by: 'experiment' };

/** Sort key of the game day that is held, of which there is one at most. Outside of what functions read at every beat. */
export const GAME_DAY_KEY = 'testing';

/** Sort key of a game day that is over; just before the transitions, so that one Query reads both. */
export const gameDayResultKey = (startedAtMs: number, region: string): string =>
  `${GAME_DAY_RESULT_PREFIX}${new Date(startedAtMs).toISOString()}#${region}`;
export const GAME_DAY_RESULT_PREFIX = 'tested#';

/** `testing`: the game day that is held, or the last one. Written into the first region of the system. Times: epoch ms. */
export interface GameDayRecord {
  readonly id: typeof CONTROL_ID;
  readonly timestamp: typeof GAME_DAY_KEY;
  /** False: it is over, and all is as it was. */
  readonly open: boolean;
  /** Also the name of what is armed in AWS. */
  readonly name: string;
  readonly region: string;
  readonly awsRegion: string;
  readonly account: string;
  readonly fault: GameDayFault;
  readonly plan: FaultPlan;
  readonly startedAtMs: number;
  /** By then it is undone at the latest, whoever does it. */
  readonly overByMs: number;
}

/** `tested#<start>#R`: a game day that is over. */
export interface GameDayResult {
  readonly id: typeof CONTROL_ID;
  readonly timestamp: string;
  readonly name: string;
  readonly region: string;
  readonly account: string;
  /** `emulated`: it was not AWS that answered. */
  readonly where: 'aws' | 'emulated';
  readonly fault: GameDayFault;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** `unfinished`: it was interrupted, or its machine was gone; nothing was measured to its end. */
  readonly outcome: 'passed' | 'failed' | 'unfinished';
  /** Worst client with new connections, seconds; null: none was affected, or nobody measured. */
  readonly worstSeconds: number | null;
}
