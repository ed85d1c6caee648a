// Evaluates the JSON of a stack: strings are templates, `dynamic` writes blocks, locals and variables are looked up.
import { InputError } from '@dr/contracts';
import { labelled, labelledBlocks, type Body } from './blocks';
import { evaluateTemplate, orUnknown, type Scope } from './expression/evaluate';
import { parseTemplate } from './expression/parse';
import { referencesOf, type Part } from './expression/syntax';
import { asDeclared } from './variable-type';
import { entriesOf, EvaluationError, NotCertain, setMember, toText, Unknown, type Value } from '../values';
import { isObject, type Json } from '../normalise';

export interface Resources {
  /** One instance, a list or a map of them. `from` names who asks, for errors. */
  resource(address: string, from: string): Value;
  attribute(address: string, name: string): Value;
}

/** Who asks, and what `count`, `each` and iterators stand for. */
interface Where {
  readonly from: string;
  readonly names: ReadonlyMap<string, Value>;
}

/** A `dynamic` block, in the list of the blocks that it writes. */
class Dynamic {
  constructor(
    readonly label: string,
    readonly body: Body,
  ) {}
}

/** It stands for itself: there is nothing in it to evaluate. */
export const isLiteral = (json: unknown): json is string | number | boolean | null =>
  typeof json === 'string' ? !json.includes('{') : typeof json !== 'object' || json === null;

/** A body with its `dynamic` blocks beside the ordinary ones of the same name. */
export function withDynamic(body: Body): Body {
  if (body['dynamic'] === undefined) return body;
  const { dynamic: written, ...rest } = body;
  const merged: Record<string, unknown> = { ...rest };
  for (const [label, dynamic] of labelledBlocks(written)) {
    const before = merged[label] === undefined ? [] : [merged[label]].flat();
    merged[label] = [...before, new Dynamic(label, dynamic)];
  }
  return merged as Body;
}

export class Evaluator {
  private readonly locals: ReadonlyMap<string, Json>;
  private readonly variables: ReadonlyMap<string, Body>;
  private readonly templates = new Map<string, readonly Part[] | Unknown>();
  private readonly done = new Map<string, unknown>();
  private readonly running = new Set<string>();

  constructor(
    json: Body,
    private readonly resources: Resources,
  ) {
    this.locals = new Map(labelled(json['locals']));
    this.variables = new Map(labelledBlocks(json['variable']));
  }

  /** Computes what `name` stands for, once. Throws InputError when that needs itself. */
  once<T>(name: string, compute: () => T): T {
    if (this.done.has(name)) return this.done.get(name) as T;
    if (this.running.has(name)) {
      throw new InputError(name, 'refers to itself through other resources', 'Break the cycle');
    }
    this.running.add(name);
    try {
      const value = compute();
      this.done.set(name, value);
      return value;
    } finally {
      this.running.delete(name);
    }
  }

  resolve(json: Json | Dynamic, where: Where): Value {
    if (typeof json === 'string') return isLiteral(json) ? json : this.text(json, where);
    if (Array.isArray(json)) return this.list(json, where);
    if (!isObject(json)) return json;
    const entries = Object.entries(withDynamic(json)).filter(([key]) => key !== '//');
    return this.mapped(entries, where);
  }

  /** Addresses and names that the JSON refers to. */
  references(json: Json | Dynamic | undefined): string[] {
    if (typeof json === 'string') {
      if (isLiteral(json)) return [];
      const parts = this.parsed(json);
      return parts instanceof Unknown ? [] : parts.flatMap(referencesOf).filter(isResource);
    }
    if (json instanceof Dynamic) return this.references(json.body);
    const items = Array.isArray(json) ? json : isObject(json) ? Object.values(json) : [];
    return [...new Set(items.flatMap((item) => this.references(item)))];
  }

  private list(items: readonly (Json | Dynamic)[], where: Where): Value {
    const found: Value[] = [];
    for (const item of items) {
      if (!(item instanceof Dynamic)) {
        found.push(this.resolve(item, where));
        continue;
      }
      const blocks = this.generated(item, where);
      if (blocks instanceof Unknown) return blocks;
      found.push(...blocks);
    }
    return found;
  }

