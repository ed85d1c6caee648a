// Reading a stored validation run: a record that cannot have been written by a validator is no run to go on with.
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
  type Read,
} from '@dr/contracts/system/records';
import { VALIDATION_ID } from '@dr/contracts/system';
import type { Difference } from './compare';
import type { RunHead } from './run-head';
import type { PeerState, RunState } from './run-state';

/** DynamoDB's items end at 400 KB. */
const MAX_STORED = 400_000;
const MAX_CHUNKS = 200;
const name = text(100);

const scan = { cursor: optional(text(4_000)), done: flag, items: count };
const sample = fields<Difference>({
  id: text(2_048),
  timestamp: text(1_024),
  kind: oneOf<Difference['kind']>('missing-here', 'missing-there', 'divergent'),
});
const peer = fields<PeerState>({
  ...scan,
  peer: name,
  metHere: count,
  metThere: count,
  incompleteBecause: optional(text(4_000)),
  missingHere: count,
  missingThere: count,
  divergent: count,
  inFlight: count,
  samples: listOf(sample),
});
/** Only ever handed back to the finder that has written it: its lists hold what their lengths say. */
const conflicts: Read<RunState['conflicts']> = fields<RunState['conflicts']>({
  count,
  named: listOf(fields<RunState['conflicts']['named'][number]>({ id: text(2_048), earlier: text(), later: text() })),
  id: orNull(text(2_048)),
  ofItem: count,
  recent: listOf(
    (value, path) => fields<{ readonly timestamp: string }>({ timestamp: text() })(value, path) && value,
  ) as Read<RunState['conflicts']['recent']>,
  keys: listOf((value) => value) as Read<RunState['conflicts']['keys']>,
});
const run = fields<RunState>({
  id: name,
  startedAtMs: time,
  settleMs: time,
  here: fields<RunState['here']>({ ...scan, newer: count }),
  peers: listOf(peer),
  pages: count,
  conflicts,
  scannedAtMs: optional(time),
});

export const readRunHead: Read<RunHead> = fields<RunHead>({
  id: oneOf(VALIDATION_ID),
  timestamp: text(),
  region: name,
  version: count,
  leaseUntilMs: time,
  run: orNull(run),
  recent: text(MAX_STORED),
  chunks: listOf(fields<RunHead['chunks'][number]>({ slot: count, version: count }), MAX_CHUNKS),
  openKeys: count,
  invocations: count,
  failures: mapOf(count),
  waitingFor: orNull(text(10_000)),
  finishedAtMs: orNull(time),
  passed: flag,
  told: flag,
  lastItems: orNull(count),
});
