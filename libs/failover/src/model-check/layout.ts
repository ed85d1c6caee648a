// A state of the world as a short row of bytes. Every age is relative and capped where it stops to matter: that makes the
// states finite. A record's sequence is kept only as "has changed since".
import { othersOf, slotOf, union } from './model';
import type { Broken, Model } from './model';

/** An age byte: 0 = never, otherwise 1 + ticks. */
export const NEVER = 0;

/** One bit for each fault: 59 with four regions. */
export const FAULT_BYTES = 8;
export const LATE = 8;
/** Ticks since anything was broken or late. */
export const CALM = 9;
const REGIONS_FROM = 10;

/** A region's own record. HEAD: 0 = none, else 1 + state + 4 if reached. */
export const HEAD = 0;
export const LEAVING = 1;
export const LEAVING_AGE = 2;
export const CLOSED = 3;
export const BEAT_AGE = 4;
export const PROBE_AGE = 5;
export const ALONE_AGE = 6;
/** The stretch of throttled answers: from the beat and from the probe before it to its start, both 1 + ticks; age of its end. */
export const LEAD = 7;
export const PROBE_LEAD = 8;
export const UNTIL_AGE = 9;
/** 1: new, it has never served while it was reached. */
export const FIRST_START = 10;
/** How far a return by hand has come. In the result of a beat, {@link BEGINS} says that the wait is a new one. */
export const RETURN = 11;
export const WAITS = 1;
export const READMITTED = 2;
export const BEGINS = 3;
/** Ticks since it was first found not reached; from there to the start of the throttled stretch, both 1 + ticks. */
export const UNREACHED_AGE = 12;
export const UNREACHED_LEAD = 13;
export const OWN_BYTES = 14;
/** What really happened, which the rules never see: consecutive ticks away; was able in the last tick and beat. */
export const OUT = 14;
export const WAS_ABLE = 15;
/** 128 + consecutive ticks of serving clients, or 128 - ticks since it did. */
export const SERVICE = 16;
export const SERVICE_ZERO = 128;
/** 1: it has served clients at some time. */
export const EVER_SERVED = 17;
/** Consecutive ticks in which it took its clients' writes, also while its table throttled or was slow. */
export const TAKEN = 18;
/** 1: an operator has ordered it back since it was last away for longer than W. */
export const ORDERED = 19;
/** Consecutive ticks in which Route 53 found it unhealthy, its router alone included. */
export const ILL = 20;
const PEERS_FROM = 21;

/** Per peer, from the record: the grant, and the memory. KNOWN: 0 = no memory, 1 = no record then, 2 = as now, 3 = older. */
export const GRANT = 0;
export const KNOWN = 1;
export const SAME = 2;
export const OLDER = 3;
export const HEARD_AGE = 2;
export const FRESH_AGE = 3;
export const ANSWERED_AGE = 4;
export const ANSWERED_SERVING = 5;
export const SILENT_AGE = 6;
export const MEMORY_BYTES = 7;
/** The local replica of the peer's record. COPY: 0 = none, 1 = as the peer has it now, 2 = an older one, which follows. */
export const COPY = 7;
export const CURRENT = 1;
export const OLD = 2;
export const COPY_HEAD = 8;
export const COPY_LEAVING = 9;
export const COPY_CLOSED = 10;
export const COPY_GRANT = 11;
/** Of the wait that the copy tells of: none, the one that still goes on, or one that is over. */
export const COPY_WAIT = 12;
export const NO_WAIT = 0;
export const THIS_WAIT = 1;
export const PAST_WAIT = 2;
/** The peer's replica asked while the own table throttles: age of its last answer; for how long; whether what it told is here. */
export const SIGHT_AGE = 13;
export const SIGHT_FOR = 14;
export const SIGHT_AHEAD = 15;
/** A later one has come than the first look found; it is not here; the replica told nothing; it is here; a look has found it. */
export const SETTLED = 0;
export const AHEAD = 1;
export const UNTOLD = 2;
export const ARRIVED = 3;
export const FOUND = 4;
/** What really happened: ticks since news could be read; for how long it could without a longer pause; silence. */
export const PAUSE = 16;
export const FLOW = 17;
export const DEAF = 18;
/** Bits: news that is unread; news that is held up on its way. */
export const NEWS = 19;
export const UNREAD = 1;
export const HELD_UP = 2;
/** Ticks since replication last ran in which the peer took writes. */
export const GAP = 20;
const PEER_BYTES = 21;

