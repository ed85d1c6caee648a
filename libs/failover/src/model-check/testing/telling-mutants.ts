// Deliberately broken rules of the orchestrators: the exploration must catch every one of them.
import { mapTransitions, transitionsOf } from '../../failover-machine-journal';
import { ORCHESTRATOR_RULES, telling, type TellingId, type TellingOptions } from '../orchestrator/check';

export interface TellingMutant {
  readonly name: string;
  readonly breaks: TellingId;
  readonly options: TellingOptions;
}

const { timing, claimed } = ORCHESTRATOR_RULES;

/** A claim that expired is taken for the loss of everything that was ever sent. */
function claimingAll(...[record, others, regions, nowMs]: Parameters<typeof claimed>): ReturnType<typeof claimed> {
  const after = claimed(record, others, regions, nowMs);
  const open = transitionsOf(record).filter(({ claimedAtMs, sentAtMs }) => claimedAtMs !== null && sentAtMs === null);
  const retries = transitionsOf(after).some(
    ({ transitionId, claimedAtMs, sentAtMs }) =>
      sentAtMs === null && claimedAtMs === nowMs && open.some((claim) => claim.transitionId === transitionId),
  );
  return retries ? mapTransitions(after, (claim) => ({ ...claim, claimedAtMs: nowMs, sentAtMs: null })) : after;
}

export const TELLING_MUTANTS: readonly TellingMutant[] = [
  {
    name: 'takes a heartbeat for health while nobody reaches the region, and ends at once',
    breaks: 'T1',
    options: telling('edge', 0, { ...ORCHESTRATOR_RULES, trusting: true, timing: { ...timing, alarmLagMs: 0 } }),
  },
  {
    name: 'ends an incident before the alarm could speak',
    breaks: 'T1',
    options: telling('dark', 0, { ...ORCHESTRATOR_RULES, timing: { ...timing, alarmLagMs: 0 } }),
  },
  {
    name: 'leaves nobody time to tell first',
    breaks: 'T2',
    options: telling('edge', 1, {
      ...ORCHESTRATOR_RULES,
      claimed: (record, others, regions, nowMs) =>
        claimed(record, others, record.writer === 'B' ? ['B'] : regions, nowMs),
    }),
  },
  {
    name: 'tells what it has not claimed',
    breaks: 'T2',
    options: telling('edge', 1, {
      ...ORCHESTRATOR_RULES,
      newlyClaimed: (_before, after) => transitionsOf(after).filter(({ sentAtMs }) => sentAtMs === null),
    }),
  },
  {
    name: 'tells all again after one publish that nobody answered',
    breaks: 'T2',
    options: telling('edge', 1, { ...ORCHESTRATOR_RULES, claimed: claimingAll }),
  },
  {
    name: 'tells nobody',
    breaks: 'T3',
    options: telling('dark', 1, { ...ORCHESTRATOR_RULES, claimed: (record) => record }),
  },
];
