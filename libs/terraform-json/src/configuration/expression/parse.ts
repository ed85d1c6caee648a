// Parses Terraform's expressions and templates (HCL native syntax specification).
import { parseBigFloat } from '../../big-float';
import type { Expression, Part } from './syntax';

/** Words that an operand begins with and that are no reference. */
const LITERALS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** From the weakest to the strongest (HCL specification, "Operations"). */
const OPERATORS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/', '%'],
];
const MAX_DEPTH = 100;

/** Splits a string into literal text and expressions; `$${` and `%%{` are escapes. Throws SyntaxError on what it does not know. */
export function parseTemplate(text: string): readonly Part[] {
  const parts = new Parser(text).template();
  return parts.length === 0 ? [''] : parts;
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly source: string) {}

  /** Up to the end of the source, or to the closing quote of a quoted template. */
  template(quoted = false): Part[] {
    const parts: Part[] = [];
    let literal = '';
    for (;;) {
      if (this.at >= this.source.length) {
        if (quoted) this.refuse('has no closing quote');
        break;
      }
      if (quoted && this.take('"')) break;
      if (this.take('$${')) literal += '${';
      else if (this.take('%%{')) literal += '%{';
      else if (this.source.startsWith('%{', this.at)) this.refuse('holds a template directive, %{...}');
      else if (this.take('${')) {
        if (literal) parts.push(literal);
        literal = '';
        parts.push(this.interpolation());
      } else literal += quoted && this.source[this.at] === '\\' ? this.escape() : (this.source[this.at++] as string);
    }
    if (literal) parts.push(literal);
    return parts;
  }

  private expression(): Expression {
    const test = this.nested(() => this.operation(0));
    if (!this.word('?')) return test;
    const then = this.expression();
    this.need(':');
    return { kind: 'if', test, then, otherwise: this.expression() };
  }

  private nested(inner: () => Expression): Expression {
    if ((this.depth += 1) > MAX_DEPTH) this.refuse('is nested too deeply');
    const found = inner();
    this.depth -= 1;
    return found;
  }

  private interpolation(): Expression {
    if (this.source[this.at] === '~') this.refuse('strips white space with ~');
    const found = this.expression();
    if (this.word('~')) this.refuse('strips white space with ~');
    if (!this.take('}')) this.refuse('has no closing brace');
    return found;
  }

  private operation(level: number): Expression {
    const operators = OPERATORS[level];
    if (!operators) return this.unary();
    let left = this.operation(level + 1);
    for (;;) {
      const operator = operators.find((one) => this.word(one));
      if (!operator) return left;
      left = { kind: 'binary', operator, left, right: this.operation(level + 1) };
    }
  }

  private unary(): Expression {
    for (const operator of ['!', '-']) {
      this.space();
      if (operator === '!' && this.source.startsWith('!=', this.at)) continue;
      if (!this.word(operator)) continue;
      return { kind: 'unary', operator, of: this.nested(() => this.unary()) };
    }
    return this.steps(this.operand());
  }

  private steps(start: Expression): Expression {
    let of = start;
    for (;;) {
      if (this.source.startsWith('...', this.at)) return of;
      if (this.take('.')) {
        if (this.take('*')) of = this.splat(of, false);
        else of = { kind: 'index', of, key: { kind: 'literal', value: this.attribute() } };
      } else if (this.take('[')) {
        if (this.word('*')) {
          this.need(']');
          of = this.splat(of, true);
        } else {
          of = { kind: 'index', of, key: this.expression() };
          this.need(']');
        }
      } else return of;
    }
  }

  /** Attributes that follow are taken of every element; after a full splat indexes are, too. */
  private splat(of: Expression, full: boolean): Expression {
    const steps: Expression[] = [];
    for (;;) {
      if (!this.source.startsWith('...', this.at) && this.take('.')) {
        if (this.source[this.at] === '*') this.refuse('has a splat within a splat');
        steps.push({ kind: 'literal', value: this.attribute() });
      } else if (full && this.source[this.at] === '[' && this.source[this.at + 1] !== '*') {
        this.take('[');
        steps.push(this.expression());
        this.need(']');
      } else if (this.source.startsWith('[*', this.at)) this.refuse('has a splat within a splat');
      else return { kind: 'splat', of, steps };
    }
  }

  private attribute(): string | number {
    const digits = this.match(/\d+/y);
    return digits === undefined ? this.identifier() : Number(digits);
  }

  private operand(): Expression {
    this.space();
    if (this.take('(')) {
      const inner = this.expression();
      this.need(')');
      return inner;
    }
    if (this.take('"')) return quoted(this.template(true));
    if (this.take('[')) {
      if (this.word('for')) return this.forEach(']');
      return { kind: 'list', items: this.separated(']', () => this.expression()) };
    }
    if (this.take('{')) return this.word('for') ? this.forEach('}') : this.map();
    const number = this.match(/\d+(\.\d+)?([eE][+-]?\d+)?/y);
    if (number !== undefined) {
      return { kind: 'literal', value: parseBigFloat(number) ?? this.refuse('holds too long a number') };
    }
    const name = this.identifier();
    if (LITERALS.has(name)) return { kind: 'literal', value: LITERALS.get(name) as boolean | null };
    return this.word('(') ? this.call(name) : { kind: 'name', name };
  }

  private call(name: string): Expression {
    let spread = false;
    const args = this.separated(')', () => {
      if (spread) this.refuse('has an argument after "..."');
      const argument = this.expression();
      spread = this.word('...');
      return argument;
    });
    return { kind: 'call', name, args, spread };
  }

  /** Items up to `close`, with a comma between them and perhaps after the last. */
  private separated(close: string, item: () => Expression): Expression[] {
    const items: Expression[] = [];
    while (!this.word(close)) {
      items.push(item());
      if (this.word(',')) continue;
      this.need(close);
      break;
    }
    return items;
  }

  private map(): Expression {
    const entries: (readonly [Expression, Expression])[] = [];
    while (!this.word('}')) {
      const key = this.key();
      if (!this.word('=') && !this.word(':')) this.refuse(`has no "=" after a key`);
      entries.push([key, this.expression()]);
      this.word(',');
    }
    return { kind: 'map', entries };
  }

  /** A bare word is the key itself; anything else is an expression. */
  private key(): Expression {
    this.space();
    const from = this.at;
    const name = this.match(/[\p{L}_][\p{L}\p{N}_-]*/uy);
    this.space();
    if (name !== undefined && /^(=(?!=)|:)/.test(this.source.slice(this.at, this.at + 2))) {
      return { kind: 'literal', value: name };
    }
    this.at = from;
    return this.expression();
  }

  private forEach(close: ']' | '}'): Expression {
    const names = [this.identifier()];
    if (this.word(',')) names.push(this.identifier());
    if (!this.word('in')) this.refuse('has a "for" without "in"');
    const of = this.expression();
    this.need(':');
    let key: Expression | undefined;
    let value = this.expression();
    if (close === '}') {
      key = value;
      this.need('=>');
      value = this.expression();
    }
    const grouped = this.word('...');
    const test = this.word('if') ? this.expression() : undefined;
    this.need(close);
    return { kind: 'for', names, of, key, value, test, grouped };
  }

  private escape(): string {
    const text =
      this.match(/\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[nrt"\\])/y) ??
      this.refuse('holds an escape that HCL does not know');
    const plain: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
    const code = Number.parseInt(text.slice(2), 16);
    return (
      plain[text[1] as string] ?? (code <= 0x10ffff ? String.fromCodePoint(code) : this.refuse('has no such letter'))
    );
  }

  private identifier(): string {
    this.space();
    return (
      this.match(/[\p{L}_][\p{L}\p{N}_-]*/uy) ?? this.refuse(`is not understood at "${this.source.slice(this.at)}"`)
    );
  }

  /** Takes `text` after white space; a word only when it ends there. */
  private word(text: string): boolean {
    this.space();
    if (/^\w/.test(text) && /^[\p{L}\p{N}_-]/u.test(this.source.slice(this.at + text.length))) return false;
    if (text === '=' && this.source.startsWith('==', this.at)) return false;
    return this.take(text);
  }

  private need(text: string): void {
    if (!this.word(text)) this.refuse(`lacks "${text}" at "${this.source.slice(this.at)}"`);
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private space(): void {
    this.match(/\s+/y);
  }

  private refuse(why: string): never {
    throw new SyntaxError(`"${this.source}" ${why}`);
  }
}

/** Around one expression alone, quotes change nothing: `"${1}"` is a number. */
function quoted(parts: readonly Part[]): Expression {
  const [first = ''] = parts;
  if (parts.length > 1) return { kind: 'template', parts };
  return typeof first === 'string' ? { kind: 'literal', value: first } : first;
}
