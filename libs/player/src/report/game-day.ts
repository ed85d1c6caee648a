// The report of a game day: objective, prediction and twin beside what clients of the applied system measured.
import { counted, seconds, titled, whole } from '../words/figures';
import type { About } from './about';
import { provenanceOf, type ObjectiveLine, type ReportHead, type Settings } from './document';
import { timeLine } from './objectives';

export interface GameDayReport extends ReportHead {
  readonly of: 'game-day';
  readonly objectives: readonly ObjectiveLine[];
  readonly gameDay: GameDayRecord;
}

/** The file that `dr gameday` keeps: docs/cli.md explains each key. What older versions did not keep is optional. */
export interface GameDayRecord {
  readonly schema: 1;
  readonly kind: 'game-day';
  readonly name: string;
  readonly system: string;
  readonly domain: string;
  readonly account: string;
  readonly by: string;
  readonly where: 'aws' | 'emulated';
  readonly endpoint: string | null;
  readonly region: string;
  readonly awsRegion: string;
  readonly fault: string;
  readonly durationSeconds: number;
  readonly startedAt: string;
  readonly faultAt: string | null;
  readonly healedAt: string | null;
  readonly undoneBy: 'dr' | 'aws' | null;
  readonly objective: { readonly rtoSeconds: number };
  readonly predicted: { readonly worstDetectionSeconds: number; readonly worstClientSeconds: number };
  readonly twin: {
    readonly fault: string;
    readonly passed: boolean;
    readonly rto: RecoveryTime | null;
    readonly replay: string;
    readonly eventLogHash: string;
  };
  /** null: it was interrupted. */
  readonly measured: {
    readonly newConnections: Population;
    readonly keptConnections: Population;
    readonly backAfterSeconds: number | null;
  } | null;
  readonly passed: boolean;
  readonly reasons: readonly string[];
  readonly commit: string;
  readonly program?: string | undefined;
  readonly checkout?: 'clean' | 'changed' | 'unknown' | undefined;
  readonly writtenAt?: string | undefined;
  readonly configSha256?: string | undefined;
  readonly stackSha256?: string | undefined;
  readonly settings?: Settings | undefined;
}

export interface RecoveryTime {
  readonly clientsAffected: number;
  readonly p50Seconds: number;
  readonly p95Seconds: number;
  readonly worstSeconds: number;
}

export interface Population {
  readonly clients: number;
  readonly requests: number;
  readonly failed: number;
  readonly rto: RecoveryTime | null;
  readonly notBeforeHeal: number;
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

function headlineOf({ region, fault, durationSeconds, measured, where, objective }: GameDayRecord): string {
  const what = `${titled(region)} lost its service to ${fault} for ${durationSeconds}\u00a0s`;
  const emulated = where === 'emulated' ? ' Emulated: what answered was no AWS.' : '';
  if (measured === null) return `${what}. It was interrupted, so nothing was measured to its end.${emulated}`;
  const { rto } = measured.newConnections;
  if (!rto) return `${what}. No client was affected, so nothing was shown.${emulated}`;
  const over = rto.worstSeconds - objective.rtoSeconds;
  const late = over > 0 ? `, ${seconds(over * 1000)} over the objective` : '';
  return `${what}. The worst client was without service for ${seconds(rto.worstSeconds * 1000)}${late}.${emulated}`;
}

function linesOf({ objective, predicted, twin, measured }: GameDayRecord): ObjectiveLine[] {
  const fresh = measured?.newConnections;
  const kept = measured?.keptConnections;
  const none = measured ? 'no client failed' : 'interrupted';
  const affected = (population: Population | undefined): string =>
    population ? `${whole(population.rto?.clientsAffected ?? 0)} of ${whole(population.clients)}` : none;
  return [
    timeLine(
      'Recovery time, worst client',
      {
        objective: objective.rtoSeconds,
        predicted: predicted.worstClientSeconds,
        simulated: twin.rto?.worstSeconds,
        measured: fresh?.rto?.worstSeconds,
      },
      {
        note: 'that honours the TTL and opens a new connection',
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
      'Kept connections, worst client',
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
        measured: fresh ? `${whole(fresh.requests - fresh.failed)} of ${counted(fresh.requests, 'request')}` : none,
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