  /** The blocks that a `dynamic` block writes. */
  private generated({ label, body }: Dynamic, where: Where): readonly Value[] | Unknown {
    const of = this.resolve(body['for_each'] ?? null, where);
    if (of instanceof Unknown) return new Unknown(`what dynamic "${label}" is made for: ${of.reason}`);
    const iterator = String(body['iterator'] ?? label);
    try {
      return entriesOf(of).map(([key, value]) => {
        const names = new Map([...where.names, [iterator, { key, value }]]);
        return this.resolve(body['content'] ?? {}, { ...where, names });
      });
    } catch (error) {
      if (error instanceof EvaluationError || error instanceof NotCertain) {
        return new Unknown(`dynamic "${label}": ${error.message}`);
      }
      throw error;
    }
  }

  private mapped(entries: readonly (readonly [string, Json])[], where: Where): Value {
    const found = {};
    for (const [key, item] of entries) {
      const name = key.includes('{') ? orUnknown(() => toText(this.text(key, where))) : key;
      if (typeof name !== 'string') return name instanceof Unknown ? name : new Unknown('a key is drawn by AWS');
      setMember(found, name, this.resolve(item, where));
    }
    return found;
  }

  private text(text: string, { from, names }: Where): Value {
    const parts = this.parsed(text);
    if (parts instanceof Unknown) return parts;
    const scope: Scope = {
      names,
      lookUp: (words) => this.lookUp(words, from),
      attribute: (address, name) => this.resources.attribute(address, name),
    };
    return evaluateTemplate(parts, scope);
  }

  private parsed(text: string): readonly Part[] | Unknown {
    if (isLiteral(text)) return [text];
    const known = this.templates.get(text);
    if (known) return known;
    let parts: readonly Part[] | Unknown;
    try {
      parts = parseTemplate(text);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      parts = new Unknown(error.message);
    }
    this.templates.set(text, parts);
    return parts;
  }

  private lookUp(words: readonly string[], from: string): Value {
    const [kind, name = ''] = words;
    switch (kind) {
      case 'local':
        return this.once(`local.${name}`, () =>
          this.resolve(this.declared(this.locals, `local.${name}`, from), { from: `local.${name}`, names: new Map() }),
        );
      case 'var':
        return this.variable(name, from);
      case 'path':
        return name === 'cwd' ? new Unknown('path.cwd depends on where Terraform is called') : '.';
      case 'each':
      case 'count':
        throw new EvaluationError(`${kind}.${name} has no meaning there`);
      case 'terraform':
      case 'self':
        return new Unknown(`${words.join('.')} is known only to Terraform`);
      case 'module':
        return new Unknown(`what is in module.${name} is not read`);
      default:
        return this.resources.resource(words.join('.'), from);
    }
  }

  /** Its default, taken literally as Terraform takes it, and converted to the type that the variable declares. */
  private variable(name: string, from: string): Value {
    const { default: value, type } = this.declared(this.variables, `var.${name}`, from);
    if (value === undefined) return new Unknown(`var.${name} has no default`);
    const scope: Scope = {
      names: new Map(),
      lookUp: () => new Unknown('a default refers to nothing'),
      attribute: () => null,
    };
    return asDeclared(value, String(type ?? 'any'), (node) => evaluateTemplate([node], scope));
  }

  private declared<T>(values: ReadonlyMap<string, T>, address: string, from: string): T {
    const name = address.slice(address.indexOf('.') + 1);
    if (values.has(name)) return values.get(name) as T;
    throw notInStack(from, address);
  }
}

export const notInStack = (from: string, address: string): InputError =>
  new InputError(`${from} refers to ${address}`, `the stack has no ${address}`, `Add ${address} or mend the reference`);

const isResource = (name: string): boolean => !/^(local|var|each|count|path|terraform|self|module)\./.test(name);
