// One edit of another team's stack.
import { CORPUS, type BaseName, type Edit } from '@dr/review/testing';

export interface ForeignEdit {
  readonly stack: BaseName;
  readonly name: string;
  readonly edit: Edit;
}

/** Of the two edits that a rule is held by, the one that it catches, or the one that it leaves alone. */
export const rowsOf =
  (which: 'catches' | 'leaves') =>
  ([rule, name]: readonly [rule: string, name: string]): ForeignEdit => {
    const row = CORPUS[rule];
    if (!row) throw new Error(`no rule is held by edits as "${rule}"`);
    return { stack: row.base, name, edit: row[which] };
  };
