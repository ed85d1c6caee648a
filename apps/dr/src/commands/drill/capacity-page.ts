// The tables of docs/capacity.md, from the drills that `npm run capacity` has kept.
import { WORST_CLIENT } from '@dr/contracts';
import type { CapacityReport } from '@dr/contracts';
import { capacityLines, limitRows } from '@dr/drills';

export interface KeptDrills {
  readonly drills: readonly {
    readonly title: string;
    readonly options: string;
    readonly passed: boolean;
    readonly worstSeconds: number | null;
    readonly capacity: CapacityReport;
  }[];
}

/** The end of the page, from its first heading of the third level. */
export const capacityTables = ({ drills }: KeptDrills): string => drills.map(drillText).join('\n');

function drillText({ title, options, passed, worstSeconds, capacity }: KeptDrills['drills'][number]): string {
  const [head = [], ...rows] = limitRows(capacity);
  const [, ...said] = capacityLines(capacity);
  const worst =
    worstSeconds === null ? 'no client was affected' : `the ${WORST_CLIENT} waits ${worstSeconds.toFixed(1)} s`;
  return [
    `### With ${title}`,
    `\`drill --load ${capacity.requestsPerSecond} ${options}\` ${passed ? 'passes' : 'fails'}; ${worst}.`,
    '',
    row(head),
    row(head.map(() => '---')).replaceAll(' ', ''),
    ...rows.map(row),
    '',
    ...said.map((line) => `- ${line}`),
    '',
  ].join('\n');
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
