// Explicit-state exploration, whatever a state is: each is met once, those that cost the fewest disturbances first.

/** A set of states, each with how it was reached. Ids count up from 0 without gaps. */
export interface Store<S> {
  readonly size: number;
  intern(state: S): number;
  costOf(id: number): number;
  parentOf(id: number): { readonly parent: number; readonly action: number };
  reach(id: number, parent: number, action: number, cost: number): void;
}

export class Sweep<S> {
  private readonly buckets: number[][];

  constructor(
    readonly store: Store<S>,
    budget: number,
    private readonly maxStates: number,
  ) {
    this.buckets = Array.from({ length: budget + 1 }, () => []);
  }

  /** The state's id; it will be expanded, unless it has been at this cost or a lower one. The first has the parent -1. */
  visit(state: S, parent: number, action: number, cost: number): number {
    const { store } = this;
    const known = store.size;
    const id = store.intern(state);
    if (id === known || cost < store.costOf(id)) {
      store.reach(id, parent, action, cost);
      this.buckets[cost]?.push(id);
    }
    return id;
  }

  /** Level by level of cost, breadth first within one, so that what `expand` finds first is found on a shortest way. */
  run<V>(expand: (id: number, cost: number) => V | undefined): V | undefined {
    for (const [cost, bucket] of this.buckets.entries()) {
      for (let next = 0; next < bucket.length && this.store.size < this.maxStates; next++) {
        const id = bucket[next] ?? 0;
        if (this.store.costOf(id) !== cost) continue;
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
    for (let id = 0; id < this.store.size; id++) {
      const cost = this.store.costOf(id);
      counts[cost] = (counts[cost] ?? 0) + 1;
    }
    return counts;
  }
}

const MAX_STEPS = 10_000;

/** The actions from the first state to this one, each with the state that it led to. */
export function pathTo<S>(store: Store<S>, state: number): { readonly action: number; readonly id: number }[] {
  const steps: { action: number; id: number }[] = [];
  for (let id = state, left = MAX_STEPS; id > 0 && left > 0; left--) {
    const { parent, action } = store.parentOf(id);
    steps.unshift({ action, id });
    id = parent;
  }
  return steps;
}
