// The explorations: a quick set for every test run, a deep one on demand.
import { admissionConstants, type AdmissionConstants } from '../admission-constants';
import { explore, type Exploration } from './explore';
import { PRODUCTION_RULES, type ModelOptions } from './model';
import type { WalkOptions } from './walk';

/** What the default objective comes to: 3 x (10 + 4) s of detection. */
export const REAL_CONSTANTS: AdmissionConstants = admissionConstants(42);

/** The same order of thresholds (F < D < H, F + reached < W) in as few heartbeats as tell them apart. */
export const SHORT_CONSTANTS: AdmissionConstants = {
  heartbeatMs: 5_000,
  freshMs: 10_000,
  quietMs: 15_000,
  holdMs: 20_000,
  reachedMs: 5_000,
  edgeMs: 20_000,
  patienceMs: 20_000,
};

/** A region without probes beats more seldom than W in both. */
const SHORT = { constants: SHORT_CONSTANTS, scheduleTicks: 6 };
const REAL = { constants: REAL_CONSTANTS, scheduleTicks: 12 };

const named = (name: string, overrides: Partial<ModelOptions>): ModelOptions => ({
  name,
  regions: 2,
  ...SHORT,
  disturbances: 1,
  orders: true,
  jitter: false,
  simultaneous: true,
  from: 'steady',
  failback: 'automatic',
  rules: PRODUCTION_RULES,
  dropForgotten: true,
  maxStates: 20_000_000,
  ...overrides,
});

export const preset = (overrides: Partial<ModelOptions> = {}): ModelOptions => named('two regions', overrides);

const OF_A_REGION = ['crash', 'world', 'table', 'router'];
const OF_LINKS = ['replication', 'https', 'partition'];
const THROTTLING = ['throttled', 'throttled-writes'];
const EVERY_FAULT = [...OF_A_REGION, ...THROTTLING, 'slow', ...OF_LINKS, 'all', 'balancer', 'late'];

const three = { regions: 3 };
const jitter = { jitter: true };
const inTurn = { simultaneous: false };
const noOrders = { orders: false };
const byHand = { failback: 'manual' } as const;
/** An edge is shorter by hand: the soonest that Route 53 may have noticed, or F + reached and a heartbeat. */
const REAL_BY_HAND = { constants: admissionConstants(20), scheduleTicks: 12, ...byHand };

export const QUICK: readonly ModelOptions[] = [
  named('two regions, 2 of any fault or order, deciding at once', { disturbances: 2 }),
  named('two regions, 2 of any fault or order, deciding in turn', { disturbances: 2, ...inTurn }),
  named('two regions, 1 of any, every beat may be late', { ...jitter }),
  named('two regions, 1 of any, from the first start', { from: 'first-start' }),
  named('two regions, 1 of any, real constants', { ...REAL }),
  named('two regions, 5 crashes or partitions', { disturbances: 5, ...noOrders, faults: ['crash', 'partition'] }),
  named('two regions, 3 orders', { disturbances: 3, faults: [] }),
  named('two regions, 2 of throttled, crash, world or order', {
    disturbances: 2,
    faults: [...THROTTLING, 'crash', 'world'],
  }),
  named('two regions, 2 of throttled, slow, crash, replication, https or partition', {
    disturbances: 2,
    ...noOrders,
    faults: [...THROTTLING, 'slow', 'crash', ...OF_LINKS],
  }),
  named('two regions, 2 of throttled, slow, partition or replication, deciding in turn', {
    disturbances: 2,
    ...noOrders,
    faults: [...THROTTLING, 'slow', 'partition', 'replication'],
    ...inTurn,
  }),
  named('by hand: two regions, 2 of any fault or order, deciding at once', { disturbances: 2, ...byHand }),
  named('by hand: two regions, 2 of any fault or order, deciding in turn', { disturbances: 2, ...inTurn, ...byHand }),
  named('by hand: two regions, 1 of any, from the first start', { from: 'first-start', ...byHand }),
  named('by hand: two regions, 1 of any, real constants', { ...REAL_BY_HAND }),
  named('by hand: two regions, 2 of throttled, crash, router or order', {
    disturbances: 2,
    faults: [...THROTTLING, 'crash', 'router'],
    ...byHand,
  }),
  named('by hand: three regions, 1 of any', { ...three, ...byHand }),
  named('three regions, 1 of any', { ...three }),
  named('three regions, 2 orders', { ...three, disturbances: 2, faults: [] }),
];

