// The report of many runs: a search of random schedules, the table of faults, or both.
import { counted, whole } from '../words/figures';
import type { About } from './about';
import { provenanceOf, type Invariant, type RecordedProvenance, type ReportHead, type Settings } from './document';

export interface DrillsReport extends ReportHead {
  readonly of: 'drills';
  readonly drills: DrillsResult;
}

/** As `dr drill --seeds N --json` and `--faults matrix --json` print it: docs/cli.md explains each key. What older versions did not print is optional. */
export interface DrillsResult extends RecordedProvenance {
  readonly schema: 1;
  readonly passed: boolean;
  readonly commit: string;
  readonly settings?: Settings | undefined;
  readonly seed?: number | undefined;
  readonly replay?: string | undefined;
  /** Names of what every schedule is held to. */
  readonly checks?: readonly string[] | undefined;
  /** It is one shard of a search. */
  readonly shard?: { readonly index: number; readonly of: number } | undefined;
  readonly rows?: readonly FaultRow[] | undefined;
  readonly search?: SearchResult | undefined;
}

export interface FaultRow {
  readonly fault: string;
  readonly path: string;
  /** Seconds; null: none. */
  readonly rto: number | null;
  readonly rpo: number;
  readonly alertSeconds: number | null;
  readonly injectedEvents: number;
  readonly handlerInvocations: number;
  readonly invariants?: readonly Invariant[] | undefined;
  readonly met: boolean;
  readonly reasons: readonly string[];
}

export interface SearchResult {
  readonly firstSeed: number;
  /** That were to be run; `schedules` were. */
  readonly seeds?: number | undefined;
  readonly schedules: number;
  readonly requests: number;
  readonly invocations: number;
  readonly virtualSeconds: number;
  readonly violations: number;
  /** In how many schedules each thing was met. */
  readonly sometimes: Readonly<Record<string, number>>;
  /** In how many schedules each kind of fault was drawn. */
  readonly drawn: Readonly<Record<string, number>>;
  readonly pairsMet: number;
  readonly neverMet: readonly string[];
  readonly failures: readonly BrokenSeed[];
  readonly processes: number;
  readonly wallSeconds: number;
}

export interface BrokenSeed {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly schedule: unknown;
  readonly smallest?: Smallest | undefined;
  /** The schedule that is shown, in words. */
  readonly described?: string | undefined;
  readonly replay: string;
}

interface Violation {
  readonly id: string;
  readonly detail: string;
}

interface Smallest {
  readonly outcome: { readonly violations: readonly Violation[]; readonly schedule: unknown };
  readonly tries: number;
}

export function drillsReportOf(result: DrillsResult, { assumptions }: About): DrillsReport {
  const { passed } = result;
  return {
    ...{ schema: 1, kind: 'report', of: 'drills', passed, tag: passed ? 'Passed' : 'Failed' },
    headline: headlineOf(result),
    reasons: reasonsOf(result),
    provenance: provenanceOf(result),
    replay: result.replay ?? null,
    assumptions,
    drills: result,
  };
}

export const lastSeedOf = ({
  firstSeed,
  schedules,
  seeds = schedules,
}: Pick<SearchResult, 'firstSeed' | 'seeds' | 'schedules'>): number => firstSeed + Math.max(seeds, 1) - 1;

function headlineOf({ search, rows, checks, shard }: DrillsResult): string {
  return [
    ...(shard ? [`Shard ${shard.index} of ${shard.of}.`] : []),
    ...(search ? [searched(search, checks)] : []),
    ...(rows
      ? [
          missedIn(rows) === 0
            ? `All ${whole(rows.length)} classes of fault meet what is promised.`
            : `${whole(missedIn(rows))} of ${whole(rows.length)} classes of fault ${missedIn(rows) === 1 ? 'does' : 'do'} not meet what is promised.`,
        ]
      : []),
  ].join(' ');
}

function searched(search: SearchResult, checks: readonly string[] | undefined): string {
  const { schedules, violations, failures, neverMet } = search;
  const all = counted(schedules, 'random schedule');
  if (violations > 0) return `${all}: ${counted(failures.length, 'seed')} broke a promise.`;
  const held = checks ? counted(checks.length, 'check') : 'All checks';
  const missed =
    neverMet.length > 0 ? ` ${counted(neverMet.length, 'thing')} that it should have met, it never met.` : '';
  return `${all}: ${held} held in every one.${missed}`;
}

const missedIn = (rows: readonly FaultRow[]): number => rows.filter(({ met }) => !met).length;

/** Why a search or a table of faults did not pass. */
export const reasonsOf = ({ search, rows = [] }: Pick<DrillsResult, 'search' | 'rows'>): string[] => [
  ...(search ? searchReasons(search) : []),
  ...rows.flatMap(({ fault, reasons }) => reasons.map((reason) => `${fault}: ${reason}`)),
];

export const searchReasons = ({ violations, neverMet }: Pick<SearchResult, 'violations' | 'neverMet'>): string[] => [
  ...(violations > 0 ? [`${counted(violations, 'check')} broken`] : []),
  ...(neverMet.length > 0 ? [`never met: ${neverMet.join(', ')}`] : []),
];
