// Explicit-state exploration, whatever a state is: each is met once, those that cost the fewest disturbances first.

/** Numbers states: equal ones alike, new ones from 0 upwards without gaps. */
export interface Store<S> {
  readonly size: number;
  intern(state: S): number;
}

/** A longer array with the same beginning. */
export function grown<A extends Uint8Array | Int32Array>(array: A, length: number): A {
  const longer = new (array.constructor as new (length: number) => A)(length);
  longer.set(array);
  return longer;
}

const FIRST_CAPACITY = 1 << 14;
const MAX_STEPS = 10_000;

export class Sweep<S> {
  private readonly buckets: number[][];
  /** How each state was reached. */
  private parents = new Int32Array(FIRST_CAPACITY);
  private actions = new Uint8Array(FIRST_CAPACITY);
  private costs = new Uint8Array(FIRST_CAPACITY);

  constructor(
    readonly store: Store<S>,
    budget: number,
    private readonly maxStates: number,
  ) {
    this.buckets = Array.from({ length: budget + 1 }, () => []);
  }

  /** The state's id; it will be expanded, unless it has been at this cost or a lower one. The first has the parent -1. */
  visit(state: S, parent: number, action: number, cost: number): number {
    const known = this.store.size;
    const id = this.store.intern(state);
    if (id < known && cost >= (this.costs[id] ?? 0)) return id;
    if (id >= this.costs.length) {
      this.parents = grown(this.parents, 2 * id);
      this.actions = grown(this.actions, 2 * id);
      this.costs = grown(this.costs, 2 * id);
    }
    this.parents[id] = parent;
    this.actions[id] = action;
    this.costs[id] = cost;
    this.buckets[cost]?.push(id);
    return id;
  }

  /** Level by level of cost, breadth first within one, so that what `expand` finds first is found on a shortest way. */
  run<V>(expand: (id: number, cost: number) => V | undefined): V | undefined {
    for (const [cost, bucket] of this.buckets.entries()) {
      for (let next = 0; next < bucket.length && this.isComplete; next++) {
        const id = bucket[next] ?? 0;
        if (this.costs[id] !== cost) continue;
        const found = expand(id, cost);
        if (found !== undefined) return found;
      }
      bucket.length = 0;
    }
    return undefined;
  }

  get isComplete(): boolean {
    return this.store.size < this.maxStates;
  }

  /** The number of states by what it takes to reach them. */
  tally(): number[] {
    const counts = this.buckets.map(() => 0);
    for (const cost of this.costs.subarray(0, this.store.size)) counts[cost] = (counts[cost] ?? 0) + 1;
    return counts;
  }

  /** The actions from the first state to this one, each with the state that it led to. */
  pathTo(state: number): { readonly action: number; readonly id: number }[] {
    const steps: { action: number; id: number }[] = [];
    for (let id = state, left = MAX_STEPS; id > 0 && left > 0; left--) {
      steps.unshift({ action: this.actions[id] ?? 0, id });
      id = this.parents[id] ?? -1;
    }
    return steps;
  }
}
