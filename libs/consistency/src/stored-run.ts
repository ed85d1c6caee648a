// A validation run as it is stored between two steps: its head record. One that no validator can have written is no run to go on with.
import {
  count,
  fields,
  flag,
  listOf,
  mapOf,
  oneOf,
  optional,
  orNull,
  text,
  time,
  type Fields,
  type Read,
  type ReadBy,
} from '@dr/contracts/system/records';
import { validationHeadKey, VALIDATION_ID } from '@dr/contracts/system';
import { NO_CONFLICTS, type ConflictState } from './conflict-finder';
import { EMPTY_CHUNK } from './open-keys';

export const HERE = 'here';
/** This region's replica, or a peer's by its place. */
export type Replica = typeof HERE | number;

/** DynamoDB's items end at 400 KB. */
const MAX_STORED = 400_000;
const MAX_CHUNKS = 200;
/** A key of DynamoDB's as JSON: an id of 2,048 bytes and a sort key of 1,024, each of which may be written as six. */
const MAX_CURSOR = 20_000;
const sortKey = text(1_024);
const name = text(100);

/** Where the scan of a replica stands. */
const scan = {
  /** Opaque; absent before the first page and after the last. */
  cursor: optional(text(MAX_CURSOR)),
  done: flag,
  /** Items that were compared. */
  items: count,
};
export type ScanState = Fields<typeof scan>;

const peer = fields({
  ...scan,
  peer: name,
  /** Positions of the furthest items of the two replicas that have met. */
  metHere: count,
  metThere: count,
  incompleteBecause: optional(text(4_000)),
  missingHere: count,
  missingThere: count,
  divergent: count,
  inFlight: count,
  samples: listOf(
    fields({ id: text(2_048), timestamp: sortKey, kind: oneOf('missing-here', 'missing-there', 'divergent') }),
  ),
});
export type PeerState = ReadBy<typeof peer>;

/** Only ever handed back to the finder that has written it: its lists hold what their lengths say. */
const conflicts: Read<ConflictState> = fields({
  count,
  named: listOf(fields({ id: text(2_048), earlier: sortKey, later: sortKey })),
  id: orNull(text(2_048)),
  ofItem: count,
  recent: listOf((value, path) => fields({ timestamp: sortKey })(value, path) && value) as Read<
    ConflictState['recent']
  >,
  keys: listOf((value) => value) as Read<ConflictState['keys']>,
});

/** All of a run but its open keys. */
const run = fields({
  id: name,
  startedAtMs: time,
  settleMs: time,
  here: fields({ ...scan, newer: count }),
  peers: listOf(peer),
  pages: count,
  conflicts,
  /** When the last page was read. */
  scannedAtMs: optional(time),
});
export type RunState = ReadBy<typeof run>;

const chunkPlace = fields({ slot: count, version: count });
export type ChunkPlace = ReadBy<typeof chunkPlace>;

/** `head#R`. Written by region R alone; times by R's clock, epoch ms. */
export const readRunHead = fields({
  id: oneOf(VALIDATION_ID),
  timestamp: text(),
  region: name,
  version: count,
  /** An invocation is at work until then at the longest: Lambda ends it before. 0: none is. */
  leaseUntilMs: time,
  run: orNull(run),
  /** An OpenChunk as JSON: the keys opened and closed since the last chunk. */
  recent: text(MAX_STORED),
  /** In the order in which they apply. The version tells a chunk from one that an ended invocation left in its place. */
  chunks: listOf(chunkPlace, MAX_CHUNKS),
  openKeys: count,
  invocations: count,
  /** Replica -> invocations in a row that could not read it. */
  failures: mapOf(count),
  waitingFor: orNull(text(10_000)),
  finishedAtMs: orNull(time),
  passed: flag,
  /** Its outcome has been kept and published, as far as that was asked for. */
  told: flag,
  /** Items that the last finished run has read; null: none has. */
  lastItems: orNull(count),
});
export type RunHead = ReadBy<typeof readRunHead>;

/** Of a region whose validator has not run yet. */
export const newHead = (region: string): RunHead => ({
  id: VALIDATION_ID,
  timestamp: validationHeadKey(region),
  region,
  version: 0,
  leaseUntilMs: 0,
  run: null,
  recent: JSON.stringify(EMPTY_CHUNK),
  chunks: [],
  openKeys: 0,
  invocations: 0,
  failures: {},
  waitingFor: null,
  finishedAtMs: null,
  passed: false,
  told: true,
  lastItems: null,
});

type RunStart = Pick<RunState, 'id' | 'startedAtMs' | 'settleMs'> & { readonly peers: readonly string[] };

export function newRun({ peers, ...start }: RunStart): RunState {
  const scanned = { done: false, items: 0 };
  const nothing = { missingHere: 0, missingThere: 0, divergent: 0, inFlight: 0, samples: [] };
  return {
    ...start,
    here: { ...scanned, newer: 0 },
    peers: peers.map((one) => ({ peer: one, ...scanned, ...nothing, metHere: 0, metThere: 0 })),
    pages: 0,
    conflicts: NO_CONFLICTS,
  };
}
