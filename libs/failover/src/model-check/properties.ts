// The safety properties, told from what really happened and not from what the rules believe.
import { signOf } from './answers';
import * as at from './layout';
import { able, isWhole, othersOf, takes } from './model';
import type { Broken, Model } from './model';

export const SAFETY = {
  I1: 'a serving, reached region never leaves of its own accord unless another serves',
  I3: 'a region that comes back without the writes of a serving peer, or a new one without any of its news, hears nothing from it on either channel',
  I4: 'an evacuated region returns unasked only when it can hear no serving peer',
  I5: 'with nothing broken, crossing evacuations do not refuse each other: one of them is obeyed',
  I6: 'a region that was throttled, and at no time away for longer than W, leaves service for it only to a peer that serves and whose writes it may lack',
  I7: 'with failback by hand a region that was out of service serves beside a peer that it can hear only by an order given since',
} as const;

export type SafetyId = keyof typeof SAFETY;

/** One tick: the state it found, the state it left (its truth still as found), what was broken, who beat. */
export interface Tick {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly broken: Broken;
  readonly beaten: number;
}

export function violated(model: Model, tick: Tick): SafetyId | undefined {
  for (let region = 0; region < model.regions; region++) {
    if ((tick.beaten & (1 << region)) === 0) continue;
    if (leavesAlone(model, tick, region)) return 'I1';
    if (servesBehind(model, tick, region)) return 'I3';
    if (returnsBesideServing(model, tick, region)) return 'I4';
    if (refusedInCalm(model, tick, region)) return 'I5';
    if (leavesForThrottling(model, tick, region)) return 'I6';
    if (returnsWithoutOrder(model, tick, region)) return 'I7';
  }
  return undefined;
}

const own = (model: Model, bytes: Uint8Array, region: number, field: number): number =>
  bytes[at.regionAt(model, region) + field] ?? 0;

const stateOf = (model: Model, bytes: Uint8Array, region: number): string =>
  at.headState(own(model, bytes, region, at.HEAD));

const service = (model: Model, { before }: Tick, region: number): number =>
  own(model, before, region, at.SERVICE) - at.SERVICE_ZERO;

/** Peers that serve now, or that were struck so lately that nobody can know of it yet. */
const stillServing = (model: Model, tick: Tick, region: number): readonly number[] =>
  othersOf(model, region).filter(
    (peer) =>
      stateOf(model, tick.after, peer) === 'serving' &&
      (able(tick.broken, peer) || service(model, tick, peer) >= -model.window),
  );

/** A region whose absence has just ended does not count: DNS had left it already. */
function leavesAlone(model: Model, tick: Tick, region: number): boolean {
  const { before, after, broken } = tick;
  if (stateOf(model, before, region) !== 'serving' || stateOf(model, after, region) === 'serving') return false;
  if (!able(broken, region) || own(model, before, region, at.WAS_ABLE) === 0) return false;
  return stillServing(model, tick, region).length === 0;
}

/** The peer takes its clients' writes, and has done so for longer than news of it takes. */
const servedLong = (model: Model, { before, broken }: Tick, peer: number): boolean =>
  takes(broken, peer) && own(model, before, peer, at.TAKEN) >= model.window;

/** In turn, a peer may have left service just before the region decided. */
const hasLeftBefore = (model: Model, { after }: Tick, region: number, peer: number): boolean =>
  !model.simultaneous && peer < region && stateOf(model, after, peer) !== 'serving';

/** Its /health says right now that it serves, or the region has not listened in vain for D, this tick counted in. */
function hears(model: Model, tick: Tick, region: number, peer: number): boolean {
  const { before } = tick;
  const listened = own(model, before, region, at.BEAT_AGE) - 1 <= model.fresh;
  const deaf = before[at.peerAt(model, region, peer) + at.DEAF] ?? 0;
  return signOf(model, tick, region, peer) !== undefined || !listened || deaf + 1 < model.quiet;
}

function servesBehind(model: Model, tick: Tick, region: number): boolean {
  const { before, after, broken } = tick;
  if (stateOf(model, after, region) !== 'serving') return false;
  const was = stateOf(model, before, region);
  const cameBack = own(model, before, region, at.OUT) > model.edge && able(broken, region);
  if (was === 'serving' && !cameBack) return staysBehind(model, tick, region);
  // An evacuated region that returns unasked is judged by I4.
  if (was === 'evacuated') return false;
  return heardServing(model, tick, region).some((peer) => !hasItsWrites(model, tick, region, peer));
}

/** Peers that have served for long, and that the region hears. */
const heardServing = (model: Model, tick: Tick, region: number): readonly number[] =>
  othersOf(model, region).filter(
    (peer) =>
      servedLong(model, tick, peer) && !hasLeftBefore(model, tick, region, peer) && hears(model, tick, region, peer),
  );

