// Deliberately broken rules of the orchestrators: the exploration must catch every one of them.
import { transitionsOf } from '../../failover-machine-journal';
import { ORCHESTRATOR_RULES, telling, type TellingId, type TellingOptions } from './check';

export interface TellingMutant {
  readonly name: string;
  readonly breaks: TellingId;
  readonly options: TellingOptions;
}

const { timing, claimed } = ORCHESTRATOR_RULES;

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
    name: 'tells nobody',
    breaks: 'T3',
    options: telling('dark', 1, { ...ORCHESTRATOR_RULES, claimed: (record) => record }),
  },
];
