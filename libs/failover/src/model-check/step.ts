// One heartbeat of the abstract world: every region that can beats once, replication delivers, the truth is kept.
import { answerOf, signOf } from './answers';
import * as at from './layout';
import { ANSWERS, PROBED, ROUTER_WORKS, beatAgeLimit, localKeyBytes, ordersKeyAt, peerKeyAt } from './local';
import type { LocalBeats } from './local';
import {
  NOTHING,
  able,
  away,
  isWhole,
  othersOf,
  probed,
  readable,
  replicates,
  routerWorks,
  runs,
  slotOf,
  slow,
  takes,
  throttled,
  writes,
} from './model';
import type { Broken, Model } from './model';
import { violated, type SafetyId } from './properties';
import { found, refused } from './sights';

const MAX_TICKS_TO_STEADY = 100;

/** What an exploration begins with. */
export function startOf(model: Model, local: LocalBeats): Uint8Array {
  const bytes = at.firstState(model);
  for (let left = model.from === 'steady' ? MAX_TICKS_TO_STEADY : 0; left > 0; left--) {
    const before = bytes.slice();
    keepTruth(model, before, bytes, NOTHING, tick(model, local, bytes, NOTHING, 0));
  }
  return bytes;
}

/** One tick in place, judged; its truth is kept unless something is violated. `before`: a copy of `bytes`. */
export function beat(
  model: Model,
  local: LocalBeats,
  before: Uint8Array,
  bytes: Uint8Array,
  broken: Broken,
  lateNow = 0,
): SafetyId | undefined {
  const beaten = tick(model, local, bytes, broken, lateNow);
  const property = violated(model, { before, after: bytes, broken, beaten });
  if (!property) keepTruth(model, before, bytes, broken, beaten);
  return property;
}

/** Changes `bytes` by one tick, but for the truth about it. Returns who beat, a bit for each region. */
function tick(model: Model, local: LocalBeats, bytes: Uint8Array, broken: Broken, lateNow: number): number {
  const late = (bytes[at.LATE] ?? 0) | lateNow;
  bytes[at.LATE] = 0;
  let beaten = 0;
  let waiting = 0;
  for (let region = 0; region < model.regions; region++) {
    if (!readable(broken, region)) refused(model, bytes, broken, region);
  }
  const results: (Uint8Array | undefined)[] = [];
  for (let region = 0; region < model.regions; region++) {
    const due = isDue(model, bytes, broken, region) && (late & (1 << region)) === 0;
    const wanted = due ? local.resultOf(localKey(model, bytes, broken, region)) : undefined;
    const result = writes(broken, region) ? wanted : undefined;
    if (result) beaten |= 1 << region;
    else if (wanted) refused(model, bytes, broken, region);
    else if (due) waiting |= 1 << region;
    if (model.simultaneous) results.push(result);
    else {
      write(model, bytes, region, result);
      deliverFrom(model, bytes, broken, region);
    }
  }
  results.forEach((result, region) => write(model, bytes, region, result));
  for (let region = 0; region < model.regions; region++) {
    if ((waiting & (1 << region)) !== 0) found(model, bytes, region);
  }
  for (let region = 0; region < model.regions; region++) deliverFrom(model, bytes, broken, region);
  return beaten;
}

/** Probed regions try to beat every tick; one that gets no probes beats on its schedule alone. */
function isDue(model: Model, bytes: Uint8Array, broken: Broken, region: number): boolean {
  if (!runs(broken, region) || slow(broken, region) || !readable(broken, region)) return false;
  const from = at.regionAt(model, region);
  if (probed(broken, region) || bytes[from + at.HEAD] === 0) return true;
  return (bytes[from + at.BEAT_AGE] ?? 0) - 1 >= model.scheduleTicks;
}

