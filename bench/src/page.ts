// docs/performance.md: made from the results of `npm run bench`.
import { FIELD_NAMES, headingOf, shown, withUnit } from './figures';
import { figuresOf, reachedBy, type Bar, type Case, type Machine, type Reached, type Result } from './results';
import { median } from './statistics';

const INTRODUCTION = [
  '# Performance',
  '',
  'How fast the parts are, next to what a user would take in their place, or to the work that they cannot go below. `npm run bench` runs every row anew and writes this page;',
  '`npm run bench -- ROW` runs one. Nothing here fails a build: `npm run bench -- --against COMMIT` compares any row with another commit, and a pull request gets what',
  'differs by more than the noise as a comment.',
  '',
  'CPU is user and system time of all processes that the work starts, wall is the time that passes. What is compared runs in turn on the same machine, so ratios',
  'hold where absolute times do not. Each figure is the median of its runs; the range beside a ratio is that of its pairs.',
].join('\n');

const PICTURES = [
  picture('bars', 'Each result as a share of its bar; what is beyond the line does not meet it.'),
  picture('growth', 'CPU for 1,000 invocations of a drill, by requests a second, by its time and by its regions.'),
].join('\n\n');

/** `missing`: names of rows without a result. */
export function performancePage(results: readonly Result[], missing: readonly string[] = []): string {
  const parts = [
    INTRODUCTION,
    ...(results.length === 0 ? [] : ['## Results and bars', summary(results), PICTURES, ...results.map(section)]),
    ...(missing.length === 0
      ? []
      : [`Not measured yet: ${missing.map((name) => `\`npm run bench -- ${name}\``).join(', ')}.`]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function picture(name: string, alt: string): string {
  const source = (theme: string): string => `pictures/performance-${name}-${theme}.svg`;
  return [
    '<picture>',
    `  <source media="(prefers-color-scheme: dark)" srcset="${source('dark')}">`,
    `  <img src="${source('light')}" alt="${alt}">`,
    '</picture>',
  ].join('\n');
}

function summary(results: readonly Result[]): string {
  const rows = results.flatMap((result) =>
    reachedBy(result).map((one, at) => [
      at === 0 ? `[${result.work}](#${result.name})` : '',
      at === 0 ? result.peer : '',
      [one.bar.title, one.of].filter(Boolean).join('; '),
      limitText(one.bar),
      `**${withUnit(one.median, one.bar.unit)}**`,
      rangeText(one),
      one.isMet ? 'yes' : 'no',
    ]),
  );
  return table(['work', 'against', 'what', 'bar', 'reached', 'range', 'met'], rows);
}

export const limitText = ({ atMost, atLeast, unit }: Bar): string =>
  atLeast !== undefined ? `>= ${withUnit(atLeast, unit)}` : atMost !== undefined ? `<= ${withUnit(atMost, unit)}` : '-';

const rangeText = ({ low, high, bar: { unit } }: Reached): string =>
  low === high ? '' : `${withUnit(low, unit).replace(/ \S+$/, '')} to ${withUnit(high, unit)}`;

/** Its heading is its name, by which the summary refers to it. */
const section = (result: Result): string =>
  [
    `## ${result.name}`,
    `${result.does} Against: ${result.peer}.`,
    casesTable(result.cases),
    ...(result.note === undefined ? [] : [result.note]),
    `\`npm run bench -- ${result.name}\`, ${turns(result.cases)}; ${machineText(result.machine)}.`,
  ].join('\n\n');

function casesTable(cases: readonly Case[]): string {
  const sides = cases.flatMap(({ name, sides: all }) => all.map((side) => ({ name, side })));
  const fields = FIELD_NAMES.filter((field) => sides.some(({ side }) => figuresOf(side, field).length > 0));
  const cells = sides.map(({ name, side }) => [
    ...(cases.length > 1 ? [name] : []),
    side.name,
    ...fields.map((field) => {
      const values = figuresOf(side, field);
      return values.length === 0 ? '' : shown(field, median(values));
    }),
  ]);
  return table([...(cases.length > 1 ? ['case'] : []), 'who', ...fields.map(headingOf)], cells);
}

function turns(cases: readonly Case[]): string {
  const count = cases[0]?.sides[0].runs.length ?? 0;
  return count === 1 ? 'one run' : `${count} runs in turn`;
}

const machineText = ({ date, commit, node, cpu, cores }: Machine): string =>
  `${date}, commit ${commit}, Node ${node}, ${cores} cores of ${cpu}`;

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
    .replace(/\| (--- \| )+---( \|)/, (line) => line.replaceAll(' ', ''));
