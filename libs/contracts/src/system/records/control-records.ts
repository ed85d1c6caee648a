// The control records of a table, as any reader may trust them; what cannot be trusted is named instead.
import {
  readFailover,
  readOrder,
  readPresence,
  readRun,
  readState,
  type FailoverRecord,
  type OrderRecord,
  type PresenceRecord,
  type StateRecord,
  type ValidationRecord,
} from './control-readers';
import { tryRead, type Read } from './readers';

export interface StoredItem {
  readonly timestamp: string;
  readonly [attribute: string]: unknown;
}

/** A record that nobody may decide from. */
export interface BadRecord {
  /** Its sort key; anything that a text can hold. */
  readonly key: string;
  readonly why: string;
  /** As stored: whoever writes there has to write over it. */
  readonly version: unknown;
}

export interface ControlRecords {
  readonly states: readonly StateRecord[];
  readonly orders: readonly OrderRecord[];
  readonly runs: readonly ValidationRecord[];
  readonly presences: readonly PresenceRecord[];
  readonly failovers: readonly FailoverRecord[];
  /** Whose writer nobody can tell. Records of regions that the reader does not know are no such: they are left out. */
  readonly bad: readonly BadRecord[];
}

/** An evacuation lasts a week at most. Both who orders and who obeys hold to it. */
export const MAX_ORDER_MS = 7 * 24 * 3_600_000;
/** An order is one more than what its region has decided, or than others that still wait: never this many more. */
export const MAX_ORDERS_AHEAD = 1e6;
/** An operator's machine may be this far ahead of the regions [A]. */
export const OPERATOR_SKEW_MS = 3_600_000;

interface Kind<R> {
  readonly read: Read<R>;
  /** Regions that it speaks of. */
  readonly regions: (record: R) => readonly string[];
}

const ofRegion = ({ region }: { readonly region: string }): readonly string[] => [region];

/** By what a sort key begins with. */
const KINDS = {
  state: { read: readState, regions: ofRegion } satisfies Kind<StateRecord>,
  order: { read: readOrder, regions: ({ writer, target }) => [writer, target] } satisfies Kind<OrderRecord>,
  run: { read: readRun, regions: ofRegion } satisfies Kind<ValidationRecord>,
  present: { read: readPresence, regions: ofRegion } satisfies Kind<PresenceRecord>,
  failover: { read: readFailover, regions: ({ writer }) => [writer] } satisfies Kind<FailoverRecord>,
} as const;
type KindName = keyof typeof KINDS;

/** `regions`: all that the reader knows, itself included; records of others are left out. Never throws, whatever the items are. */
export function readControlRecords(
  items: readonly StoredItem[],
  regions: readonly string[],
  nowMs: number,
): ControlRecords {
  const bad: BadRecord[] = [];
  const found: Record<KindName, unknown[]> = { state: [], order: [], run: [], present: [], failover: [] };
  for (const item of items) {
    const prefix = item.timestamp.slice(0, Math.max(0, item.timestamp.indexOf('#')));
    const known = Object.hasOwn(KINDS, prefix) ? (KINDS[prefix as KindName] as unknown as Kind<unknown>) : undefined;
    if (!known) continue;
    const one = tryRead(known.read, item);
    if ('why' in one) bad.push(badRecord(item, one.why));
    else if (known.regions(one.is).every((name) => regions.includes(name))) found[prefix as KindName].push(one.is);
  }
  const states = found.state as StateRecord[];
  const orders = (found.order as OrderRecord[]).flatMap((order) => {
    const { why, instead } = judged(order, states, nowMs);
    if (why !== undefined) bad.push({ key: order.timestamp, why, version: undefined });
    return instead ?? [];
  });
  return {
    states,
    orders,
    runs: found.run as ValidationRecord[],
    presences: found.present as PresenceRecord[],
    failovers: found.failover as FailoverRecord[],
    bad,
  };
}

export const badRecord = (item: StoredItem, why: string): BadRecord => ({
  key: item.timestamp,
  why,
  version: item['version'],
});

/** The records that can be read, and the others. */
export function sorted<T>(
  read: Read<T>,
  items: readonly StoredItem[],
): { readonly fit: T[]; readonly bad: BadRecord[] } {
  const fit: T[] = [];
  const bad: BadRecord[] = [];
  for (const item of items) {
    const one = tryRead(read, item);
    if ('is' in one) fit.push(one.is);
    else bad.push(badRecord(item, one.why));
  }
  return { fit, bad };
}

interface Judged {
  readonly why?: string;
  /** What stands in the place of the order. */
  readonly instead?: OrderRecord;
}

/** Nobody can have given an order with such a number or end. One that is obeyed already ends a week after its region has left. */
function judged(order: OrderRecord, states: readonly StateRecord[], nowMs: number): Judged {
  const target = states.find(({ region }) => region === order.target);
  const decided = Math.max(target?.closed ?? 0, target?.leaving ?? 0);
  if (order.number > decided + MAX_ORDERS_AHEAD) return { why: 'number is far beyond what its region has decided' };
  if (order.expiresAtMs <= nowMs + MAX_ORDER_MS + OPERATOR_SKEW_MS) return { instead: order };
  const why = 'expiresAtMs is more than a week away';
  if (order.number > decided) return { why };
  return { why, instead: { ...order, expiresAtMs: (target?.stateSinceMs ?? 0) + MAX_ORDER_MS } };
}