function localKey(model: Model, bytes: Uint8Array, broken: Broken, region: number): Uint8Array {
  const key = new Uint8Array(localKeyBytes(model));
  const own = at.regionAt(model, region);
  key[0] = region;
  key[1] = (probed(broken, region) ? PROBED : 0) | (routerWorks(broken, region) ? ROUTER_WORKS : 0);
  key.set(bytes.subarray(own, own + at.OWN_BYTES), 2);
  for (const peer of othersOf(model, region)) {
    const from = at.peerAt(model, region, peer);
    const to = peerKeyAt(slotOf(region, peer));
    key.set(bytes.subarray(from, from + at.MEMORY_BYTES), to);
    const copy = to + at.MEMORY_BYTES;
    const status = bytes[from + at.COPY] ?? 0;
    key[copy] = Number(status !== 0);
    if (status === at.OLD) key.set(bytes.subarray(from + at.COPY_HEAD, from + at.COPY_GRANT + 1), copy + 1);
    if (status === at.CURRENT) key.set(publicPart(model, bytes, peer, region), copy + 1);
    key[copy + 5] = ANSWERS.indexOf(answerOf(model, bytes, broken, region, peer));
    key.set(bytes.subarray(from + at.SIGHT_AGE, from + at.SIGHT_AHEAD + 1), copy + 6);
  }
  const orders = at.ordersAt(model, region);
  key.set(bytes.subarray(orders, orders + model.regions * model.regions), ordersKeyAt(model));
  return key;
}

/** What a reader can make use of in a peer's record: head, leaving, closed, the grant to the reader. */
function publicPart(model: Model, bytes: Uint8Array, owner: number, reader: number): readonly number[] {
  const own = at.regionAt(model, owner);
  const grant = bytes[at.peerAt(model, owner, reader) + at.GRANT] ?? 0;
  return [bytes[own + at.HEAD] ?? 0, bytes[own + at.LEAVING] ?? 0, bytes[own + at.CLOSED] ?? 0, grant];
}

/** Takes over a beat's result; without one the region's ages go on by a tick. */
function write(model: Model, bytes: Uint8Array, region: number, result: Uint8Array | undefined): void {
  const own = at.regionAt(model, region);
  if (!result) return grow(model, bytes, region);
  for (const observer of othersOf(model, region)) {
    const copy = at.peerAt(model, observer, region);
    if (bytes[copy + at.COPY] !== at.CURRENT) continue;
    bytes.set(publicPart(model, bytes, region, observer), copy + at.COPY_HEAD);
    bytes[copy + at.COPY_WAIT] = bytes[own + at.RETURN] === at.WAITS ? at.THIS_WAIT : at.NO_WAIT;
    bytes[copy + at.COPY] = at.OLD;
  }
  if (bytes[own + at.RETURN] === at.WAITS && result[at.RETURN] !== at.WAITS) at.endWait(model, bytes, region);
  bytes.set(result.subarray(0, at.OWN_BYTES), own);
  if (result[at.RETURN] === at.BEGINS) bytes[own + at.RETURN] = at.WAITS;
  for (const peer of othersOf(model, region)) {
    const from = at.OWN_BYTES + slotOf(region, peer) * at.MEMORY_BYTES;
    const slot = at.peerAt(model, region, peer);
    bytes.set(result.subarray(from, from + at.MEMORY_BYTES), slot);
    bytes.fill(0, slot + at.SIGHT_AGE, slot + at.SIGHT_AHEAD + 1);
  }
}

