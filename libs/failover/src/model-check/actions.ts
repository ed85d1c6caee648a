// What the environment may do to the world: let a heartbeat pass, or, in no time, break or heal something or give an order.
import { CONTROL_ID, stateKey } from '@dr/contracts/system';
import type { StateRecord } from '@dr/contracts/system';
import { nextOrderNumber } from '../admission-orders';
import * as at from './layout';
import { orderOf } from './local';
import { writes } from './model';
import type { Model } from './model';

export interface TickAction {
  readonly kind: 'tick';
  readonly name: string;
  /** Bit per region whose beat comes a tick late. */
  readonly late: number;
}
export interface FaultAction {
  readonly kind: 'break' | 'heal';
  readonly name: string;
  readonly fault: number;
}
export interface LateAction {
  readonly kind: 'late';
  readonly name: string;
  readonly region: number;
}
export interface OrderAction {
  readonly kind: 'order';
  readonly name: string;
  readonly writer: number;
  readonly target: number;
  readonly order: 'evacuate' | 'readmit';
}
export interface ExpireAction {
  readonly kind: 'expire';
  readonly name: string;
  readonly target: number;
}
export type Action = TickAction | FaultAction | LateAction | OrderAction | ExpireAction;

/** Ticks first; breaks, late beats and orders cost one disturbance each, all else is free. */
export const actionsOf = (model: Model): readonly Action[] => [
  ...ticks(model),
  ...(['heal', 'break'] as const).flatMap((kind) =>
    model.possibleFaults.map(({ name }, fault): FaultAction => ({ kind, name: `${kind} ${name}`, fault })),
  ),
  ...lates(model),
  ...orders(model),
];

export const priceOf = ({ kind }: Action): number => (kind === 'break' || kind === 'late' || kind === 'order' ? 1 : 0);

function ticks({ jitter, regions, names }: Model): TickAction[] {
  return Array.from({ length: jitter ? 1 << regions : 1 }, (_, late) => {
    const who = names.filter((_name, region) => late & (1 << region));
    return { kind: 'tick', name: who.length === 0 ? 'beat' : `beat, late: ${who.join(', ')}`, late };
  });
}

const lates = ({ faults, names }: Model): LateAction[] =>
  faults === undefined || faults.includes('late')
    ? names.map((name, region) => ({ kind: 'late', name: `late ${name}`, region }))
    : [];

const orders = ({ orders: allowed, names }: Model): (OrderAction | ExpireAction)[] =>
  !allowed
    ? []
    : names.flatMap((name, target) => [
        { kind: 'expire' as const, name: `orders about ${name} expire`, target },
        ...names.flatMap((by, writer) =>
          (['evacuate', 'readmit'] as const).map((order) => ({
            kind: 'order' as const,
            name: `${order} ${name}, given in ${by}`,
            writer,
            target,
            order,
          })),
        ),
      ]);

/** Everything but a tick, in place; false: the action changes nothing. */
export function act(model: Model, bytes: Uint8Array, action: Exclude<Action, TickAction>): boolean {
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

function give(model: Model, bytes: Uint8Array, { writer, target, order }: OrderAction): boolean {
  if (!writes(at.brokenIn(model, bytes), writer)) return false;
  const { names, regions } = model;
  const from = at.ordersAt(model, writer);
  const known = Array.from({ length: regions * regions }, (_, index) => bytes[from + index] ?? 0);
  const number = nextOrderNumber(
    {
      orders: known.flatMap((byte, index) => (byte === 0 ? [] : [orderOf(names, index, byte)])),
      states: [targetAsSeen(model, bytes, writer, target)],
    },
    names[target] ?? '',
  );
  bytes[from + writer * regions + target] = at.orderByte(number, order, false);
  return true;
}

/** The target's record in the writer's table, as far as numbering reads it. */
function targetAsSeen(model: Model, bytes: Uint8Array, writer: number, target: number): StateRecord {
  const own = at.regionAt(model, target);
  const copy = at.peerAt(model, writer, target);
  const old = writer !== target && bytes[copy + at.COPY] !== at.CURRENT;
  const leaving = bytes[old ? copy + at.COPY_LEAVING : own + at.LEAVING] ?? 0;
  const region = model.names[target] ?? '';
  return {
    id: CONTROL_ID,
    timestamp: stateKey(region),
    region,
    version: 1,
    sequence: 1,
    beatAtMs: 0,
    state: 'serving',
    leaving: leaving === 0 ? null : leaving,
    leavingSinceMs: null,
    closed: bytes[old ? copy + at.COPY_CLOSED : own + at.CLOSED] ?? 0,
    reached: true,
    lastProbeAtMs: 0,
    grants: {},
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
