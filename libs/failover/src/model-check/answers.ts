// What a region's own /health says to a peer that asks.
import type { PeerAnswer } from '../admission-types';
import * as at from './layout';
import { answers, probed, routerWorks, runs, servesElsewhere, slow, throttled } from './model';
import type { Broken, Model } from './model';

/** Any time after every other. */
const NOW_MS = 5_000_000_000;

/**
 * What the peer's own /health says to the observer. A region says that it serves after a beat of its own
 * only; until then it repeats what it said while its table throttled, or is still asking others.
 */
export function answerOf(
  model: Model,
  bytes: Uint8Array,
  broken: Broken,
  observer: number,
  peer: number,
): PeerAnswer | undefined {
  if (!answers(model, broken, observer, peer)) return undefined;
  if (!runs(broken, peer) || slow(broken, peer) || !routerWorks(broken, peer)) return 'troubled';
  const own = at.regionAt(model, peer);
  const state = at.headState(bytes[own + at.HEAD] ?? 0);
  if (state === 'none') return undefined;
  if (state !== 'serving') return 'not-serving';
  const reached = probed(broken, peer) || (bytes[own + at.PROBE_AGE] ?? 0) - 1 <= model.reachedFor;
  if (!reached) return 'troubled';
  if (throttled(broken, peer)) return servesElsewhere(model, broken, peer) ? 'throttled' : 'troubled';
  if ((bytes[own + at.BEAT_AGE] ?? 0) - 1 <= model.fresh) {
    return saysReached(model, bytes, broken, peer) ? 'serving' : 'troubled';
  }
  return bytes[own + at.UNTIL_AGE] === at.NEVER ? undefined : 'throttled';
}

function saysReached(model: Model, bytes: Uint8Array, broken: Broken, region: number): boolean {
  const { rules, constants, tickMs } = model;
  const own = at.regionAt(model, region);
  const record = {
    reached: (bytes[own + at.HEAD] ?? 0) > 4,
    lastProbeAtMs: NOW_MS - ((bytes[own + at.PROBE_AGE] ?? 0) - 1) * tickMs,
  };
  return rules.answersReached(record, true, probed(broken, region) ? NOW_MS : null, NOW_MS, constants);
}

/** What the region heard that counts, in the order in which regions decide. */
export function signOf(
  model: Model,
  { before, after, broken }: { readonly before: Uint8Array; readonly after: Uint8Array; readonly broken: Broken },
  observer: number,
  peer: number,
): PeerAnswer | undefined {
  const bytes = !model.simultaneous && peer < observer ? after : before;
  const answer = answerOf(model, bytes, broken, observer, peer);
  return answer === 'troubled' ? undefined : answer;
}
