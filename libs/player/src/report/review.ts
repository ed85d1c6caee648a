// The report of a review: what becomes of each public name of a stack when a region is lost, and what is wrong with it.
import type { ReportHead } from './document';

export interface ReviewReport extends ReportHead {
  readonly of: 'review';
  /** What was read, in the order in which it was given. */
  readonly files: readonly ReviewedFile[];
  readonly review: ReviewResult;
}

export interface ReviewedFile {
  readonly path: string;
  readonly sha256: string;
}

/** As `dr review --json` prints it: docs/cli.md explains each key. */
export interface ReviewResult {
  readonly schema: 1;
  readonly verdict: 'passes' | 'fails' | 'unknown';
  readonly objective: { readonly rtoSeconds: number | null; readonly rpoSeconds: number | null };
  readonly names: readonly {
    readonly name: string;
    readonly policy: string;
    readonly faults: readonly LossResult[];
  }[];
  readonly findings: readonly FindingResult[];
  readonly changes: readonly {
    readonly address: string;
    readonly actions: readonly string[];
    readonly meaning: string;
  }[];
  readonly cost: CostResult;
  readonly unknown: readonly { readonly address: string; readonly why: string; readonly rule?: string | undefined }[];
  readonly waivers?: readonly WaiverResult[] | undefined;
}

export interface Outcome {
  readonly outcome: 'recovers' | 'never' | 'partly' | 'manual' | 'unknown';
  /** Best and worst, for clients that recover. */
  readonly seconds: readonly [number, number] | null;
}

export interface LossResult extends Outcome {
  readonly fault: string;
  readonly region: string;
  readonly why: string;
  readonly causes: readonly string[];
  readonly assumptions: readonly string[];
  readonly before: Outcome | null;
  /** What clients of a drill have met; null where none was run. */
  readonly drilled?:
    { readonly outcome: string; readonly seconds: number | null; readonly why: string } | null | undefined;
}

export interface FindingResult {
  readonly rule: string;
  readonly severity: 'blocks' | 'warns' | 'note';
  readonly address: string;
  readonly message: string;
  readonly atFailover: string;
  readonly fix: string;
  readonly source: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly waived?: { readonly reason: string; readonly expires: string } | undefined;
}

export interface CostResult {
  readonly beforeUsd: number | null;
  readonly afterUsd: number;
  readonly unpriced: number;
  readonly lines: readonly {
    readonly what: string;
    readonly beforeUsd: number | null;
    readonly afterUsd: number | null;
  }[];
}

export interface WaiverResult {
  readonly rule: string;
  readonly address: string;
  readonly reason: string;
  readonly expires: string;
  readonly findings: number;
}

export interface AboutReview {
  readonly headline: string;
  readonly program: string;
  readonly replay: string;
  readonly files: readonly ReviewedFile[];
}

const PASSED = { passes: true, fails: false, unknown: null } as const;
const TAG = { passes: 'Passes', fails: 'Fails', unknown: 'Unknown' } as const;

/** Without a date: the same files give the same report to the byte. */
export function reviewReportOf(review: ReviewResult, { headline, program, replay, files }: AboutReview): ReviewReport {
  const { verdict, findings, names } = review;
  const losses = names.flatMap(({ faults }) => faults);
  return {
    ...{ schema: 1, kind: 'report', of: 'review', passed: PASSED[verdict], tag: TAG[verdict], headline },
    reasons: findings.filter(isBlocking).map(({ message }) => message),
    provenance: {
      ...{ program, commit: null, checkout: null, writtenAt: null, configSha256: null },
      stackSha256: files.length === 1 ? (files[0]?.sha256 ?? null) : null,
    },
    replay,
    assumptions: [...new Set(losses.flatMap(({ assumptions }) => assumptions))].sort(),
    files,
    review,
  };
}

const isBlocking = ({ severity, waived }: FindingResult): boolean => severity === 'blocks' && !waived;
