// What a game day has shown: predicted, twin and measured for the very same fault, side by side; the record that is kept.
import { WORST_CLIENT, type DrillReport } from '@dr/contracts';
import type { DrConfig, RegionConfig } from '@dr/contracts/system/config';
import { recoveriesOf, recoveryTime, type ClientRecovery } from '@dr/drills';
import type { Prediction } from '@dr/failover';
import type { Settings } from '@dr/player';
import type { Origin } from '../../commands/report/provenance';
import { columns } from '../../terminal/columns';
import type { ClientRequest } from './clients';
import type { Observation } from './observing';
import { GAME_DAY_FAULTS, resultOf, type GameDayRecord, type GameDayResult } from './records';
import type { Held } from './run';

export interface Circumstances {
  readonly config: DrConfig;
  readonly record: GameDayRecord;
  readonly region: RegionConfig;
  /** ARN of whoever holds it. */
  readonly by: string;
  readonly endpoint: string | undefined;
  readonly durationSeconds: number;
  readonly predicted: Prediction;
  readonly drill: DrillReport;
  /** What ran on the twin, and is expected to be what was applied. */
  readonly stack: RehearsedStack;
}

export interface RehearsedStack extends Origin {
  readonly settings: Settings;
}

/** What was measured from outside. */
export type Measured = Pick<Observation, 'requests' | 'backAtMs'>;

export type GameDayReport = ReturnType<typeof reportOf>;

/** `dr gameday --json`, and the file that is kept: schema 1. Keys may be added, never removed or renamed. Times are ISO 8601. */
export function reportOf(given: Circumstances, { fault, interrupted }: Held, seen: Measured) {
  const { config, record, drill, endpoint } = given;
  const measured = fault && interrupted === undefined ? measurementsOf(fault, seen) : null;
  const reasons = measured ? shortfalls(given, measured) : ['it was interrupted, so nothing was measured to its end'];
  return {
    schema: 1 as const,
    kind: 'game-day' as const,
    name: record.name,
    system: config.system,
    domain: config.domain,
    account: record.account,
    by: given.by,
    /** `emulated`: what answered was no AWS, but what is at `endpoint`. */
    where: endpoint === undefined ? ('aws' as const) : ('emulated' as const),
    endpoint: endpoint ?? null,
    region: record.region,
    awsRegion: given.region.awsRegion,
    fault: record.fault,
    durationSeconds: given.durationSeconds,
    startedAt: iso(record.startedAtMs),
    faultAt: fault ? iso(fault.madeAtMs) : null,
    healedAt: fault ? iso(fault.healedAtMs) : null,
    /** Who ended the fault: this tool, or what it had armed in AWS. */
    undoneBy: fault?.undoneBy ?? null,
    objective: { rtoSeconds: config.objectives.rtoSeconds },
    predicted: given.predicted,
    /** The drill of the same fault and duration on the twin. */
    twin: {
      fault: GAME_DAY_FAULTS[record.fault].twin,
      passed: drill.passed,
      rto: drill.rto,
      replay: drill.replay,
      eventLogHash: drill.eventLogHash,
    },
    /** From outside, by clients of this process. null: it was interrupted. */
    measured,
    passed: reasons.length === 0,
    reasons,
    ...given.stack,
  };
}

type Measurements = ReturnType<typeof measurementsOf>;

function measurementsOf({ madeAtMs, healedAtMs }: NonNullable<Held['fault']>, { requests, backAtMs }: Measured) {
  const of = (kept: boolean) => {
    const own = requests.filter((request) => request.kept === kept);
    return populationOf(own, recoveriesOf(own, madeAtMs, healedAtMs));
  };
  return {
    newConnections: of(false),
    keptConnections: of(true),
    /** From the end of the fault until the region's own name answered healthy; null: not within the limit. */
    backAfterSeconds: backAtMs === undefined ? null : seconds(backAtMs - healedAtMs),
  };
}

/** What one population of clients met. Times in seconds from the start of the fault. */
const populationOf = (requests: readonly ClientRequest[], recoveries: readonly ClientRecovery[]) => ({
  clients: new Set(requests.map(({ client }) => client)).size,
  requests: requests.length,
  failed: requests.filter(({ outcome }) => outcome !== 'ok').length,
  /** As docs/behaviour.md defines it; null: no client was affected. */
  rto: recoveryTime(recoveries),
  /** Clients that were served again only once the fault was over, or not at all. */
  notBeforeHeal: recoveries.filter(({ recovered }) => recovered !== 'before-heal').length,
});

/** The promise is about clients that honour the TTL and open a new connection; kept ones are reported, not judged. */
function shortfalls({ config, record }: Circumstances, { newConnections, backAfterSeconds }: Measurements): string[] {
  const { rtoSeconds } = config.objectives;
  const { rto, notBeforeHeal } = newConnections;
  const reasons: string[] = [];
  if (!rto) reasons.push(`${record.fault} in ${record.region} affected no client: nothing was shown`);
  if (notBeforeHeal > 0) reasons.push(`${notBeforeHeal} clients recovered only once the fault was over`);
  if (rto && rto.worstSeconds > rtoSeconds)
    reasons.push(`the ${WORST_CLIENT} was without service for ${rto.worstSeconds} s; the objective is ${rtoSeconds} s`);
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
    [
      '  new connections, worst',
      s(predicted.worstClientSeconds),
      s(twin.rto?.worstSeconds),
      s(fresh?.rto?.worstSeconds),
    ],
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

const affected = (population: Measurements['newConnections'] | undefined): string =>
  population ? `${population.rto?.clientsAffected ?? 0} of ${population.clients}` : '-';
const s = (value: number | undefined): string => (value === undefined ? '-' : `${value.toFixed(1)} s`);
const seconds = (ms: number): number => Math.round(ms) / 1000;
const iso = (ms: number): string => new Date(ms).toISOString();
