// Ways to break the rules by wrapping the production functions.
import type { AdmissionMemory, AdmissionState, StateRecord } from '@dr/contracts/system';
import { heardByReplica, viewOf } from '../../admission-memory';
import type { Sights } from '../../admission-presence';
import type { AdmissionDecision, AdmissionInput, PeerAnswer, Reading } from '../../admission-types';
import type { LivenessId } from '../liveness';
import { PRODUCTION_RULES, type ModelOptions, type Rules } from '../model';
import type { SafetyId } from '../properties';

const { admit, observe } = PRODUCTION_RULES;

export interface Mutant {
  readonly name: string;
  readonly rules: Rules;
  /** The property that falls first. */
  readonly breaks: SafetyId | LivenessId;
  /** What it takes to catch it; anything not said is as in the default preset. */
  readonly needs: Partial<ModelOptions>;
}

export const rulesWith = (change: Partial<Rules>): Rules => ({ ...PRODUCTION_RULES, ...change });

/** Rules whose decision is changed after the fact. */
export const deciding = (change: (decision: AdmissionDecision, input: AdmissionInput) => Partial<StateRecord>): Rules =>
  rulesWith({
    admit: (input) => {
      const decision = admit(input);
      return { ...decision, next: { ...decision.next, ...change(decision, input) } };
    },
  });

/** Rules that see their input changed. */
export const seeing = (change: (input: AdmissionInput) => AdmissionInput): Rules =>
  rulesWith({ admit: (input) => admit(change(input)) });

export const to = (state: AdmissionState): Partial<StateRecord> => ({
  state,
  leaving: null,
  leavingSinceMs: null,
  grants: {},
});

export const isLeaving = ({ previous }: AdmissionInput): boolean =>
  previous?.state === 'serving' && previous.leaving !== null;

export const mapRecords = (reading: Reading, change: (record: StateRecord) => StateRecord): Reading => ({
  ...reading,
  records: reading.records.map(change),
});

export const allReached = (reading: Reading): Reading =>
  mapRecords(reading, (record) => ({ ...record, reached: true }));

export const withoutTieBreak = (input: AdmissionInput): AdmissionInput =>
  isLeaving(input)
    ? { ...input, reading: mapRecords(input.reading, (record) => ({ ...record, leaving: null })) }
    : input;

export function grantsToLeavers({ reading, memory, constants, nowMs }: AdmissionInput): Record<string, number> {
  return Object.fromEntries(
    reading.records.flatMap((peer) =>
      peer.leaving !== null && heardByReplica(peer.region, memory, nowMs, constants)
        ? [[peer.region, peer.leaving]]
        : [],
    ),
  );
}

export const deaf = (reading: Reading): Reading => ({ ...reading, answers: {} });

export const pausedByOwnLateness: Rules['observe'] = (previous, reading, nowMs, constants) => {
  const memory = observe(previous, reading, nowMs, constants);
  const peers = Object.entries(memory.peers).map(([name, seen]) => {
    const before = previous?.peers[name]?.heardAtMs ?? null;
    const paused = before !== null && seen.heardAtMs === nowMs && nowMs - before > constants.freshMs;
    return [name, paused ? { ...seen, freshSinceMs: nowMs } : seen] as const;
  });
  return { ...memory, peers: Object.fromEntries(peers) };
};

export const heardTooOld = (memory: AdmissionMemory, freshMs: number): readonly string[] =>
  Object.entries(memory.peers)
    .filter(([, { heardAtMs }]) => heardAtMs === null || memory.atMs - heardAtMs > freshMs)
    .map(([name]) => name);

/** Rules that hear other answers than were given. */
export const hearing = (change: (answer: PeerAnswer) => PeerAnswer): Rules => {
  const heard = (reading: Reading): Reading => ({
    ...reading,
    answers: Object.fromEntries(Object.entries(reading.answers).map(([peer, answer]) => [peer, change(answer)])),
  });
  return rulesWith({
    admit: (input) => admit({ ...input, reading: heard(input.reading) }),
    observe: (previous, reading, nowMs, constants) => observe(previous, heard(reading), nowMs, constants),
  });
};

/** Rules that know something else of what peers' replicas told while the table throttled. */
export const sighting = (change: (sights: Sights, peers: readonly string[]) => Sights): Rules =>
  seeing((input) => {
    const { presence, reading } = input;
    return presence
      ? { ...input, presence: { ...presence, sights: change(presence.sights ?? {}, reading.peers) } }
      : input;
  });

/** Peers were there, and nothing was learnt of them. */
export const withoutSequences = (sights: Sights): Sights =>
  Object.fromEntries(Object.entries(sights).map(([peer, sight]) => [peer, { ...sight, sequence: 1 }]));

/** What was learnt of one peer counts for all. */
export function toldByAny(sights: Sights, peers: readonly string[]): Sights {
  const [any] = Object.values(sights);
  return any ? { ...Object.fromEntries(peers.map((peer) => [peer, { ...any, sequence: 1 }])), ...sights } : sights;
}

/** Every peer is out of service or silent. */
export const isAlone = ({ reading, memory, nowMs, constants }: AdmissionInput): boolean =>
  reading.peers.every((peer) => ['not', 'quiet'].includes(viewOf(peer, memory, reading.records, nowMs, constants)));