function grow(model: Model, bytes: Uint8Array, region: number): void {
  const own = at.regionAt(model, region);
  if (bytes[own + at.HEAD] === 0) return;
  const older = (index: number, limit: number): void => {
    const age = bytes[index] ?? 0;
    if (age !== at.NEVER) bytes[index] = Math.min(age + 1, limit + 1);
  };
  older(own + at.LEAVING_AGE, model.patience);
  older(own + at.BEAT_AGE, beatAgeLimit(model));
  older(own + at.PROBE_AGE, model.edge + 1);
  older(own + at.ALONE_AGE, model.quiet);
  older(own + at.UNTIL_AGE, model.edge + 1);
  older(own + at.UNREACHED_AGE, model.edge + 1);
  // A stretch that ended longer ago than W proves nothing more: every absence counts from its end, and is an edge.
  const isOver = model.dropForgotten && (bytes[own + at.UNTIL_AGE] ?? 0) - 1 > model.edge;
  if (isOver) {
    bytes.fill(at.NEVER, own + at.LEAD, own + at.UNTIL_AGE + 1);
    bytes[own + at.UNREACHED_LEAD] = at.NEVER;
  }
  const forgotten = model.dropForgotten && (bytes[own + at.BEAT_AGE] ?? 0) - 1 > model.fresh;
  if (forgotten) bytes[own + at.ALONE_AGE] = at.NEVER;
  for (const peer of othersOf(model, region)) {
    const from = at.peerAt(model, region, peer);
    if (bytes[from + at.SIGHT_AGE] !== at.NEVER) {
      older(from + at.SIGHT_AGE, model.fresh + 1);
      bytes[from + at.SIGHT_FOR] = Math.min((bytes[from + at.SIGHT_FOR] ?? 0) + 1, model.fresh);
      // Too old to prove anything.
      if ((bytes[from + at.SIGHT_AGE] ?? 0) - 1 > model.fresh)
        bytes.fill(0, from + at.SIGHT_AGE, from + at.SIGHT_AHEAD + 1);
    }
    if (forgotten) {
      bytes.fill(0, from + at.KNOWN, from + at.MEMORY_BYTES);
      continue;
    }
    older(from + at.HEARD_AGE, model.fresh + 1);
    older(from + at.FRESH_AGE, model.hold);
    older(from + at.ANSWERED_AGE, model.fresh + 1);
    older(from + at.SILENT_AGE, model.quiet);
    if ((bytes[from + at.ANSWERED_AGE] ?? 0) > model.fresh + 1) bytes[from + at.ANSWERED_SERVING] = 0;
  }
}

function deliverFrom(model: Model, bytes: Uint8Array, broken: Broken, owner: number): void {
  const { regions } = model;
  const started = bytes[at.regionAt(model, owner) + at.HEAD] !== 0;
  for (const observer of othersOf(model, owner)) {
    if (!replicates(model, broken, observer, owner)) continue;
    const slot = at.peerAt(model, observer, owner);
    if (started && bytes[slot + at.COPY] !== at.CURRENT) {
      bytes.fill(0, slot + at.COPY_HEAD, slot + at.COPY_WAIT + 1);
      bytes[slot + at.COPY] = at.CURRENT;
      if (bytes[slot + at.KNOWN] === at.SAME) bytes[slot + at.KNOWN] = at.OLDER;
      if (bytes[slot + at.SIGHT_AHEAD] === at.AHEAD) bytes[slot + at.SIGHT_AHEAD] = at.ARRIVED;
      else if (bytes[slot + at.SIGHT_AHEAD] === at.FOUND) bytes[slot + at.SIGHT_AHEAD] = at.SETTLED;
    }
    const from = at.ordersAt(model, owner) + owner * regions;
    bytes.copyWithin(at.ordersAt(model, observer) + owner * regions, from, from + regions);
  }
}

const cap = (value: number, limit: number): number => (value > limit ? limit : value);

