// One line of the table that preflight prints.
import { isKnown, type Fact } from '../fact';

export const VERDICTS = ['ok', 'warn', 'fail', 'unknown'] as const;
/** `fail`: the stack cannot be applied, or would not hold what it promises. `unknown`: nobody could look; never good news. */
export type Verdict = (typeof VERDICTS)[number];

export interface Row {
  readonly check: string;
  /** AWS region; null: the whole account. */
  readonly region: string | null;
  readonly found: string;
  readonly verdict: Verdict;
  /** Null: nothing. */
  readonly toDo: string | null;
}

export type Finding = Pick<Row, 'found' | 'verdict' | 'toDo'>;

export const ok = (found: string, toDo: string | null = null): Finding => ({ found, verdict: 'ok', toDo });
export const warn = (found: string, toDo: string): Finding => ({ found, verdict: 'warn', toDo });
export const fail = (found: string, toDo: string): Finding => ({ found, verdict: 'fail', toDo });
export const notKnown = (found: string, toDo: string): Finding => ({ found, verdict: 'unknown', toDo });

export const row = (check: string, region: string | null, finding: Finding): Row => ({ check, region, ...finding });

/** What `judge` finds of a fact, or why the fact is not known. */
export const judgedRow = <T>(check: string, region: string | null, fact: Fact<T>, judge: (known: T) => Finding): Row =>
  row(check, region, isKnown(fact) ? judge(fact.known) : notKnown(fact.unknown, fact.toDo));

/** Both facts, or the first that is not known. */
export const both = <A, B>(a: Fact<A>, b: Fact<B>): Fact<readonly [A, B]> =>
  isKnown(a) ? (isKnown(b) ? { known: [a.known, b.known] } : b) : a;
