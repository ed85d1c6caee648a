// The table of fault classes: each drilled once, what the system did about it, and what that came to.
import { FAULT_KINDS, WORST_CLIENT, type FaultKind } from '@dr/contracts';
import { runDrill } from '../run/drill';
import { parseScenario, type Objective } from '../schedule/scenario';
import { placesOf, startTwin, type Subject } from '../run/start';
import type { FaultPromise } from '../system-under-drill';
import { COMPOUND_FAULTS, drillCompound, isCompound, type CompoundFault } from './matrix-compound';
import { firstAlert, pathTaken, STRUCK_NOTHING, type MatrixRow } from './matrix-row';

/** What a row can be about. */
export type MatrixFault = FaultKind | CompoundFault;

export const MATRIX_FAULTS = [...new Set([...FAULT_KINDS, ...Object.keys(COMPOUND_FAULTS)])] as MatrixFault[];

/** Long enough for detection, TTL and every client's next request. */
const DURATION_SECONDS = 150;
const LOAD = { clients: 60, requestsPerSecond: 12 } as const;

/** Drills one class in the first region of the stack; several faults where the row says so. */
export const drillRow = (
  subject: Subject,
  seed: number,
  fault: MatrixFault,
  objective: Objective,
): Promise<MatrixRow> =>
  isCompound(fault) ? drillCompound(subject, seed, fault) : drillClass(subject, seed, fault, objective);

async function drillClass(subject: Subject, seed: number, fault: FaultKind, objective: Objective): Promise<MatrixRow> {
  const { system, graph } = subject;
  const twin = await startTwin({ ...subject, seed });
  const options = { fault, objective, durationSeconds: DURATION_SECONDS, ...LOAD };
  const scenario = parseScenario(options, placesOf(system, twin.world.regions));
  const report = await runDrill({ twin, graph, scenario, replay: '', wallMs: () => 0 });
  const { events } = twin.world;
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
    invariants: report.invariants,
  };
  const promise = system.promises(fault);
  // Where clients are promised nothing, the objective says nothing of the class: it is held to its invariants alone.
  const held = promise.open ? brokenIn(report.invariants) : report.reasons;
  const reasons = [...held, ...classShortfalls(promise, measured)];
  return { ...measured, met: reasons.length === 0, reasons };
}

const brokenIn = (invariants: MatrixRow['invariants']): string[] =>
  invariants.filter(({ holds }) => !holds).map(({ id, detail }) => `${id}: ${detail}`);

/** What is promised for a class beyond what every drill is held to. A fault that struck nothing has shown nothing. */
export function classShortfalls(
  { servedWithinSeconds = Infinity, toldWithinSeconds }: FaultPromise,
  { injectedEvents, rto, alertSeconds }: Pick<MatrixRow, 'injectedEvents' | 'rto' | 'alertSeconds'>,
): string[] {
  const reasons: string[] = [];
  if (injectedEvents === 0) reasons.push(STRUCK_NOTHING);
  if (rto !== null && rto > servedWithinSeconds) {
    reasons.push(`the ${WORST_CLIENT} was without service for ${rto} s; ${servedWithinSeconds} s is promised`);
  }
  if (toldWithinSeconds !== undefined && (alertSeconds === null || alertSeconds > toldWithinSeconds)) {
    const told = alertSeconds === null ? 'nobody was told' : `nobody was told for ${alertSeconds} s`;
    reasons.push(`${told}; ${toldWithinSeconds} s is promised`);
  }
  return reasons;
}
