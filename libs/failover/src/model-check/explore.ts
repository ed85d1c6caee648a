// Explicit-state exploration: every state the environment can drive the rules into, fewest disturbances first.
import { act, actionsOf, isActive, priceOf } from './actions';
import { grown, Sweep } from './engine';
import * as at from './layout';
import { LIVENESS, NO_SUCCESSOR, analyse, type LivenessId, type Problem, type Waits } from './liveness';
import { LocalBeats } from './local';
import { modelOf, type Model, type ModelOptions } from './model';
import { SAFETY, type SafetyId } from './properties';
import { StateStore } from './state-store';
import { beat, startOf } from './step';
import { line } from './trace';

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

type Search = ReturnType<typeof searchOf>;

function searchOf(options: ModelOptions) {
  const model = modelOf(options);
  const actions = actionsOf(model);
  const store = new StateStore(at.stateBytes(model));
  return {
    model,
    store,
    actions,
    local: new LocalBeats(model),
    sweep: new Sweep(store, model.disturbances, model.maxStates),
    tickActions: actions.filter(({ kind }) => kind === 'tick').length,
    /** Per state and tick action: where it leads. */
    successors: new Int32Array(1 << 14),
    scratch: new Uint8Array(at.stateBytes(model)),
    beats: 0,
  };
}

export function explore(options: ModelOptions): Exploration {
  const search = searchOf(options);
  const { model, store, sweep, local } = search;
  sweep.visit(startOf(model, local), -1, 0, 0);
  const violation = sweep.run((id, cost) => expand(search, id, cost));
  const { problem, waits } =
    violation === undefined && sweep.isComplete
      ? analyse({ model, store, successors: search.successors, width: search.tickActions })
      : { waits: { recovering: 0, evacuated: 0 } };
  const found = violation ?? (problem && livenessViolation(search, problem));
  return {
    name: model.name,
    states: store.size,
    beats: search.beats,
    decisions: local.distinct,
    statesByDisturbances: sweep.tally(),
    complete: sweep.isComplete && found === undefined,
    ...(found ? { violation: found } : {}),
    waits,
  };
}

function expand(search: Search, id: number, cost: number): Violation | undefined {
  const { model, store, sweep, local, actions, scratch } = search;
  const own = store.bytesOf(id).slice();
  const broken = at.brokenIn(model, own);
  for (let index = 0; index < actions.length; index++) {
    const action = actions[index];
    if (!action || cost + priceOf(action) > model.disturbances) continue;
    if (action.kind === 'heal' && !isActive(own, action.fault)) continue;
    scratch.set(own);
    if (action.kind !== 'tick') {
      if (act(model, scratch, action)) sweep.visit(scratch, id, index, cost + priceOf(action));
      continue;
    }
    if (!mayBeLate(model, own, action.late)) {
      link(search, id, index, NO_SUCCESSOR);
      continue;
    }
    search.beats++;
    const property = beat(model, local, own, scratch, broken, action.late);
    if (property) {
      return {
        property,
        meaning: SAFETY[property],
        trace: [...traceTo(search, id), line(model, action.name, scratch)],
      };
    }
    link(search, id, index, sweep.visit(scratch, id, index, cost));
  }
  return undefined;
}

/** One line for each step from the start to `state`. */
const traceTo = ({ model, store, sweep, actions }: Search, state: number): string[] =>
  sweep.pathTo(state).map(({ action, id }) => line(model, actions[action]?.name ?? '', store.bytesOf(id)));

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
  if (index >= search.successors.length) search.successors = grown(search.successors, 2 * index);
  search.successors[index] = to;
}

function livenessViolation(search: Search, { property, state, cycle }: Problem): Violation {
  const around = cycle.map((id) => line(search.model, '', search.store.bytesOf(id)));
  const trace = [...traceTo(search, state), 'and then for ever:', ...around];
  return { property, meaning: LIVENESS[property], trace };
}
