// What happens once the environment stands still: strongly connected components of the beats alone.
import * as at from './layout';
import { able, isWhole, servesElsewhere, takes, throttled } from './model';
import type { Model } from './model';
import type { StateStore } from './state-store';

export const LIVENESS = {
  I2: 'if a region can serve and none does, one serves within D and two heartbeats, 2 D and two if all are evacuated',
  L1: 'no flapping: once nothing changes outside, admission comes to rest',
  L2: 'nobody is dark for ever: if a region can take clients, one that can serves',
  L3: 'once all is healed, every region serves but those that were ordered out, or wait for an order',
  L4: 'every order that a living region knows of is decided',
} as const;

/** Stands for a late beat that was not possible. */
export const NO_SUCCESSOR = -1;

export type LivenessId = keyof typeof LIVENESS;

/** The most beats without a serving region though one could serve, by whether an evacuated one had to return for it. */
export interface Waits {
  readonly recovering: number;
  readonly evacuated: number;
}

export interface Problem {
  readonly property: LivenessId;
  readonly state: number;
  readonly cycle: readonly number[];
}

/** Where beats lead: `width` successors of each state, one for each way in which beats may be late. */
interface Beats {
  readonly model: Model;
  readonly store: StateStore;
  readonly successors: Int32Array;
  readonly width: number;
}

const successorsOf = ({ successors, width }: Beats, state: number): Int32Array =>
  successors.subarray(state * width, (state + 1) * width);

/** Tarjan's algorithm without recursion; components come out with everything they lead to already done. */
export function analyse(beats: Beats): { readonly problem?: Problem; readonly waits: Waits } {
  const { model, store, successors, width } = beats;
  const count = store.size;
  const order = new Int32Array(count);
  const low = new Int32Array(count);
  const done = new Uint8Array(count);
  const waiting: Waiting = { beats: new Uint16Array(count), viaEvacuated: new Uint8Array(count) };
  const stack: number[] = [];
  const work: number[] = [];
  const edges: number[] = [];
  const waits = { recovering: 0, evacuated: 0 };
  let clock = 0;
  for (let root = 0; root < count; root++) {
    if (order[root] !== 0) continue;
    work.push(root);
    edges.push(0);
    order[root] = low[root] = ++clock;
    stack.push(root);
    while (work.length > 0) {
      const at = work[work.length - 1] ?? 0;
      const edge = edges[edges.length - 1] ?? 0;
      if (edge < width) {
        edges[edges.length - 1] = edge + 1;
        const to = successors[at * width + edge] ?? NO_SUCCESSOR;
        if (to === NO_SUCCESSOR) continue;
        if (order[to] === 0) {
          order[to] = low[to] = ++clock;
          work.push(to);
          edges.push(0);
          stack.push(to);
        } else if (done[to] === 0) low[at] = Math.min(low[at] ?? 0, order[to] ?? 0);
        continue;
      }
      work.pop();
      edges.pop();
      const below = work[work.length - 1];
      if (below !== undefined) low[below] = Math.min(low[below] ?? 0, low[at] ?? 0);
      if (low[at] !== order[at]) continue;
      const component = stack.splice(stack.lastIndexOf(at));
      for (const state of component) done[state] = 1;
      const cyclic = component.length > 1 || successorsOf(beats, at).includes(at);
      const problem = cyclic ? judgeCycle(model, store, component) : undefined;
      if (problem) return { problem, waits };
      for (const state of component) {
        const kind = measure(beats, state, waiting);
        const waited = waiting.beats[state] ?? 0;
        waits[kind] = Math.max(waits[kind], waited);
        if (waited > longestWait(model, kind)) return { problem: { property: 'I2', state, cycle: [] }, waits };
      }
    }
  }
  return { waits };
}

