// What the environment may do to the world: let a heartbeat pass, or, in no time, break or heal something or give an order.
import { nextOrderNumber, type OrderKind } from '../admission-orders';
import * as at from './layout';
import { ordersIn } from './local';
import { writes, type Model } from './model';

export type Action = { readonly name: string } & (
  | {
      readonly kind: 'tick';
      /** Bit per region whose beat comes a tick late. */
      readonly late: number;
    }
  | { readonly kind: 'break' | 'heal'; readonly fault: number }
  | { readonly kind: 'late'; readonly region: number }
  | { readonly kind: 'order'; readonly writer: number; readonly target: number; readonly order: OrderKind }
  | { readonly kind: 'expire'; readonly target: number }
);
type Of<K extends Action['kind']> = Extract<Action, { readonly kind: K }>;

/** Ticks first; breaks, late beats and orders cost one disturbance each, all else is free. */
export const actionsOf = ({ jitter, regions, names, faults, possibleFaults, orders }: Model): readonly Action[] => [
  ...Array.from({ length: jitter ? 1 << regions : 1 }, (_, late): Action => {
    const who = names.filter((_name, region) => late & (1 << region));
    return { kind: 'tick', name: who.length === 0 ? 'beat' : `beat, late: ${who.join(', ')}`, late };
  }),
  ...(['heal', 'break'] as const).flatMap((kind) =>
    possibleFaults.map(({ name }, fault): Action => ({ kind, name: `${kind} ${name}`, fault })),
  ),
  ...names
    .filter(() => faults === undefined || faults.includes('late'))
    .map((name, region): Action => ({ kind: 'late', name: `late ${name}`, region })),
  ...names.filter(() => orders).flatMap((_, target) => ordersAbout(names, target)),
];

const ordersAbout = (names: readonly string[], target: number): Action[] => [
  { kind: 'expire', name: `orders about ${names[target]} expire`, target },
  ...names.flatMap((by, writer) =>
    (['evacuate', 'readmit'] as const).map((order): Action => {
      return { kind: 'order', name: `${order} ${names[target]}, given in ${by}`, writer, target, order };
    }),
  ),
];

export const priceOf = ({ kind }: Action): number => (kind === 'break' || kind === 'late' || kind === 'order' ? 1 : 0);

/** Everything but a tick, in place; false: the action changes nothing. */
export function act(model: Model, bytes: Uint8Array, action: Exclude<Action, Of<'tick'>>): boolean {
  switch (action.kind) {
    case 'break':
      return flip(bytes, action.fault >> 3, 1 << (action.fault & 7), true);
    case 'heal':
      return flip(bytes, action.fault >> 3, 1 << (action.fault & 7), false);
    case 'late':
      return flip(bytes, at.LATE, 1 << action.region, true);
    case 'order':
      return give(model, bytes, action);
    case 'expire':
      return expire(model, bytes, action.target);
  }
}

export const isActive = (bytes: Uint8Array, fault: number): boolean =>
  (((bytes[fault >> 3] ?? 0) >> (fault & 7)) & 1) === 1;

function flip(bytes: Uint8Array, index: number, mask: number, on: boolean): boolean {
  const before = bytes[index] ?? 0;
  const after = on ? before | mask : before & ~mask;
  bytes[index] = after;
  return after !== before;
}

function give(model: Model, bytes: Uint8Array, { writer, target, order }: Of<'order'>): boolean {
  if (!writes(at.brokenIn(model, bytes), writer)) return false;
  const { names, regions } = model;
  const from = at.ordersAt(model, writer);
  const known = { orders: ordersIn(model, bytes, from), states: [targetAsSeen(model, bytes, writer, target)] };
  const number = nextOrderNumber(known, names[target] ?? '');
  const wait = order === 'readmit' ? waitAsSeen(model, bytes, writer, target) : at.NO_WAIT;
  if (order === 'readmit') markOrdered(model, bytes, { writer, target, wait });
  bytes[from + writer * regions + target] = at.orderByte(number, order, wait);
  return true;
}

/** The wait that an operator names: the one that the writer's table tells of. */
function waitAsSeen(model: Model, bytes: Uint8Array, writer: number, target: number): number {
  const copy = at.peerAt(model, writer, target);
  if (writer !== target && bytes[copy + at.COPY] === at.OLD) return bytes[copy + at.COPY_WAIT] ?? 0;
  const isUnknown = writer !== target && bytes[copy + at.COPY] !== at.CURRENT;
  return isUnknown || bytes[at.regionAt(model, target) + at.RETURN] !== at.WAITS ? at.NO_WAIT : at.THIS_WAIT;
}

interface Given {
  readonly writer: number;
  readonly target: number;
  readonly wait: number;
}

/** What really counts: an order about this very wait, or one that takes back an evacuation, which may not have arrived yet. */
function markOrdered(model: Model, bytes: Uint8Array, { writer, target, wait }: Given): void {
  if (model.failback !== 'manual') return;
  const own = at.regionAt(model, target);
  const from = at.ordersAt(model, writer);
  const isOrderedOut = model.names.some((_, by) => {
    const byte = bytes[from + by * model.regions + target] ?? 0;
    return at.orderKind(byte) === 'evacuate' && at.orderNumber(byte) > (bytes[own + at.CLOSED] ?? 0);
  });
  const isBack = at.headState(bytes[own + at.HEAD] ?? 0) === 'recovering';
  const counts = wait === at.THIS_WAIT ? isBack : wait === at.NO_WAIT && (!isBack || isOrderedOut);
  if (counts) bytes[own + at.ORDERED] = 1;
}

/** The target's record in the writer's table, as far as numbering reads it. */
function targetAsSeen(model: Model, bytes: Uint8Array, writer: number, target: number) {
  const own = at.regionAt(model, target);
  const copy = at.peerAt(model, writer, target);
  const old = writer !== target && bytes[copy + at.COPY] !== at.CURRENT;
  return {
    region: model.names[target] ?? '',
    leaving: bytes[old ? copy + at.COPY_LEAVING : own + at.LEAVING] ?? 0,
    closed: bytes[old ? copy + at.COPY_CLOSED : own + at.CLOSED] ?? 0,
  };
}

/** Calendar time passes everywhere at once. */
function expire(model: Model, bytes: Uint8Array, target: number): boolean {
  let changed = false;
  for (let holder = 0; holder < model.regions; holder++) {
    for (let writer = 0; writer < model.regions; writer++) {
      const index = at.ordersAt(model, holder) + writer * model.regions + target;
      const byte = bytes[index] ?? 0;
      if (byte === 0 || at.orderKind(byte) === 'readmit' || at.orderExpired(byte)) continue;
      bytes[index] = byte | 1;
      changed = true;
    }
  }
  return changed;
}
