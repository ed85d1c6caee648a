// data-consistency-validator: compares this region's replica with each peer's and reports what differs.
import { CONTROL_ID, METRICS, validationKey, type ValidationRecord } from '@dr/contracts';
import { isScheduled, type Clock, type Notifier, type Table, type Telemetry } from '@dr/handler-core';
import { differencesIn, validate, type PeerReport } from './validate';

export interface ValidatorPorts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly notifier: Notifier;
  readonly table: Table;
  readonly peers: readonly { readonly name: string; readonly table: Table }[];
  readonly system: string;
  readonly region: string;
  /** Keep the outcome as a control record: this region's failback waits for it. */
  readonly keepsOutcome: boolean;
}

export interface ValidationReport {
  readonly schema: 1;
  readonly region: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** Both replicas were read wholly and nothing but what is in flight differs. */
  readonly passed: boolean;
  readonly peers: readonly PeerReport[];
}

/** Replication's p99 is 2.5 s [A]: what is older than this has not just been written. */
export const DEFAULT_SETTLE_SECONDS = 6;
const MAX_SETTLE_SECONDS = 15;
/** Of the function's 30 s; the rest is for settling and reporting. */
const SCAN_BUDGET_MS = 20_000;
const KNOWN_KEYS = ['source', 'reason', 'settleSeconds'];

/** Once an execution environment; the result, once a run. Takes the schedule or `{ settleSeconds? }`. */
export function dataConsistencyValidator(ports: ValidatorPorts): (event: unknown) => Promise<ValidationReport> {
  return async (event) => {
    const settleMs = settleSecondsOf(event) * 1000;
    try {
      return await run(ports, settleMs);
    } finally {
      ports.telemetry.flush();
    }
  };
}

async function run(ports: ValidatorPorts, settleMs: number): Promise<ValidationReport> {
  const { clock, telemetry, notifier, peers, region, system } = ports;
  const startedAtMs = clock.now();
  const untilMs = startedAtMs + SCAN_BUDGET_MS;
  const reports: PeerReport[] = [];
  for (const { name, table } of peers) {
    const report = await validate({ clock, here: ports.table, there: table, peer: name, settleMs, untilMs });
    const dimensions = { Peer: name };
    if (report.complete) telemetry.count(METRICS.replicaDifferences, differencesIn(report), { dimensions });
    reports.push(report);
  }
  const passed = reports.every((report) => report.complete && differencesIn(report) === 0);
  const finishedAtMs = clock.now();
  const report: ValidationReport = {
    schema: 1,
    region,
    startedAt: new Date(startedAtMs).toISOString(),
    finishedAt: new Date(finishedAtMs).toISOString(),
    passed,
    peers: reports,
  };
  telemetry.log(passed ? 'INFO' : 'WARN', 'validation', { report });
  if (ports.keepsOutcome) await keepOutcome(ports, { startedAtMs, finishedAtMs, passed });
  const differing = reports.reduce((sum, one) => sum + differencesIn(one), 0);
  if (differing > 0) {
    const subject = `Replicas differ: ${differing} items, seen from ${region}`;
    await notifier
      .publish({ subject, body: { kind: 'dr-validation', system, ...report } })
      .catch((error: unknown) => telemetry.log('ERROR', 'report not published', { error }));
  }
  return report;
}

/** Written by this region alone, and by one run at a time: the latest to finish stands. */
async function keepOutcome(
  { table, telemetry, region }: ValidatorPorts,
  outcome: Pick<ValidationRecord, 'startedAtMs' | 'finishedAtMs' | 'passed'>,
): Promise<void> {
  try {
    const key = { id: CONTROL_ID, timestamp: validationKey(region) } as const;
    const query = { id: CONTROL_ID, from: key.timestamp, before: `${key.timestamp} `, limit: 1 };
    const stored = (await table.query(query)).items[0] as unknown as ValidationRecord | undefined;
    const record: ValidationRecord = { ...key, region, version: (stored?.version ?? 0) + 1, ...outcome };
    await table.put({ ...record }, stored ? { kind: 'version', version: stored.version } : { kind: 'absent' });
  } catch (error) {
    telemetry.log('ERROR', 'outcome not kept', { error });
  }
}

function settleSecondsOf(event: unknown): number {
  if (isScheduled(event) || event === null || event === undefined) return DEFAULT_SETTLE_SECONDS;
  const unknown = Object.keys(event as object).find((key) => !KNOWN_KEYS.includes(key));
  if (unknown !== undefined)
    throw new Error(`unknown key "${unknown}" in the event; allowed: ${KNOWN_KEYS.join(', ')}`);
  const seconds = (event as { settleSeconds?: unknown }).settleSeconds ?? DEFAULT_SETTLE_SECONDS;
  if (typeof seconds !== 'number' || !(seconds >= 0 && seconds <= MAX_SETTLE_SECONDS)) {
    throw new Error(`settleSeconds = ${String(seconds)} must be a number from 0 to ${MAX_SETTLE_SECONDS}`);
  }
  return seconds;
}
