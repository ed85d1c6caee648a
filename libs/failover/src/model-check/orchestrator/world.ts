// One outage of region B, watched by the orchestrators of A and of B itself, in steps of half a minute: what happens and who sees it.
import type { FailoverRecord } from '@dr/contracts/system';
import type { RegionSigns } from '../../failover-machine';
import { newFailoverRecord } from '../../failover-machine-journal';

export const STEP_MS = 30_000;
/** The first is a living system's. */
const START_MS = 100 * STEP_MS;
export const HEARTBEAT_MS = 5_000;
export const DOWN_AT = 2;
/** It heals by itself by then. */
export const HEALED_BY = 12;
/** Nothing more goes wrong after that, and who is cut off is no longer by then. */
export const CALM_FROM = 24;
export const MENDED_BY = 30;
/** Alarms, a minute's tick, the grace of the next in line and a claim of the one before have passed twice over. */
export const HORIZON = 56;

/** `dark`: B is off. `edge`: nobody reaches it; it beats and its orchestrator runs on the schedule. */
export type Outage = 'dark' | 'edge';
export type Observer = 'A' | 'B';
export const OBSERVERS: readonly Observer[] = ['A', 'B'];

export interface Delivery {
  readonly to: Observer;
  readonly step: number;
  readonly state: 'ALARM' | 'OK';
  readonly atMs: number;
}

/** Plain data: two worlds are equal when their JSON is. */
export interface World {
  readonly step: number;
  readonly outage: Outage;
  readonly healedAt: number | null;
  /** Since when the regions do not see each other's records. */
  readonly cutAt: number | null;
  readonly alarm: 'OK' | 'ALARM' | 'OK again';
  readonly deliveries: readonly Delivery[];
  readonly records: Readonly<Record<Observer, FailoverRecord>>;
  /** Each one's record as the other has it. */
  readonly copies: Readonly<Record<Observer, FailoverRecord>>;
  /** What people were told, in order: ids of transitions. */
  readonly told: readonly string[];
  /** One of them was told again, without one of the excuses that follow. */
  readonly toldAgain: boolean;
  /** Who claimed them died before an answer came, and nobody has seen one since. */
  readonly unanswered: readonly string[];
  /** The regions do not see each other, or what they have of each other is still from that time. */
  readonly blind: boolean;
  /** Recorded by one of them while they did not see each other: the other may come to it late. */
  readonly apart: readonly string[];
  /** They did not at some time: each may have counted for itself. */
  readonly wasCut: boolean;
  /** The one that lost a delivery: the topic delivers to the other. */
  readonly lostTo: Observer | null;
}

export const timeOf = (step: number): number => START_MS + step * STEP_MS;

export function firstWorld(outage: Outage): World {
  const records = { A: newFailoverRecord('A'), B: newFailoverRecord('B') };
  return {
    step: 0,
    outage,
    healedAt: null,
    cutAt: null,
    alarm: 'OK',
    deliveries: [],
    records,
    copies: records,
    told: [],
    toldAgain: false,
    unanswered: [],
    blind: false,
    apart: [],
    wasCut: false,
    lostTo: null,
  };
}

export const isDown = ({ step, healedAt }: World): boolean => step >= DOWN_AT && healedAt === null;

export const runsAtAll = (world: World, observer: Observer): boolean =>
  observer === 'A' || world.outage === 'edge' || !isDown(world);

/** Found within half a minute or so; then the minute of the metric, two until it has arrived, and an evaluation. */
const ALARM_STEPS = 8;
/** What the alarm says is of a minute that ended so long before. */
const ARRIVAL_STEPS = 4;

/** The alarm of Route 53 speaks at full minutes, up to four minutes late: also of an outage that is over by then. */
export function withAlarm(world: World): World {
  const { step, alarm, healedAt } = world;
  if (step % 2 !== 0) return world;
  const state = alarm === 'OK' && step >= DOWN_AT + ALARM_STEPS ? 'ALARM' : undefined;
  const next = alarm === 'ALARM' && healedAt !== null && step >= healedAt + ALARM_STEPS ? 'OK again' : state;
  if (!next) return world;
  const told = next === 'ALARM' ? ('ALARM' as const) : ('OK' as const);
  const deliveries = OBSERVERS.map((to): Delivery => ({
    to,
    step,
    state: told,
    atMs: timeOf(step - ARRIVAL_STEPS),
  }));
  return { ...world, alarm: next, deliveries: [...world.deliveries, ...deliveries] };
}

type Signs = Omit<RegionSigns, 'incidentAt'>;

/** What the observer sees of B. `trusting`: it takes a heartbeat for a sign of health although nobody reaches the region. */
export function signsOf(world: World, observer: Observer, trusting: boolean): Signs {
  const heartbeat = observer === 'B' ? ownHeartbeat(world) : peerHeartbeat(world, trusting);
  const survives = observer === 'A' || world.cutAt === null;
  const survivorAt = (): number | null => (survives ? timeOf(world.step) : null);
  return { heartbeat, survivorAt, answers: null, globalRegionAnswers: null, evacuated: false };
}

const fresh = (sinceMs: number): Signs['heartbeat'] => ({ kind: 'fresh', sinceMs });
const stale = (lastMs: number): Signs['heartbeat'] => ({ kind: 'stale', sinceMs: lastMs + HEARTBEAT_MS });

function peerHeartbeat(world: World, trusting: boolean): Signs['heartbeat'] {
  const { step, outage, cutAt, healedAt } = world;
  if (cutAt !== null && step > cutAt) return stale(timeOf(Math.max(cutAt, 0)));
  if (step <= DOWN_AT) return fresh(0);
  if (healedAt !== null) return step > healedAt ? fresh(timeOf(healedAt)) : null;
  if (outage === 'dark') return stale(timeOf(DOWN_AT));
  // Once a minute a heartbeat comes, which says that nobody reaches the region.
  if (step % 2 !== 0) return stale(timeOf(step - 1));
  return trusting ? fresh(timeOf(step)) : null;
}

function ownHeartbeat({ step, outage, healedAt }: World): Signs['heartbeat'] {
  if (step <= DOWN_AT) return fresh(0);
  // Off for longer than W it catches up first, for a minute.
  if (healedAt !== null && outage === 'dark') return step >= healedAt + 2 ? fresh(timeOf(healedAt + 2)) : null;
  if (healedAt !== null) return step > healedAt ? fresh(0) : null;
  return step >= DOWN_AT + 2 ? stale(timeOf(DOWN_AT)) : null;
}
