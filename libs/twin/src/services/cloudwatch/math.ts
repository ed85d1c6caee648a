// CloudWatch metric math, as far as alarms here use it: + - * / comparisons, AND OR, IF and FILL over data points of one period.
import { InputError } from '@dr/contracts';

/** A value at one period, oldest first; undefined where there is no data. */
export type Series = readonly (number | undefined)[];

/** Undefined identifiers are refused when the expression is parsed, so reading one always works. */
export type Expression = (read: (id: string) => Series) => Series;

interface Cursor {
  readonly tokens: readonly string[];
  at: number;
  readonly ids: ReadonlySet<string>;
  readonly refuse: (why: string) => never;
}

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
  const refuse = (why: string): never => {
    throw new InputError(
      `${owner}: expression "${text}"`,
      why,
      'Use + - * / comparisons, AND, OR, IF(), FILL() and the ids of its metric queries',
    );
  };
  if (text.length > MAX_EXPRESSION) return refuse(`is longer than ${MAX_EXPRESSION} characters`);
  const cursor: Cursor = { tokens: tokenize(text, refuse), at: 0, ids, refuse };
  const expression = parseBinary(cursor, 0);
  if (cursor.at < cursor.tokens.length) return refuse(`"${cursor.tokens[cursor.at]}" is not expected there`);
  return expression;
}

function tokenize(text: string, refuse: (why: string) => never): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) return refuse(`"${text.slice(from).trim()}" is not understood`);
    tokens.push(match[1] as string);
  }
  return tokens;
}

function parseBinary(cursor: Cursor, level: number): Expression {
  const operations = PRECEDENCE[level];
  if (!operations) return parseOperand(cursor);
  let left = parseBinary(cursor, level + 1);
  for (;;) {
    const operation = operations[cursor.tokens[cursor.at] ?? ''];
    if (!operation) return left;
    cursor.at += 1;
    left = combine(left, parseBinary(cursor, level + 1), operation);
  }
}

/** No data point where either has none, or where the result is no number (a division by zero). */
const combine =
  (left: Expression, right: Expression, operation: Operation): Expression =>
  (read) => {
    const [a, b] = [left(read), right(read)];
    return zip(a, b, (x, y) => {
      if (x === undefined || y === undefined) return undefined;
      const value = operation(x, y);
      return Number.isFinite(value) ? value : undefined;
    });
  };

/** A series of one value is a constant: it goes with any other. */
function zip<T>(a: Series, b: Series, pair: (x: number | undefined, y: number | undefined) => T): T[] {
  const length = a.length === 1 ? b.length : a.length;
  return Array.from({ length }, (_, i) => pair(a.length === 1 ? a[0] : a[i], b.length === 1 ? b[0] : b[i]));
}

function parseOperand(cursor: Cursor): Expression {
  const token = cursor.tokens[cursor.at];
  cursor.at += 1;
  if (token === undefined) return cursor.refuse('ends too early');
  if (token === '-') return combine(constant(0), parseOperand(cursor), (a, b) => a - b);
  if (token === '(') {
    const inner = parseBinary(cursor, 0);
    expect(cursor, ')');
    return inner;
  }
  if (/^\d/.test(token)) return constant(Number(token));
  if (cursor.tokens[cursor.at] === '(') return parseCall(cursor, token);
  if (!cursor.ids.has(token)) return cursor.refuse(`"${token}" is the id of none of its metric queries`);
  return (read) => read(token);
}

function parseCall(cursor: Cursor, name: string): Expression {
  expect(cursor, '(');
  if (name === 'IF') {
    const condition = parseBinary(cursor, 0);
    const branches = [nextArgument(cursor)];
    if (cursor.tokens[cursor.at] === ',') branches.push(nextArgument(cursor));
    expect(cursor, ')');
    return choose(condition, branches[0] as Expression, branches[1]);
  }
  if (name === 'FILL') {
    const series = parseBinary(cursor, 0);
    expect(cursor, ',');
    const word = cursor.tokens[cursor.at] ?? '';
    const gaps = Object.hasOwn(GAPS, word) ? GAPS[word as keyof typeof GAPS] : undefined;
    if (gaps) cursor.at += 1;
    const filled = gaps ? fillGaps(series, gaps) : fill(series, parseBinary(cursor, 0));
    expect(cursor, ')');
    return filled;
  }
  return cursor.refuse(`${name}() is a function that the twin does not compute`);
}

function nextArgument(cursor: Cursor): Expression {
  expect(cursor, ',');
  return parseBinary(cursor, 0);
}

/** Without a third argument there is a data point only where the condition holds. */
const choose =
  (condition: Expression, whenTrue: Expression, whenFalse: Expression | undefined): Expression =>
  (read) => {
    const [test, yes] = [condition(read), whenTrue(read)];
    const no = whenFalse?.(read) ?? [undefined];
    const length = Math.max(test.length, yes.length, no.length);
    const at = (series: Series, i: number): number | undefined => (series.length === 1 ? series[0] : series[i]);
    return Array.from({ length }, (_, i) => {
      const holds = at(test, i);
      return holds === undefined ? undefined : at(holds !== 0 ? yes : no, i);
    });
  };

/** FILL(m, value): the value, which may itself be a series, where there is no data. */
const fill =
  (series: Expression, filling: Expression): Expression =>
  (read) =>
    zip(series(read), filling(read), (value, instead) => value ?? instead);

/** Between the last real value before a gap and the first one after it, `share` of the way through. */
type Gap = (before: number | undefined, after: number | undefined, share: number) => number | undefined;

/** What FILL does with a gap by name. [A] A gap at either end stays one where the rule needs both neighbours. */
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

const constant =
  (value: number): Expression =>
  () => [value];

function expect(cursor: Cursor, token: string): void {
  if (cursor.tokens[cursor.at] !== token) cursor.refuse(`"${token}" is missing`);
  cursor.at += 1;
}
