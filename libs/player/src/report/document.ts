// The report as data: what the page shows, and what stands in the JSON beside it. One object for both, so that they cannot differ.

/** What every report says, whatever it is of. Schema 1: keys may be added, never removed or renamed. */
export interface ReportHead {
  readonly schema: 1;
  readonly kind: 'report';
  readonly of: 'run' | 'drills' | 'game-day' | 'review';
  /** null: nobody knows, as of a log that was cut off. */
  readonly passed: boolean | null;
  /** The verdict in a word. */
  readonly tag: string;
  readonly headline: string;
  /** Why it did not pass; empty when it did. */
  readonly reasons: readonly string[];
  readonly provenance: Provenance;
  /** Command that repeats it; null where none was kept. */
  readonly replay: string | null;
  /** Of the twin, in the order of their weight; of a review, in that of the alphabet. */
  readonly assumptions: readonly string[];
}

/** Where it comes from. null: not recorded. */
export interface Provenance {
  /** Program that ran it, and its version. */
  readonly program: string | null;
  readonly commit: string | null;
  /** Whether the files that git knows were as in the commit. */
  readonly checkout: 'clean' | 'changed' | 'unknown' | null;
  /** ISO 8601, UTC. */
  readonly writtenAt: string | null;
  /** SHA-256 of dr.config.ts as it was read. */
  readonly configSha256: string | null;
  /** SHA-256 of the Terraform JSON that ran. */
  readonly stackSha256: string | null;
}

/** What a file records of where it comes from. What older versions did not record is absent. */
export type RecordedProvenance = {
  readonly [Key in keyof Provenance]?: NonNullable<Provenance[Key]> | undefined;
};

/** What a run was judged by, and what that says of it. */
export interface Invariant {
  readonly id: string;
  readonly holds: boolean;
  readonly detail: string;
}

/** The settings that decide. */
export interface Settings {
  readonly regions: readonly { readonly name: string; readonly awsRegion: string }[];
  /** Policy of the records. */
  readonly routing: string;
  readonly intervalSeconds: number;
  readonly failureThreshold: number;
  readonly ttlSeconds: number;
  /** null: it was held to none. */
  readonly objective: { readonly rtoSeconds: number; readonly rpoSeconds: number } | null;
}

/** A row of the table of objectives. What is shown is text; what of it is a time stands in `seconds` as well. */
export interface ObjectiveLine {
  readonly what: string;
  readonly note?: string;
  readonly shown: Partial<Record<Column, string>>;
  readonly seconds?: Partial<Record<Column, number>>;
  /** By what the twin has shown, and AWS where there was a game day. */
  readonly met?: boolean;
}
export type Column = 'objective' | 'predicted' | 'simulated' | 'measured';

/** What is recorded of where something comes from, as far as it is. */
export const provenanceOf = (known: RecordedProvenance): Provenance => ({
  program: known.program ?? null,
  commit: known.commit ?? null,
  checkout: known.checkout ?? null,
  writtenAt: known.writtenAt ?? null,
  configSha256: known.configSha256 ?? null,
  stackSha256: known.stackSha256 ?? null,
});
