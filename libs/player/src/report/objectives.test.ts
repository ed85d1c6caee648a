// The objectives of a region that is gone for good: its writes are counted as lost, and not as none.
import type { Aftermath, DrillReport } from '@dr/contracts';
import { RunLog } from '../log/run-log';
import { logOf } from '../testing/logs';
import { objectiveLines } from './objectives';

const report = {
  fault: { kind: 'region-dark', region: 'mumbai', neverHeals: true },
  rto: null,
  rpo: { writesAtRisk: 3, oldestAtRiskSeconds: 1.1, recoveredAfterHeal: false },
  objective: { rtoSeconds: 60, rpoSeconds: 5 },
  predicted: { worstClientSeconds: 57, worstDetectionSeconds: 42 },
  invariants: [{ id: 'acknowledged-writes-survive', holds: true, detail: '3857 are in every replica' }],
  requests: { succeeded: 1, total: 1 },
} as unknown as DrillReport;

const lineOf = (of: DrillReport) =>
  objectiveLines(new RunLog(logOf({})), of).find(({ what }) => what === 'Acknowledged writes lost');
const withLost = (writes: number): DrillReport => ({ ...report, aftermath: { lost: { writes } } as Aftermath });

test('says how many acknowledged writes went with the region, and claims no objective that they met', () => {
  expect(lineOf(withLost(3))?.shown).toMatchObject({ simulated: '3' });
  expect(lineOf(withLost(3))).not.toHaveProperty('met');
  expect(lineOf(withLost(0))?.shown).toMatchObject({ simulated: 'none' });
});

test('where the region returns, none is lost if the invariant holds', () => {
  expect(lineOf(report)).toMatchObject({ shown: { objective: 'none', simulated: 'none' }, met: true });
});
