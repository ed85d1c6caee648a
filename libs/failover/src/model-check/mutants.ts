// Deliberately broken rules, made by wrapping the production functions: the checker must catch every one of them.
import type { AdmissionMemory, AdmissionState, StateRecord } from '@dr/contracts';
import { heardByReplica, viewOf } from '../admission-memory';
import { openOrder } from '../admission-orders';
import type { AdmissionDecision, AdmissionInput, Reading } from '../admission-types';
import { PRODUCTION_RULES } from './model';
import type { ModelOptions, Rules } from './model';
import type { LivenessId } from './liveness';
import type { SafetyId } from './properties';

const { admit, observe } = PRODUCTION_RULES;

export interface Mutant {
  readonly name: string;
  readonly rules: Rules;
  /** The property that falls first. */
  readonly breaks: SafetyId | LivenessId;
  /** What it takes to catch it; anything not said is as in the default preset. */
  readonly needs: Partial<ModelOptions>;
}

const rulesWith = (change: Partial<Rules>): Rules => ({ ...PRODUCTION_RULES, ...change });

/** Rules whose decision is changed after the fact. */
const deciding = (change: (decision: AdmissionDecision, input: AdmissionInput) => Partial<StateRecord>): Rules =>
  rulesWith({
    admit: (input) => {
      const decision = admit(input);
      return decision.next ? { ...decision, next: { ...decision.next, ...change(decision, input) } } : decision;
    },
  });

/** Rules that see their input changed. */
const seeing = (change: (input: AdmissionInput) => AdmissionInput): Rules =>
  rulesWith({ admit: (input) => admit(change(input)) });

const to = (state: AdmissionState): Partial<StateRecord> => ({
  state,
  leaving: null,
  leavingSinceMs: null,
  grants: {},
});

const isLeaving = ({ previous }: AdmissionInput): boolean => previous?.state === 'serving' && previous.leaving !== null;

const mapRecords = (reading: Reading, change: (record: StateRecord) => StateRecord): Reading => ({
  ...reading,
  records: reading.records.map(change),
});

const allReached = (reading: Reading): Reading => mapRecords(reading, (record) => ({ ...record, reached: true }));

const withoutTieBreak = (input: AdmissionInput): AdmissionInput =>
  isLeaving(input)
    ? { ...input, reading: mapRecords(input.reading, (record) => ({ ...record, leaving: null })) }
    : input;

function grantsToLeavers({ reading, memory, constants, nowMs }: AdmissionInput): Record<string, number> {
  return Object.fromEntries(
    reading.records.flatMap((peer) =>
      peer.leaving !== null && heardByReplica(peer.region, memory, nowMs, constants)
        ? [[peer.region, peer.leaving]]
        : [],
    ),
  );
}

const deaf = (reading: Reading): Reading => ({ ...reading, answers: {} });

const pausedByOwnLateness: Rules['observe'] = (previous, reading, nowMs, constants) => {
  const memory = observe(previous, reading, nowMs, constants);
  const peers = Object.entries(memory.peers).map(([name, seen]) => {
    const before = previous?.peers[name]?.heardAtMs ?? null;
    const paused = before !== null && seen.heardAtMs === nowMs && nowMs - before > constants.freshMs;
    return [name, paused ? { ...seen, freshSinceMs: nowMs } : seen] as const;
  });
  return { ...memory, peers: Object.fromEntries(peers) };
};

