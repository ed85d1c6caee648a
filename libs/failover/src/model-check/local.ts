// One region's beat: from bytes to the arguments of the very functions under check, and their result back to bytes.
import { CONTROL_ID, orderKey, type OrderRecord, type PeerMemory, type StateRecord } from '@dr/contracts/system';
import { newStateRecord } from '../state-record';
import type { Presence, Sight, Sights } from '../admission-presence';
import type { AdmissionInput, PeerAnswer } from '../admission-types';
import * as at from './layout';
import type { Model } from './model';
import { StateStore } from './state-store';

/** Each region has a clock of its own, and peers' times are made unreadable: a comparison of two clocks would show. */
const clockOf = (region: number): number => 5_000_000_000 + region * 777_777_777;
const EXPIRED_MS = 1;
const NEVER_MS = Number.MAX_SAFE_INTEGER;
const SEQUENCE = 10;
/** The number of the wait that goes on, and of one that is over. */
const WAIT_NUMBER = 5;
const PAST_NUMBER = 4;

export const ANSWERS: readonly (PeerAnswer | undefined)[] = [
  undefined,
  'serving',
  'throttled',
  'not-serving',
  'troubled',
];
/** Bytes of one peer in a local key: memory, the copy's five, the answer it would give, what its replica told. */
const PEER_KEY_BYTES = at.MEMORY_BYTES + 9;

/** Everything one region's beat depends on, in one row: region, flags, own record, peers, orders. */
export const localKeyBytes = ({ regions }: Model): number =>
  2 + at.OWN_BYTES + (regions - 1) * PEER_KEY_BYTES + regions * regions;

export const peerKeyAt = (slot: number): number => 2 + at.OWN_BYTES + slot * PEER_KEY_BYTES;
export const ordersKeyAt = ({ regions }: Model): number => peerKeyAt(regions - 1);
export const PROBED = 1;
export const ROUTER_WORKS = 2;

/** The function is pure, so equal keys are worked out once. */
export class LocalBeats {
  private readonly keys: StateStore;
  private readonly results: (Uint8Array | undefined)[] = [];

  constructor(private readonly model: Model) {
    this.keys = new StateStore(localKeyBytes(model));
  }

  get distinct(): number {
    return this.keys.size;
  }

  /** The region's own record and memories one tick later: OWN_BYTES, then MEMORY_BYTES a peer; undefined: the beat is put off. */
  resultOf(key: Uint8Array): Uint8Array | undefined {
    const known = this.keys.size;
    const id = this.keys.intern(key);
    if (id < known) return this.results[id];
    const result = beatOnce(this.model, key);
    this.results.push(result);
    return result;
  }
}

function beatOnce(model: Model, key: Uint8Array): Uint8Array | undefined {
  const { rules, constants, names } = model;
  const region = key[0] ?? 0;
  const flags = key[1] ?? 0;
  const self = names[region] ?? '';
  const nowMs = clockOf(region);
  const peers = names.filter((name) => name !== self);
  const previous = ownRecord(model, key, region, peers);
  const records = peers.flatMap((peer, slot) => copyOf(key, slot, peer, self) ?? []);
  const remembered = previous?.memory ?? null;
  const silent = { peers, records, answers: {} };
  const asked = rules.peersToAsk(rules.observe(remembered, silent, nowMs, constants), constants);
  const heard: Record<string, PeerAnswer> = {};
  peers.forEach((peer, slot) => {
    const answer = ANSWERS[key[peerKeyAt(slot) + at.MEMORY_BYTES + 5] ?? 0];
    if (answer && asked.includes(peer)) heard[peer] = answer;
  });
  const reading = { peers, records, answers: heard };
  const stretch = previous && presenceOf(model, key.subarray(2), previous.beatAtMs, nowMs);
  const presence = stretch && { ...stretch, sights: sightsOf(model, key, region, peers) };
  const input: AdmissionInput = {
    region: self,
    previous,
    memory: rules.observe(remembered, reading, nowMs, constants),
    reading,
    orders: ordersIn(model, key, ordersKeyAt(model)),
    probeAtMs: flags & PROBED ? nowMs : (presence?.untilMs ?? null),
    presence,
    routerWorks: (flags & ROUTER_WORKS) !== 0,
    failback: model.failback,
    constants,
    nowMs,
  };
  if (rules.mustWait(input)) return undefined;
  return encodeOwn(model, region, rules.admit(input).next, peers, records);
}

const sinceOf =
  (model: Model, region: number) =>
  (age: number): number | null =>
    age === at.NEVER ? null : clockOf(region) - (age - 1) * model.tickMs;

