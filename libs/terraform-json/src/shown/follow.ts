// Follows references through modules, variables and outputs to the resources that give a value.
import type { Json } from '../normalise';
import { keyOf, nameOf, pathText, referencesIn, stepsOf, type Key, type Step } from './addresses';
import { expressionsIn, headOf } from './configuration';
import type { Contents, ModuleInstance, ShownResource } from './contents';
import { memberOf, objectIn, type JsonObject } from './json';

/** Where a reference ends: at an attribute of a resource, or where the file says no more. */
export type Source =
  | {
      readonly resource: ShownResource;
      /** undefined where the file does not say which attribute: `aws_lb.a[each.key].dns_name` stands there as `aws_lb.a`. */
      readonly path: readonly Step[] | undefined;
    }
  | { readonly lost: string }
  /** A value that the plan knows. It decides, or is a part. */
  | { readonly known: string };

/** `${address of the module} ${address of the block in it}` -> the block, and why. */
export type Uncounted = ReadonlyMap<
  string,
  { readonly address: string; readonly type: string; readonly isManaged: boolean; readonly reason: string }
>;

/** Who refers: what `var` and `each` mean there. */
export interface Scope {
  readonly module: ModuleInstance;
  readonly key: Key | undefined;
  /** The block with `for_each`, of a resource or of a call. */
  readonly block: JsonObject | undefined;
}

/** [A] No stack passes a value on so often. */
const MAX_DEPTH = 100;
/** They are known in every plan. */
const KNOWN = new Set(['count', 'path', 'terraform', 'self']);

export class Follower {
  private readonly found = new Map<string, readonly Source[]>();
  private readonly running = new Set<string>();
  private readonly steps = new Map<string, readonly Step[] | undefined>();

  constructor(
    private readonly contents: Contents,
    /** Blocks of which nobody can say how many instances there are. */
    private readonly uncounted: Uncounted,
    /** Why what the configuration has may be missing from the file; undefined where it holds all. */
    private readonly incomplete: string | undefined,
  ) {}

  sourcesOf(json: Json | undefined, scope: Scope): readonly Source[] {
    return expressionsIn(json).flatMap((expression) => {
      const references = referencesIn(expression['references']);
      return references.flatMap((reference) => this.reference(reference, references, scope));
    });
  }

  private reference(text: string, all: readonly string[], scope: Scope): readonly Source[] {
    const steps = this.stepsIn(text);
    const kind = nameOf(steps?.[0]);
    if (!steps || kind === undefined) return [{ lost: `${text} is not understood` }];
    if (KNOWN.has(kind)) return [];
    const name = nameOf(steps[1]) ?? '';
    const rest = steps.slice(2);
    const key = all.some((one) => /^(each\.key|count\.index)$/.test(one)) ? scope.key : undefined;
    switch (kind) {
      case 'var':
        return within(this.variable(name, scope.module), rest);
      case 'local':
        return [{ lost: `the plan does not say what local.${name} is` }];
      case 'each':
        return name === 'value' ? this.eachValue(rest, scope) : [];
      case 'module':
        return this.module(name, rest, key, scope);
      case 'data':
        return this.resource(headOf('data', name, nameOf(steps[2]) ?? ''), steps.slice(3), key, scope);
      default:
        return this.resource(headOf('managed', kind, name), rest, key, scope);
    }
  }

  /** Instances of a block refer alike. */
  private stepsIn(text: string): readonly Step[] | undefined {
    if (!this.steps.has(text)) this.steps.set(text, stepsOf(text));
    return this.steps.get(text);
  }

  /** Every value is computed once, and one that needs itself is lost. */
  private once(name: string, compute: () => readonly Source[]): readonly Source[] {
    const known = this.found.get(name);
    if (known) return known;
    if (this.running.has(name)) return [{ lost: `${name} refers to itself` }];
    if (this.running.size >= MAX_DEPTH) return [{ lost: `${name} is passed on more than ${MAX_DEPTH} times` }];
    this.running.add(name);
    const sources = unique(compute());
    this.running.delete(name);
    this.found.set(name, sources);
    return sources;
  }

  /** What the call of the module gives; the root's variables are known. */
  private variable(name: string, module: ModuleInstance): readonly Source[] {
    const { parent, block, key } = module;
    const known = [{ known: `var.${name}` }];
    if (!parent) return known;
    if (!block) return [{ lost: `the plan does not show what calls ${module.address}` }];
    const { call } = block;
    return this.once(`var.${name} of ${module.address}`, () => {
      const sources = this.sourcesOf(memberOf(call['expressions'], name), { module: parent, key, block: call });
      return sources.length > 0 ? sources : known;
    });
  }

