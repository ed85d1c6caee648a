// CloudWatch metric math: + - * / comparisons, AND OR, IF and FILL over data points of one period. All else is refused.
import { InputError } from '@dr/contracts';
import { Tokens } from './tokens';

/** A value at one period, oldest first; undefined where there is no data. */
export type Series = readonly (number | undefined)[];

/** `read` gives the series of a query. Unknown ids are refused while the expression is parsed. */
export type Expression = (read: (id: string) => Series) => Series;

type Operation = (a: number, b: number) => number;

/** Weakest first. */
const PRECEDENCE: readonly Readonly<Record<string, Operation>>[] = [
  { OR: (a, b) => Number(a !== 0 || b !== 0), '||': (a, b) => Number(a !== 0 || b !== 0) },
  { AND: (a, b) => Number(a !== 0 && b !== 0), '&&': (a, b) => Number(a !== 0 && b !== 0) },
  {
    '==': (a, b) => Number(a === b),
    '!=': (a, b) => Number(a !== b),
    '<=': (a, b) => Number(a <= b),
    '>=': (a, b) => Number(a >= b),
    '<': (a, b) => Number(a < b),
    '>': (a, b) => Number(a > b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => a / b },
];
const TOKEN = /\s*(\d+(?:\.\d+)?|[A-Za-z_]\w*|==|!=|<=|>=|&&|\|\||[-+*/(),<>])/y;
const MAX_EXPRESSION = 1_024;

/** Throws InputError, naming `owner`, for what the twin cannot compute. `ids`: the queries it may refer to. */
export function parseExpression(owner: string, text: string, ids: ReadonlySet<string>): Expression {
  const tokens = new Tokens(text, TOKEN, MAX_EXPRESSION, (why) => {
    throw new InputError(
      `${owner}: expression "${text}"`,
      why,
      'Use + - * / comparisons, AND, OR, IF(), FILL() and the ids of its metric queries',
    );
  });
  const expression = new Parser(tokens, ids).binary(0);
  tokens.end();
  return expression;
}

class Parser {
  constructor(
    private readonly tokens: Tokens,
    private readonly ids: ReadonlySet<string>,
  ) {}

  binary(level: number): Expression {
    const operations = PRECEDENCE[level];
    if (!operations) return this.operand();
    let left = this.binary(level + 1);
    for (;;) {
      const operation = operations[this.tokens.next ?? ''];
      if (!operation) return left;
      this.tokens.take();
      left = combined(left, this.binary(level + 1), operation);
    }
  }

  private operand(): Expression {
    const { tokens } = this;
    const token = tokens.take();
    if (token === '-') return combined(constant(0), this.operand(), (a, b) => a - b);
    if (token === '(') {
      const inner = this.binary(0);
      tokens.expect(')');
      return inner;
    }
    if (/^\d/.test(token)) return constant(Number(token));
    if (tokens.accept('(')) return this.call(token);
    if (!this.ids.has(token)) return tokens.refuse(`"${token}" is the id of none of its metric queries`);
    return (read) => read(token);
  }

  private call(name: string): Expression {
    if (name !== 'IF' && name !== 'FILL') {
      return this.tokens.refuse(`${name}() is a function that the twin does not compute`);
    }
    const first = this.binary(0);
    this.tokens.expect(',');
    const called = name === 'IF' ? this.choice(first) : this.filled(first);
    this.tokens.expect(')');
    return called;
  }

  /** Without a third argument there is a data point only where the condition holds. */
  private choice(condition: Expression): Expression {
    const yes = this.binary(0);
    const no = this.tokens.accept(',') ? this.binary(0) : constant(undefined);
    return pointwise([condition, yes, no], (holds, whenTrue, whenFalse) =>
      holds === undefined ? undefined : holds === 0 ? whenFalse : whenTrue,
    );
  }

  /** FILL(m, value): the value, which may itself be a series, where there is no data. */
  private filled(series: Expression): Expression {
    const word = this.tokens.next ?? '';
    if (!Object.hasOwn(GAPS, word)) return pointwise([series, this.binary(0)], (value, instead) => value ?? instead);
    this.tokens.take();
    return fillGaps(series, GAPS[word as keyof typeof GAPS]);
  }
}

const constant =
  (value: number | undefined): Expression =>
  () => [value];

/** One data point after the other. A series of one value is a constant: it goes with any other. */
const pointwise =
  (operands: readonly Expression[], combine: (...points: Series) => number | undefined): Expression =>
  (read) => {
    const all = operands.map((operand) => operand(read));
    const length = Math.max(...all.map((series) => series.length));
    return Array.from({ length }, (_, i) => combine(...all.map((series) => series[series.length === 1 ? 0 : i])));
  };

/** No data point where either has none, or where the result is no number (a division by zero). */
const combined = (left: Expression, right: Expression, operation: Operation): Expression =>
  pointwise([left, right], (a, b) => {
    const value = a === undefined || b === undefined ? NaN : operation(a, b);
    return Number.isFinite(value) ? value : undefined;
  });

/** Between the last real value before a gap and the first one after it, `share` of the way through. */
type Gap = (before: number | undefined, after: number | undefined, share: number) => number | undefined;

/** What FILL does with a gap, by name. [A] A gap at either end stays a gap where the rule needs both neighbours. */
const GAPS = {
  REPEAT: (before) => before,
  LINEAR: (before, after, share) =>
    before === undefined || after === undefined ? undefined : before + (after - before) * share,
} as const satisfies Readonly<Record<string, Gap>>;

const fillGaps =
  (series: Expression, gap: Gap): Expression =>
  (read) => {
    const values = series(read);
    return values.map((value, i) => {
      if (value !== undefined) return value;
      const before = values.findLastIndex((known, at) => at < i && known !== undefined);
      const after = values.findIndex((known, at) => at > i && known !== undefined);
      return gap(values[before], values[after], (i - before) / (after - before));
    });
  };
