// What a pull request is told: which rows differ from the base by more than the noise.
import { withUnit } from './figures';
import { table } from './page';
import type { Side } from './results';
import { figuresOf } from './results';
import { changeOf, ratiosOf, type Change } from './statistics';

/** One case of a row, run in turn at both commits. */
export interface Pair {
  readonly row: string;
  readonly name: string;
  readonly head: Side;
  readonly base: Side;
}

export interface Comparison {
  readonly headCommit: string;
  readonly baseCommit: string;
  readonly pairs: readonly Pair[];
  /** Rows that one of the commits cannot run, each with why. */
  readonly left: readonly { readonly row: string; readonly why: string }[];
}

/** Less is better in each. */
const COSTS: Readonly<Record<string, string>> = {
  cpuMs: 'CPU',
  cpuUsPerCall: 'CPU of an invocation',
  cpuMsPerThousand: 'CPU for 1,000 invocations',
  idlePercent: 'idle share',
  bundleKb: 'bundle',
};
/** By this the comment of an earlier run is found. */
const TAG = '<!-- dr-bench -->';

interface Compared {
  readonly subject: string;
  readonly cost: string;
  readonly change: Change;
}

export function comparisonComment({ headCommit, baseCommit, pairs, left }: Comparison): string {
  const compared = pairs.flatMap(costsOf);
  const changed = compared.filter(({ change: { verdict } }) => verdict === 'faster' || verdict === 'slower');
  const parts = [
    `### ${headline(compared, changed)}`,
    ...(changed.length > 0 ? [tableOf(changed)] : []),
    ...(compared.length > changed.length ? [details(compared.filter((one) => !changed.includes(one)))] : []),
    ...(left.length > 0 ? [left.map(({ row, why }) => `- ${row} was left out: ${oneLine(why)}`).join('\n')] : []),
    `\`${headCommit}\` over \`${baseCommit}\`, run in turn on one machine. The noise is half of the range of the turns, 3 % at least. No time fails a pull request. ` +
      `Again: \`npm run bench -- --against ${baseCommit}\``,
    TAG,
  ];
  return `${parts.join('\n\n')}\n`;
}

function headline(compared: readonly Compared[], changed: readonly Compared[]): string {
  if (compared.length === 0) return 'Performance: nothing could be compared';
  if (compared.every(({ change: { verdict } }) => verdict === 'too few turns'))
    return 'Performance: too few turns to tell a change from noise';
  const count = (verdict: string): number => changed.filter(({ change }) => change.verdict === verdict).length;
  const said = (['slower', 'faster'] as const).flatMap((one) => (count(one) > 0 ? [`${count(one)} ${one}`] : []));
  return said.length === 0 ? 'Performance: no change beyond the noise' : `Performance: ${said.join(', ')}`;
}

const costsOf = ({ row, name, head, base }: Pair): Compared[] =>
  Object.entries(COSTS).flatMap(([field, cost]) => {
    const ratios = ratiosOf(figuresOf(head, field), figuresOf(base, field)).filter(Number.isFinite);
    return ratios.length === 0
      ? []
      : [{ subject: name === '' ? row : `${row}: ${name}`, cost, change: changeOf(ratios) }];
  });

const tableOf = (all: readonly Compared[]): string =>
  table(
    ['row', 'what', 'now over base', 'noise', ''],
    all.map(({ subject, cost, change: { median, noise, verdict } }) => [
      subject.replaceAll('|', '\\|'),
      cost,
      withUnit(median),
      `± ${withUnit(noise * 100, '%')}`,
      verdict,
    ]),
  );

const details = (all: readonly Compared[]): string =>
  `<details><summary>${all.length} unchanged</summary>\n\n${tableOf(all)}\n\n</details>`;

const oneLine = (text: string): string => text.trim().split('\n')[0]?.slice(0, 300) ?? '';
