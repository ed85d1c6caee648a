// What a game day has shown: predicted, twin and measured for the very same fault, side by side; the record that is kept.
import type { DrillReport } from '@dr/contracts';
import { recoveriesOf, recoveryTime } from '@dr/drills';
import type { Prediction } from '@dr/failover';
import { columns } from '../columns';
import type { ClientRequest } from './clients';
import { GAME_DAY_FAULTS, resultOf, type GameDayRecord, type GameDayResult } from './records';
import type { Held } from './run';

/** What one population of clients met. Times in seconds from the start of the fault. */
export interface Population {
  readonly clients: number;
  readonly requests: number;
  readonly failed: number;
  /** As docs/behaviour.md defines it; null: no client was affected. */
  readonly rto: DrillReport['rto'];
  /** Clients that were served again only once the fault was over, or not at all. */
  readonly notBeforeHeal: number;
}

/** `dr gameday --json`, and the file that is kept: schema 1. Keys may be added, never removed or renamed. */
export interface GameDayReport {
  readonly schema: 1;
  readonly kind: 'game-day';
  readonly name: string;
  readonly system: string;
  readonly domain: string;
  readonly account: string;
  /** ARN of whoever held it. */
  readonly by: string;
  /** `emulated`: what answered was no AWS, but what is at `endpoint`. */
  readonly where: 'aws' | 'emulated';
  readonly endpoint: string | null;
  readonly region: string;
  readonly awsRegion: string;
  readonly fault: GameDayRecord['fault'];
  readonly durationSeconds: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly faultAt: string | null;
  readonly healedAt: string | null;
  /** Who ended the fault: this tool, or what it had armed in AWS. */
  readonly undoneBy: 'dr' | 'aws' | null;
  readonly objective: { readonly rtoSeconds: number };
  readonly predicted: Prediction;
  /** The drill of the same fault and duration on the twin. */
  readonly twin: {
    readonly fault: string;
    readonly passed: boolean;
    readonly rto: DrillReport['rto'];
    readonly replay: string;
    readonly eventLogHash: string;
  };
  /** From outside, by clients of this process. null: it was interrupted. */
  readonly measured: {
    readonly newConnections: Population;
    readonly keptConnections: Population;
    /** From the end of the fault until the region's own name answered healthy; null: not within the limit. */
    readonly backAfterSeconds: number | null;
  } | null;
  readonly passed: boolean;
  readonly reasons: readonly string[];
  readonly commit: string;
}

export interface Circumstances {
  readonly record: GameDayRecord;
  readonly system: string;
  readonly domain: string;
  readonly by: string;
  readonly endpoint: string | undefined;
  readonly durationSeconds: number;
  readonly rtoSeconds: number;
  readonly predicted: Prediction;
  readonly drill: DrillReport;
  readonly commit: string;
}

export interface Outcome {
  readonly held: Held;
  readonly requests: readonly ClientRequest[];
  readonly backAtMs: number | undefined;
}

export function reportOf(given: Circumstances, { held, requests, backAtMs }: Outcome): GameDayReport {
  const { record, drill, endpoint } = given;
  const { fault, interrupted } = held;
  const of = (kept: boolean): Population =>
    populationOf(
      requests.filter((request) => request.kept === kept),
      fault?.madeAtMs ?? 0,
      fault?.healedAtMs ?? 0,
    );
  const measured =
    fault && interrupted === undefined
      ? {
          newConnections: of(false),
          keptConnections: of(true),
          backAfterSeconds: backAtMs === undefined ? null : seconds(backAtMs - fault.healedAtMs),
        }
      : null;
  const reasons = measured ? shortfalls(given, measured) : ['it was interrupted, so nothing was measured to its end'];
  return {
    schema: 1,
    kind: 'game-day',
    name: record.name,
    system: given.system,
    domain: given.domain,
    account: record.account,
    by: given.by,
    where: endpoint === undefined ? 'aws' : 'emulated',
    endpoint: endpoint ?? null,
    region: record.region,
    awsRegion: record.awsRegion,
    fault: record.fault,
    durationSeconds: given.durationSeconds,
    startedAt: iso(record.startedAtMs),
    faultAt: fault ? iso(fault.madeAtMs) : null,
    healedAt: fault ? iso(fault.healedAtMs) : null,
    undoneBy: fault?.undoneBy ?? null,
    objective: { rtoSeconds: given.rtoSeconds },
    predicted: given.predicted,
    twin: {
      fault: GAME_DAY_FAULTS[record.fault].twin,
      passed: drill.passed,
      rto: drill.rto,
      replay: drill.replay,
      eventLogHash: drill.eventLogHash,
    },
    measured,
    passed: reasons.length === 0,
    reasons,
    commit: given.commit,
  };
}

