// A sweep: the drill of one fault over shares of the calls that it strikes. From which share on does anything fail over?
import type { Fault } from '@dr/contracts';
import { predict, turningShare } from '@dr/failover';
import type { Graph } from '@dr/terraform-json';
import { longestGaps, recoveryTime, requestCounts } from '../measure/measure';
import { runDrill } from '../run/drill';
import { promisedRequests, endMs, ofKind, seconds, startMs } from '../run/run-record';
import type { Scenario } from '../schedule/scenario';
import type { RunningStack } from '../system-under-drill';

/** What one share came to, from the start of the fault to its end. */
export interface SweepRow {
  /** Of the calls that the fault may strike, above 0, up to 1. */
  readonly share: number;
  readonly probes: number;
  readonly failedProbes: number;
  /** Checkers that found the region unhealthy at any time. */
  readonly checkersTurned: number;
  readonly checkers: number;
  /** From the start of the fault until Route 53 first took the region out; null: never. */
  readonly movedAfterSeconds: number | null;
  /** How often it did, and for how long in all. */
  readonly timesMoved: number;
  readonly outSeconds: number;
  readonly requests: number;
  readonly failedRequests: number;
  readonly clientsAffected: number;
  /** The longest time that a client was without service; null: no request failed. */
  readonly longestGapSeconds: number | null;
}

export interface Sweep {
  /** By share. */
  readonly rows: readonly SweepRow[];
  /** The lowest share at which the region was taken out; null: at none. */
  readonly movesFrom: number | null;
  /** The highest share below that one; null: the lowest moved already. Nothing failed over there. */
  readonly staysAt: number | null;
  /** Of failing probes: from there on Route 53 keeps a region out, however long the failure lasts. */
  readonly turningShare: number;
  /** Every probe failed at some share, for long enough, and nothing failed over: the health checks decide nothing. */
  readonly isBlind: boolean;
}

export interface SweepOptions {
  /** A fresh twin for each share, all of one seed. */
  readonly start: () => Promise<RunningStack>;
  readonly graph: Graph;
  /** The fault's own share is not used. */
  readonly scenario: Scenario;
  readonly onRow?: (row: SweepRow, done: number) => void;
}

const COARSE: readonly number[] = [0.05, ...Array.from({ length: 10 }, (_, at) => (at + 1) / 10)];
/** Between the last share that stays and the first that moves, at the end. */
const FINE = 0.01;

/** The same seed gives the same sweep. */
export async function runSweep({ start, graph, scenario, onRow }: SweepOptions): Promise<Sweep> {
  const rows: SweepRow[] = [];
  let settings: RunningStack['settings'] | undefined;
  const drill = async (share: number): Promise<void> => {
    const stack = await start();
    ({ settings } = stack);
    const fault = { ...scenario.fault, intensity: share };
    await runDrill({ twin: stack, graph, scenario: { ...scenario, fault }, replay: '', wallMs: () => 0 });
    const row = rowOf(stack, fault);
    rows.push(row);
    onRow?.(row, rows.length);
  };
  for (const share of COARSE) await drill(share);
  let edge = edgeOf(rows);
  while (edge.movesFrom !== null && edge.movesFrom - (edge.staysAt ?? 0) > FINE) {
    await drill(middleOf(edge.staysAt ?? 0, edge.movesFrom));
    edge = edgeOf(rows);
  }
  return {
    rows: [...rows].sort(byShare),
    ...edge,
    turningShare: turningShare(settings?.failureThreshold ?? 1),
    isBlind:
      settings !== undefined &&
      scenario.fault.durationSeconds > predict(settings).worstDetectionSeconds &&
      rows.some(({ probes, failedProbes, timesMoved }) => failedProbes === probes && timesMoved === 0),
  };
}

const byShare = (a: SweepRow, b: SweepRow): number => a.share - b.share;
/** To a thousandth, so that a share can be read and given again. */
const middleOf = (a: number, b: number): number => Math.round(500 * (a + b)) / 1000;

/** Chance decides near the edge, so that a higher share may stay where a lower one has moved: the lowest that moved counts. */
function edgeOf(rows: readonly SweepRow[]): Pick<Sweep, 'movesFrom' | 'staysAt'> {
  const movesFrom = [...rows].sort(byShare).find(({ movedAfterSeconds }) => movedAfterSeconds !== null)?.share ?? null;
  const below = rows.map(({ share }) => share).filter((share) => movesFrom === null || share < movesFrom);
  return { movesFrom, staysAt: below.length === 0 ? null : Math.max(...below) };
}

function rowOf({ world }: RunningStack, fault: Fault & { readonly intensity: number }): SweepRow {
  const { events } = world;
  const [fromMs, toMs] = [startMs(fault), endMs(fault)];
  const isDuring = ({ atMs }: { readonly atMs: number }): boolean => atMs >= fromMs && atMs <= toMs;
  const isHere = ({ region }: { readonly region: string }): boolean => region === fault.region;
  const probes = ofKind(events, 'probe').filter(isHere);
  const probed = probes.filter(isDuring);
  const turned = ofKind(events, 'checker').filter((event) => isHere(event) && isDuring(event) && !event.healthy);
  const changes = ofKind(events, 'health-check').filter((event) => isHere(event) && isDuring(event));
  const left = changes.filter(({ healthy }) => !healthy);
  const requests = promisedRequests({ events });
  const begun = requests.where(({ startedMs }) => startedMs >= fromMs && startedMs < toMs);
  const counts = requestCounts(begun);
  const gaps = recoveryTime(longestGaps(requests, fromMs, toMs));
  return {
    share: fault.intensity,
    probes: probed.length,
    failedProbes: probed.filter(({ outcome }) => outcome !== 'healthy').length,
    checkersTurned: new Set(turned.map(({ checker }) => checker)).size,
    checkers: new Set(probes.map(({ checker }) => checker)).size,
    movedAfterSeconds: left[0] ? seconds(left[0].atMs - fromMs) : null,
    timesMoved: left.length,
    outSeconds: seconds(outMs(changes, toMs)),
    requests: counts.total,
    failedRequests: counts.failed,
    clientsAffected: gaps?.clientsAffected ?? 0,
    longestGapSeconds: gaps?.worstSeconds ?? null,
  };
}

/** For how long the region was out until then. */
function outMs(changes: readonly { readonly atMs: number; readonly healthy: boolean }[], untilMs: number): number {
  return changes.reduce((sum, { atMs, healthy }, at) => {
    const nextMs = changes[at + 1]?.atMs ?? untilMs;
    return healthy ? sum : sum + nextMs - atMs;
  }, 0);
}
