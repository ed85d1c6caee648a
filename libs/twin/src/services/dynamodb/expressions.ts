// Key conditions and conditions of requests, parsed once: the bundles send the same few texts over and over, with the same
// names and few values, and dynalite's parser would take as long for each as the rest of its validation.

/** Of dynalite's generated parsers, what its validation calls. */
export interface ExpressionParser {
  parse(text: string, options: { readonly context: ParserContext }): unknown;
}

/** Names and values come in; those that the text uses are deleted from the two maps of unused ones. */
interface ParserContext {
  readonly attrNames?: object;
  readonly attrVals?: object;
  readonly unusedAttrNames: Record<string, unknown>;
  readonly unusedAttrVals: Record<string, unknown>;
  readonly isKeyCondition?: boolean;
}

interface Parsed {
  /** What else the parser found: which paths are named. Only read. */
  readonly found: object;
  /** JSON: dynalite turns a condition round in place when its operands come the other way. */
  readonly expression: string;
  readonly usedNames: readonly string[];
  readonly usedValues: readonly string[];
}

const MAX_KEPT = 20_000;

/** Answers as `parser`, dynalite's of conditions, does. What it refuses, by an error or by a text that says why, is never kept. */
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