export function populationOf(requests: readonly ClientRequest[], madeAtMs: number, healedAtMs: number): Population {
  const recoveries = recoveriesOf(requests, madeAtMs, healedAtMs);
  return {
    clients: new Set(requests.map(({ client }) => client)).size,
    requests: requests.length,
    failed: requests.filter(({ outcome }) => outcome !== 'ok').length,
    rto: recoveryTime(recoveries),
    notBeforeHeal: recoveries.filter(({ recovered }) => recovered !== 'before-heal').length,
  };
}

/** The promise is about clients that honour the TTL and open a new connection; kept ones are reported, not judged. */
function shortfalls(
  { record, rtoSeconds }: Circumstances,
  { newConnections, backAfterSeconds }: NonNullable<GameDayReport['measured']>,
): string[] {
  const { rto, notBeforeHeal } = newConnections;
  const reasons: string[] = [];
  if (!rto) reasons.push(`${record.fault} in ${record.region} affected no client: nothing was shown`);
  if (notBeforeHeal > 0) reasons.push(`${notBeforeHeal} clients recovered only once the fault was over`);
  if (rto && rto.worstSeconds > rtoSeconds)
    reasons.push(`the worst client was without service for ${rto.worstSeconds} s; the objective is ${rtoSeconds} s`);
  if (backAfterSeconds === null) reasons.push(`${record.region} was not healthy again within the limit`);
  return reasons;
}

/** As `dr history` shows it. */
export const resultOfReport = (record: GameDayRecord, report: GameDayReport, endedAtMs: number): GameDayResult =>
  resultOf(record, {
    where: report.where,
    endedAtMs,
    outcome: report.measured === null ? 'unfinished' : report.passed ? 'passed' : 'failed',
    worstSeconds: report.measured?.newConnections.rto?.worstSeconds ?? null,
  });

export function renderReport(report: GameDayReport): string {
  const { measured, twin, predicted, objective, where, region, fault } = report;
  const label = where === 'emulated' ? `  (emulated: ${report.endpoint} answered, and no AWS)` : '';
  const verdict = report.passed ? 'PASSED' : measured ? 'FAILED' : 'INTERRUPTED';
  const title = ` ${verdict}  game day: ${fault} in ${region} for ${report.durationSeconds} s${label}\n`;
  const [fresh, kept] = [measured?.newConnections, measured?.keptConnections];
  const rows = [
    ['', 'predicted', 'twin', where === 'emulated' ? 'measured (emulated)' : 'measured'],
    ['  worst client', s(predicted.worstClientSeconds), s(twin.rto?.worstSeconds), s(fresh?.rto?.worstSeconds)],
    ['  median', '', s(twin.rto?.p50Seconds), s(fresh?.rto?.p50Seconds)],
    ['  clients affected', '', String(twin.rto?.clientsAffected ?? 0), affected(fresh)],
    ['  kept connections, worst', 'not promised', '', kept ? `${s(kept.rto?.worstSeconds)}, ${affected(kept)}` : '-'],
    ['  objective', s(objective.rtoSeconds), '', ''],
  ];
  const undone = report.undoneBy === 'aws' ? ', which AWS ended itself' : '';
  const times = report.faultAt ? `\n  fault ${report.faultAt} to ${report.healedAt}${undone}` : '';
  const back = measured
    ? `; healthy again ${measured.backAfterSeconds === null ? 'not within the limit' : `after ${s(measured.backAfterSeconds)}`}`
    : '';
  const reasons = report.reasons.map((reason) => `  - ${reason}\n`).join('');
  return `${title}\n${columns(rows)}\n${times}${back}\n${reasons}`;
}

const affected = (population: Population | undefined): string =>
  population ? `${population.rto?.clientsAffected ?? 0} of ${population.clients}` : '-';
const s = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(1)} s`);
const seconds = (ms: number): number => Math.round(ms) / 1000;
const iso = (ms: number): string => new Date(ms).toISOString();