function judge(model: Model, bytes: Uint8Array): { readonly good: boolean; readonly onlyEvacuated: boolean } {
  const broken = at.brokenIn(model, bytes);
  const ables = model.names
    .map((_, region) => region)
    .filter((region) => able(broken, region))
    .map((region) => headOf(model, bytes, region));
  const throttledServes = model.names.some(
    (_, region) =>
      throttled(broken, region) &&
      takes(broken, region) &&
      servesElsewhere(model, broken, region) &&
      headOf(model, bytes, region) === 'serving',
  );
  return {
    good: ables.length === 0 || ables.includes('serving') || throttledServes,
    onlyEvacuated: ables.every((state) => state === 'evacuated'),
  };
}

const headOf = (model: Model, bytes: Uint8Array, region: number): string =>
  at.headState(bytes[at.regionAt(model, region) + at.HEAD] ?? 0);

/** Admission of all regions, which has to be the same all around a cycle. */
const shapeOf = (model: Model, bytes: Uint8Array): string =>
  model.names
    .map((_, region) => `${headOf(model, bytes, region)} ${bytes[at.regionAt(model, region) + at.LEAVING]}`)
    .join();

function judgeCycle(model: Model, store: StateStore, component: readonly number[]): Problem | undefined {
  const state = component[0];
  if (state === undefined) return undefined;
  const problem = (property: LivenessId): Problem => ({ property, state, cycle: component.slice(0, 40).reverse() });
  const shape = shapeOf(model, store.bytesOf(state));
  if (component.some((id) => shapeOf(model, store.bytesOf(id)) !== shape)) return problem('L1');
  if (component.some((id) => !judge(model, store.bytesOf(id)).good)) return problem('L2');
  const healed = isWhole(at.brokenIn(model, store.bytesOf(state)));
  const dark = model.names.some(
    (_, region) =>
      ['recovering', 'none'].includes(headOf(model, store.bytesOf(state), region)) &&
      !mayWait(model, store.bytesOf(state), region),
  );
  if (healed && dark) return problem('L3');
  if (component.some((id) => hasOpenOrder(model, store.bytesOf(id)))) return problem('L4');
  return undefined;
}

/** For an order, as it was out of service. */
function mayWait(model: Model, bytes: Uint8Array, region: number): boolean {
  const own = at.regionAt(model, region);
  return bytes[own + at.RETURN] === at.WAITS && bytes[own + at.EVER_SERVED] === 1;
}

function hasOpenOrder(model: Model, bytes: Uint8Array): boolean {
  const broken = at.brokenIn(model, bytes);
  return model.names.some((_, region) => {
    const own = at.regionAt(model, region);
    if (!able(broken, region) || bytes[own + at.HEAD] === 0) return false;
    if (bytes[own + at.LEAVING] !== 0) return true;
    return model.names.some((_name, writer) => {
      const byte = bytes[at.ordersAt(model, region) + writer * model.regions + region] ?? 0;
      return at.orderNumber(byte) > (bytes[own + at.CLOSED] ?? 0);
    });
  });
}

interface Waiting {
  readonly beats: Uint16Array;
  readonly viaEvacuated: Uint8Array;
}

/** Beats that may come late add one where the silence begins and one where the region acts. */
const longestWait = ({ quiet, jitter }: Model, kind: keyof Waits): number =>
  (kind === 'recovering' ? quiet : 2 * quiet) + 2 + (jitter ? 2 : 0);

function measure(graph: Beats, state: number, { beats, viaEvacuated }: Waiting): keyof Waits {
  const { good, onlyEvacuated } = judge(graph.model, graph.store.bytesOf(state));
  if (good) return 'recovering';
  let via = Number(onlyEvacuated);
  let longest = 0;
  for (const to of successorsOf(graph, state)) {
    if (to === NO_SUCCESSOR) continue;
    longest = Math.max(longest, beats[to] ?? 0);
    via |= viaEvacuated[to] ?? 0;
  }
  beats[state] = longest + 1;
  viaEvacuated[state] = via;
  return via === 0 ? 'recovering' : 'evacuated';
}
