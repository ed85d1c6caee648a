// What a restore needs of the world: the table that is in use, its recovery window, and the table that is made beside it.
import type { ReplicaItem } from '@dr/consistency';

export interface Window {
  /** Point-in-time recovery is on. */
  readonly enabled: boolean;
  /** Epoch ms; null where it is off. */
  readonly earliestMs: number | null;
  readonly latestMs: number | null;
}

export interface RestoredTable {
  /** As DynamoDB calls it: CREATING, ACTIVE ... */
  readonly status: string;
  /** ARN of the table that it was restored from; null: it was not made by a restore. */
  readonly sourceArn: string | null;
  /** The time whose state it has, epoch ms; null: as `sourceArn`. */
  readonly toMs: number | null;
}

/** The table of one region. Every method rejects with InputError for what the operator must mend, and with Unavailable when nobody answers. */
export interface TableRecovery {
  /** Rejects with InputError where there is no such table. */
  window(): Promise<Window & { readonly arn: string }>;
  /** undefined: there is no table of that name. */
  restored(name: string): Promise<RestoredTable | undefined>;
  /** Begins to make that table, with the state of that time. `taken`: there is a table of that name. */
  restore(name: string, toMs: number): Promise<'begun' | 'taken'>;
  /** The items of the table in use, or of one beside it. */
  versions(name: string): VersionTable;
}

export type OpenRecovery = (awsRegion: string, table: string) => TableRecovery;

export interface VersionPage {
  readonly items: readonly ReplicaItem[];
  /** Present when there is more. */
  readonly next?: string;
}

export interface VersionTable {
  /** One page, eventually consistent, the versions of one id together. `next` is opaque. */
  scan(from: string | undefined, limit: number): Promise<VersionPage>;
  /** Versions of one item below `before`, newest first, strongly consistent. Go on with `before: next`. */
  history(id: string, before: string | undefined, limit: number): Promise<VersionPage>;
  /** Puts it where nothing is. `refused`: something is there. */
  add(item: ReplicaItem): Promise<'written' | 'refused'>;
}
