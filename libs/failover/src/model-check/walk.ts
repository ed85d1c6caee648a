// A bounded random walk through worlds too large to explore: episodes of random faults, orders and beats, each of which ends with
// the environment standing still. The same seed takes the same steps.
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { act, actionsOf, isActive, priceOf, type Action } from './actions';
import type { Violation } from './explore';
import * as at from './layout';
import { LIVENESS, analyse, type Waits } from './liveness';
import { LocalBeats } from './local';
import { modelOf, type ModelOptions } from './model';
import { SAFETY } from './properties';
import { StateStore } from './state-store';
import { beat, startOf } from './step';
import { line } from './trace';

/** `disturbances` are those of one episode. */
export interface WalkOptions extends Omit<ModelOptions, 'maxStates' | 'jitter'> {
  readonly seed: number;
  /** Random steps in all: beats, faults, healings, orders. The beats at the end of each episode come on top. */
  readonly steps: number;
}

export interface Walk {
  readonly name: string;
  readonly seed: number;
  readonly steps: number;
  readonly episodes: number;
  readonly beats: number;
  /** Different situations of one region in which the function under check was called. */
  readonly decisions: number;
  readonly violation?: Violation;
  readonly waits: Waits;
}

/** What an episode does: indices of actions; then, if it is to, everything heals, and the environment stands still. */
interface Episode {
  readonly actions: readonly number[];
  readonly heals: boolean;
}

type Walker = ReturnType<typeof walkerOf>;

function walkerOf(options: WalkOptions) {
  const model = modelOf({ ...options, jitter: false, maxStates: Infinity });
  const local = new LocalBeats(model);
  const waits = { recovering: 0, evacuated: 0 };
  return { model, local, start: startOf(model, local), actions: actionsOf(model), waits, beats: 0 };
}

const EPISODE_STEPS = 120;
/** Index of the action in which all that can beat. */
const BEAT = 0;
/** Long enough for every threshold of the short constants to pass. */
const MOST_BEATS_BETWEEN = 16;
/** Every age stops at its cap long before. */
const MAX_TICKS_TO_REST = 400;
/** Each is a replay of one episode. */
const MAX_SHRINK_REPLAYS = 5_000;

export function walk(options: WalkOptions): Walk {
  const { seed, steps, name } = options;
  const walker = walkerOf(options);
  const generator = xoroshiro128plus(seed);
  const below = (limit: number): number => Math.floor(uniformFloat64(generator) * limit);
  let taken = 0;
  let episodes = 0;
  let violation: Violation | undefined;
  for (; taken < steps && !violation; episodes++) {
    const episode = drawn(walker, below, Math.min(EPISODE_STEPS, steps - taken));
    taken += episode.actions.length;
    if (play(walker, episode)) violation = play(walker, shrunk(walker, episode));
  }
  const { beats, waits, local } = walker;
  const found = violation ? { violation } : {};
  return { name, seed, steps: taken, episodes, beats, decisions: local.distinct, ...found, waits };
}

/**
 * Drawn blindly: a step that is not possible when its turn comes is a beat. Each episode leaves out about half of the classes of
 * actions: what takes several of one class would else be rare.
 */
function drawn({ actions }: Walker, below: (limit: number) => number, steps: number): Episode {
  const classes = new Map<string, number[]>();
  for (const [index, action] of actions.entries()) {
    if (action.kind !== 'tick') classes.set(classOf(action), [...(classes.get(classOf(action)) ?? []), index]);
  }
  const used = [...classes.values()].filter(() => below(2) === 0);
  const drawnSteps: number[] = [];
  while (drawnSteps.length < steps) {
    const some = used[below(used.length)] ?? [BEAT];
    drawnSteps.push(some[below(some.length)] ?? BEAT);
    const beats = below(2) === 0 ? 0 : below(MOST_BEATS_BETWEEN);
    drawnSteps.push(...Array<number>(beats).fill(BEAT));
  }
  return { actions: drawnSteps.slice(0, steps), heals: below(2) === 0 };
}

/** All healing, a kind of fault, evacuations, readmissions, expiry, late beats. */
function classOf({ kind, name }: Action): string {
  const [first = '', second = ''] = name.split(' ');
  return kind === 'break' ? second : first;
}

/** What is violated, with all that was done until then; undefined: nothing. */
function play(walker: Walker, { actions, heals }: Episode): Violation | undefined {
  const { model } = walker;
  const bytes = walker.start.slice();
  const trace: string[] = [];
  let spent = 0;
  for (const index of actions) {
    const action = walker.actions[index];
    if (!action) continue;
    const price = priceOf(action);
    if (action.kind !== 'tick' && isPossible(bytes, action) && spent + price <= model.disturbances) {
      if (act(model, bytes, action)) {
        spent += price;
        trace.push(line(model, action.name, bytes));
      }
      continue;
    }
    const violation = beatOnce(walker, bytes, trace);
    if (violation) return violation;
  }
  if (heals) bytes.fill(0, 0, at.FAULT_BYTES);
  trace.push(line(model, heals ? 'all heals, and stays so' : 'all stays so', bytes));
  return rest(walker, bytes, trace);
}

const isPossible = (bytes: Uint8Array, action: Action): boolean =>
  action.kind !== 'heal' || isActive(bytes, action.fault);

function beatOnce(walker: Walker, bytes: Uint8Array, trace: string[]): Violation | undefined {
  const { model, local } = walker;
  walker.beats++;
  const before = bytes.slice();
  const property = beat(model, local, before, bytes, at.brokenIn(model, before));
  trace.push(line(model, 'beat', bytes));
  return property && { property, meaning: SAFETY[property], trace: [...trace] };
}

/** Beats until a state comes again: what happens from then on happens for ever. */
function rest(walker: Walker, bytes: Uint8Array, trace: string[]): Violation | undefined {
  const { model } = walker;
  const store = new StateStore(bytes.length, REST_CAPACITY);
  const successors = new Int32Array(MAX_TICKS_TO_REST + 1);
  let id = store.intern(bytes);
  for (let ticks = 0; ticks < MAX_TICKS_TO_REST; ticks++) {
    const violation = beatOnce(walker, bytes, trace);
    if (violation) return violation;
    const known = store.size;
    const next = store.intern(bytes);
    successors[id] = next;
    if (next < known) break;
    id = next;
  }
  const { problem, waits } = analyse({ model, store, successors, width: 1 });
  walker.waits.recovering = Math.max(walker.waits.recovering, waits.recovering);
  walker.waits.evacuated = Math.max(walker.waits.evacuated, waits.evacuated);
  return problem && { property: problem.property, meaning: LIVENESS[problem.property], trace };
}

const REST_CAPACITY = 64;

/** Without every step that the violation does not need. */
function shrunk(walker: Walker, episode: Episode): Episode {
  const property = play(walker, episode)?.property;
  let smallest = episode;
  let replays = 0;
  for (let size = Math.ceil(episode.actions.length / 2); size >= 1 && replays < MAX_SHRINK_REPLAYS;) {
    let removed = false;
    for (let from = 0; from < smallest.actions.length && replays < MAX_SHRINK_REPLAYS; replays++) {
      const actions = smallest.actions.filter((_, index) => index < from || index >= from + size);
      const candidate = { ...smallest, actions };
      if (play(walker, candidate)?.property === property) {
        smallest = candidate;
        removed = true;
      } else from += size;
    }
    if (!removed || size > 1) size = size > 1 ? Math.ceil(size / 2) : 0;
  }
  return smallest;
}
