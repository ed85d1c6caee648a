// The table of fault classes: each drilled once, what the system did about it, and what that came to.
import { FAULT_KINDS, type DrillReport, type FaultKind } from '@dr/contracts';
import type { Graph } from '@dr/terraform-json';
import { runDrill } from '../drill';
import { ALERT_SECONDS, effectOf } from '../fault-effects';
import { faultStartMs, healMs, ofKind, type RunRecord } from '../run-record';
import { parseScenario, type Objective } from '../scenario';
import { startTwin } from '../start-twin';

export interface MatrixRow {
  readonly fault: FaultKind;
  /** How often the fault decided what became of a packet, a call or a clock. */
  readonly injectedEvents: number;
  /** Of the bundles, throttled ones not counted. */
  readonly handlerInvocations: number;
  readonly path: 'dns failover' | 'peer fallback' | 'peer fallback, dns failover' | 'none';
  /** Worst client, seconds; null when no client had a failure. */
  readonly rto: number | null;
  /** Age of the oldest acknowledged write that no other region had at the moment of the fault, seconds. */
  readonly rpo: number;
  /** From the fault to the first message about it that a topic took, seconds; null: none before heal. */
  readonly alertSeconds: number | null;
  /** All that is promised for the class: recovery time, data, traffic, notifications. */
  readonly met: boolean;
  /** Why it was not met; empty when it was. */
  readonly reasons: readonly string[];
}

export const MATRIX_FAULTS = Object.keys(FAULT_KINDS) as FaultKind[];

/** Long enough for detection, TTL and every client's next request. */
const DURATION_SECONDS = 150;
const WORKLOAD = { clients: 60, requestsPerSecond: 12 } as const;

/** Drills one class in the first region of the stack. */
export async function drillClass(
  graph: Graph,
  seed: number,
  fault: FaultKind,
  objective: Objective,
): Promise<MatrixRow> {
  const twin = await startTwin({ graph, seed });
  const regions = twin.world.regions.map(({ name }) => name);
  const scenario = parseScenario({ fault, objective, durationSeconds: DURATION_SECONDS, ...WORKLOAD }, regions);
  const report = await runDrill({ twin, graph, scenario, replay: '', wallMs: () => 0 });
  const run = { events: twin.world.events.events, scenario };
  const measured = {
    fault,
    injectedEvents: twin.world.faults.timesStruck(fault),
    handlerInvocations: report.simulation.invocations,
    path: pathTaken(run, report),
    rto: report.rto?.worstSeconds ?? null,
    rpo: report.rpo.oldestAtRiskSeconds,
    alertSeconds: firstAlert(run),
  };
  const reasons = [...report.reasons, ...classShortfalls(measured)];
  return { ...measured, met: report.passed && reasons.length === 0, reasons };
}

/** Of a lost table: the first deadline, then the peer. */
const FALLBACK_SECONDS = 2;
/** What is promised for a class beyond what every drill is held to. A fault that struck nothing has shown nothing. */
export function classShortfalls({
  fault,
  injectedEvents,
  rto,
  alertSeconds,
}: Pick<MatrixRow, 'fault' | 'injectedEvents' | 'rto' | 'alertSeconds'>): string[] {
  const reasons: string[] = [];
  if (injectedEvents === 0) reasons.push('the fault struck nothing, so nothing was shown');
  const isOfTable = fault === 'dynamodb-errors' || fault === 'dynamodb-slow';
  if (isOfTable && rto !== null && rto > FALLBACK_SECONDS) {
    reasons.push(`the worst client was without service for ${rto} s; ${FALLBACK_SECONDS} s is promised`);
  }
  if (effectOf(fault).toldByPeer && (alertSeconds === null || alertSeconds > ALERT_SECONDS)) {
    const told = alertSeconds === null ? 'nobody was told' : `nobody was told for ${alertSeconds} s`;
    reasons.push(`${told}; ${ALERT_SECONDS} s is promised`);
  }
  return reasons;
}

type Seen = Pick<RunRecord, 'events' | 'scenario'>;

function pathTaken({ events, scenario }: Seen, { timeline }: DrillReport): MatrixRow['path'] {
  const { startSeconds, durationSeconds } = scenario.fault;
  const isDns = timeline.some(
    ({ kind, atSeconds }) =>
      kind === 'checkers-unhealthy' && atSeconds >= startSeconds && atSeconds <= startSeconds + durationSeconds,
  );
  const isPeer = ofKind(events, 'request').some(
    ({ outcome, region, dataRegion, startedMs }) =>
      outcome === 'ok' && dataRegion !== undefined && dataRegion !== region && startedMs >= startSeconds * 1000,
  );
  if (isPeer) return isDns ? 'peer fallback, dns failover' : 'peer fallback';
  return isDns ? 'dns failover' : 'none';
}

/** Alarms that go OK are no alert. */
function firstAlert({ events, scenario }: Seen): number | null {
  const run = { scenario } as RunRecord;
  const [start, heal] = [faultStartMs(run), healMs(run)];
  const first = ofKind(events, 'published').find(
    ({ atMs, subject }) => atMs > start && atMs <= heal && !subject.startsWith('OK'),
  );
  return first ? Math.round((first.atMs - start) / 100) / 10 : null;
}
