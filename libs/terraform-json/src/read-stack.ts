// Reads a synthesized stack (cdk.tf.json) into a graph. Whatever is not Terraform JSON is refused with the reason.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { GLOBAL_REGION, InputError } from '@dr/contracts';
import { computedAttribute } from './computed-attributes';
import { parseTemplate, type Expression, type Part } from './expression';
import type { Graph, Resource } from './graph';
import { isObject, normalise, type Json } from './normalise';

/** Reads and resolves the stack in `file`. Throws InputError when it is missing, not JSON or not Terraform. */
export function readStack(file: string): Graph {
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new InputError(
      `stack "${file}"`,
      'there is no such file',
      'Name a synthesized cdk.tf.json, or leave --stack out',
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new InputError(
      `stack "${file}"`,
      `is not JSON (${(cause as Error).message})`,
      'Name a synthesized cdk.tf.json',
      { cause },
    );
  }
  return parseStack(json, dirname(resolve(file)), file);
}

/** The same from a value already parsed; `directory` is what file names in it are relative to. */
export function parseStack(json: unknown, directory: string, file = 'stack'): Graph {
  if (!isObject(json) || !isObject(json['resource']) || Object.keys(json['resource']).length === 0) {
    throw new InputError(
      `stack "${file}"`,
      'is JSON but not a Terraform configuration: it has no "resource" block',
      'Name a synthesized cdk.tf.json',
    );
  }
  return new StackGraph(json, directory);
}

interface RawResource {
  readonly mode: 'managed' | 'data';
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly awsRegion: string;
  readonly body: Readonly<Record<string, Json>>;
}

const META_ARGUMENTS = new Set(['provider', 'depends_on', 'lifecycle', 'provisioner', 'connection', '//']);

class StackGraph implements Graph {
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  private readonly raw = new Map<string, RawResource>();
  private readonly byAddress = new Map<string, Resource>();
  private readonly resolving = new Set<string>();
  private readonly resolvedValues = new Map<string, unknown>();

  constructor(
    json: Readonly<Record<string, Json>>,
    readonly directory: string,
  ) {
    const regions = providerRegions(json['provider']);
    for (const mode of ['data', 'managed'] as const) {
      for (const raw of rawResources(mode, json[mode === 'data' ? 'data' : 'resource'], regions))
        this.raw.set(raw.address, raw);
    }
    // Records first: of all that refer to something missing, the record is what clients would notice.
    for (const raw of this.raw.values()) if (raw.type === 'aws_route53_record') this.toResource(raw);
    this.resources = [...this.raw.values()].map((raw) => this.toResource(raw));
    for (const resource of this.resources) this.byAddress.set(resource.address, resource);
    const outputs = isObject(json['output']) ? json['output'] : {};
    this.outputs = Object.fromEntries(
      Object.entries(outputs).map(([name, body]) => [
        name,
        isObject(body) ? this.resolve(body['value'] ?? null, `output.${name}`) : null,
      ]),
    );
  }

  ofType(type: string): readonly Resource[] {
    return this.resources.filter((resource) => resource.mode === 'managed' && resource.type === type);
  }

  get(address: string): Resource | undefined {
    return this.byAddress.get(address);
  }

  find(type: string, attribute: string, value: unknown): Resource | undefined {
    return this.ofType(type).find((resource) => this.attribute(resource, attribute) === value);
  }

  attribute(resource: Resource, name: string): unknown {
    return this.attributeOf(resource.address, name, resource.address);
  }

  private toResource(raw: RawResource): Resource {
    const { mode, address, type, name, awsRegion } = raw;
    const values: Record<string, unknown> = {};
    const references: Record<string, readonly string[]> = {};
    for (const [key, value] of Object.entries(raw.body)) {
      if (META_ARGUMENTS.has(key)) continue;
      values[key] = this.storedValue(raw, key);
      references[key] = [...new Set(referencesIn(value))];
    }
    const dependsOn = Array.isArray(raw.body['depends_on']) ? raw.body['depends_on'].map(String) : [];
    return { address, mode, type, name, awsRegion, values, references, dependsOn };
  }

  private storedValue(raw: RawResource, key: string): unknown {
    const slot = `${raw.address}.${key}`;
    if (this.resolvedValues.has(slot)) return this.resolvedValues.get(slot);
    if (this.resolving.has(slot)) {
      throw new InputError(`${raw.address}: ${key}`, 'refers to itself through other resources', 'Break the cycle');
    }
    this.resolving.add(slot);
    const value = normalise(key, this.resolve(raw.body[key] as Json, raw.address));
    this.resolving.delete(slot);
    this.resolvedValues.set(slot, value);
    return value;
  }

