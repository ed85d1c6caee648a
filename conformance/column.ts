// The last column of the tables in docs/twin.md: when AWS was asked, and what it answered.

export interface Validated {
  readonly rows: Readonly<Record<string, { readonly date: string; readonly holds: boolean; readonly why?: string }>>;
}

const RULES = '| id | rule | source |';
const COLUMN = ' validated on AWS |';
const ROW = /^\| ([A-Z]+\d*-\d+) \|/;

/** The page with that column filled, whether it was there or not. */
export function withValidation(page: string, { rows }: Validated): string {
  let has = false;
  let within = false;
  return page
    .split('\n')
    .map((line) => {
      if (line.startsWith(RULES)) {
        [within, has] = [true, line.endsWith(COLUMN)];
        return RULES + COLUMN;
      }
      if (!line.startsWith('|')) within = false;
      if (!within) return line;
      const bare = has ? line.slice(0, line.lastIndexOf('|', line.length - 2) + 1) : line;
      return /^\|[-|]+$/.test(line) ? '|---|---|---|---|' : `${bare} ${saidOf(rows[ROW.exec(line)?.[1] ?? ''])} |`;
    })
    .join('\n');
}

const saidOf = (of: Validated['rows'][string] | undefined): string =>
  of === undefined ? 'not yet' : of.holds ? of.date : `differs, ${of.date}`;