  private output(name: string, module: ModuleInstance): readonly Source[] {
    const address = `${module.address}.${name}`;
    const output = objectIn(module.block?.outputs, name);
    if (!output) return [{ lost: `the plan does not show what ${address} is` }];
    return this.once(address, () => this.sourcesOf(output['expression'], { module, key: undefined, block: undefined }));
  }

  private module(name: string, steps: readonly Step[], same: Key | undefined, scope: Scope): readonly Source[] {
    const given = keyOf(steps[0]);
    const rest = given === undefined ? steps : steps.slice(1);
    const output = nameOf(rest[0]);
    const modules = this.contents.called(scope.module, name, given ?? same);
    const isWritten = scope.module.block?.modules.has(name) === true;
    if (modules.length === 0 && (!isWritten || this.incomplete !== undefined)) {
      return [{ lost: `the plan does not show module.${name}` }];
    }
    return modules.flatMap((module) => {
      if (output !== undefined) return within(this.output(output, module), rest.slice(1));
      // `module.a[each.key].name` stands there as `module.a`: any of its outputs may be meant.
      return Object.keys(module.block?.outputs ?? {}).flatMap((one) => this.output(one, module));
    });
  }

  private resource(head: string, steps: readonly Step[], same: Key | undefined, scope: Scope): readonly Source[] {
    const given = keyOf(steps[0]);
    const rest = given === undefined ? steps : steps.slice(1);
    const address = [scope.module.address, head].filter(Boolean).join('.');
    const found = this.contents.instances(scope.module, head, given ?? same);
    const uncounted = this.uncounted.get(`${scope.module.address} ${head}`);
    if (uncounted) return [{ lost: `${address}: ${uncounted.reason}` }];
    const isWritten = scope.module.block?.resources.has(head) === true;
    if (found.length === 0 && (!isWritten || this.incomplete !== undefined)) {
      return [{ lost: [`${address} is not in the plan`, this.incomplete].filter(Boolean).join(': ') }];
    }
    return found.map((resource) => ({ resource, path: rest.length > 0 ? rest : undefined }));
  }

  /** The element of the resource or the module that `for_each` walks; of anything else the plan does not say what is in it. */
  private eachValue(rest: readonly Step[], scope: Scope): readonly Source[] {
    const given = memberOf(scope.block, 'for_each_expression');
    if (given === undefined) return [{ lost: 'the plan does not say what each.value is' }];
    const references = expressionsIn(given).flatMap((one) => referencesIn(one['references']));
    const outer = { module: scope.module, key: undefined, block: undefined };
    const [only = ''] = references;
    const walked = references.length === 1 ? this.stepsIn(only) : undefined;
    if (scope.key !== undefined && walked?.length === 2 && !/^(var|local|each)$/.test(nameOf(walked[0]) ?? '')) {
      const element = pathText([{ key: scope.key }, ...rest]);
      const sources = this.reference(`${only}${element}`, references, outer);
      if (sources.every(isThere)) return sources;
    }
    const sources = this.sourcesOf(given, outer);
    return sources.every((one) => 'known' in one)
      ? [{ known: 'each.value' }]
      : [{ lost: `the plan does not say what is in each.value (${references.join(', ')})` }];
  }
}

/** Is there such an attribute? */
const isThere = (source: Source): boolean => {
  if (!('resource' in source)) return false;
  const name = nameOf(source.path?.[0]);
  return name === undefined || isAttribute(source.resource, name);
};

const isAttribute = ({ values, unknown }: ShownResource, name: string): boolean =>
  Object.hasOwn(values, name) || unknown === true || memberOf(unknown, name) !== undefined;

/** Steps into a value that was passed on. Which part of an object comes from where the file does not say: all of it may. */
function within(sources: readonly Source[], steps: readonly Step[]): readonly Source[] {
  if (steps.length === 0) return sources;
  const keyed = keyOf(steps[0]);
  const instances = keyed === undefined ? [] : sources.filter((one) => 'resource' in one && one.resource.key === keyed);
  if (instances.length > 0) return within(instances, steps.slice(1));
  const [only, ...others] = sources;
  if (!only || others.length > 0 || !('resource' in only) || only.path !== undefined) return sources;
  // A whole resource was passed on, perhaps as a member of an object.
  const from = steps.findIndex((step) => isAttribute(only.resource, nameOf(step) ?? ''));
  return [{ resource: only.resource, path: from < 0 || from > 1 ? undefined : steps.slice(from) }];
}

const unique = (sources: readonly Source[]): readonly Source[] => [
  ...new Map(sources.map((source) => [keyOfSource(source), source])).values(),
];

export function keyOfSource(source: Source): string {
  if ('lost' in source) return `lost: ${source.lost}`;
  if ('known' in source) return source.known;
  return [source.resource.address, pathText(source.path ?? [])].filter(Boolean).join('.');
}
