// What is said of one item by a plan, and what became of it.

/** `added`: not in the earlier state. `altered`: with other contents there. `gone`: there alone. */
export type FoundKind = 'added' | 'altered' | 'gone';

export interface ItemPlan {
  readonly id: string;
  /** Versions that are not as they were, newest first. */
  readonly found: readonly (readonly [timestamp: string, kind: FoundKind])[];
  /**
   * `write`: a new version with what it showed. `same`: it shows what it showed. `changed`: it was written to after the comparison
   * began. `unknown`: neither state has it.
   */
  readonly action: 'write' | 'same' | 'changed' | 'unknown';
  /** The versions that it shows and showed; null: none. */
  readonly now: string | null;
  readonly then: string | null;
  /** Its newest version, shown or not. */
  readonly newest: string | null;
}

/** `already`: it shows what it showed. `changed`: it has a version that the plan does not know; it was left alone. */
export type Outcome = 'written' | 'already' | 'changed';
