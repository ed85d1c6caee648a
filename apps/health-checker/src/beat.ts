// One look at the region: read the control records, beat when a beat is due, and say what admission and the table allow.
import type { AdmissionState, Peer, StateRecord } from '@dr/contracts';
import {
  admit,
  hasServed,
  isReached,
  joined,
  observe,
  peersToAsk,
  type AdmissionConstants,
  type AdmissionDecision,
  type PeerAnswer,
  type Presence,
  type Reading,
} from '@dr/failover';
import type { AdmissionMemory } from '@dr/contracts';
import type { Table } from '@dr/handler-core';
import { readControlRecords, type ControlRecords } from './control-records';

export interface BeatOptions {
  readonly region: string;
  readonly peers: readonly Peer[];
  readonly table: Table;
  readonly now: () => number;
  readonly constants: AdmissionConstants;
  readonly waitForValidation: boolean;
  /** For how long the table has throttled, as this environment knows. */
  readonly presence: Presence | null;
  readonly ask: (peers: readonly Peer[]) => Promise<Readonly<Record<string, PeerAnswer>>>;
  readonly routerWorks: () => Promise<boolean>;
  /** Told what the region's own record says as soon as it is read: the table may take a read and then no write. */
  readonly knowing: (record: StateRecord) => void;
  /** Told before each step, so that a deadline can name what it cut off. */
  readonly entering: (stage: 'table-read' | 'peers' | 'table-write') => void;
}

export interface Beat {
  readonly state: AdmissionState;
  /** Of the record that says so. */
  readonly version: number;
  /** A Route 53 probe has arrived lately and the router answers. */
  readonly reached: boolean;
  /** Peers as seen just now, for the staleness metric. */
  readonly memory: AdmissionMemory;
  /** Peers that have been in service: one that is still to start for the first time is not late. */
  readonly startedPeers: readonly string[];
  /** What this beat decided; absent when none was due or another environment was first. */
  readonly decision?: AdmissionDecision;
}

/** Rejects with TableError when the table takes no read or no write. */
export async function beat(options: BeatOptions, probed: () => number | null, signal: AbortSignal): Promise<Beat> {
  const { region, peers, table, constants } = options;
  options.entering('table-read');
  const records = await readControlRecords(table, signal);
  // Once the table has answered: what it says of the time is known by then.
  const nowMs = options.now();
  const probeAtMs = probed();
  const previous = records.states.find((state) => state.region === region) ?? null;
  if (previous) options.knowing(previous);
  const reading: Reading = { peers: peers.map(({ name }) => name), records: records.states, answers: {} };
  const memory = observe(previous?.memory ?? null, reading, nowMs, constants);
  const startedPeers = records.states.filter(hasServed).map((state) => state.region);
  const watched = { memory, startedPeers };

  const isDue = !previous || Math.abs(nowMs - previous.beatAtMs) >= constants.heartbeatMs;
  if (!isDue) return { ...seen(previous, probeAtMs, await options.routerWorks(), nowMs, constants), ...watched };

  options.entering('peers');
  const stale = peersToAsk(memory);
  const [answers, routerWorks] = await Promise.all([
    stale.length > 0 ? options.ask(peers.filter(({ name }) => stale.includes(name))) : {},
    options.routerWorks(),
  ]);
  const answered = { ...reading, answers };
  const decision = admit({
    region,
    previous,
    memory: observe(previous?.memory ?? null, answered, nowMs, constants),
    reading: answered,
    orders: records.orders,
    probeAtMs,
    presence: joined(options.presence, presenceOf(records, region), constants),
    tableWorks: true,
    routerWorks,
    validated: !options.waitForValidation || isValidated(records, region, previous),
    constants,
    nowMs,
  });
  options.entering('table-write');
  return { ...(await write(options, previous, decision, probeAtMs, signal)), ...watched };
}

async function write(
  options: BeatOptions,
  previous: StateRecord | null,
  decision: AdmissionDecision,
  probeAtMs: number | null,
  signal: AbortSignal,
): Promise<Omit<Beat, 'memory' | 'startedPeers'>> {
  const { next } = decision;
  if (!next) return { state: decision.state, version: previous?.version ?? 0, reached: false };
  const condition = previous
    ? ({ kind: 'version', version: previous.version } as const)
    : ({ kind: 'absent' } as const);
  if ((await options.table.put({ ...next }, condition, signal)) === 'written') {
    return { state: next.state, version: next.version, reached: next.reached, decision };
  }
  // Another environment of this region has just decided: its word counts, and the table takes writes.
  const { states } = await readControlRecords(options.table, signal);
  const theirs = states.find((state) => state.region === options.region) ?? next;
  return seen(theirs, probeAtMs, await options.routerWorks(), options.now(), options.constants);
}

const seen = (
  record: StateRecord,
  probeAtMs: number | null,
  routerWorks: boolean,
  nowMs: number,
  constants: AdmissionConstants,
): { state: AdmissionState; version: number; reached: boolean } => ({
  state: record.state,
  version: record.version,
  reached: isReached(routerWorks, Math.max(record.lastProbeAtMs, probeAtMs ?? 0), nowMs, constants),
});

/** What other environments proved while the table throttled, as it came back through the peer's replica. */
const presenceOf = ({ presences }: ControlRecords, region: string): Presence | null =>
  presences.find((record) => record.region === region) ?? null;

function isValidated({ runs }: ControlRecords, region: string, previous: StateRecord | null): boolean {
  const run = runs.find((record) => record.region === region);
  return run !== undefined && run.passed && run.startedAtMs >= (previous?.stateSinceMs ?? 0);
}