/** It could write nothing for longer than W, and a peer that serves answers it, from which nothing had come for longer than F when the tick began. */
function staysBehind(model: Model, tick: Tick, region: number): boolean {
  const { before } = tick;
  if (own(model, before, region, at.BEAT_AGE) - 1 <= model.edge) return false;
  return othersOf(model, region).some((peer) => {
    // In turn, the peer's heartbeat may have come within this tick. Its older writes come by the end of it.
    const gap = before[at.peerAt(model, region, peer) + at.GAP] ?? 0;
    return servedLong(model, tick, peer) && gap > model.fresh && signOf(model, tick, region, peer) === 'serving';
  });
}

/**
 * The peer's news could be read for H without a pause; by a region that has never served, which has missed nothing, within F.
 * What came before a pause of its own says nothing of what came since.
 */
function hasItsWrites(model: Model, { before }: Tick, region: number, peer: number): boolean {
  const listened = own(model, before, region, at.BEAT_AGE) - 1 <= model.fresh;
  const slot = at.peerAt(model, region, peer);
  if (own(model, before, region, at.EVER_SERVED) === 1) {
    return listened && (before[slot + at.FLOW] ?? 0) >= model.hold;
  }
  return (
    listened && (((before[slot + at.NEWS] ?? 0) & at.UNREAD) !== 0 || (before[slot + at.PAUSE] ?? 0) <= model.fresh)
  );
}

function returnsBesideServing(model: Model, tick: Tick, region: number): boolean {
  const { before, after } = tick;
  const now = stateOf(model, after, region);
  if (stateOf(model, before, region) !== 'evacuated' || now === 'evacuated') return false;
  if (now !== 'serving') return !overruled(model, tick, region, own(model, before, region, at.CLOSED));
  return heardServing(model, tick, region).length > 0;
}

/** An order that ends the evacuation was in the region's table before or within this tick. */
function overruled(model: Model, { before, after }: Tick, region: number, number: number): boolean {
  return [before, after].some((bytes) => {
    for (let writer = 0; writer < model.regions; writer++) {
      const byte = bytes[at.ordersAt(model, region) + writer * model.regions + region] ?? 0;
      const ends = at.orderKind(byte) === 'readmit' || at.orderExpired(byte);
      if (byte !== 0 && at.orderNumber(byte) >= number && ends) return true;
    }
    return false;
  });
}

function leavesForThrottling(model: Model, tick: Tick, region: number): boolean {
  const { before, after } = tick;
  const lead = own(model, before, region, at.LEAD);
  const age = own(model, before, region, at.UNTIL_AGE);
  const throttledAllAlong = age !== at.NEVER && age - 1 <= model.edge && lead - 1 <= model.edge;
  const probedUntil = own(model, before, region, at.PROBE_LEAD) - 1 <= model.edge;
  const leaves = stateOf(model, before, region) === 'serving' && stateOf(model, after, region) === 'recovering';
  // By hand, a router that did not answer for so long is an absence. A region counts it from the beat before.
  if (model.failback === 'manual' && own(model, before, region, at.ILL) >= model.edge) return false;
  return throttledAllAlong && probedUntil && leaves && !leavesToAnother(model, tick, region);
}

function leavesToAnother(model: Model, tick: Tick, region: number): boolean {
  const { before } = tick;
  return stillServing(model, tick, region).some((peer) => {
    const slot = at.peerAt(model, region, peer);
    const knows = before[slot + at.SIGHT_AGE] !== at.NEVER && (before[slot + at.SIGHT_FOR] ?? 0) >= model.fresh;
    const told = before[slot + at.SIGHT_AHEAD] ?? 0;
    const lacks = !knows || told === at.AHEAD || told === at.UNTOLD;
    return lacks && signOf(model, tick, region, peer) === 'serving';
  });
}

/** A new region has not been out of service, and one that DNS has not left has not, either. */
function returnsWithoutOrder(model: Model, tick: Tick, region: number): boolean {
  const { before, after, broken } = tick;
  if (model.failback !== 'manual' || own(model, before, region, at.EVER_SERVED) === 0) return false;
  if (stateOf(model, after, region) !== 'serving') return false;
  const cameBack = own(model, before, region, at.ILL) > model.edge && able(broken, region);
  if (stateOf(model, before, region) === 'serving' ? !cameBack : own(model, before, region, at.ORDERED) === 1)
    return false;
  return heardServing(model, tick, region).length > 0;
}

function refusedInCalm(model: Model, tick: Tick, region: number): boolean {
  const { before, after, broken, beaten } = tick;
  const leaving = own(model, before, region, at.LEAVING);
  if (leaving === 0 || own(model, after, region, at.LEAVING) !== 0) return false;
  if (stateOf(model, after, region) !== 'serving') return false;
  const calm =
    isWhole(broken) && beaten === (1 << model.regions) - 1 && before[at.CALM] === model.patience + model.fresh;
  if (!calm || overruled(model, tick, region, leaving)) return false;
  for (const peer of othersOf(model, region)) {
    // A peer that went first, and whose own order was overruled in this very tick, could not be known to stay.
    const wasLeaving = own(model, before, peer, at.LEAVING);
    if (wasLeaving !== 0 && overruled(model, tick, peer, wasLeaving)) return false;
    if (own(model, after, peer, at.LEAVING) !== 0 || stateOf(model, after, peer) !== 'serving') return false;
  }
  return true;
}
