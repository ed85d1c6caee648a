// A review as a comment on a pull request, or as a job summary: safe Markdown, found again by its hidden tag.
import type { Review, ReviewFinding } from '@dr/review';
import { changesSection, costSection } from './changes';
import { cell, code, escaped, sentence } from './escape';
import {
  blockingIn,
  counted,
  findingsText,
  lossText,
  nothingFound,
  rtoText,
  type PrintedReview,
  unmetWaivers,
  weightOf,
} from './printed';
import { withinLimit, type Section } from './sections';

/** What a comment on GitHub may hold. */
export const MAX_CHARACTERS = 65_536;
/** By this the comment of an earlier run is found. */
export const COMMENT_TAG = '<!-- dr-review -->';

export const markdownOf = (review: PrintedReview, limit = MAX_CHARACTERS): string =>
  withinLimit(
    `### ${headline(review)}\n${banner(review)}`,
    [findingsSection(review), changesSection(review), costSection(review), ...restOf(review)],
    `\n${COMMENT_TAG}\n`,
    limit,
  );

/** One sentence: what was, what is, what is asked, what comes of it. */
function headline({ names, objective: { rtoSeconds }, verdict }: Review): string {
  if (names.length === 0 && verdict !== 'fails')
    return 'No public name of these files leads to an endpoint of AWS: unknown';
  const asked = rtoSeconds === null ? 'no objective given' : `objective ${rtoSeconds} s`;
  return `RTO ${rtoText({ names })}, ${asked}: ${verdict}`;
}

function banner(review: Review): string {
  const { names, unknown, verdict } = review;
  const notes = unknown.filter(({ address }) => address === '').map(({ why }) => `\n${escaped(why)}.\n`);
  const blocking = blockingIn(review);
  const said =
    verdict === 'fails'
      ? `\n> [!CAUTION]\n> ${counted(blocking, 'finding')} ${blocking === 1 ? 'blocks' : 'block'}: clients stay down until somebody acts, or wait longer than the objective.\n`
      : verdict === 'unknown'
        ? `\n> [!WARNING]\n> ${nothingFound(review)}.\n`
        : `\n${nothingFound(review, `clients of ${counted(names.length, 'public name')}`)}.\n`;
  return [said, ...notes].join('');
}

function findingsSection({ findings }: Review): Section {
  const ordered = [...findings.filter(({ waived }) => !waived), ...findings.filter(({ waived }) => waived)];
  return {
    opens: `\n#### Findings: ${findingsText(findings)}\n\n`,
    closes: '',
    pieces: ordered.map(findingText),
    left: (count) =>
      `\n**${count} more finding${count === 1 ? '' : 's'} ${isOrAre(count)} not shown: the comment would be too long.**\n`,
  };
}

function findingText(finding: ReviewFinding): string {
  const { rule, address, message, atFailover, fix, source, waived } = finding;
  const names = [address];
  return [
    `- **${weightOf(finding)}** ${code(rule)}${placeOf(finding)}: ${sentence(message, names)}.`,
    ...(waived ? [`  Waived until ${waived.expires}: ${escaped(waived.reason)}`] : []),
    ...(atFailover === '' ? [] : [`  When a region is lost: ${sentence(atFailover, names)}.`]),
    `  Fix: ${sentence(fix, names)}.${source === '' ? '' : ` [Source](<${encodeURI(source)}>)`}`,
  ]
    .map((line, at, lines) => (at === lines.length - 1 ? `${line}\n` : `${line}\\\n`))
    .join('');
}

const placeOf = ({ file, line }: ReviewFinding): string =>
  file === undefined ? '' : ` at ${code(line === undefined ? file : `${file}:${line}`)}`;

function restOf(review: Review): Section[] {
  const { names, unknown } = review;
  const outcomes = names.flatMap(({ name, policy, faults }) =>
    faults.length === 0
      ? [[code(name), policy, '', '', 'leads to no region that these files tell', '']]
      : faults.map((one) => [
          code(name),
          policy,
          one.fault,
          escaped(one.region),
          lossText(one),
          sentence(one.why, [name, ...one.causes]),
        ]),
  );
  const assumed = new Set(names.flatMap(({ faults }) => faults.flatMap(({ assumptions }) => assumptions)));
  const values = unknown.filter(({ address }) => address !== '');
  return [
    {
      ...folded('', 'outcome'),
      opens: `${opened(`What becomes of ${counted(names.length, 'public name')}, region by region`)}| name | policy | fault | region | outcome | why |\n| --- | --- | --- | --- | --- | --- |\n`,
      pieces: outcomes.map((cells) => `| ${cells.map(cell).join(' | ')} |\n`),
    },
    { ...folded('Taken for granted', 'assumption'), pieces: [...assumed].sort().map((one) => `- ${escaped(one)}.\n`) },
    {
      ...folded(`${counted(values.length, 'value')} that cannot be told before an apply`, 'value'),
      pieces: values.map(({ address, why }) => `- ${code(address)} ${sentence(why, [address])}\n`),
    },
    {
      ...folded('Waivers that nothing needs', 'waiver'),
      pieces: unmetWaivers(review).map((one) => `- ${escaped(one)}.\n`),
    },
  ];
}

const opened = (title: string): string => `\n<details><summary>${title}</summary>\n\n`;

const folded = (title: string, noun: string): Omit<Section, 'pieces'> => ({
  opens: opened(title),
  closes: '\n</details>\n',
  left: (count) => `\n${count} more ${noun}${count === 1 ? '' : 's'} ${isOrAre(count)} not shown.\n`,
});

const isOrAre = (count: number): string => (count === 1 ? 'is' : 'are');