const heardTooOld = (memory: AdmissionMemory, freshMs: number): readonly string[] =>
  Object.entries(memory.peers)
    .filter(([, { heardAtMs }]) => heardAtMs === null || memory.atMs - heardAtMs > freshMs)
    .map(([name]) => name);

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'evacuates without a living peer',
    breaks: 'I1',
    rules: deciding((_, { previous, orders, region }) => {
      const order = previous?.state === 'serving' ? openOrder(orders, region, previous.closed) : undefined;
      return order?.kind === 'evacuate' ? { ...to('evacuated'), closed: order.number } : {};
    }),
    needs: { disturbances: 2 },
  },
  {
    name: 'leaves without waiting for the grant',
    breaks: 'I1',
    rules: deciding(({ reason }, input) =>
      reason === 'leaving' && isLeaving(input) ? { ...to('evacuated'), closed: input.previous?.leaving ?? 0 } : {},
    ),
    needs: { disturbances: 3, faults: ['replication'] },
  },
  {
    name: 'a leaver grants, and nobody goes first',
    breaks: 'I1',
    rules: rulesWith({
      admit: (input) => {
        const decision = admit(withoutTieBreak(input));
        return decision.next ? { ...decision, next: { ...decision.next, grants: grantsToLeavers(input) } } : decision;
      },
    }),
    needs: { disturbances: 2, faults: [] },
  },
  { name: 'no tie-break', breaks: 'I5', rules: seeing(withoutTieBreak), needs: { disturbances: 2, faults: [] } },
  {
    name: 'serves at once when it is back',
    breaks: 'I3',
    rules: deciding(({ reason }) => (reason === 'back-behind' || reason === 'readmitted' ? to('serving') : {})),
    needs: { disturbances: 1 },
  },
  {
    name: 'may serve without having caught up',
    breaks: 'I3',
    rules: deciding(({ reason }, { reading, memory, nowMs, constants }) => {
      const known = reading.peers.every((p) => viewOf(p, memory, reading.records, nowMs, constants) !== 'unknown');
      return reason === 'catching-up' && known ? to('serving') : {};
    }),
    needs: { disturbances: 1 },
  },
  {
    name: 'leaves on the probe gap itself',
    breaks: 'L1',
    rules: deciding(({ next }, { previous, nowMs, constants }) =>
      previous?.state === 'serving' && next?.state === 'serving' && nowMs - next.lastProbeAtMs > constants.edgeMs
        ? to('recovering')
        : {},
    ),
    needs: { disturbances: 2, orders: false },
  },
  {
    name: 'counts silence while it was itself dead',
    breaks: 'I3',
    rules: rulesWith({
      observe: (previous, reading, nowMs, constants) =>
        observe(previous && { ...previous, atMs: nowMs }, reading, nowMs, constants),
    }),
    needs: { disturbances: 2, orders: false, dropForgotten: false },
  },
  {
    name: 'listens to the replica alone',
    breaks: 'I3',
    rules: rulesWith({
      observe: (previous, reading, nowMs, constants) => observe(previous, deaf(reading), nowMs, constants),
    }),
    needs: { disturbances: 2, orders: false },
  },
  {
    name: 'asks a peer only when the replica is already stale',
    breaks: 'I3',
    rules: rulesWith({ peersToAsk: (memory, { freshMs }) => heardTooOld(memory, freshMs) }),
    needs: { disturbances: 3, orders: false, faults: ['crash', 'replication', 'https'] },
  },
  {
    name: 'takes its own late beat for a pause of the peer',
    breaks: 'L3',
    rules: rulesWith({ observe: pausedByOwnLateness }),
    needs: { disturbances: 1, jitter: true, orders: false },
  },
  {
    name: 'never returns unasked',
    breaks: 'L2',
    rules: deciding(({ reason }) => (reason === 'returned-unasked' ? to('evacuated') : {})),
    needs: { disturbances: 2, faults: ['crash'] },
  },
  {
    name: 'returns unasked beside a serving peer',
    breaks: 'I4',
    rules: deciding(({ next }, { previous }) =>
      previous?.state === 'evacuated' && next?.state === 'evacuated' ? to('serving') : {},
    ),
    needs: { disturbances: 1 },
  },
  {
    name: 'takes an unreached peer for a serving one',
    breaks: 'L2',
    rules: rulesWith({
      admit: (input) => admit({ ...input, reading: allReached(input.reading) }),
      observe: (previous, reading, nowMs, constants) => observe(previous, allReached(reading), nowMs, constants),
    }),
    needs: { disturbances: 2, faults: ['router'] },
  },
  {
    name: 'counts as reached with a broken router',
    breaks: 'I1',
    rules: seeing((input) => ({ ...input, routerWorks: true })),
    needs: { disturbances: 2, faults: ['router'] },
  },
  {
    name: 'takes no notice of the end of an absence',
    breaks: 'I3',
    rules: seeing((input) => ({ ...input, constants: { ...input.constants, edgeMs: 1_000_000_000 } })),
    needs: { disturbances: 1 },
  },
  {
    name: 'takes throttling for an absence',
    breaks: 'I6',
    rules: seeing((input) => ({ ...input, presence: null })),
    needs: { disturbances: 1, faults: ['throttled'] },
  },
  {
    name: 'takes an absence before throttling for throttling',
    breaks: 'I3',
    rules: seeing((input) =>
      input.presence ? { ...input, presence: { ...input.presence, sinceMs: -Infinity } } : input,
    ),
    needs: { disturbances: 2, orders: false, faults: ['crash', 'throttled'] },
  },
  {
    name: 'takes an absence amid throttling for throttling',
    breaks: 'I3',
    rules: rulesWith({
      throttledAgain: (before, _probe, nowMs) => ({ sinceMs: before?.sinceMs ?? nowMs, untilMs: nowMs }),
    }),
    needs: { disturbances: 3, orders: false, faults: ['crash', 'throttled'], dropForgotten: false },
  },
  {
    name: 'stays new for ever',
    breaks: 'I3',
    rules: deciding(() => ({ firstStart: true })),
    needs: { disturbances: 1, orders: false, faults: ['crash'] },
  },
  {
    name: 'serves new without a word from a serving peer',
    breaks: 'I3',
    rules: deciding(({ next }) => (next?.firstStart ? to('serving') : {})),
    needs: { disturbances: 2, orders: false, faults: ['crash', 'replication'], from: 'first-start' },
  },
  {
    name: 'leaves a refused order open',
    breaks: 'L4',
    rules: deciding(({ reason }, { previous }) =>
      reason === 'order-refused' ? { closed: previous?.closed ?? 0 } : {},
    ),
    needs: { disturbances: 2, faults: ['crash'] },
  },
  {
    name: 'hesitates to serve alone',
    breaks: 'I2',
    rules: deciding(({ reason }, { memory, nowMs, constants }) =>
      reason === 'caught-up' && nowMs - (memory.aloneSinceMs ?? 0) < constants.quietMs ? to('recovering') : {},
    ),
    needs: { disturbances: 2, orders: false, faults: ['crash'] },
  },
  {
    name: 'waits for a grant for ever',
    breaks: 'L4',
    rules: seeing((input) => ({ ...input, constants: { ...input.constants, patienceMs: Infinity } })),
    needs: { disturbances: 2, faults: ['replication'] },
  },
];
