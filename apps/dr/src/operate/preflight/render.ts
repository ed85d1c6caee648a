// The table of preflight, for a terminal of 80 columns: one line a check, and below it what to do.
import { columns } from '../../terminal/columns';
import { hanging } from '../../terminal/wrapped';
import { counts } from './judge';
import type { Row, Verdict } from './row';

const MARKS: Readonly<Record<Verdict, string>> = { ok: 'ok', warn: 'WARN', fail: 'FAIL', unknown: '?' };

export function render(rows: readonly Row[]): string {
  const heads = columns([
    ['', 'check', 'region'],
    ...rows.map(({ verdict, check, region }) => [MARKS[verdict], check, region ?? '-']),
  ]).split('\n');
  const width = Math.max(...heads.map(({ length }) => length)) + 2;
  const lines = [
    `${(heads[0] ?? '').padEnd(width)}found`,
    ...rows.flatMap(({ found, toDo }, at) => [
      ...hanging((heads[at + 1] ?? '').padEnd(width), found),
      ...(toDo === null ? [] : hanging('      -> ', toDo)),
    ]),
  ];
  return `${lines.join('\n')}\n\n${summary(rows)}\n`;
}

function summary(rows: readonly Row[]): string {
  const { ok, warn, fail, unknown } = counts(rows);
  const parts = [`${ok} ok`, `${warn} to look at`, `${fail} failed`, `${unknown} not known`];
  return `${rows.length} checks: ${parts.join(', ')}`;
}

/** One paragraph: each check that failed, with its fix. */
export function refusal(rows: readonly Row[]): string {
  const failed = rows.filter(({ verdict }) => verdict === 'fail');
  const each = failed.map(
    ({ check, region, found, toDo }) => `${check}${region === null ? '' : ` (${region})`}: ${found}. ${toDo}`,
  );
  return `Not ready: ${each.join('. ')}.`;
}
