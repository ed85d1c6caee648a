// What a row of the bench has measured, and whether it meets its bars.
import { median, ratiosOf, spreadOf, type Spread } from './statistics';

/** A figure of a run by its name: `cpuMs`, `wallMs`, and what else the row tells. */
export type Figures = Readonly<Record<string, number>>;

export interface Side {
  readonly name: string;
  /** In turns: the first run of each side came before the second of any. */
  readonly runs: readonly Figures[];
}

export interface Case {
  readonly name: string;
  /** What is judged, its peer, and others that are only shown. */
  readonly sides: readonly [Side, ...Side[]];
}

/**
 * `ratio`: the first side over the second. `value`: of the first side. `widest`: the largest median of the cases over the smallest.
 * `step`: of three cases in equal steps, the second step over the first. `cases` are names; all, by default.
 */
export interface Bar {
  readonly title: string;
  readonly kind: 'ratio' | 'value' | 'widest' | 'step';
  readonly of: string;
  readonly cases?: readonly string[];
  readonly atMost?: number;
  readonly atLeast?: number;
  /** @default 'x' */
  readonly unit?: string;
}

export interface Machine {
  /** The day. */
  readonly date: string;
  readonly commit: string;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
}

/** What a file of bench/rows says of itself. */
export interface Row {
  readonly name: string;
  readonly work: string;
  readonly does: string;
  readonly peer: string;
  readonly bars: readonly Bar[];
  /** Why a bar is out of reach, or what else has to be known. */
  readonly note?: string;
}

/** What a file of bench/results holds. */
export interface Measured {
  readonly machine: Machine;
  readonly cases: readonly Case[];
}

export type Result = Row & Measured;

export interface Reached extends Spread {
  readonly bar: Bar;
  /** Empty: of all cases together. */
  readonly of: string;
  readonly isMet: boolean;
}

export const figuresOf = ({ runs }: Side, name: string): number[] => runs.flatMap((run) => run[name] ?? []);

export const reachedBy = ({ bars, cases }: Pick<Result, 'bars' | 'cases'>): Reached[] =>
  bars.flatMap((bar) => reachedOf(bar, cases));

function reachedOf(bar: Bar, cases: readonly Case[]): Reached[] {
  const meant = cases.filter(({ name }) => bar.cases?.includes(name) ?? true);
  switch (bar.kind) {
    case 'ratio':
    case 'value':
      return meant.flatMap(({ name, sides: [subject, peer] }) => {
        const own = figuresOf(subject, bar.of);
        const values = bar.kind === 'value' ? own : ratiosOf(own, peer ? figuresOf(peer, bar.of) : []);
        return values.length === 0 ? [] : [judged(bar, cases.length === 1 ? '' : name, spreadOf(values))];
      });
    case 'widest': {
      const medians = meant.map(({ sides: [subject] }) => median(figuresOf(subject, bar.of)));
      return [judged(bar, '', exact(Math.max(...medians) / Math.min(...medians)))];
    }
    case 'step': {
      const [first = Number.NaN, second = Number.NaN, third = Number.NaN] = meant.map(({ sides: [subject] }) =>
        median(figuresOf(subject, bar.of)),
      );
      return [judged(bar, stem(meant), exact((third - second) / (second - first)))];
    }
  }
}

/** What the names of the cases begin with: `own`. */
const stem = (cases: readonly Case[]): string => cases[0]?.name.split(',')[0] ?? '';

const exact = (value: number): Spread => ({ median: value, low: value, high: value });

const judged = (bar: Bar, of: string, spread: Spread): Reached => ({
  bar,
  of,
  ...spread,
  isMet: isMet(bar, spread.median),
});

const isMet = (
  { atMost = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }: Bar,
  value: number,
): boolean => value <= atMost && value >= atLeast;
