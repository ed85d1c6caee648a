// Of the report of a drill, the table of objectives: what was asked, what the settings promise, what the twin has shown.
import { WORST_CLIENT, type Aftermath, type DrillReport } from '@dr/contracts';
import type { RunLog } from '../log/run-log';
import { counted, seconds, whole } from '../words/figures';
import { noticed } from '../words/verdict';
import type { Column, ObjectiveLine } from './document';
import type { GameDayRecord } from './game-day-record';

const COLUMNS: readonly Column[] = ['objective', 'predicted', 'simulated', 'measured'];

/** A line of times; `instead` is shown where there is no time. */
export function timeLine(
  what: string,
  times: { readonly [Key in Column]?: number | undefined },
  { instead = {}, ...more }: Pick<ObjectiveLine, 'note' | 'met'> & { readonly instead?: ObjectiveLine['shown'] } = {},
): ObjectiveLine {
  const given = COLUMNS.flatMap((column) => (times[column] === undefined ? [] : [[column, times[column]] as const]));
  const shown = Object.fromEntries(given.map(([column, value]) => [column, seconds(value * 1000)]));
  return { what, shown: { ...instead, ...shown }, seconds: Object.fromEntries(given), ...more };
}

const notMeasured = (gameDay: GameDayRecord | undefined): string =>
  gameDay === undefined ? 'no run on AWS yet' : gameDay.measured === null ? 'interrupted' : 'no client failed';

export function objectiveLines(
  log: RunLog,
  { fault, rto, rpo, objective, predicted, invariants, requests, aftermath }: DrillReport,
  gameDay?: GameDayRecord,
): ObjectiveLine[] {
  const measured = gameDay?.measured?.newConnections.rto;
  const { movedMs } = noticed(log);
  const detection = movedMs === undefined ? undefined : (movedMs - (log.firstFaultMs ?? 0)) / 1000;
  const survive = invariants.find(({ id }) => id === 'acknowledged-writes-survive');
  const { outsiders } = log.clients;
  return [
    timeLine(
      `Recovery time, ${WORST_CLIENT}`,
      {
        objective: objective.rtoSeconds,
        predicted: predicted.worstClientSeconds,
        simulated: rto?.worstSeconds,
        measured: measured?.worstSeconds,
      },
      {
        met: Math.max(rto?.worstSeconds ?? 0, measured?.worstSeconds ?? 0) <= objective.rtoSeconds,
        instead: { simulated: 'no client failed', measured: notMeasured(gameDay) },
      },
    ),
    ...(rto
      ? [
          timeLine('Recovery time, p95', { simulated: rto.p95Seconds, measured: measured?.p95Seconds }),
          timeLine('Recovery time, p50', { simulated: rto.p50Seconds, measured: measured?.p50Seconds }),
        ]
      : []),
    timeLine(
      'Detection',
      { predicted: predicted.worstDetectionSeconds, simulated: detection },
      {
        note: 'until Route 53 stops answering the region',
        instead: { simulated: 'it went on answering' },
        ...(detection === undefined ? {} : { met: detection <= predicted.worstDetectionSeconds }),
      },
    ),
    aftermath
      ? goneForGood(aftermath)
      : {
          what: 'Acknowledged writes lost',
          shown: { objective: 'none', simulated: survive?.holds ? 'none' : (survive?.detail ?? 'not checked') },
          ...(survive ? { met: survive.holds } : {}),
        },
    timeLine(
      'Oldest write at risk',
      { objective: objective.rpoSeconds, simulated: rpo.oldestAtRiskSeconds },
      {
        note: `${counted(rpo.writesAtRisk, 'write')}${fault.neverHeals ? ', lost for good' : rpo.recoveredAfterHeal ? ', all back after heal' : ''}`,
        met: rpo.oldestAtRiskSeconds <= objective.rpoSeconds,
      },
    ),
    {
      what: 'Requests that succeeded',
      shown: { simulated: `${whole(requests.succeeded)} of ${whole(requests.total)}` },
    },
    {
      what: 'Requests without a key',
      note: 'sent to test the lock; in no total',
      shown: { simulated: `${whole(outsiders.requests)}, ${outsiders.letIn || 'none'} let in` },
      met: outsiders.letIn === 0,
    },
  ];
}

/** Nothing can bring them back, so what is asked of them is their age: the next line. */
const goneForGood = ({ lost }: Aftermath): ObjectiveLine => ({
  what: 'Acknowledged writes lost',
  shown: { objective: 'none older than the RPO', simulated: lost.writes === 0 ? 'none' : whole(lost.writes) },
  note: 'with the region, for good',
});
