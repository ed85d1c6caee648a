// `dr review --drill`: beside each answer what a drill of the same files has seen, and a finding where that is worse.
import { InputError } from '@dr/contracts';
import { drillNames, whyItFails, type DrilledFault, type NamesDrill, type NamesDrillOptions } from '@dr/drills';
import { verdictOf, type Review, type ReviewedFaultOutcome, type ReviewFinding } from '@dr/review';

const RULE = 'recovers-in-a-drill';
const TESTED = 'https://docs.aws.amazon.com/wellarchitected/latest/framework/rel_planning_for_recovery_dr_tested.html';
/** The same files give the same drill. */
const SEED = 1;

/** What cannot be drilled is said, and leaves the review as it is but for that. */
export async function drilledReview(
  review: Review,
  { graph, onRun }: Pick<NamesDrillOptions, 'graph' | 'onRun'>,
): Promise<Review> {
  if (!review.names.some(({ faults }) => faults.length > 0)) return review;
  try {
    return withDrill(review, await drillNames({ graph, seed: SEED, ...(onRun ? { onRun } : {}) }));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const unknown = [...review.unknown, { address: '', why: `no drill was run: ${error.what} ${error.why}` }];
    return { ...review, unknown, verdict: verdictOf({ ...review, unknown }) };
  }
}

export function withDrill(review: Review, drill: NamesDrill): Review {
  const met = (name: string, { fault, region }: ReviewedFaultOutcome): DrilledFault | undefined =>
    drill.names.find((one) => one.name === name)?.faults.find((one) => one.fault === fault && one.region === region);
  const assumed = drill.assumptions.map((one) => `in the drill, ${one}`);
  const names = review.names.map(({ faults, ...of }) => ({
    ...of,
    faults: faults.map((said) => {
      const seen = met(of.name, said);
      if (!seen) return { ...said, drilled: null };
      const { outcome, worstSeconds, why } = seen;
      const assumptions = [...said.assumptions, ...assumed];
      return { ...said, assumptions, drilled: { outcome, seconds: worstSeconds, why } };
    }),
  }));
  const worse = review.names.flatMap(({ name, faults }) => {
    const found = faults.flatMap((said) => findingOf(name, said, met(name, said), review.objective.rtoSeconds) ?? []);
    // One for a name, as of its objective.
    return found.slice(0, 1);
  });
  const findings = [...worse, ...review.findings];
  return { ...review, names, findings, verdict: verdictOf({ ...review, names, findings }) };
}

const RANK = { recovers: 0, unknown: 0, partly: 1, manual: 2, never: 3 } as const;

/** undefined where the drill does not fail, or for what the review has found as well. */
function findingOf(
  name: string,
  said: ReviewedFaultOutcome,
  seen: DrilledFault | undefined,
  rtoSeconds: number | null,
): ReviewFinding | undefined {
  const why = seen && whyItFails(seen, rtoSeconds);
  if (!seen || why === undefined || RANK[seen.outcome] < RANK[said.outcome]) return undefined;
  const isSlow = rtoSeconds !== null && (said.seconds?.[1] ?? 0) > rtoSeconds;
  if (RANK[seen.outcome] === RANK[said.outcome] && (seen.outcome !== 'recovers' || isSlow)) return undefined;
  return {
    rule: RULE,
    severity: 'blocks',
    address: name,
    message: `${name} fails a drill with ${seen.fault} in ${seen.region}: ${why}`,
    atFailover: `${name}, ${seen.fault} in ${seen.region}: ${seen.why}`,
    fix: 'Repeat it by `dr drill --stack` with --name, --region and --fault, and mend what keeps these clients',
    source: TESTED,
  };
}
