// What a change does, for a terminal: the recovery time of each name before and after it, and what changes.
import type { Review, ReviewedName } from '@dr/review';
import { rtoText } from './printed';

/** e.g. `app.example.com: RTO 57 s -> 347 s, objective 60 s: fails`; a line for each name that fares otherwise than before. */
export const rtoLines = ({ names, objective: { rtoSeconds } }: Review): string[] =>
  names
    .filter(({ faults }) => faults.some(({ before }) => before !== null))
    .map((name) => {
      const asked = rtoSeconds === null ? '' : `, objective ${rtoSeconds} s: ${verdictOn(name, rtoSeconds)}`;
      return `${name.name}: RTO ${rtoText({ names: [name] })}${asked}`;
    });

function verdictOn({ faults }: ReviewedName, rtoSeconds: number): Review['verdict'] {
  const worst = faults.map(({ seconds }) => seconds?.[1]);
  const fails = faults.some(({ outcome }) => outcome !== 'recovers' && outcome !== 'unknown');
  if (fails || worst.some((one) => one !== undefined && one > rtoSeconds)) return 'fails';
  return worst.some((one) => one === undefined) ? 'unknown' : 'passes';
}

/** Each with its actions and what it means; `indented` folds. Empty where nothing changes that means anything. */
export const changesText = (
  { changes }: Pick<Review, 'changes'>,
  indented: (text: string, by: number) => readonly string[],
): string[] =>
  changes.length === 0
    ? []
    : [
        'What changes:',
        ...changes.flatMap(({ address, actions, meaning }) => [
          `  ${actions.join(', ')}: ${address}`,
          ...indented(`${meaning}.`, 4),
        ]),
      ];
