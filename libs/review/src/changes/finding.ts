// What is wrong with a change, as the answer shows it.
import type { Severity } from '../outcomes/cause';

export interface ChangeFinding {
  readonly rule: string;
  readonly severity: Severity;
  readonly address: string;
  /** One sentence that begins with the address. */
  readonly message: string;
  /** What it does to clients when a region is lost. */
  readonly atFailover: string;
  readonly fix: string;
  /** Page of AWS. */
  readonly source: string;
}
