// Text that is wider than the terminal, folded so that nothing is cut in the middle of a word.
import { CALL } from '../packaged';

/** Colours take no room. */
const COLOUR = /\u001b\[\d{1,2}m/g;
/** With less room than that, the last cell of a row goes below the row. */
const LEAST_CELL = 36;
const CONTINUED = 4;
/** A command as a cell, to the end of its line: a copy of it must still run. */
const COMMAND = new RegExp(`^(.*?\\s{2,}|\\s*)((?:${CALL}|aws|curl|dig) .*)$`);
const ROW = /^(.*\S\s{2,})(\S.*)$/;

const visible = (text: string): string => text.replace(COLOUR, '');
/** Characters that are seen; colours are not. */
export const visibleWidth = (text: string): number => visible(text).length;

/** Every line no wider than `width`, but for words that are. */
export const fitted = (text: string, width: number): string =>
  text
    .split('\n')
    .map((line) => (visibleWidth(line) <= width ? line : folded(line, width)))
    .join('\n');

function folded(line: string, width: number): string {
  const margin = Math.min(/^\s*/.exec(line)?.[0].length ?? 0, width >> 1);
  const [, before, command] = COMMAND.exec(line) ?? [];
  if (command !== undefined) {
    const head = before ?? '';
    const at = head.trim() !== '' && width - visibleWidth(head) >= LEAST_CELL ? visibleWidth(head) : margin + CONTINUED;
    return wrap(command, { head, indent: at, end: ' \\', width });
  }
  const [, cells, last] = ROW.exec(line) ?? [];
  if (cells === undefined || last === undefined) {
    const indent = margin + (/^\s*- /.test(line) ? 2 : 0);
    return wrap(line.trimStart(), { head: ' '.repeat(margin), indent, end: '', width });
  }
  const needed = Math.max(LEAST_CELL, ...last.split(' ').map(visibleWidth));
  if (width - visibleWidth(cells) >= needed)
    return wrap(last, { head: cells, indent: visibleWidth(cells), end: '', width });
  if (visibleWidth(cells.trimEnd()) > width) {
    return wrap(line.trimStart(), { head: ' '.repeat(margin), indent: margin + CONTINUED, end: '', width });
  }
  const below = ' '.repeat(placeBelow(cells, needed, width) ?? margin + CONTINUED);
  return `${cells.trimEnd()}\n${wrap(last, { head: below, indent: below.length, end: '', width })}`;
}

/** Where a cell of the row begins that has as much room behind it. */
function placeBelow(cells: string, needed: number, width: number): number | undefined {
  const begins = [...visible(cells).matchAll(/\s{2,}(?=\S)/g)].map(({ 0: gap, index }) => index + gap.length);
  return begins.filter((at) => width - at >= needed).at(-1);
}

interface Fold {
  /** What the first line begins with. */
  readonly head: string;
  /** Of the lines that follow. */
  readonly indent: number;
  /** Of each line but the last. */
  readonly end: string;
  readonly width: number;
}

function wrap(text: string, { head, indent, end, width }: Fold): string {
  const lines: string[] = [];
  let now = head;
  let isEmpty = true;
  for (const [, space = '', word = ''] of text.matchAll(/(\s*)(\S+)/g)) {
    // Cells stay apart.
    const gap = space.length > 1 ? '  ' : ' ';
    if (!isEmpty && visibleWidth(now) + gap.length + visibleWidth(word) + end.length > width) {
      lines.push(`${now}${end}`);
      now = ' '.repeat(indent);
      isEmpty = true;
    }
    now += isEmpty ? word : `${gap}${word}`;
    isEmpty = false;
  }
  return [...lines, now].join('\n');
}