  /** Stored when the JSON sets it, else computed. `from` names who asks, for errors. */
  private attributeOf(address: string, attribute: string, from: string): unknown {
    const raw = this.raw.get(address);
    if (!raw) {
      throw new InputError(
        `${from} refers to ${address}.${attribute}`,
        `the stack has no ${address}`,
        `Add ${address} or mend the reference`,
      );
    }
    const stored = raw.body[attribute];
    if (stored !== undefined && stored !== null) return this.storedValue(raw, attribute);
    return computedAttribute(raw.mode === 'data' ? `data.${raw.type}` : raw.type, attribute, {
      resource: raw,
      value: (name) => (raw.body[name] === undefined ? undefined : this.storedValue(raw, name)),
      text: (name) => (raw.body[name] === undefined ? '' : String(this.storedValue(raw, name))),
    });
  }

  private resolve(value: Json, from: string): unknown {
    if (typeof value === 'string') return value.includes('${') ? this.resolveText(value, from) : value;
    if (Array.isArray(value)) return value.map((item) => this.resolve(item, from));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.resolve(item, from)]));
  }

  /** An expression that is not understood stays as its text: whoever needs its value finds no such resource and says so. */
  private resolveText(text: string, from: string): unknown {
    const parts = parsedTemplate(text);
    if (!parts) return text;
    const values = parts.map((part) => (typeof part === 'string' ? part : this.evaluate(part, from)));
    return values.length === 1
      ? values[0]
      : values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('');
  }

  private evaluate(expression: Expression, from: string): unknown {
    if (expression.kind === 'literal') return expression.value;
    if (expression.kind === 'call') {
      return step(
        FUNCTIONS[expression.name]?.(expression.args.map((arg) => this.evaluate(arg, from))),
        expression.path,
      );
    }
    const [attribute, ...rest] = expression.path;
    if (typeof attribute !== 'string') return expression.head;
    return step(this.attributeOf(expression.head, attribute, from), rest);
  }
}

function step(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((at, key) => {
    if (Array.isArray(at))
      return key === '*' ? at : typeof key === 'number' ? at[key] : (at[0] as Record<string, unknown>)?.[key];
    return isObject(at) ? at[key as string] : undefined;
  }, value);
}

/** The functions whose value the twin can know; an expression with another one is left as its text. */
const FUNCTIONS: Readonly<Record<string, (args: readonly unknown[]) => unknown>> = {
  tolist: ([list]) => list,
  toset: ([list]) => list,
  tostring: ([value]) => value,
  element: ([list, at]) => (list as unknown[])[Number(at) % (list as unknown[]).length],
  join: ([separator, list]) => (list as unknown[]).join(String(separator)),
  jsonencode: ([value]) => JSON.stringify(value),
};

function parsedTemplate(text: string): readonly Part[] | undefined {
  try {
    const parts = parseTemplate(text);
    return parts.every((part) => typeof part === 'string' || isKnown(part)) ? parts : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const isKnown = (expression: Expression): boolean =>
  expression.kind !== 'call' || (Object.hasOwn(FUNCTIONS, expression.name) && expression.args.every(isKnown));

function referencesIn(value: Json): string[] {
  if (typeof value === 'string') {
    if (!value.includes('${')) return [];
    const heads = (expression: Expression): string[] =>
      expression.kind === 'reference'
        ? [expression.head]
        : expression.kind === 'call'
          ? expression.args.flatMap(heads)
          : [];
    return (parsedTemplate(value) ?? []).flatMap((part) => (typeof part === 'string' ? [] : heads(part)));
  }
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  return isObject(value) ? Object.values(value).flatMap((item) => referencesIn(item as Json)) : [];
}

/** Alias ('' for the default provider) -> AWS region. */
function providerRegions(provider: Json | undefined): ReadonlyMap<string, string> {
  const aws = isObject(provider) ? provider['aws'] : undefined;
  const entries = Array.isArray(aws) ? aws : aws === undefined ? [] : [aws];
  return new Map(
    entries.filter(isObject).map((entry) => [String(entry['alias'] ?? ''), String(entry['region'] ?? GLOBAL_REGION)]),
  );
}

function rawResources(
  mode: 'managed' | 'data',
  block: Json | undefined,
  regions: ReadonlyMap<string, string>,
): RawResource[] {
  if (!isObject(block)) return [];
  return Object.entries(block).flatMap(([type, byName]) =>
    Object.entries(isObject(byName) ? byName : {}).map(([name, value]) => {
      const body = (Array.isArray(value) ? value[0] : value) as Readonly<Record<string, Json>>;
      const address = `${mode === 'data' ? 'data.' : ''}${type}.${name}`;
      const alias = String(body['provider'] ?? 'aws').split('.')[1] ?? '';
      const awsRegion = typeof body['region'] === 'string' ? body['region'] : regions.get(alias);
      if (awsRegion === undefined && type.startsWith('aws_')) {
        throw new InputError(
          `${address}: provider "aws.${alias}"`,
          'is not declared in the stack',
          'Declare the provider alias with its region',
        );
      }
      return { mode, address, type, name, awsRegion: awsRegion ?? GLOBAL_REGION, body };
    }),
  );
}
