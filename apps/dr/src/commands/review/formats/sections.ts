// A document that may not be longer than a limit: it is cut between whole pieces, and says what it left out.

export interface Section {
  /** Stands before and after the pieces that are shown. */
  readonly opens: string;
  readonly closes: string;
  readonly pieces: readonly string[];
  /** e.g. `3 more findings are not shown`. */
  readonly left: (count: number) => string;
}

/** The first sections keep the most; `head` and `foot` are whole. A section without pieces is left out. */
export function withinLimit(head: string, sections: readonly Section[], foot: string, limit: number): string {
  const shown = sections.filter(({ pieces }) => pieces.length > 0);
  const overhead = ({ opens, closes, pieces, left }: Section): number =>
    opens.length + closes.length + left(pieces.length).length;
  let room = limit - head.length - foot.length - shown.reduce((sum, one) => sum + overhead(one), 0);
  const bodies = shown.map(({ opens, closes, pieces, left }) => {
    let taken = 0;
    for (; taken < pieces.length && (pieces[taken] ?? '').length <= room; taken += 1)
      room -= (pieces[taken] ?? '').length;
    const rest = pieces.length - taken;
    const body = taken === 0 ? [] : [opens, ...pieces.slice(0, taken), closes];
    return [...body, ...(rest > 0 ? [left(rest)] : [])].join('');
  });
  return [head, ...bodies, foot].join('');
}