function ownRecord(model: Model, key: Uint8Array, region: number, peers: readonly string[]): StateRecord | null {
  const byte = (index: number): number => key[2 + index] ?? 0;
  const since = sinceOf(model, region);
  const head = byte(at.HEAD);
  const state = at.headState(head);
  if (state === 'none') return null;
  const grants: Record<string, number> = {};
  const memories: Record<string, PeerMemory> = {};
  peers.forEach((peer, slot) => {
    const of = (index: number): number => key[peerKeyAt(slot) + index] ?? 0;
    if (of(at.GRANT) !== 0) grants[peer] = of(at.GRANT);
    const known = of(at.KNOWN);
    if (known === 0) return;
    memories[peer] = {
      sequence: known === 1 ? null : known === at.SAME ? SEQUENCE : SEQUENCE - 1,
      heardAtMs: since(of(at.HEARD_AGE)),
      freshSinceMs: since(of(at.FRESH_AGE)),
      answeredAtMs: since(of(at.ANSWERED_AGE)),
      answeredServing: of(at.ANSWERED_SERVING) === 1,
      silentSinceMs: since(of(at.SILENT_AGE)) ?? 0,
    };
  });
  const self = model.names[region] ?? '';
  const beatAtMs = since(byte(at.BEAT_AGE)) ?? 0;
  return {
    ...newStateRecord(self, beatAtMs),
    version: SEQUENCE,
    sequence: SEQUENCE,
    state,
    leaving: byte(at.LEAVING) === 0 ? null : byte(at.LEAVING),
    leavingSinceMs: since(byte(at.LEAVING_AGE)),
    closed: byte(at.CLOSED),
    reached: head > 4,
    lastProbeAtMs: lastProbeOf(model, key.subarray(2), beatAtMs) ?? since(byte(at.PROBE_AGE)) ?? 0,
    grants,
    memory: { atMs: beatAtMs, aloneSinceMs: since(byte(at.ALONE_AGE)), peers: memories },
    ...(byte(at.FIRST_START) === 1 ? { firstStart: true as const } : {}),
    ...returnIn(model, key.subarray(2), region, beatAtMs),
  };
}

/** `own`: the bytes of a region's record. */
function returnIn(model: Model, own: Uint8Array, region: number, beatAtMs: number): Partial<StateRecord> {
  const stage = own[at.RETURN];
  const age = own[at.UNREACHED_AGE] ?? 0;
  const lead = own[at.UNREACHED_LEAD] ?? 0;
  const sinceMs =
    own[at.UNTIL_AGE] === at.NEVER || lead === 0
      ? sinceOf(model, region)(age)
      : beatAtMs + ((own[at.LEAD] ?? 0) - lead) * model.tickMs;
  return {
    ...(stage === at.WAITS ? { wait: { number: WAIT_NUMBER, sinceMs: beatAtMs } } : {}),
    ...(stage === at.READMITTED ? { readmitted: 1 } : {}),
    ...(age === at.NEVER || sinceMs === null ? {} : { unreachedSinceMs: sinceMs }),
  };
}

/** `own`: the bytes of a region's record. The start is told from the beat before it, as ages stop at their cap. */
function presenceOf(model: Model, own: Uint8Array, beatAtMs: number, nowMs: number): Presence | null {
  const age = own[at.UNTIL_AGE] ?? 0;
  if (age === at.NEVER) return null;
  return { sinceMs: beatAtMs + ((own[at.LEAD] ?? 0) - 1) * model.tickMs, untilMs: nowMs - (age - 1) * model.tickMs };
}

function sightsOf({ tickMs }: Model, key: Uint8Array, region: number, peers: readonly string[]): Sights {
  const told = peers.flatMap((peer, slot): [string, Sight][] => {
    const [age = 0, lasted = 0, ahead = 0] = key.subarray(peerKeyAt(slot) + at.MEMORY_BYTES + 6);
    const nowMs = clockOf(region);
    const sight = {
      sequence: ahead === at.UNTOLD ? 0 : SEQUENCE + Number(ahead === at.AHEAD),
      sinceMs: nowMs - lasted * tickMs,
      atMs: nowMs - (age - 1) * tickMs,
      ...(ahead === at.FOUND || ahead === at.SETTLED
        ? { found: { sequence: SEQUENCE - Number(ahead === at.SETTLED), atMs: nowMs - tickMs } }
        : {}),
    };
    return age === at.NEVER ? [] : [[peer, sight]];
  });
  return Object.fromEntries(told);
}

function lastProbeOf({ tickMs }: Model, own: Uint8Array, beatAtMs: number): number | undefined {
  if (own[at.UNTIL_AGE] === at.NEVER) return undefined;
  return beatAtMs + ((own[at.LEAD] ?? 0) - (own[at.PROBE_LEAD] ?? 0)) * tickMs;
}

/** In place, before a tick's ages grow: a probe came, and the table said that it throttles. */
export function throttledOnce(model: Model, bytes: Uint8Array, region: number): void {
  const own = bytes.subarray(at.regionAt(model, region), at.regionAt(model, region) + at.OWN_BYTES);
  const nowMs = clockOf(region);
  const ticks = (index: number): number => (own[index] ?? 0) - 1;
  const before = presenceOf(model, own, nowMs - ticks(at.BEAT_AGE) * model.tickMs, nowMs);
  const after = model.rules.throttledAgain(before, nowMs, nowMs, model.constants);
  if (!after) return;
  if (after.sinceMs !== before?.sinceMs) {
    own[at.LEAD] = 1 + Math.min(ticks(at.BEAT_AGE), model.edge + 1);
    own[at.PROBE_LEAD] = 1 + Math.min(ticks(at.PROBE_AGE), model.edge + 1);
    if (own[at.UNREACHED_AGE] !== at.NEVER)
      own[at.UNREACHED_LEAD] = 1 + Math.min(ticks(at.UNREACHED_AGE), model.edge + 1);
  }
  own[at.UNTIL_AGE] = 1 + (nowMs - after.untilMs) / model.tickMs;
}

