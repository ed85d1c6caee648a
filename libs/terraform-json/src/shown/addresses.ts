// Addresses and references as Terraform writes them, taken apart.
import type { Json } from '../normalise';

/** Key of an instance: of `for_each`, or of `count`. */
export type Key = string | number;

/** `.name`, or `[key]`. */
export type Step = { readonly name: string } | { readonly key: Key };

export interface ModuleStep {
  readonly name: string;
  readonly key: Key | undefined;
}

const STEP = /\.?(?<name>[\p{L}_*][\p{L}\p{N}_-]*)|\.(?<place>\d+)|\[(?<key>\d+|"(?:[^"\\]|\\.)*")\]/uy;

/** `aws_lb.a["x"].dns_name`, step by step; undefined for what is no reference. */
export function stepsOf(reference: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < reference.length) {
    const found = STEP.exec(reference)?.groups;
    if (!found) return undefined;
    const { name, place, key = '' } = found;
    steps.push(name === undefined ? { key: place === undefined ? keyIn(key) : Number(place) } : { name });
  }
  return steps.length > 0 ? steps : undefined;
}

/** A key within brackets: a number, or a text in quotes, where `$${` stands for `${`. */
function keyIn(text: string): Key {
  if (!text.startsWith('"')) return Number(text);
  const inner = text.slice(1, -1).replace(/([$%])\1\{/g, '$1{');
  return inner.replace(/\\(.)/g, (_, letter: string) => ({ n: '\n', r: '\r', t: '\t' })[letter] ?? letter);
}

/** The modules in `module.a["x"].module.b[0]`; undefined for what is no address of a module. */
export function moduleSteps(address: string): readonly ModuleStep[] | undefined {
  const steps = stepsOf(address);
  if (!steps) return undefined;
  const modules: ModuleStep[] = [];
  for (let at = 0; at < steps.length;) {
    const [word, label, after] = steps.slice(at, at + 3);
    if (nameOf(word) !== 'module' || nameOf(label) === undefined) return undefined;
    const key = after && 'key' in after ? after.key : undefined;
    modules.push({ name: nameOf(label) as string, key });
    at += key === undefined ? 2 : 3;
  }
  return modules;
}

export const nameOf = (step: Step | undefined): string | undefined => (step && 'name' in step ? step.name : undefined);

export const keyOf = (step: Step | undefined): Key | undefined => (step && 'key' in step ? step.key : undefined);

export const withKey = (key: Key | undefined): string =>
  key === undefined ? '' : `[${typeof key === 'number' ? key : JSON.stringify(key)}]`;

/** `dns_name`, or `domain_name_configuration[0].target_domain_name`. */
export const pathText = (steps: readonly Step[]): string =>
  steps.map((step, at) => ('key' in step ? withKey(step.key) : `${at === 0 ? '' : '.'}${step.name}`)).join('');

/** The references of an expression. Terraform lists behind each one its shorter forms (`a.b.c`, `a.b`): they are no others. */
export function referencesIn(list: Json | undefined): readonly string[] {
  const found: string[] = [];
  let before = '';
  for (const text of Array.isArray(list) ? list : []) {
    if (typeof text !== 'string') continue;
    const isShorter = text.length < before.length && before.startsWith(text) && /[.[]/.test(before[text.length] ?? '');
    if (!isShorter) found.push(text);
    before = text;
  }
  return found;
}
