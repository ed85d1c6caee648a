// Conditions and key conditions of requests, parsed once. The bundles send the same few texts over and over, with the same names and
// other values, and parsing takes dynalite as long as the rest of its validation.

/** The part of dynalite's generated parsers that its validation calls. */
export interface ExpressionParser {
  parse(text: string, options: { readonly context: ParserContext }): unknown;
}

type Values = Readonly<Record<string, object>>;
type Names = Readonly<Record<string, unknown>>;

/** The parser deletes the names and values that the text uses from the two maps of unused ones. */
interface ParserContext {
  readonly attrNames?: Names;
  readonly attrVals?: Values;
  readonly unusedAttrNames: Record<string, unknown>;
  readonly unusedAttrVals: Record<string, unknown>;
  readonly isKeyCondition?: boolean;
}

/** Names and values that a text uses. */
interface Used {
  readonly names: readonly string[];
  readonly values: readonly string[];
}

interface Parsed extends Used {
  /** What else the parser found, such as the paths that are named. Read only. */
  readonly found: object;
  /** It holds the values that were given then; others of the same types take their places. */
  readonly expression: unknown;
  readonly given: Values;
}

const MAX_KEPT = 20_000;

/** Only here does the parser look at more of a value than its type: it compares the bounds, or reads the name of a type. */
const READS_VALUES = /between|attribute_type/i;

/** Answers as `parser`, dynalite's parser of conditions, does. What that refuses, by an error or by a text, is never kept. */
export function parsedOnce(parser: ExpressionParser): ExpressionParser {
  const kept = new Map<string, Parsed>();
  return {
    parse(text, { context }) {
      const { attrNames = {}, attrVals = {} } = context;
      const key = keyOf(text, context);
      const known = kept.get(key);
      if (known) {
        strike(known, context);
        return { ...known.found, expression: withValues(known, attrVals) };
      }
      const [names, values] = [{ ...attrNames }, { ...attrVals }];
      const used = { names: [] as string[], values: [] as string[] };
      let parsed: unknown;
      try {
        parsed = parser.parse(text, { context: { ...context, unusedAttrNames: names, unusedAttrVals: values } });
      } finally {
        used.names = Object.keys(attrNames).filter((name) => !(name in names));
        used.values = Object.keys(attrVals).filter((name) => !(name in values));
        strike(used, context);
      }
      if (typeof parsed !== 'object' || parsed === null || !('expression' in parsed)) return parsed;
      if (kept.size >= MAX_KEPT) kept.clear();
      const made = { ...used, found: parsed, expression: parsed.expression, given: attrVals };
      kept.set(key, made);
      return { ...parsed, expression: withValues(made, attrVals) };
    },
  };
}

/** Takes what the text uses out of the two maps of what is unused. */
function strike({ names, values }: Used, { unusedAttrNames, unusedAttrVals }: ParserContext): void {
  for (const name of names) delete unusedAttrNames[name];
  for (const name of values) delete unusedAttrVals[name];
}

function keyOf(text: string, { attrNames, attrVals, isKeyCondition }: ParserContext): string {
  const values = attrVals && !READS_VALUES.test(text) ? Object.entries(attrVals).map(typed) : attrVals;
  return JSON.stringify([text, isKeyCondition, attrNames, values]);
}

const typed = ([name, value]: [string, object]): string => `${name} ${Object.keys(value).join(' ')}`;

/** A copy, since dynalite swaps the operands of some conditions in place. A value is the same object wherever the text names it. */
function withValues({ expression, given }: Pick<Parsed, 'expression' | 'given'>, values: Values): unknown {
  const names = new Map(Object.entries(given).map(([name, value]) => [value, name]));
  const copyOf = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    const name = names.get(part);
    if (name !== undefined) return values[name];
    if (Array.isArray(part)) return part.map(copyOf);
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, copyOf(value)]));
  };
  return copyOf(expression);
}
