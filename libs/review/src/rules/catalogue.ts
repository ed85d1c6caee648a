// All that a review looks for, as one table: what must hold, what it weighs when it does not, and the page of AWS it rests on.
import { CAUSE_KINDS, type Severity } from '../outcomes/cause';
import { RULES } from '.';

export interface CatalogueEntry {
  readonly id: string;
  readonly severity: Severity;
  /** What must hold, in one sentence. */
  readonly statement: string;
  readonly source: string;
}

/** The causes of outcomes, then the rules, each in their order. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  ...Object.entries(CAUSE_KINDS).flatMap(([id, { severity, source, statement }]) =>
    source === '' ? [] : [{ id, severity, statement, source }],
  ),
  ...RULES.flatMap(({ id, severity = 'warns' as const, source, statement }) =>
    source === undefined || statement === undefined ? [] : [{ id, severity, statement, source }],
  ),
];
