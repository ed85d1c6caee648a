// What a parsed expression of Terraform is made of, and which names it refers to.
import type { BigFloat } from '../../big-float';

export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | BigFloat | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly Part[] }
  /** The first word of a reference: `var`, `local`, `each`, `data`, a resource type, the variable of a `for`. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly key: Expression }
  /** `of[*].a.b`: the steps on every element. */
  | { readonly kind: 'splat'; readonly of: Expression; readonly steps: readonly Expression[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly spread: boolean }
  | { readonly kind: 'unary'; readonly operator: string; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'if'; readonly test: Expression; readonly then: Expression; readonly otherwise: Expression }
  | {
      readonly kind: 'for';
      readonly names: readonly string[];
      readonly of: Expression;
      /** Of a map; undefined for a list. */
      readonly key: Expression | undefined;
      readonly value: Expression;
      readonly test: Expression | undefined;
      /** `value...`: several values under one key. */
      readonly grouped: boolean;
    };

export type Part = string | Expression;

/** The addresses and names that an expression refers to: `aws_lb.a`, `data.aws_region.r`, `local.x`, `var.y`. */
export function referencesOf(part: Part): string[] {
  if (typeof part === 'string') return [];
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== 'object' || node === null) return;
    const head = headOf(node as Expression);
    if (head) found.push(head.words.join('.'));
    Object.values(node).forEach(visit);
  };
  visit(part);
  return [...new Set(found)];
}

/** The words at the beginning of a reference, two or with `data` three, and whether `node` is just them. */
export function headOf(node: Expression): { readonly words: readonly string[] } | undefined {
  const words: string[] = [];
  let at = node;
  while (at.kind === 'index' && at.key.kind === 'literal' && typeof at.key.value === 'string') {
    words.unshift(at.key.value);
    at = at.of;
  }
  if (at.kind !== 'name' || words.length === 0) return undefined;
  const wanted = at.name === 'data' ? 2 : 1;
  return words.length === wanted ? { words: [at.name, ...words] } : undefined;
}
