// What a rule is held to.
import type { BaseName } from '../bases/others';
import type { Edit } from '../edits';

export interface Row {
  readonly base: BaseName;
  readonly catches: Edit;
  /** Address that is found. */
  readonly at: string;
  readonly leaves: Edit;
}
