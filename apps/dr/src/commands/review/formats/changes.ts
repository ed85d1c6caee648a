// What a plan would change, by action, and what that costs.
import type { ReviewedChange } from '@dr/review';
import { fenced } from './escape';
import { costText, type PrintedReview } from './printed';
import type { Section } from './sections';

/** The heaviest first. The sign is what a `diff` fence colours. */
const KINDS = [
  { done: 'removed', sign: '-' },
  { done: 'replaced', sign: '-/+' },
  { done: 'updated', sign: '!' },
  { done: 'created', sign: '+' },
  { done: 'other', sign: '#' },
] as const;
type Done = (typeof KINDS)[number]['done'];

export function doneBy({ actions }: ReviewedChange): Done {
  const has = (action: string): boolean => actions.includes(action);
  if (has('delete')) return has('create') ? 'replaced' : 'removed';
  return has('update') ? 'updated' : has('create') ? 'created' : 'other';
}

export function changesSection({ changes }: PrintedReview): Section {
  const groups = KINDS.map((kind) => ({ ...kind, of: changes.filter((one) => doneBy(one) === kind.done) }));
  const counts = groups.filter(({ of }) => of.length > 0).map(({ done, of }) => `${of.length} ${done}`);
  const lines = groups.flatMap(({ sign, of }) => of.map((one) => `${sign} ${lineOf(one)}`));
  const [opens = '', ...body] = fenced('diff', lines).split('\n');
  return {
    opens: `\n#### Changes: ${counts.join(', ')}\n\n${opens}\n`,
    closes: `${body.at(-1) ?? ''}\n`,
    pieces: body.slice(0, -1).map((line) => `${line}\n`),
    left: (count) => `\n${count} more ${count === 1 ? 'change is' : 'changes are'} not shown.\n`,
  };
}

const lineOf = ({ address, meaning }: ReviewedChange): string =>
  meaning === '' || meaning.startsWith(address) ? meaning || address : `${address}: ${meaning}`;

export function costSection({ cost }: PrintedReview): Section {
  return { opens: '\n#### Fixed cost\n\n', closes: '', pieces: [`${costText(cost, dollars)}.\n`], left: () => '' };
}

const dollars = (amount: number): string => `\\$${amount.toFixed(2)}`;
