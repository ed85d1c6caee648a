// What all who ask for a name meet under a loss, as one outcome.
import type { AskerOutcome } from './asker';
import type { Loss, Outcome, OutcomeKind } from './outcome';
import { widest } from './timing';

export function summed(outcomes: readonly AskerOutcome[], loss: Loss): Outcome {
  const affected = outcomes.filter(({ kind }) => kind !== 'unaffected');
  const causes = [...new Map(affected.flatMap((one) => one.causes).map((one) => [one.address, one])).values()];
  const sentences = causes.map(({ address, why }) => `${address} ${why}`);
  const kinds = [...new Set(affected.map(({ kind }) => kind))];
  if (affected.length === 0) {
    const why = `no client is led to ${loss.awsRegion} while all is well`;
    return { kind: 'recovers', span: { best: 0, worst: 0 }, why, causes: [], remarks: [], assumptions: [] };
  }
  const kind: OutcomeKind = kinds.includes('unknown')
    ? 'unknown'
    : kinds.length === 1
      ? (kinds[0] as OutcomeKind)
      : 'partly';
  const moved = affected.filter(({ kind: one }) => one === 'recovers' || one === 'partly');
  const how = [...new Set(moved.map((one) => one.how))].sort();
  const why = [...how, ...sentences].join('; ');
  return {
    kind,
    span: kind === 'unknown' ? null : widest(moved.map(({ span }) => span)),
    why,
    causes,
    remarks: [...new Map(affected.flatMap((one) => one.remarks).map((one) => [one.address, one])).values()],
    assumptions: [...new Set(affected.flatMap((one) => one.assumptions))].sort(),
  };
}
