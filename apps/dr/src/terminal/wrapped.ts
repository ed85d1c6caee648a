// Text in lines of a given width.

/** Columns of a terminal. */
const WIDTH = 80;

/** Text behind `head`, its further lines below its first one. */
export const hanging = (head: string, text: string): string[] =>
  wrapped(text, WIDTH - head.length).map((line, at) => `${at === 0 ? head : ' '.repeat(head.length)}${line}`);

/** Breaks at spaces; a word that is longer than `width` has a line of its own. At least one line. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}
