// Deliberately broken rules, made by wrapping the production functions: the checker must catch every one of them.
import { viewOf } from '../../admission-memory';
import { openOrder } from '../../admission-orders';
import { isReached } from '../../admission-situation';
import { PRODUCTION_RULES } from '../model';
import { BY_HAND_MUTANTS } from './by-hand-mutants';
import {
  rulesWith,
  deciding,
  seeing,
  to,
  isLeaving,
  allReached,
  withoutTieBreak,
  grantsToLeavers,
  deaf,
  pausedByOwnLateness,
  heardTooOld,
  hearing,
  sighting,
  toldByAny,
  withoutSequences,
  isAlone,
  type Mutant,
} from './mutant-rules';

export type { Mutant } from './mutant-rules';

const { admit, observe } = PRODUCTION_RULES;

export const MUTANTS: readonly Mutant[] = [
  ...BY_HAND_MUTANTS,
  {
    name: 'takes a heartbeat that has just come for all that was written before it',
    breaks: 'I3',
    rules: rulesWith({ mustWait: () => false }),
    needs: { disturbances: 2, faults: ['throttled', 'replication'], simultaneous: false },
  },
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
        return { ...decision, next: { ...decision.next, grants: grantsToLeavers(input) } };
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
    rules: deciding(({ next, reason }, input) => {
      const { previous, nowMs, constants } = input;
      if (reason === 'catching-up' && isAlone(input)) return to('serving');
      return previous?.state === 'serving' && next.state === 'serving' && nowMs - next.lastProbeAtMs > constants.edgeMs
        ? to('recovering')
        : {};
    }),
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
      previous?.state === 'evacuated' && next.state === 'evacuated' ? to('serving') : {},
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
    name: 'takes a peer in trouble for one that does not serve',
    breaks: 'I3',
    rules: hearing((answer) => (answer === 'troubled' ? 'not-serving' : answer)),
    needs: { disturbances: 2, orders: false, faults: ['crash', 'slow'] },
  },
  {
    name: 'takes a throttled peer for one that does not serve',
    breaks: 'I3',
    rules: hearing((answer) => (answer === 'throttled' ? 'not-serving' : answer)),
    needs: { disturbances: 2, orders: false, faults: ['crash', 'throttled'] },
  },
  {
    name: 'stays after throttling whatever its peers have written',
    breaks: 'I3',
    rules: hearing((answer) => (answer === 'serving' ? 'throttled' : answer)),
    needs: { disturbances: 2, orders: false, faults: ['throttled', 'partition'] },
  },
  {
    name: 'asks no peer for its heartbeat while it throttles',
    breaks: 'I6',
    rules: sighting(() => ({})),
    needs: { disturbances: 1, orders: false, faults: ['throttled'] },
  },
  {
    name: 'does not compare what has arrived with what its peer told',
    breaks: 'I3',
    rules: sighting(withoutSequences),
    needs: { disturbances: 2, orders: false, faults: ['throttled', 'replication'] },
  },
  {
    name: "takes what one peer's replica tells of another for that one's own word",
    breaks: 'I3',
    rules: sighting(toldByAny),
    needs: { regions: 3, disturbances: 2, orders: false, faults: ['throttled', 'partition'] },
  },
  {
    name: 'leaves to a peer that throttles as well',
    breaks: 'I6',
    rules: hearing((answer) => (answer === 'throttled' ? 'serving' : answer)),
    needs: { disturbances: 3, orders: false, faults: ['throttled', 'replication'] },
  },
  {
    name: 'says that it serves as soon as a probe has come back',
    breaks: 'I6',
    rules: rulesWith({
      answersReached: ({ lastProbeAtMs }, routerWorks, probeAtMs, nowMs, constants) =>
        isReached(routerWorks, Math.max(lastProbeAtMs, probeAtMs ?? 0), nowMs, constants),
    }),
    needs: { disturbances: 4, orders: false, faults: ['throttled', 'world'] },
  },
  {
    name: 'comes back while nobody reaches it',
    breaks: 'L1',
    rules: deciding(({ reason }, input) => (reason === 'catching-up' && isAlone(input) ? to('serving') : {})),
    needs: { disturbances: 2, orders: false },
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
    rules: deciding(({ next }) => (next.firstStart ? to('serving') : {})),
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