const regionBytes = (regions: number): number => PEERS_FROM + (regions - 1) * PEER_BYTES + regions * regions;

export const stateBytes = ({ regions }: Model): number => REGIONS_FROM + regions * regionBytes(regions);

export const regionAt = ({ regions }: Model, region: number): number => REGIONS_FROM + region * regionBytes(regions);

export const peerAt = (model: Model, observer: number, peer: number): number =>
  regionAt(model, observer) + PEERS_FROM + slotOf(observer, peer) * PEER_BYTES;

/** One byte for each order `writer * regions + target`, 0 = none. */
export const ordersAt = (model: Model, holder: number): number =>
  regionAt(model, holder) + PEERS_FROM + (model.regions - 1) * PEER_BYTES;

/** `wait`: which wait a readmission names. */
export const orderByte = (number: number, kind: 'evacuate' | 'readmit', wait: number): number =>
  (number << 4) | (wait << 2) | (Number(kind === 'readmit') << 1);
export const orderNumber = (byte: number): number => byte >> 4;
export const orderWait = (byte: number): number => (byte >> 2) & 3;
export const orderKind = (byte: number): 'evacuate' | 'readmit' => (byte & 2 ? 'readmit' : 'evacuate');
/** Nobody can name that wait any more: it is over. */
export function endWait(model: Model, bytes: Uint8Array, target: number): void {
  for (let holder = 0; holder < model.regions; holder++) {
    for (let writer = 0; writer < model.regions; writer++) {
      const index = ordersAt(model, holder) + writer * model.regions + target;
      const byte = bytes[index] ?? 0;
      if (orderWait(byte) === THIS_WAIT) bytes[index] = byte + ((PAST_WAIT - THIS_WAIT) << 2);
    }
    if (holder === target) continue;
    const copy = peerAt(model, holder, target) + COPY_WAIT;
    if (bytes[copy] === THIS_WAIT) bytes[copy] = PAST_WAIT;
  }
}
export const orderExpired = (byte: number): boolean => (byte & 1) === 1;

export const STATES = ['serving', 'evacuated', 'recovering'] as const;
export const headState = (head: number): (typeof STATES)[number] | 'none' =>
  head === 0 ? 'none' : (STATES[(head - 1) & 3] ?? 'none');

export function brokenIn({ possibleFaults }: Model, bytes: Uint8Array): Broken {
  const active: Broken[] = [];
  for (let byte = 0; byte < FAULT_BYTES; byte++) {
    const mask = bytes[byte] ?? 0;
    for (let i = 0; mask >> i; i++) {
      const fault = possibleFaults[byte * 8 + i];
      if ((mask >> i) & 1 && fault) active.push(fault.breaks);
    }
  }
  return union(active);
}

/** Nothing has ever started; all is healthy. */
export function firstState(model: Model): Uint8Array {
  const bytes = new Uint8Array(stateBytes(model));
  for (let region = 0; region < model.regions; region++) {
    bytes[regionAt(model, region) + SERVICE] = SERVICE_ZERO - model.window - 1;
    for (const peer of othersOf(model, region)) {
      bytes[peerAt(model, region, peer) + DEAF] = model.quiet;
      bytes[peerAt(model, region, peer) + PAUSE] = model.fresh + 1;
      bytes[peerAt(model, region, peer) + GAP] = model.fresh + 1;
    }
  }
  return bytes;
}
