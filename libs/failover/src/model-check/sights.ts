// What a region whose table throttles learns meanwhile, and what a look at the own table finds of it.
import * as at from './layout';
import { throttledOnce } from './local';
import { othersOf, probed, readable, routerWorks, sees } from './model';
import type { Broken, Model } from './model';

/** Its table has said that it throttles. */
export function refused(model: Model, bytes: Uint8Array, broken: Broken, region: number): void {
  if (!probed(broken, region) || bytes[at.regionAt(model, region) + at.HEAD] === 0) return;
  // By hand, a region whose router is broken is not there for its clients, whatever its table says.
  if (model.failback === 'automatic' || routerWorks(broken, region)) throttledOnce(model, bytes, region);
  look(model, bytes, broken, region);
}

/** What the peers' own replicas tell a region whose table throttles. */
function look(model: Model, bytes: Uint8Array, broken: Broken, region: number): void {
  for (const peer of othersOf(model, region)) {
    if (!sees(model, broken, region, peer)) continue;
    const slot = at.peerAt(model, region, peer);
    const age = bytes[slot + at.SIGHT_AGE] ?? 0;
    const goesOn = age !== at.NEVER && age - 1 <= model.fresh;
    if (!goesOn) bytes[slot + at.SIGHT_FOR] = 0;
    if (!goesOn) bytes[slot + at.SIGHT_AHEAD] = at.UNTOLD;
    if (readable(broken, peer))
      bytes[slot + at.SIGHT_AHEAD] = bytes[slot + at.COPY] === at.CURRENT ? at.ARRIVED : at.AHEAD;
    bytes[slot + at.SIGHT_AGE] = 1;
  }
}

/** A look at the own table that put its beat off. */
export function found(model: Model, bytes: Uint8Array, region: number): void {
  for (const peer of othersOf(model, region)) {
    const slot = at.peerAt(model, region, peer);
    if (bytes[slot + at.SIGHT_AHEAD] === at.ARRIVED) bytes[slot + at.SIGHT_AHEAD] = at.FOUND;
  }
}
