// The report of a game day: objective, prediction and twin beside what clients of the applied system measured.
import { WORST_CLIENT } from '@dr/contracts';
import { seconds, titled, whole } from '../words/figures';
import type { About } from './about';
import { provenanceOf, type ObjectiveLine, type ReportHead } from './document';
import type { GameDayRecord, Population } from './game-day-record';
import { timeLine } from './objectives';

export interface GameDayReport extends ReportHead {
  readonly of: 'game-day';
  readonly objectives: readonly ObjectiveLine[];
  readonly gameDay: GameDayRecord;
}

export function gameDayReportOf(record: GameDayRecord, { assumptions }: About): GameDayReport {
  const { passed, measured, reasons, twin } = record;
  return {
    ...{ schema: 1, kind: 'report', of: 'game-day', passed, reasons, assumptions },
    tag: passed ? 'Passed' : measured ? 'Failed' : 'Interrupted',
    headline: headlineOf(record),
    provenance: provenanceOf({ ...record, writtenAt: record.writtenAt ?? record.startedAt }),
    replay: twin.replay,
    objectives: linesOf(record),
    gameDay: record,
  };
}

/** Behind the verdict of a drill. */
export function measuredSentence({ measured, where, startedAt }: GameDayRecord): string {
  const on = `${where === 'aws' ? 'On AWS' : 'Emulated, on no AWS'}, on ${startedAt.slice(0, 10)},`;
  if (measured === null) return `${on} a game day was interrupted.`;
  const { rto } = measured.newConnections;
  if (!rto) return `${on} no client was affected.`;
  return `${on} the ${WORST_CLIENT} was without service for ${seconds(rto.worstSeconds * 1000)}.`;
}

function headlineOf({ region, fault, durationSeconds, measured, where, objective }: GameDayRecord): string {
  const what = `${titled(region)} lost its service to ${fault} for ${durationSeconds}\u00a0s`;
  const emulated = where === 'emulated' ? ' Emulated: what answered was no AWS.' : '';
  if (measured === null) return `${what}. It was interrupted, so nothing was measured to its end.${emulated}`;
  const { rto } = measured.newConnections;
  if (!rto) return `${what}. No client was affected, so nothing was shown.${emulated}`;
  const over = rto.worstSeconds - objective.rtoSeconds;
  const late = over > 0 ? `, ${seconds(over * 1000)} over the objective` : '';
  return `${what}. The ${WORST_CLIENT} was without service for ${seconds(rto.worstSeconds * 1000)}${late}.${emulated}`;
}

function linesOf({ objective, predicted, twin, measured }: GameDayRecord): ObjectiveLine[] {
  const fresh = measured?.newConnections;
  const kept = measured?.keptConnections;
  const none = measured ? 'no client failed' : 'interrupted';
  const affected = (population: Population | undefined): string =>
    population ? `${whole(population.rto?.clientsAffected ?? 0)} of ${whole(population.clients)}` : none;
  return [
    timeLine(
      `Recovery time, ${WORST_CLIENT}`,
      {
        objective: objective.rtoSeconds,
        predicted: predicted.worstClientSeconds,
        simulated: twin.rto?.worstSeconds,
        measured: fresh?.rto?.worstSeconds,
      },
      {
        instead: { simulated: 'no client failed', measured: none },
        ...(fresh ? { met: fresh.rto !== null && fresh.rto.worstSeconds <= objective.rtoSeconds } : {}),
      },
    ),
    timeLine('Recovery time, p95', { simulated: twin.rto?.p95Seconds, measured: fresh?.rto?.p95Seconds }),
    timeLine('Recovery time, p50', { simulated: twin.rto?.p50Seconds, measured: fresh?.rto?.p50Seconds }),
    timeLine('Detection', { predicted: predicted.worstDetectionSeconds }, NO_DETECTION),
    {
      what: 'Clients affected',
      shown: {
        simulated: whole(twin.rto?.clientsAffected ?? 0),
        measured: fresh ? affected(fresh) : none,
      },
    },
    timeLine(
      'Recovery time, worst client of those that keep connections',
      { measured: kept?.rto?.worstSeconds },
      {
        note: kept ? `${affected(kept)} affected; shown and not judged` : 'shown and not judged',
        instead: { predicted: 'not promised', measured: none },
      },
    ),
    timeLine(
      'Healthy again after the fault',
      { measured: measured?.backAfterSeconds ?? undefined },
      {
        note: "by the region's own name",
        instead: { measured: measured ? 'not within the limit' : none },
        ...(measured ? { met: measured.backAfterSeconds !== null } : {}),
      },
    ),
    timeLine(
      'Oldest write at risk',
      {},
      { note: NO_DATA, instead: { simulated: NOT_RECORDED, measured: NOT_RECORDED } },
    ),
    {
      what: 'Requests that succeeded',
      note: 'on new connections',
      shown: {
        measured: fresh
          ? `${whole(fresh.requests - fresh.failed)} of ${whole(fresh.requests)}, ${whole(fresh.failed)} failed`
          : none,
      },
    },
  ];
}

const NOT_RECORDED = 'not recorded';
const NO_DATA = 'clients of a game day read only, so it says nothing of data';
const NO_DETECTION = {
  note: 'until Route 53 stops answering the region',
  instead: { simulated: NOT_RECORDED, measured: NOT_RECORDED },
};
