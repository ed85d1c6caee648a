// What every format says in the same words.
import { metText, outcomeText, weightOf } from '@dr/contracts';
import { isBlocking, type Review, type ReviewedFaultOutcome, type ReviewFinding, type Told } from '@dr/review';

export { outcomeText, weightOf };
export type PrintedReview = Review;

/** e.g. `94.10 -> 120.25 USD a month, and 2 charges of unknown price`. */
export function costText({ beforeUsd, afterUsd, unpriced }: Review['cost'], usd: (amount: number) => string): string {
  const was = beforeUsd === null || beforeUsd === afterUsd ? '' : `${usd(beforeUsd)} -> `;
  return `${was}${usd(afterUsd)} a month${unpriced === 0 ? '' : `, and ${counted(unpriced, 'charge')} of unknown price`}`;
}

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** With what the base gives, where that is something else, and with what a drill has seen. */
export const lossText = (loss: ReviewedFaultOutcome): string =>
  `${outcomeText(loss)}${loss.before ? ` (before: ${outcomeText(loss.before)})` : ''}${drilledText(loss)}`;

/** e.g. ` (drilled: 87.0 s)`; empty where none was run. */
export const drilledText = ({ drilled }: ReviewedFaultOutcome): string =>
  drilled ? ` (drilled: ${metText(drilled)})` : '';

/** How long the clients of the name that fares worst wait: `347 s`, or before and after a change that makes it another one. */
export function rtoText({ names }: Pick<Review, 'names'>): string {
  const faults = names.flatMap((one) => one.faults);
  const [was, is] = [faults.map((one) => one.before ?? one), faults].map(rtoOf);
  return was === is ? `${is}` : `${was} -> ${is}`;
}

function rtoOf(outcomes: readonly Told[]): string {
  const has = (outcome: Told['outcome']): boolean => outcomes.some((one) => one.outcome === outcome);
  if (has('never')) return 'never';
  if (has('partly')) return 'never for some clients';
  if (has('manual')) return 'when a person acts';
  if (has('unknown') || outcomes.length === 0) return 'unknown';
  if (outcomes.some(({ seconds }) => seconds === null)) return 'not published';
  return `${Math.max(...outcomes.map(({ seconds }) => seconds?.[1] ?? 0))} s`;
}

/** e.g. `2 block, 1 warns`. */
export function findingsText(findings: readonly ReviewFinding[]): string {
  const of = (weight: ReturnType<typeof weightOf>): number => findings.filter((one) => weightOf(one) === weight).length;
  const [blocks, warns, notes, waived] = [of('blocks'), of('warns'), of('note'), of('waived')];
  return [
    ...(blocks > 0 ? [`${blocks} ${blocks === 1 ? 'blocks' : 'block'}`] : []),
    ...(warns > 0 ? [`${warns} ${warns === 1 ? 'warns' : 'warn'}`] : []),
    ...(notes > 0 ? [counted(notes, 'note')] : []),
    ...(waived > 0 ? [`${waived} waived`] : []),
  ].join(', ');
}

export const blockingIn = ({ findings }: Review): number => findings.filter(isBlocking).length;

/** Waivers that nothing needs any more. */
export const unmetWaivers = ({ waivers = [] }: Review): string[] =>
  waivers
    .filter(({ findings }) => findings === 0)
    .map(({ rule, address }) => `The waiver of ${rule} for ${address} meets no finding: remove it`);

/** What is said where nothing blocks; a sentence without its full stop. */
export function nothingFound({ verdict, findings, names }: Review, whose = 'clients'): string {
  const said = `Nothing found keeps ${whose} down${findings.some(({ waived }) => waived) ? ', but for what is waived' : ''}`;
  if (verdict === 'passes') return said;
  const outcomes = names.flatMap(({ faults }) => faults.map(({ outcome }) => outcome));
  const open = outcomes.filter((one) => one === 'unknown').length;
  const share =
    open === 0 ? '' : `: ${open} of ${counted(outcomes.length, 'answer')} ${open === 1 ? 'is' : 'are'} unknown`;
  return `${said}, but not everything could be told${share}`;
}
