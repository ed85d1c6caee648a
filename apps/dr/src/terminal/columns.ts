// Rows of text in columns, two spaces apart.
import { unbroken } from './printable';

/** Each row on one line, whatever its cells hold. No trailing spaces; ends without a newline. */
export function columns(texts: readonly (readonly string[])[]): string {
  const rows = texts.map((row) => row.map(unbroken));
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