export const DEEP: readonly ModelOptions[] = [
  named('two regions, 3 of any fault or order, deciding at once', { disturbances: 3 }),
  named('two regions, 3 of any fault or order, deciding in turn', { disturbances: 3, ...inTurn }),
  named('two regions, 4 of any fault of a region', { disturbances: 4, ...noOrders, faults: [...OF_A_REGION, 'all'] }),
  named('two regions, 5 of crash, replication or HTTPS cut one way', {
    disturbances: 5,
    ...noOrders,
    faults: ['crash', 'replication', 'https'],
  }),
  named('two regions, 3 of throttled, any fault of a region, or order', {
    disturbances: 3,
    faults: [...THROTTLING, ...OF_A_REGION],
  }),
  named('two regions, 4 of throttled, crash, world or replication', {
    disturbances: 4,
    ...noOrders,
    faults: [...THROTTLING, 'crash', 'world', 'replication'],
  }),
  named('two regions, 2 of throttled or any fault of a region, real constants', {
    disturbances: 2,
    ...noOrders,
    faults: [...THROTTLING, ...OF_A_REGION],
    ...REAL,
  }),
  named('two regions, 3 of throttled, slow, crash, replication, HTTPS or partition', {
    disturbances: 3,
    ...noOrders,
    faults: [...THROTTLING, 'slow', 'crash', ...OF_LINKS],
  }),
  named('two regions, 3 of throttled, slow, crash or partition, deciding in turn', {
    disturbances: 3,
    ...noOrders,
    faults: [...THROTTLING, 'slow', 'crash', 'partition'],
    ...inTurn,
  }),
  named('two regions, 2 of throttled, slow, crash, partition or order, real constants', {
    disturbances: 2,
    faults: [...THROTTLING, 'slow', 'crash', 'partition'],
    ...REAL,
  }),
  named('two regions, 4 orders', { disturbances: 4, faults: [] }),
  named('two regions, 2 of any, every beat may be late', { disturbances: 2, ...jitter }),
  named('two regions, 2 of any, every beat may be late, deciding in turn', { disturbances: 2, ...jitter, ...inTurn }),
  named('two regions, 2 of any, from the first start', { disturbances: 2, from: 'first-start' }),
  named('two regions, 2 of any, real constants', { disturbances: 2, ...REAL }),
  named('two regions, 3 of crash, world or replication, real constants', {
    disturbances: 3,
    ...noOrders,
    faults: ['crash', 'world', 'replication'],
    ...REAL,
  }),
  named('by hand: two regions, 3 of any fault or order, deciding at once', { disturbances: 3, ...byHand }),
  named('by hand: two regions, 3 of any fault or order, deciding in turn', { disturbances: 3, ...inTurn, ...byHand }),
  named('by hand: two regions, 3 of crash, router or order', {
    disturbances: 3,
    faults: ['crash', 'router'],
    ...byHand,
  }),
  named('by hand: two regions, 4 of crash, replication or order', {
    disturbances: 4,
    faults: ['crash', 'replication'],
    ...byHand,
  }),
  named('by hand: two regions, 2 of any, every beat may be late', { disturbances: 2, ...jitter, ...byHand }),
  named('by hand: two regions, 2 of any, from the first start', { disturbances: 2, from: 'first-start', ...byHand }),
  named('by hand: two regions, 2 of any, real constants', { disturbances: 2, ...REAL_BY_HAND }),
  named('by hand: two regions, 3 of throttled, any fault of a region, or order', {
    disturbances: 3,
    faults: [...THROTTLING, ...OF_A_REGION],
    ...byHand,
  }),
  named('by hand: three regions, 2 of any fault, throttled and slow too, or order, deciding at once', {
    ...three,
    disturbances: 2,
    faults: EVERY_FAULT,
    ...byHand,
  }),
  named('by hand: three regions, 3 of crash, replication or order', {
    ...three,
    disturbances: 3,
    faults: ['crash', 'replication'],
    ...byHand,
  }),
  named('three regions, 2 of any fault, throttled and slow too, or order, deciding at once', {
    ...three,
    disturbances: 2,
    faults: EVERY_FAULT,
  }),
  named('three regions, 2 of any fault, throttled and slow too, or order, deciding in turn', {
    ...three,
    disturbances: 2,
    faults: EVERY_FAULT,
    ...inTurn,
  }),
  named('three regions, 1 of any, every beat may be late', { ...three, ...jitter }),
  named('three regions, 2 of any, from the first start', { ...three, disturbances: 2, from: 'first-start' }),
  named('three regions, 2 of any, real constants', { ...three, disturbances: 2, ...REAL }),
  named('three regions, 3 orders', { ...three, disturbances: 3, faults: [] }),
  named('three regions, 3 of crash or cut off from the peers', {
    ...three,
    disturbances: 3,
    ...noOrders,
    faults: ['crash', 'partition'],
  }),
];

/** Steps of each walk, in the quick run and in the deep one. */
export const QUICK_STEPS = 20_000;
export const DEEP_STEPS = 300_000;

/** Four regions are too many to explore whole. The walk takes episodes of a few disturbances of every kind. */
export const walkOf = (seed: number, steps: number, overrides: Partial<WalkOptions> = {}): WalkOptions => ({
  ...named('four regions, 6 of any in an episode, deciding at once', {
    regions: 4,
    disturbances: 6,
    faults: EVERY_FAULT,
  }),
  seed,
  steps,
  ...overrides,
});

/** `steps`: of each walk. */
export const walksOf = (seed: number, steps: number): readonly WalkOptions[] => [
  walkOf(seed, steps),
  walkOf(seed, steps, { name: 'four regions, 6 of any in an episode, deciding in turn', ...inTurn }),
  walkOf(seed, steps, { name: 'four regions, 6 of any in an episode, from the first start', from: 'first-start' }),
  walkOf(seed, steps, { name: 'by hand: four regions, 6 of any in an episode', ...byHand }),
];

/** Runs the deep set one by one, telling each result as it comes: minutes of work and about 1 GB. */
export function exploreDeep(
  tell: (exploration: Exploration) => void,
  wanted: readonly ModelOptions[] = DEEP,
): readonly Exploration[] {
  return wanted.map((options) => {
    const exploration = explore(options);
    tell(exploration);
    return exploration;
  });
}
