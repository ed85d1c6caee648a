// What became of a name in a run, with what the files leave open.
import type { OutcomeKind } from '@dr/review';
import type { Loss, Seen } from './lose';
import type { NotTold } from './not-told';

export interface Row {
  readonly outcome: OutcomeKind;
  /** Until the last client that recovers is served; null where none does. */
  readonly worstSeconds: number | null;
  readonly clients: number;
  readonly clientsAffected: number;
  /** What was seen, or what kept it from being told. */
  readonly why: string;
}

/** What of a run is not told: at all, where clients are hit, where they are not served again. */
interface Gap {
  readonly always: readonly string[];
  readonly whenHit: readonly string[];
  readonly whenLost: readonly string[];
}

/**
 * `checks`: those whose verdict is not told. `met`: with them taken for passing, and for failing; undefined where the name was not
 * drilled.
 */
export function gapUnder(
  { kind, region }: Loss,
  gaps: NotTold,
  checks: readonly string[],
  met: readonly [Seen, Seen] | undefined,
): Gap {
  if (!met) return { always: gaps.where, whenHit: [], whenLost: [] };
  const [missed, noticed] = met;
  const targets = gaps.targets.filter(({ awsRegion }) => kind === 'app-errors' && awsRegion === region);
  return {
    always: missed.outcome === noticed.outcome ? [] : checks,
    whenHit: [...gaps.records, ...targets.map(({ why }) => why)],
    whenLost: gaps.whoElse,
  };
}

const NOBODY = {
  outcome: 'unknown',
  worstSeconds: null,
  clients: 0,
  clientsAffected: 0,
  why: '',
  restless: [],
} as const;

/** `waits`: what waits for a person. */
export function judged(seen: Seen | undefined, gap: Gap, waits: readonly string[]): Row {
  const { restless, ...row } = seen ?? NOBODY;
  const otherwise = (outcome: OutcomeKind, why: string): Row => ({ ...row, outcome, worstSeconds: null, why });
  const isHit = row.clientsAffected > 0;
  const isLost = isHit && row.outcome !== 'recovers';
  const open = [...gap.always, ...(isHit ? gap.whenHit : []), ...(isLost ? gap.whenLost : [])];
  if (open.length > 0) return otherwise('unknown', `not told: ${open.join('; ')}`);
  if (!isLost) return row;
  if (waits.length > 0 && row.outcome === 'never') return otherwise('manual', `${row.why}; ${waits.join(', ')}`);
  return restless.length > 0 ? otherwise('never', `${row.why}; ${restless.join(', ')} comes to no rest`) : row;
}
