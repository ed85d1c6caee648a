// A review for a terminal: the verdict, what becomes of each name, then what to mend.
import type { Review, ReviewedFaultOutcome, ReviewedName, ReviewFinding } from '@dr/review';
import { columns } from '../../../terminal/columns';
import { wrapped } from '../../../terminal/wrapped';
import { changesText, rtoLines } from './changes-text';
import { blockingIn, costText, counted, lossText, nothingFound, unmetWaivers, weightOf } from './printed';

/** Lines are folded at `width`. Ends with a line break. */
export function reviewText(review: Review, width: number): string {
  const { findings, names, unknown } = review;
  const changes = changesText(review, (text, by) => indented(text, by, width));
  const values = unknown.filter(({ address }) => address !== '');
  const notes = unknown.filter(({ address }) => address === '').map(({ why }) => `Note: ${why}.`);
  const assumed = [...new Set(names.flatMap(({ faults }) => faults.flatMap(({ assumptions }) => assumptions)))];
  const taken = assumed.sort().flatMap((one) => indented(`Assumed: ${one}.`, 0, width));
  const unmet = unmetWaivers(review).flatMap((one) => indented(`Note: ${one}.`, 0, width));
  const open = values.length === 0 ? [] : [`${counted(values.length, 'value')} cannot be told before an apply.`];
  const last = [...taken, ...notes, ...unmet, ...open];
  return [
    headline(review),
    ...rtoLines(review),
    ...names.map((name) => `\n${nameText(name, width)}`),
    ...findings.map((finding) => `\n${findingText(finding, width)}`),
    ...changes.map((line, at) => (at === 0 ? `\n${line}` : line)),
    `\n${indented(`Fixed cost: ${costText(review.cost, (usd) => `${usd.toFixed(2)} USD`)}.`, 0, width).join('\n')}`,
    ...(last.length > 0 ? ['', ...last] : []),
  ]
    .map((part) => `${part}\n`)
    .join('');
}

function headline(review: Review): string {
  const word = review.names.length === 0 && review.verdict !== 'fails' ? 'unknown' : review.verdict;
  return `${word.toUpperCase()}: ${verdictSentence(review)}`;
}

/** What stands behind the word of the verdict. */
export function verdictSentence(review: Review): string {
  const { verdict, objective, names } = review;
  if (names.length === 0 && verdict !== 'fails')
    return 'no public name of these files leads to an endpoint of AWS that can be judged.';
  const { rtoSeconds } = objective;
  const of = `${counted(names.length, 'public name')}${rtoSeconds === null ? '' : `, objective ${rtoSeconds} s`}`;
  const blocking = blockingIn(review);
  if (verdict !== 'fails') return `${of}. ${nothingFound(review)}.`;
  return `${of}. ${counted(blocking, 'finding')} ${blocking === 1 ? 'blocks' : 'block'}.`;
}

/** What an outcome rests on stands beside it where the line is wide enough for all of them, else below it. */
function nameText({ name, policy, faults }: ReviewedName, width: number): string {
  if (faults.length === 0) return `${name} (${policy})\n  leads to no region that these files tell`;
  const heads = columns(faults.map((one) => [`  ${one.fault}`, one.region, lossText(one)])).split('\n');
  const bases = faults.map(basisOf);
  const headWidth = Math.max(...heads.map(({ length }) => length));
  const isWide = bases.every(({ length }) => headWidth + 2 + length <= width);
  const rows = heads.flatMap((head, at) => {
    const basis = bases[at] ?? '';
    return isWide ? [`${head.padEnd(headWidth)}  ${basis}`] : [head, ...indented(basis, 6, width)];
  });
  return [`${name} (${policy})`, ...rows].join('\n');
}

/** The arithmetic of who recovers; else what stops it, which the findings explain. */
const basisOf = ({ causes, outcome, why }: ReviewedFaultOutcome): string =>
  outcome === 'recovers' || outcome === 'unknown' || causes.length === 0 ? why : `because of ${causes.join(', ')}`;

function findingText(finding: ReviewFinding, width: number): string {
  const { rule, message, atFailover, fix, source, waived, file, line } = finding;
  const place = file === undefined ? [] : [`  ${file}${line === undefined ? '' : `:${line}`}`];
  return [
    `${weightOf(finding)}: ${rule}`,
    ...indented(`${message}.`, 2, width),
    ...(waived ? indented(`Waived until ${waived.expires}: ${waived.reason}`, 2, width) : []),
    ...(atFailover === '' ? [] : indented(`${atFailover}.`, 2, width)),
    ...indented(`Fix: ${fix}.`, 2, width),
    ...place,
    `  ${source}`,
  ].join('\n');
}

const indented = (text: string, by: number, width: number): string[] =>
  wrapped(text, width - by).map((line) => `${' '.repeat(by)}${line}`);
