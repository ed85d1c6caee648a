// Deliberately broken rules of the orchestrators: the exploration must catch every one of them.
import type { FailoverRecord, RegionFailover } from '@dr/contracts';
import { transitionsOf } from '../../failover-machine-journal';
import { ORCHESTRATOR_RULES, telling, type TellingId, type TellingOptions } from './check';

export interface TellingMutant {
  readonly name: string;
  readonly breaks: TellingId;
  readonly options: TellingOptions;
}

const { timing, claimed, incidentNumber } = ORCHESTRATOR_RULES;

/** Of an incident that an observer has closed it knows nothing more, though another is still in it. */
const countsAnew = (region: string, mine: RegionFailover, others: readonly FailoverRecord[], atMs: number): number => {
  const number = incidentNumber(region, mine, others, atMs);
  return mine.incident > 0 && number === mine.incident ? number + 1 : number;
};

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
    name: 'counts anew what another is still in',
    breaks: 'T2',
    options: telling('edge', 2, { ...ORCHESTRATOR_RULES, incidentNumber: countsAnew }),
  },
  {
    name: 'tells nobody',
    breaks: 'T3',
    options: telling('dark', 1, { ...ORCHESTRATOR_RULES, claimed: (record) => record }),
  },
];
