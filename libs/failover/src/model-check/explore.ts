// Explicit-state exploration: every state the environment can drive the rules into, fewest disturbances first.
import { act, actionsOf, isActive, priceOf } from './actions';
import type { Action } from './actions';
import { Sweep } from './engine';
import * as at from './layout';
import { LIVENESS, NO_SUCCESSOR, analyse } from './liveness';
import type { LivenessId, Waits } from './liveness';
import { LocalBeats } from './local';
import { modelOf } from './model';
import type { Model, ModelOptions } from './model';
import { SAFETY, violated } from './properties';
import type { SafetyId } from './properties';
import { StateStore } from './state-store';
import { keepTruth, startOf, tick } from './step';
import { line, traceTo } from './trace';

export interface Violation {
  readonly property: SafetyId | LivenessId;
  readonly meaning: string;
  /** The shortest way there: fewest disturbances, then fewest beats; one line a step. */
  readonly trace: readonly string[];
}

export interface Exploration {
  readonly name: string;
  readonly states: number;
  readonly beats: number;
  /** Different situations of one region in which the function under check was called. */
  readonly decisions: number;
  /** States by the number of disturbances that it takes to reach them. */
  readonly statesByDisturbances: readonly number[];
  /** False: stopped at maxStates or at a violation. */
  readonly complete: boolean;
  readonly violation?: Violation;
  /** Most heartbeats, once the environment stands still, until a region serves. */
  readonly waits: Waits;
}

interface Search {
  readonly model: Model;
  readonly store: StateStore;
  readonly local: LocalBeats;
  readonly actions: readonly Action[];
  /** Per state and tick action: where it leads. */
  successors: Int32Array;
  readonly tickActions: number;
  readonly sweep: Sweep<Uint8Array>;
  readonly scratch: Uint8Array;
  beats: number;
}

export function explore(options: ModelOptions): Exploration {
  const model = modelOf(options);
  const stride = at.stateBytes(model);
  const actions = actionsOf(model);
  const store = new StateStore(stride);
  const search: Search = {
    model,
    store,
    local: new LocalBeats(model),
    actions,
    successors: new Int32Array(1 << 14),
    tickActions: actions.filter((action) => action.kind === 'tick').length,
    sweep: new Sweep(store, model.disturbances, model.maxStates),
    scratch: new Uint8Array(stride),
    beats: 0,
  };
  search.scratch.set(startOf(model, search.local));
  search.sweep.visit(search.scratch, -1, 0, 0);
  const violation = search.sweep.run((id, cost) => expand(search, id, cost));
  const complete = violation === undefined && search.sweep.isComplete;
  const { problem, waits } = complete
    ? analyse(model, search.store, search.successors, search.tickActions)
    : { problem: undefined, waits: { recovering: 0, evacuated: 0 } };
  const found = violation ?? (problem && livenessViolation(search, problem.property, problem.state, problem.cycle));
  return {
    name: model.name,
    states: search.store.size,
    beats: search.beats,
    decisions: search.local.distinct,
    statesByDisturbances: search.sweep.tally(),
    complete: complete && found === undefined,
    ...(found ? { violation: found } : {}),
    waits,
  };
}

function expand(search: Search, id: number, cost: number): Violation | undefined {
  const { model, store, actions, scratch } = search;
  const own = store.bytesOf(id).slice();
  const broken = at.brokenIn(model, own);
  for (let index = 0; index < actions.length; index++) {
    const action = actions[index];
    if (!action || cost + priceOf(action) > model.disturbances) continue;
    if (action.kind === 'heal' && !isActive(own, action.fault)) continue;
    scratch.set(own);
    if (action.kind !== 'tick') {
      if (act(model, scratch, action)) search.sweep.visit(scratch, id, index, cost + priceOf(action));
      continue;
    }
    if (!mayBeLate(model, own, action.late)) {
      link(search, id, index, NO_SUCCESSOR);
      continue;
    }
    search.beats++;
    const beaten = tick(model, search.local, scratch, broken, action.late);
    const property = violated(model, { before: own, after: scratch, broken, beaten });
    if (property) {
      const trace = [...traceTo(model, store, actions, id), line(model, action.name, scratch)];
      return { property, meaning: SAFETY[property], trace };
    }
    keepTruth(model, own, scratch, broken, beaten);
    link(search, id, index, search.sweep.visit(scratch, id, index, cost));
  }
  return undefined;
}

/** Never two late beats in a row: a longer gap is a fault, and paid for. */
function mayBeLate(model: Model, bytes: Uint8Array, late: number): boolean {
  for (let region = 0; late >> region; region++) {
    const age = bytes[at.regionAt(model, region) + at.BEAT_AGE] ?? 0;
    if ((late >> region) & 1 && (age === at.NEVER || age - 1 > 1)) return false;
  }
  return true;
}

function link(search: Search, from: number, tickIndex: number, to: number): void {
  const index = from * search.tickActions + tickIndex;
  if (index >= search.successors.length) {
    const larger = new Int32Array(Math.max(search.successors.length * 2, index + 1));
    larger.set(search.successors);
    search.successors = larger;
  }
  search.successors[index] = to;
}

function livenessViolation(search: Search, property: LivenessId, state: number, cycle: readonly number[]): Violation {
  const { model, store, actions } = search;
  const around = cycle.map((id) => line(model, '', store.bytesOf(id)));
  const trace = [...traceTo(model, store, actions, state), 'and then for ever:', ...around];
  return { property, meaning: LIVENESS[property], trace };
}
