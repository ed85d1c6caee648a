// data-consistency-validator: compares this region's replica with each peer's, over as many invocations as it takes, and reports.
import { CLOCK_SKEW_MS, CONTROL_ID, METRICS, validationKey, type ValidationRecord } from '@dr/contracts/system';
import { badRecord, nextCount, readRun, tryRead, type BadRecord } from '@dr/contracts/system/records';
import {
  differencesIn,
  newHead,
  newRun,
  reportOf,
  TOO_MANY,
  type RunHead,
  type ValidationReport,
} from '@dr/consistency';
import {
  badRecordTeller,
  exactly,
  isScheduled,
  placeOf,
  withDeadline,
  type Notifier,
  type Telemetry,
} from '@dr/handler-core';
import { dutyOf, LEASE_MS, type Request } from './decide';
import { readHead, RunLost, RunSpoiled, writeHead } from './run-store';
import { RunInHand, type WorkPorts } from './work';

export interface ValidatorPorts extends WorkPorts {
  readonly telemetry: Telemetry;
  readonly notifier: Notifier;
  readonly system: string;
  /** Keep the outcome as a control record: this region's failback waits for it. */
  readonly keepsOutcome: boolean;
}

/** Replication's p99 is 2.5 s [A]: what differs for longer than this after it was seen is a difference. */
export const DEFAULT_SETTLE_SECONDS = 6;
const MAX_SETTLE_SECONDS = 15;
/** Of the function's 30 s; the last page, its checkpoint and the report come after it. */
const WORK_BUDGET_MS = 20_000;
const PUBLISH_DEADLINE_MS = 4_000;
const KNOWN_KEYS = ['source', 'reason', 'settleSeconds', 'sinceMs', 'run'];
const MAX_TRIES = 3;

/**
 * Once an execution environment; the result, once an invocation. Takes the schedule; `{ sinceMs?, settleSeconds? }`, which asks for
 * a run that began at `sinceMs` (epoch ms; by default now) or later; or `{ run }`, which goes on with that run.
 */
export function dataConsistencyValidator(given: ValidatorPorts): (event: unknown) => Promise<ValidationReport> {
  const ports: Ports = { ...given, tellBad: badRecordTeller(given.telemetry) };
  return async (event) => {
    const request = requestOf(event, ports.clock.wallMs());
    try {
      return await serve(ports, request);
    } catch (error) {
      // The schedule comes again in a minute; whoever else asked has to be told, or Lambda's queue to ask again.
      if (request.kind !== 'schedule') throw error;
      ports.telemetry.log('ERROR', 'validation not gone on with', { error });
      return reportOf(newHead(ports.region), false);
    } finally {
      ports.telemetry.flush();
    }
  };
}

interface Ports extends ValidatorPorts {
  readonly tellBad: (bad: readonly BadRecord[]) => void;
}

async function serve(ports: Ports, request: Request): Promise<ValidationReport> {
  let isSpoiled = false;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const { head: found, spoiled } = await readHead(ports);
    ports.tellBad(spoiled ? [spoiled] : []);
    const head = withKnownPeers(ports, isSpoiled ? { ...found, run: null, leaseUntilMs: 0 } : found);
    const duty = dutyOf(head, request, ports.clock.wallMs());
    if (duty === 'nothing' || duty === 'busy') return reportOf(head, duty === 'busy');
    try {
      return await work(ports, duty === 'start' ? await begun(ports, head, request) : head, spoiled);
    } catch (error) {
      isSpoiled = error instanceof RunSpoiled;
      if (!isSpoiled && !(error instanceof RunLost)) throw error;
      const why = (error as Error).message;
      if (isSpoiled) ports.telemetry.log('WARN', 'the run cannot be gone on with, and is begun anew', { why });
      else ports.telemetry.log('INFO', 'another invocation has the run', { why });
    }
  }
  return reportOf((await readHead(ports)).head, true);
}

/** A run among other peers than are there now has been overtaken by a deployment. */
function withKnownPeers({ peers }: ValidatorPorts, head: RunHead): RunHead {
  if (!head.run) return head;
  const same = JSON.stringify(head.run.peers.map(({ peer }) => peer)) === JSON.stringify(peers.map(({ name }) => name));
  return same ? head : { ...head, run: null };
}

/** The head of a new run; the one before is given up, once what it has found is told. */
async function begun(ports: ValidatorPorts, head: RunHead, request: Request): Promise<RunHead> {
  if (head.run && head.finishedAtMs !== null && !head.told) await tell(ports, head);
  const startedAtMs = ports.clock.wallMs();
  const run = newRun({
    id: `${ports.region}-${head.version + 1}`,
    startedAtMs,
    settleMs: request.kind === 'wanted' ? request.settleMs : DEFAULT_SETTLE_SECONDS * 1000,
    peers: ports.peers.map(({ name }) => name),
  });
  const { version, lastItems } = head;
  return { ...newHead(ports.region), version, lastItems, run };
}

