// docs/rules.md, made from the rules.
import type { Severity } from '../outcomes/cause';
import { CATALOGUE } from './catalogue';

const MEANING: Readonly<Record<Severity, string>> = {
  blocks: 'Some clients or requests stay down until somebody acts. `dr review` exits with 1.',
  warns: 'Slower, unseen or wrong when a region is lost.',
  note: 'Worth knowing.',
};

/** Ends with a line end. */
export const rulesPage = (): string =>
  `${[
    '# What a review looks for',
    'This page is made from `libs/review/src/rules` and `libs/review/src/outcomes/cause.ts` by `npm run docs`.',
    `\`dr review\` holds a stack against these ${CATALOGUE.length} rules, besides the change that a plan makes, the objective and a drill. Each rests on a page of AWS,
and a test holds each by an edit of a well-made stack that it catches and a harmless one that it leaves alone
(\`libs/review/src/testing/corpus\`).`,
    ...(Object.keys(MEANING) as Severity[]).flatMap((severity) => [
      `## ${severity}`,
      MEANING[severity],
      table(severity),
    ]),
  ].join('\n\n')}\n`;

const table = (severity: Severity): string =>
  [
    '| rule | what must hold | page of AWS |',
    '| --- | --- | --- |',
    ...CATALOGUE.filter((one) => one.severity === severity).map(
      ({ id, statement, source }) => `| \`${id}\` | ${statement} | [${pageName(source)}](${source}) |`,
    ),
  ].join('\n');

const pageName = (source: string): string =>
  (source.split('/').filter(Boolean).at(-1) ?? source).replace(/\.html$/, '');
