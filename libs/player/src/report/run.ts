// The report of one run, worked out from its event log.
import { isLimitOfNote, type Aftermath, type CapacityReport, type PopulationReport } from '@dr/contracts';
import type { RunLog } from '../log/run-log';
import { felt, noticed, verdictOf, worstOf } from '../words/verdict';
import type { About, Former } from './about';
import { provenanceOf, type Invariant, type ObjectiveLine, type ReportHead, type Settings } from './document';
import { measuredSentence } from './game-day';
import type { GameDayRecord } from './game-day-record';
import { incidentOf, type IncidentReport } from './incident';
import { objectiveLines } from './objectives';

export interface RunReport extends ReportHead {
  readonly of: 'run';
  readonly run: RunFacts;
  /** Where a former run was given: what has become of each figure since. */
  readonly former?: Former;
  /** Where the record of a game day of the same fault was given. */
  readonly gameDay?: GameDayRecord;
}

export interface RunFacts {
  readonly run: string;
  /** The log has its last line. */
  readonly complete: boolean;
  readonly seed: number;
  readonly domain: string;
  readonly settings: Settings;
  readonly clients: number;
  readonly requests: number;
  /** Regions that clients are near to. */
  readonly homes: readonly string[];
  /** Empty where the run was held to no objective. */
  readonly objectives: readonly ObjectiveLine[];
  readonly faults: readonly FaultFacts[];
  /** Since the first fault. null: it did not happen. */
  readonly first: {
    readonly failingProbeSeconds: number | null;
    readonly messageSeconds: number | null;
    readonly dnsMovedSeconds: number | null;
  };
  readonly hurt: {
    readonly clients: number;
    /** From the first fault to the last client that was served again; null: nobody failed, or somebody never recovered. */
    readonly worstSeconds: number | null;
    readonly neverRecovered: number;
  };
  /** Clients that the promise is not about; absent where none ran, or where the log has no report. */
  readonly populations?: readonly PopulationReport[];
  /** Of the load that the run stood for, with the limits that throttled or came close. */
  readonly capacity?: CapacityReport;
  readonly invariants: readonly Invariant[];
  /** Of a region that is gone for good. */
  readonly aftermath?: Aftermath;
  readonly messages: readonly MessageFacts[];
  /** SHA-256 of the events; null: the log was cut off. */
  readonly eventsSha256: string | null;
  readonly events: number;
  readonly virtualSeconds: number;
  /** What the twin does not model of the stack, or does not know of it. */
  readonly notKnown: readonly string[];
  /** Where the run enacts a public incident. */
  readonly incident?: IncidentReport;
}

export interface FaultFacts {
  readonly kind: string;
  readonly region: string;
  readonly startSeconds: number;
  /** null: not over. */
  readonly endSeconds: number | null;
}

export interface MessageFacts {
  readonly atSeconds: number;
  /** Since the first fault. */
  readonly afterSeconds: number;
  readonly fromRegion: string;
  readonly subject: string;
}

export function runReportOf(log: RunLog, { assumptions, former, gameDay }: About): RunReport {
  const { header } = log;
  const { passed, tag, headline, reasons } = judged(log, gameDay);
  return {
    ...{ schema: 1, kind: 'report', of: 'run', passed: passed ?? null, tag, headline, reasons },
    provenance: provenanceOf(header),
    replay: header.replay ?? null,
    assumptions,
    run: factsOf(log, gameDay),
    ...(former === undefined ? {} : { former }),
    ...(gameDay === undefined ? {} : { gameDay }),
  };
}

/** A run that passed on the twin and failed on AWS has not passed. */
function judged(log: RunLog, gameDay: GameDayRecord | undefined) {
  const verdict = verdictOf(log);
  if (!gameDay) return verdict;
  const failed = !gameDay.passed && verdict.passed !== undefined;
  return {
    passed: failed ? false : verdict.passed,
    tag: failed ? 'Failed' : verdict.tag,
    headline: `${verdict.headline} ${measuredSentence(gameDay)}`,
    reasons: [...verdict.reasons, ...gameDay.reasons.map((reason) => `game day: ${reason}`)],
  };
}

function factsOf(log: RunLog, gameDay: GameDayRecord | undefined): RunFacts {
  const { header, end, clients } = log;
  const report = end?.report;
  const incident = incidentOf(log);
  return {
    run: header.run,
    complete: end !== null,
    seed: header.seed,
    domain: header.domain,
    settings: {
      regions: header.regions.map(({ name, awsRegion }) => ({ name, awsRegion })),
      routing: header.routing,
      ...header.settings,
      objective: header.objective ?? null,
    },
    clients: header.clients ?? clients.all.length,
    requests: clients.requests.length,
    homes: [...new Set(clients.all.map(({ home }) => home))],
    objectives: report ? objectiveLines(log, report, gameDay) : [],
    faults: log.faults.map(({ fault, startMs, endMs }) => ({
      kind: fault.kind,
      region: fault.region,
      startSeconds: startMs / 1000,
      endSeconds: orNull(endMs / 1000),
    })),
    first: firstSigns(log),
    hurt: hurtBy(log),
    ...(report?.populations ? { populations: report.populations } : {}),
    ...(report?.capacity ? { capacity: ofNote(report.capacity) } : {}),
    invariants: report?.invariants ?? [],
    ...(report?.aftermath ? { aftermath: report.aftermath } : {}),
    messages: messagesOf(log),
    eventsSha256: end?.sha256 ?? null,
    events: log.events.length,
    virtualSeconds: log.endMs / 1000,
    notKnown: report ? [...report.notModelled, ...report.unknown] : [],
    ...(incident === undefined ? {} : { incident }),
  };
}

const ofNote = (capacity: CapacityReport): CapacityReport => ({
  ...capacity,
  limits: capacity.limits.filter(isLimitOfNote),
});

const orNull = (seconds: number | undefined): number | null =>
  seconds === undefined || !Number.isFinite(seconds) ? null : seconds;

function firstSigns(log: RunLog): RunFacts['first'] {
  const { probeMs, messageMs, movedMs } = noticed(log);
  const since = (ms: number | undefined): number | null =>
    orNull(ms === undefined ? undefined : (ms - (log.firstFaultMs ?? 0)) / 1000);
  return {
    failingProbeSeconds: since(probeMs),
    messageSeconds: since(messageMs),
    dnsMovedSeconds: since(movedMs),
  };
}

function hurtBy(log: RunLog): RunFacts['hurt'] {
  const worst = worstOf(log);
  return {
    clients: felt(log).length,
    worstSeconds: orNull(worst && (worst.atMs - (log.firstFaultMs ?? 0)) / 1000),
    neverRecovered: felt(log).filter(({ atMs }) => atMs === Infinity).length,
  };
}

/** That reached people since the first fault. */
function messagesOf(log: RunLog): MessageFacts[] {
  const startMs = log.firstFaultMs ?? 0;
  return log.regions
    .flatMap(({ name, messages: all }) => all.map(({ atMs, subject }) => ({ atMs, subject, name })))
    .filter(({ atMs }) => atMs >= startMs)
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ atMs, subject, name }) => ({
      atSeconds: atMs / 1000,
      afterSeconds: (atMs - startMs) / 1000,
      fromRegion: name,
      subject,
    }));
}
