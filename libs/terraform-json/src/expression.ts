// Terraform's `${...}` expressions, as far as synthesized stacks use them: references with traversals and a few functions.

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  /** `head` is a resource address; `path` the attributes and indexes after it. */
  | { readonly kind: 'reference'; readonly head: string; readonly path: readonly (string | number)[] }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly path: readonly (string | number)[];
    };

export type Part = string | Expression;

/** Splits a string into literal text and expressions; `$${` is an escaped `${`. */
export function parseTemplate(text: string): readonly Part[] {
  const parts: Part[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    if (text.startsWith('$${', at)) {
      literal += '${';
      at += 3;
    } else if (text.startsWith('${', at)) {
      if (literal) parts.push(literal);
      literal = '';
      const end = closingBrace(text, at + 2);
      parts.push(parseExpression(text.slice(at + 2, end)));
      at = end + 1;
    } else {
      literal += text[at];
      at += 1;
    }
  }
  if (literal || parts.length === 0) parts.push(literal);
  return parts;
}

function closingBrace(text: string, from: number): number {
  let depth = 1;
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '\\') at += 1;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === '{') depth += 1;
    else if (!quoted && char === '}' && (depth -= 1) === 0) return at;
  }
  throw new SyntaxError(`"\${${text.slice(from)}" has no closing brace`);
}

const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w-]*)|(.))/gsy;

/** Parses one expression; throws SyntaxError on what it does not know. */
export function parseExpression(source: string): Expression {
  const tokens = tokenize(source);
  let at = 0;
  const peek = (): string | undefined => tokens[at];
  const take = (): string => tokens[at++] ?? '';
  const expect = (token: string): void => {
    if (take() !== token) throw new SyntaxError(`expected "${token}" in "${source}"`);
  };

  const path = (): (string | number)[] => {
    const steps: (string | number)[] = [];
    for (;;) {
      if (peek() === '.') {
        take();
        const step = take();
        steps.push(/^\d+$/.test(step) ? Number(step) : step);
      } else if (peek() === '[') {
        take();
        const step = take();
        steps.push(step.startsWith('"') ? (JSON.parse(step) as string) : step === '*' ? '*' : Number(step));
        expect(']');
      } else return steps;
    }
  };

  const expression = (): Expression => {
    const token = take();
    if (token.startsWith('"')) return { kind: 'literal', value: JSON.parse(token) as string };
    if (/^-?\d/.test(token)) return { kind: 'literal', value: Number(token) };
    if (token === 'true' || token === 'false') return { kind: 'literal', value: token === 'true' };
    if (token === 'null') return { kind: 'literal', value: null };
    if (!/^[A-Za-z_]/.test(token)) throw new SyntaxError(`unexpected "${token}" in "${source}"`);
    if (peek() === '(') {
      take();
      const args: Expression[] = [];
      while (peek() !== ')' && at < tokens.length) {
        args.push(expression());
        if (peek() === ',') take();
      }
      expect(')');
      return { kind: 'call', name: token, args, path: path() };
    }
    const steps = path();
    const headLength = token === 'data' ? 2 : 1;
    const head = [token, ...steps.slice(0, headLength)].join('.');
    return { kind: 'reference', head, path: steps.slice(headLength) };
  };

  const parsed = expression();
  if (at < tokens.length) throw new SyntaxError(`"${source}" goes on after "${tokens.slice(0, at).join('')}"`);
  return parsed;
}

function tokenize(source: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(source); match; match = TOKEN.exec(source)) {
    const token = match[1] ?? match[2] ?? match[3] ?? match[4];
    if (token !== undefined && token.trim() !== '') tokens.push(token);
    if (TOKEN.lastIndex >= source.length) break;
  }
  return tokens;
}
