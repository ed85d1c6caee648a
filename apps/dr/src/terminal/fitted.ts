// Text that is wider than the terminal, folded so that nothing is cut in the middle of a word.
import { CALL } from './manual';

/** Colours take no room. */
const COLOUR = /\u001b\[\d{1,2}m/g;
/** A last cell with less room than that begins on a line of its own. */
const LEAST_CELL = 24;
const CONTINUED = 4;
/** A command as a cell, to the end of its line: a copy of it must still run. */
const COMMAND = new RegExp(`^(.*?\\s{2,}|\\s*)(${CALL} .*)$`);

const widthOf = (text: string): number => text.replace(COLOUR, '').length;

/** Every line no wider than `width`, but for words that are. */
export const fitted = (text: string, width: number): string =>
  text
    .split('\n')
    .map((line) => (widthOf(line) <= width ? line : folded(line, width)))
    .join('\n');

function folded(line: string, width: number): string {
  const [, before, command] = COMMAND.exec(line) ?? [];
  if (command !== undefined) return lines(command, before ?? '', ' \\', width);
  // A row of a table: what is in its last cell goes on below that cell.
  const [, cells = '', last = ''] = /^(.*\s{2,}|\s*)(\S.*)$/.exec(line) ?? [];
  if (width - widthOf(cells) >= LEAST_CELL) return lines(last, cells, '', width);
  return lines(line.trimStart(), /^\s*/.exec(line)?.[0] ?? '', '', width);
}

/** `text` behind `head`, each line but the last with `end`. */
function lines(text: string, head: string, end: string, width: number): string {
  const indent = ' '.repeat(hanging(text, head, end, width));
  const folds: string[] = [];
  let now = head;
  let isEmpty = true;
  for (const [, space = '', word = ''] of text.matchAll(/(\s*)(\S+)/g)) {
    // Cells stay apart.
    const gap = space.length > 1 ? '  ' : ' ';
    if (!isEmpty && widthOf(now) + gap.length + widthOf(word) + end.length > width) {
      folds.push(`${now}${end}`);
      now = indent;
      isEmpty = true;
    }
    now += isEmpty ? word : `${gap}${word}`;
    isEmpty = false;
  }
  return [...folds, now].join('\n');
}

/** Where the lines that follow begin: below the last cell where there is room; a little in for rows and commands; as a paragraph else. */
function hanging(text: string, head: string, end: string, width: number): number {
  if (head.trim() !== '' && width - widthOf(head) >= LEAST_CELL) return widthOf(head);
  const margin = Math.min(/^\s*/.exec(head)?.[0].length ?? 0, width >> 1);
  if (end !== '' || head.trim() !== '' || /\S\s{2,}\S/.test(text)) return margin + CONTINUED;
  return margin + (/^- /.test(text) ? 2 : 0);
}
