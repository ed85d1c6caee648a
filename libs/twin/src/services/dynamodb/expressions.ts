// Conditions and key conditions of requests, parsed once. The bundles send the same few texts over and over, with the same names and
// few values, and parsing takes dynalite as long as the rest of its validation.

/** The part of dynalite's generated parsers that its validation calls. */
export interface ExpressionParser {
  parse(text: string, options: { readonly context: ParserContext }): unknown;
}

/** The parser deletes the names and values that the text uses from the two maps of unused ones. */
interface ParserContext {
  readonly attrNames?: object;
  readonly attrVals?: object;
  readonly unusedAttrNames: Record<string, unknown>;
  readonly unusedAttrVals: Record<string, unknown>;
  readonly isKeyCondition?: boolean;
}

interface Parsed {
  /** What else the parser found, such as the paths that are named. Read only. */
  readonly found: object;
  /** JSON, since dynalite swaps the operands of some conditions in place. */
  readonly expression: string;
  readonly usedNames: readonly string[];
  readonly usedValues: readonly string[];
}

const MAX_KEPT = 20_000;

/** Answers as `parser`, dynalite's parser of conditions, does. What that refuses, by an error or by a text, is never kept. */
export function parsedOnce(parser: ExpressionParser): ExpressionParser {
  const kept = new Map<string, Parsed>();
  return {
    parse(text, { context }) {
      const { attrNames, attrVals, unusedAttrNames, unusedAttrVals, isKeyCondition } = context;
      const key = JSON.stringify([text, isKeyCondition, attrNames, attrVals, unusedAttrNames, unusedAttrVals]);
      const known = kept.get(key);
      if (known) {
        for (const name of known.usedNames) delete unusedAttrNames[name];
        for (const name of known.usedValues) delete unusedAttrVals[name];
        return { ...known.found, expression: JSON.parse(known.expression) as unknown };
      }
      const names = Object.keys(unusedAttrNames);
      const values = Object.keys(unusedAttrVals);
      const parsed = parser.parse(text, { context });
      if (typeof parsed === 'object' && parsed !== null && 'expression' in parsed) {
        if (kept.size >= MAX_KEPT) kept.clear();
        kept.set(key, {
          found: parsed,
          expression: JSON.stringify(parsed.expression),
          usedNames: names.filter((name) => !(name in unusedAttrNames)),
          usedValues: values.filter((name) => !(name in unusedAttrVals)),
        });
      }
      return parsed;
    },
  };
}
