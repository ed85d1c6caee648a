// The configuration that a plan holds: modules without instances, with their expressions as references.
import { isObject, type Json } from '../normalise';
import type { ModuleStep } from './addresses';
import { listIn, memberOf, membersAt, objectAt, objectsAt, type JsonObject } from './json';

/** A module as it is written: one for all of its instances. */
export interface ModuleBlock {
  /** Without keys: `module.a.module.b`; '' for the root. */
  readonly address: string;
  readonly parent: ModuleBlock | undefined;
  /** The block that calls it. */
  readonly call: JsonObject;
  /** `aws_lb.a`, `data.aws_vpc.v` -> its block. */
  readonly resources: ReadonlyMap<string, JsonObject>;
  readonly modules: ReadonlyMap<string, ModuleBlock>;
  readonly outputs: JsonObject;
  readonly variables: JsonObject;
}

export interface Configuration {
  readonly root: ModuleBlock;
  /** By the key that resources name. */
  readonly providers: JsonObject;
  /** Values of the root's variables. */
  readonly variables: JsonObject;
}

/** undefined where the file holds none. */
export function configurationIn(plan: JsonObject): Configuration | undefined {
  if (plan['configuration'] === undefined) return undefined;
  const json = objectAt(plan['configuration'], 'configuration');
  const root = objectAt(json['root_module'], 'configuration.root_module');
  return {
    root: moduleBlock(root, { address: '', parent: undefined, call: {} }),
    providers: objectAt(json['provider_config'], 'configuration.provider_config'),
    variables: objectAt(plan['variables'], 'variables'),
  };
}

function moduleBlock(json: JsonObject, head: Pick<ModuleBlock, 'address' | 'parent' | 'call'>): ModuleBlock {
  const where = `configuration of ${head.address || 'the root module'}`;
  const modules = new Map<string, ModuleBlock>();
  const block: ModuleBlock = {
    ...head,
    modules,
    resources: new Map(
      objectsAt(json['resources'], `${where}: resources`).map((one) => [
        headOf(String(one['mode']), String(one['type']), String(one['name'])),
        one,
      ]),
    ),
    outputs: objectAt(json['outputs'], `${where}: outputs`),
    variables: objectAt(json['variables'], `${where}: variables`),
  };
  for (const [name, call] of membersAt(json['module_calls'], `${where}: module_calls`)) {
    const address = [head.address, `module.${name}`].filter(Boolean).join('.');
    modules.set(name, moduleBlock(objectAt(call['module'], address), { address, parent: block, call }));
  }
  return block;
}

/** How references name a resource, without its key. */
export const headOf = (mode: string, type: string, name: string): string =>
  `${mode === 'data' ? 'data.' : ''}${type}.${name}`;

export const blockAt = (root: ModuleBlock, steps: readonly ModuleStep[]): ModuleBlock | undefined =>
  steps.reduce<ModuleBlock | undefined>((block, { name }) => block?.modules.get(name), root);

/** An expression, and not a block with expressions in it. */
export const isExpression = (json: Json | undefined): json is { [key: string]: Json } =>
  isObject(json) && Object.keys(json).every((key) => key === 'constant_value' || key === 'references');

/** All expressions in a block, or the one that it is. */
export function expressionsIn(json: Json | undefined): readonly JsonObject[] {
  if (isExpression(json)) return [json];
  const inner = isObject(json) ? Object.values(json) : listIn(json);
  return inner.flatMap(expressionsIn);
}

export const isSecretVariable = (block: ModuleBlock, name: string): boolean =>
  memberOf(block.variables[name], 'sensitive') === true;
