// The explorations: a quick set for every test run, a deep one on demand.
import { admissionConstants } from '../admission-constants';
import type { AdmissionConstants } from '../admission-constants';
import { explore } from './explore';
import type { Exploration } from './explore';
import { PRODUCTION_RULES } from './model';
import type { ModelOptions } from './model';
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

export const preset = (overrides: Partial<ModelOptions> = {}): ModelOptions => ({
  name: 'two regions',
  regions: 2,
  ...SHORT,
  disturbances: 1,
  orders: true,
  jitter: false,
  simultaneous: true,
  from: 'steady',
  rules: PRODUCTION_RULES,
  dropForgotten: true,
  maxStates: 20_000_000,
  ...overrides,
});

const EVERY_FAULT = [
  'crash',
  'world',
  'table',
  'router',
  'throttled',
  'slow',
  'replication',
  'https',
  'all',
  'balancer',
  'partition',
  'late',
];

const three = { regions: 3 };
const jitter = { jitter: true };
const inTurn = { simultaneous: false };

export const QUICK: readonly ModelOptions[] = [
  preset({ name: 'two regions, 2 of any fault or order, deciding at once', disturbances: 2 }),
  preset({ name: 'two regions, 2 of any fault or order, deciding in turn', disturbances: 2, ...inTurn }),
  preset({ name: 'two regions, 1 of any, every beat may be late', ...jitter }),
  preset({ name: 'two regions, 1 of any, from the first start', from: 'first-start' }),
  preset({ name: 'two regions, 1 of any, real constants', ...REAL }),
  preset({
    name: 'two regions, 5 crashes or partitions',
    disturbances: 5,
    orders: false,
    faults: ['crash', 'partition'],
  }),
  preset({ name: 'two regions, 3 orders', disturbances: 3, faults: [] }),
  preset({
    name: 'two regions, 2 of throttled, crash, world or order',
    disturbances: 2,
    faults: ['throttled', 'crash', 'world'],
  }),
  preset({
    name: 'two regions, 2 of throttled, slow, crash, replication, https or partition',
    disturbances: 2,
    orders: false,
    faults: ['throttled', 'slow', 'crash', 'replication', 'https', 'partition'],
  }),
  preset({
    name: 'two regions, 2 of throttled, slow, partition or replication, deciding in turn',
    disturbances: 2,
    orders: false,
    faults: ['throttled', 'slow', 'partition', 'replication'],
    ...inTurn,
  }),
  preset({ name: 'three regions, 1 of any', ...three }),
  preset({ name: 'three regions, 2 orders', ...three, disturbances: 2, faults: [] }),
];

export const DEEP: readonly ModelOptions[] = [
  preset({ name: 'two regions, 3 of any fault or order, deciding at once', disturbances: 3 }),
  preset({ name: 'two regions, 3 of any fault or order, deciding in turn', disturbances: 3, ...inTurn }),
  preset({
    name: 'two regions, 4 of any fault of a region',
    disturbances: 4,
    orders: false,
    faults: ['crash', 'world', 'table', 'router', 'all'],
  }),
  preset({
    name: 'two regions, 5 of crash, replication or HTTPS cut one way',
    disturbances: 5,
    orders: false,
    faults: ['crash', 'replication', 'https'],
  }),
  preset({
    name: 'two regions, 3 of throttled, any fault of a region, or order',
    disturbances: 3,
    faults: ['throttled', 'crash', 'world', 'table', 'router'],
  }),
  preset({
    name: 'two regions, 4 of throttled, crash, world or replication',
    disturbances: 4,
    orders: false,
    faults: ['throttled', 'crash', 'world', 'replication'],
  }),
  preset({
    name: 'two regions, 2 of throttled or any fault of a region, real constants',
    disturbances: 2,
    orders: false,
    faults: ['throttled', 'crash', 'world', 'table', 'router'],
    ...REAL,
  }),
  preset({
    name: 'two regions, 3 of throttled, slow, crash, replication, HTTPS or partition',
    disturbances: 3,
    orders: false,
    faults: ['throttled', 'slow', 'crash', 'replication', 'https', 'partition'],
  }),
  preset({
    name: 'two regions, 3 of throttled, slow, crash or partition, deciding in turn',
    disturbances: 3,
    orders: false,
    faults: ['throttled', 'slow', 'crash', 'partition'],
    ...inTurn,
  }),
  preset({
    name: 'two regions, 2 of throttled, slow, crash, partition or order, real constants',
    disturbances: 2,
    faults: ['throttled', 'slow', 'crash', 'partition'],
    ...REAL,
  }),
  preset({ name: 'two regions, 4 orders', disturbances: 4, faults: [] }),
  preset({ name: 'two regions, 2 of any, every beat may be late', disturbances: 2, ...jitter }),
  preset({
    name: 'two regions, 2 of any, every beat may be late, deciding in turn',
    disturbances: 2,
    ...jitter,
    ...inTurn,
  }),
  preset({ name: 'two regions, 2 of any, from the first start', disturbances: 2, from: 'first-start' }),
  preset({ name: 'two regions, 2 of any, real constants', disturbances: 2, ...REAL }),
  preset({
    name: 'two regions, 3 of crash, world or replication, real constants',
    disturbances: 3,
    orders: false,
    faults: ['crash', 'world', 'replication'],
    ...REAL,
  }),
  preset({
    name: 'three regions, 2 of any fault, throttled and slow too, or order, deciding at once',
    ...three,
    disturbances: 2,
    faults: EVERY_FAULT,
  }),
  preset({
    name: 'three regions, 2 of any fault, throttled and slow too, or order, deciding in turn',
    ...three,
    disturbances: 2,
    faults: EVERY_FAULT,
    ...inTurn,
  }),
  preset({ name: 'three regions, 1 of any, every beat may be late', ...three, ...jitter }),
  preset({ name: 'three regions, 2 of any, from the first start', ...three, disturbances: 2, from: 'first-start' }),
  preset({ name: 'three regions, 2 of any, real constants', ...three, disturbances: 2, ...REAL }),
  preset({ name: 'three regions, 3 orders', ...three, disturbances: 3, faults: [] }),
  preset({
    name: 'three regions, 3 of crash or cut off from the peers',
    ...three,
    disturbances: 3,
    orders: false,
    faults: ['crash', 'partition'],
  }),
];

/** Steps of each walk, in the quick run and in the deep one. */
export const QUICK_STEPS = 20_000;
export const DEEP_STEPS = 300_000;

/** Four regions are too many to explore whole. The walk takes episodes of a few disturbances of every kind. */
export const walkOf = (seed: number, steps: number, overrides: Partial<WalkOptions> = {}): WalkOptions => ({
  ...preset(),
  name: 'four regions, 6 of any in an episode, deciding at once',
  regions: 4,
  disturbances: 6,
  faults: EVERY_FAULT,
  seed,
  steps,
  ...overrides,
});

/** `steps`: of each walk. */
export const walksOf = (seed: number, steps: number): readonly WalkOptions[] => [
  walkOf(seed, steps),
  walkOf(seed, steps, { name: 'four regions, 6 of any in an episode, deciding in turn', ...inTurn }),
  walkOf(seed, steps, { name: 'four regions, 6 of any in an episode, from the first start', from: 'first-start' }),
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