/** Counts what really happened in this tick; the rules never see it. `before`: the state that the tick found. */
function keepTruth(model: Model, before: Uint8Array, bytes: Uint8Array, broken: Broken, beaten: number): void {
  const { regions, window, edge, patience, fresh } = model;
  for (let region = 0; region < regions; region++) {
    const own = at.regionAt(model, region);
    const beat = (beaten & (1 << region)) !== 0;
    const isAble = able(broken, region);
    const serves = isAble && at.headState(bytes[own + at.HEAD] ?? 0) === 'serving';
    const service = (bytes[own + at.SERVICE] ?? 0) - at.SERVICE_ZERO;
    const next = serves ? cap(Math.max(service, 0) + 1, window) : -cap(service > 0 ? 1 : 1 - service, window + 1);
    bytes[own + at.SERVICE] = at.SERVICE_ZERO + next;
    bytes[own + at.WAS_ABLE] = Number(isAble && beat);
    if (serves) bytes[own + at.EVER_SERVED] = 1;
    const isTaking = takes(broken, region) && at.headState(bytes[own + at.HEAD] ?? 0) === 'serving';
    bytes[own + at.TAKEN] = isTaking ? cap((bytes[own + at.TAKEN] ?? 0) + 1, window) : 0;
    const out = bytes[own + at.OUT] ?? 0;
    // Throttling makes good an absence no more than it makes one.
    const stays = throttled(broken, region) && out > edge;
    bytes[own + at.OUT] = away(broken, region) ? cap(out + 1, edge + 1) : stays ? out : 0;
    if (model.failback === 'manual') keepReturnTruth(model, bytes, broken, region);
    const beatAge = before[own + at.BEAT_AGE] ?? 0;
    const forgot = beatAge === at.NEVER || beatAge - 1 > fresh;
    for (const peer of othersOf(model, region)) {
      const wrote = (beaten & (1 << peer)) !== 0;
      keepPeerTruth(model, before, bytes, broken, { region, peer, beat, wrote, forgot });
    }
  }
  const disturbed = !isWhole(broken) || beaten !== (1 << regions) - 1;
  bytes[at.CALM] = disturbed ? 0 : cap((bytes[at.CALM] ?? 0) + 1, patience + fresh);
}

/** An absence for longer than W makes every earlier order void, but for one that ends an evacuation which is still in force. */
function keepReturnTruth(model: Model, bytes: Uint8Array, broken: Broken, region: number): void {
  const own = at.regionAt(model, region);
  const isIll = away(broken, region) || !routerWorks(broken, region);
  const ill = bytes[own + at.ILL] ?? 0;
  bytes[own + at.ILL] = isIll ? cap(ill + 1, model.edge + 2) : throttled(broken, region) ? ill : 0;
  const isOrderedOut = at.headState(bytes[own + at.HEAD] ?? 0) === 'evacuated';
  if ((bytes[own + at.OUT] ?? 0) > model.edge && !isOrderedOut) bytes[own + at.ORDERED] = 0;
}

interface Listening {
  readonly region: number;
  readonly peer: number;
  readonly beat: boolean;
  /** The peer beat. */
  readonly wrote: boolean;
  readonly forgot: boolean;
}

function keepPeerTruth(
  model: Model,
  before: Uint8Array,
  bytes: Uint8Array,
  broken: Broken,
  { region, peer, beat, wrote, forgot }: Listening,
): void {
  const { fresh, hold, quiet } = model;
  const slot = at.peerAt(model, region, peer);
  const running = replicates(model, broken, region, peer);
  const news = bytes[slot + at.NEWS] ?? 0;
  const written = wrote || (news & at.HELD_UP) !== 0;
  // In turn, a region reads what those before it wrote within the same tick.
  const fresher = !model.simultaneous && peer < region && running && written;
  const read = beat && (fresher || (news & at.UNREAD) !== 0);
  const pause = read ? 0 : cap((bytes[slot + at.PAUSE] ?? 0) + 1, fresh + 1);
  bytes[slot + at.PAUSE] = pause;
  bytes[slot + at.FLOW] = beat && (pause > fresh || forgot) ? 0 : cap((bytes[slot + at.FLOW] ?? 0) + 1, hold);
  const unread = (running && written && !(fresher && beat)) || (!beat && (news & at.UNREAD) !== 0);
  bytes[slot + at.NEWS] = (unread ? at.UNREAD : 0) | (written && !running ? at.HELD_UP : 0);
  const writing = takes(broken, peer) && !throttled(broken, peer);
  const gap = bytes[slot + at.GAP] ?? 0;
  bytes[slot + at.GAP] = running ? 0 : writing ? cap(gap + 1, fresh + 1) : gap;
  const audible = read || signOf(model, { before, after: bytes, broken }, region, peer) !== undefined;
  bytes[slot + at.DEAF] = beat && (audible || forgot) ? 0 : cap((bytes[slot + at.DEAF] ?? 0) + 1, quiet);
}