async function work(ports: ValidatorPorts, head: RunHead, spoiled: BadRecord | undefined): Promise<ValidationReport> {
  const { clock } = ports;
  const started = clock.moment();
  const invocations = head.invocations + 1;
  const taken = await writeHead(ports, { ...head, invocations, leaseUntilMs: clock.wallMs() + LEASE_MS }, spoiled);
  const inHand = await RunInHand.take(ports, taken);
  await inHand.workFor(WORK_BUDGET_MS, started);
  if (inHand.run.stage === 'finished') await finish(ports, inHand);
  return reportOf(inHand.head, false);
}

/** Once a run is stored as finished it is counted, by whoever has stored it; then people are told, again until it has worked. */
async function finish(ports: ValidatorPorts, inHand: RunInHand): Promise<void> {
  const { clock, telemetry } = ports;
  if (inHand.head.finishedAtMs === null) {
    const peers = inHand.run.reports();
    const passed = peers.every((one) => one.complete && differencesIn(one) === 0);
    const lastItems = peers[0]?.itemsHere ?? null;
    await inHand.store({ finishedAtMs: clock.wallMs(), passed, told: false, lastItems, waitingFor: null });
    for (const report of peers) {
      const dimensions = { Peer: report.peer };
      if (report.complete) telemetry.count(METRICS.replicaDifferences, differencesIn(report), { dimensions });
    }
    telemetry.log(passed ? 'INFO' : 'WARN', 'validation', { report: reportOf(inHand.head, false) });
  }
  const told = await tell(ports, inHand.head);
  await inHand.store({ told, leaseUntilMs: 0 });
}

/** False when the outcome was not kept or not published. */
async function tell(ports: ValidatorPorts, head: RunHead): Promise<boolean> {
  const { notifier, telemetry, system, region } = ports;
  try {
    if (ports.keepsOutcome) await keepOutcome(ports, head);
    const report = reportOf(head, false);
    const differing = report.peers.reduce((sum, one) => sum + differencesIn(one), 0);
    const tooMany = report.peers.some(({ incompleteBecause }) => incompleteBecause === TOO_MANY);
    if (differing === 0 && !tooMany) return true;
    const subject = `Replicas differ: ${tooMany ? 'more than can be counted' : `${differing} items`}, seen from ${region}`;
    await withDeadline(ports.clock, PUBLISH_DEADLINE_MS, (signal) =>
      notifier.publish({ subject, body: { kind: 'dr-validation', system, ...report } }, signal),
    );
    return true;
  } catch (error) {
    telemetry.log('ERROR', 'outcome not kept or not published', { error });
    return false;
  }
}

/** Written by this region alone: the run that began last stands. */
async function keepOutcome(
  { table, region, clock }: ValidatorPorts,
  { run, finishedAtMs, passed }: RunHead,
): Promise<void> {
  const startedAtMs = run?.startedAtMs ?? 0;
  const timestamp = validationKey(region);
  const [item] = (await table.query(exactly(CONTROL_ID, timestamp))).items;
  const one = item && tryRead(readRun, item);
  const stored = one && 'is' in one ? one.is : undefined;
  const bad = item && one && 'why' in one ? badRecord(item, one.why) : undefined;
  const isAhead = stored !== undefined && stored.startedAtMs > clock.wallMs() + CLOCK_SKEW_MS;
  if (stored && stored.startedAtMs > startedAtMs && !isAhead) return;
  const { condition, version } = placeOf(stored, bad, nextCount(stored?.version ?? 0));
  const record: ValidationRecord = {
    id: CONTROL_ID,
    timestamp,
    region,
    version,
    startedAtMs,
    finishedAtMs: finishedAtMs ?? 0,
    passed,
  };
  if ((await table.put({ ...record }, condition)) === 'refused') throw new Error('the outcome was changed meanwhile');
}

/** Throws for an event that nobody can mean. */
function requestOf(event: unknown, nowMs: number): Request {
  if (isScheduled(event)) return { kind: 'schedule' };
  const given = (event ?? {}) as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).find((key) => !KNOWN_KEYS.includes(key));
  if (unknown !== undefined)
    throw new Error(`unknown key "${unknown}" in the event; allowed: ${KNOWN_KEYS.join(', ')}`);
  const { run, sinceMs = nowMs, settleSeconds = DEFAULT_SETTLE_SECONDS } = given;
  if (typeof settleSeconds !== 'number' || !(settleSeconds >= 0 && settleSeconds <= MAX_SETTLE_SECONDS)) {
    throw new Error(`settleSeconds = ${String(settleSeconds)} must be a number from 0 to ${MAX_SETTLE_SECONDS}`);
  }
  if (typeof sinceMs !== 'number' || !Number.isFinite(sinceMs))
    throw new Error(`sinceMs = ${String(sinceMs)} must be a time in epoch milliseconds`);
  if (run === undefined)
    return { kind: 'wanted', sinceMs, fresh: given['sinceMs'] === undefined, settleMs: settleSeconds * 1000 };
  if (typeof run !== 'string') throw new Error(`run = ${JSON.stringify(run)} must be the id of a run`);
  return { kind: 'follow', run };
}
