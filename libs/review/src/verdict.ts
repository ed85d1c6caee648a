// Does a stack pass? What blocks decides, unless it is waived; what nobody can tell leaves it open.
import type { Severity } from './outcomes/cause';
import type { OutcomeKind } from './outcomes/outcome';

export type Verdict = 'passes' | 'fails' | 'unknown';

interface Weighed {
  readonly severity: Severity;
  readonly waived?: object;
}

/** The parts of a review that decide. */
export interface Judgeable {
  readonly names: readonly { readonly faults: readonly { readonly outcome: OutcomeKind }[] }[];
  readonly findings: readonly Weighed[];
  readonly unknown: readonly { readonly address: string }[];
}

/** It keeps clients down, and nobody has waived it. */
export const isBlocking = ({ severity, waived }: Weighed): boolean => severity === 'blocks' && !waived;

export function verdictOf({ names, findings, unknown }: Judgeable): Verdict {
  if (findings.some(isBlocking)) return 'fails';
  const isUnknown =
    names.length === 0 ||
    // What is said of the files as a whole: they may lack something.
    unknown.some(({ address }) => address === '') ||
    // Of whom no region is known, nothing was judged.
    names.some(({ faults }) => faults.length === 0 || faults.some(({ outcome }) => outcome === 'unknown'));
  return isUnknown ? 'unknown' : 'passes';
}
