// The table of fault classes: each drilled once, what the system did about it, and what that came to.
import { FAULT_KINDS, type FaultKind } from '@dr/contracts';
import type { Graph } from '@dr/terraform-json';
import { runDrill } from '../run/drill';
import { ALERT_SECONDS, effectOf } from '../schedule/fault-effects';
import { parseScenario, type Objective } from '../schedule/scenario';
import { startTwin } from '../run/start-twin';
import { COMPOUND_FAULTS, drillCompound, isCompound, type CompoundFault } from './matrix-compound';
import { firstAlert, pathTaken, STRUCK_NOTHING, type MatrixRow } from './matrix-row';

/** What a row can be about. */
export type MatrixFault = FaultKind | CompoundFault;

export const MATRIX_FAULTS = [...FAULT_KINDS, ...Object.keys(COMPOUND_FAULTS)] as MatrixFault[];

/** Long enough for detection, TTL and every client's next request. */
const DURATION_SECONDS = 150;
const WORKLOAD = { clients: 60, requestsPerSecond: 12 } as const;

/** Drills one class in the first region of the stack; several faults where the row says so. */
export const drillRow = (graph: Graph, seed: number, fault: MatrixFault, objective: Objective): Promise<MatrixRow> =>
  isCompound(fault) ? drillCompound(graph, seed, fault) : drillClass(graph, seed, fault, objective);

async function drillClass(graph: Graph, seed: number, fault: FaultKind, objective: Objective): Promise<MatrixRow> {
  const twin = await startTwin({ graph, seed });
  const regions = twin.world.regions.map(({ name }) => name);
  const scenario = parseScenario({ fault, objective, durationSeconds: DURATION_SECONDS, ...WORKLOAD }, regions);
  const report = await runDrill({ twin, graph, scenario, replay: '', wallMs: () => 0 });
  const { events } = twin.world.events;
  const { startSeconds, durationSeconds } = scenario.fault;
  const span = { startMs: startSeconds * 1000, endMs: (startSeconds + durationSeconds) * 1000 };
  const measured = {
    fault,
    injectedEvents: twin.world.faults.timesStruck(fault),
    handlerInvocations: report.simulation.invocations,
    path: pathTaken(events, span),
    rto: report.rto?.worstSeconds ?? null,
    rpo: report.rpo.oldestAtRiskSeconds,
    alertSeconds: firstAlert(events, span),
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
}: { readonly fault: FaultKind } & Pick<MatrixRow, 'injectedEvents' | 'rto' | 'alertSeconds'>): string[] {
  const reasons: string[] = [];
  if (injectedEvents === 0) reasons.push(STRUCK_NOTHING);
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
