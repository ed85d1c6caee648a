// The explorations that are run: by every test run, and in depth on demand.
import { admissionConstants } from '../admission-types';
import type { AdmissionConstants } from '../admission-types';
import { PRODUCTION_RULES } from './model';
import type { ModelOptions } from './model';

/** Two 10 s intervals' worth of detection at threshold 3, the default objective. */
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

export const preset = (overrides: Partial<ModelOptions> = {}): ModelOptions => ({
  name: 'two regions',
  regions: 2,
  constants: SHORT_CONSTANTS,
  scheduleTicks: 6,
  disturbances: 1,
  orders: true,
  jitter: false,
  simultaneous: true,
  from: 'steady',
  dropForgotten: true,
  rules: PRODUCTION_RULES,
  maxStates: 20_000_000,
  ...overrides,
});