function copyOf(key: Uint8Array, slot: number, peer: string, self: string): StateRecord | undefined {
  const of = (index: number): number => key[peerKeyAt(slot) + at.MEMORY_BYTES + index] ?? 0;
  const state = at.headState(of(1));
  if (of(0) === 0 || state === 'none') return undefined;
  return {
    ...newStateRecord(peer, NaN),
    version: SEQUENCE,
    sequence: SEQUENCE,
    state,
    leaving: of(2) === 0 ? null : of(2),
    leavingSinceMs: of(2) === 0 ? null : NaN,
    closed: of(3),
    reached: of(1) > 4,
    grants: of(4) === 0 ? {} : { [self]: of(4) },
  };
}

/** The orders in a row of bytes, from this index on. */
export function ordersIn({ regions, names }: Model, row: Uint8Array, from: number): OrderRecord[] {
  const bytes = [...row.subarray(from, from + regions * regions)];
  return bytes.flatMap((byte, index) => (byte === 0 ? [] : [orderOf(names, index, byte)]));
}

function orderOf(names: readonly string[], index: number, byte: number): OrderRecord {
  const writer = names[Math.floor(index / names.length)] ?? '';
  const target = names[index % names.length] ?? '';
  return {
    id: CONTROL_ID,
    timestamp: orderKey(writer, target),
    writer,
    target,
    kind: at.orderKind(byte),
    number: at.orderNumber(byte),
    expiresAtMs: at.orderExpired(byte) ? EXPIRED_MS : NEVER_MS,
    ...(at.orderWait(byte) === at.NO_WAIT
      ? {}
      : { wait: at.orderWait(byte) === at.THIS_WAIT ? WAIT_NUMBER : PAST_NUMBER }),
  };
}

/** Ages are written as the next tick will find them. */
function encodeOwn(
  model: Model,
  region: number,
  next: StateRecord,
  peers: readonly string[],
  records: readonly StateRecord[],
): Uint8Array {
  const result = new Uint8Array(at.OWN_BYTES + peers.length * at.MEMORY_BYTES);
  const age = (sinceMs: number | null | undefined, limit: number): number =>
    sinceMs === null || sinceMs === undefined
      ? at.NEVER
      : 1 + Math.min((clockOf(region) - sinceMs) / model.tickMs + 1, limit);
  result[at.HEAD] = 1 + at.STATES.indexOf(next.state) + 4 * Number(next.reached);
  result[at.LEAVING] = next.leaving ?? 0;
  result[at.LEAVING_AGE] = age(next.leavingSinceMs, model.patience);
  result[at.CLOSED] = next.closed;
  result[at.BEAT_AGE] = age(next.beatAtMs, beatAgeLimit(model));
  result[at.PROBE_AGE] = age(next.lastProbeAtMs, model.edge + 1);
  result[at.ALONE_AGE] = age(next.memory?.aloneSinceMs, model.quiet);
  result[at.FIRST_START] = Number(next.firstStart ?? false);
  const wait = next.wait?.number === WAIT_NUMBER ? at.WAITS : at.BEGINS;
  result[at.RETURN] = next.wait ? wait : next.readmitted === undefined ? 0 : at.READMITTED;
  result[at.UNREACHED_AGE] = age(next.unreachedSinceMs, model.edge + 1);
  peers.forEach((peer, slot) => {
    const from = at.OWN_BYTES + slot * at.MEMORY_BYTES;
    const seen = next.memory?.peers[peer];
    const copy = records.find((record) => record.region === peer);
    result[from + at.GRANT] = next.grants[peer] ?? 0;
    if (!seen) return;
    result[from + at.KNOWN] = seen.sequence === null ? 1 : seen.sequence === copy?.sequence ? at.SAME : at.OLDER;
    result[from + at.HEARD_AGE] = age(seen.heardAtMs, model.fresh + 1);
    result[from + at.FRESH_AGE] = age(seen.freshSinceMs, model.hold);
    const answered = age(seen.answeredAtMs, model.fresh + 1);
    result[from + at.ANSWERED_AGE] = answered;
    // An answer out of date is never looked at again.
    result[from + at.ANSWERED_SERVING] = Number(seen.answeredServing && answered <= model.fresh + 1);
    result[from + at.SILENT_AGE] = age(seen.silentSinceMs, model.quiet);
  });
  return result;
}

export const beatAgeLimit = (model: Model): number => Math.max(model.edge + 1, model.scheduleTicks);
