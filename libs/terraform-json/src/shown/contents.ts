// The resources of a plan or a state, each instance with its values, which of them are unknown and which are secret.
import type { Json } from '../normalise';
import { canonicalType } from '../resource-types';
import { moduleSteps, withKey, type Key, type ModuleStep } from './addresses';
import { blockAt, headOf, type Configuration, type ModuleBlock } from './configuration';
import { hasTrue, listIn, Malformed, memberOf, objectAt, objectsAt, textAt, type JsonObject } from './json';

export interface ModuleInstance {
  readonly address: string;
  readonly parent: ModuleInstance | undefined;
  readonly key: Key | undefined;
  /** undefined where the file has no configuration, or no such module in it. */
  readonly block: ModuleBlock | undefined;
}

export interface ShownResource {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  readonly key: Key | undefined;
  readonly module: ModuleInstance;
  /** Its block in the configuration. */
  readonly block: JsonObject | undefined;
  readonly values: JsonObject;
  /** The shape of the values, true where one is unknown. */
  readonly unknown: Json;
  /** Shapes of the values, true where one is secret; none where nothing is. */
  readonly secret: readonly Json[];
  readonly dependsOn: readonly string[];
}

/** Instances of a block, in order and by key. */
class Instances<T extends { readonly key: Key | undefined }> {
  readonly all: T[] = [];
  private readonly byKey = new Map<Key | undefined, T>();

  add(instance: T): void {
    this.all.push(instance);
    this.byKey.set(instance.key, instance);
  }

  /** The one with that key, where there is one; all of them otherwise. */
  with(key: Key | undefined): readonly T[] {
    const found = key === undefined ? undefined : this.byKey.get(key);
    return found ? [found] : this.all;
  }
}

/** By address, by the block that they are instances of, and by module. */
export class Contents {
  readonly resources: ShownResource[] = [];
  private readonly byAddress = new Map<string, ShownResource>();
  private readonly byBlock = new Map<string, Instances<ShownResource>>();
  private readonly modules = new Map<string, ModuleInstance>();
  private readonly byCall = new Map<string, Instances<ModuleInstance>>();
  private readonly root: ModuleInstance;

  constructor(readonly configuration: Configuration | undefined) {
    this.root = { address: '', parent: undefined, key: undefined, block: configuration?.root };
  }

  get(address: string): ShownResource | undefined {
    return this.byAddress.get(address);
  }

  /** Instances of a block within a module: the one with that key, or all. */
  instances(module: ModuleInstance, head: string, key: Key | undefined): readonly ShownResource[] {
    return this.byBlock.get(`${module.address} ${head}`)?.with(key) ?? [];
  }

  /** Instances of a module that another one calls: the one with that key, or all. */
  called(module: ModuleInstance, name: string, key: Key | undefined): readonly ModuleInstance[] {
    return this.byCall.get(`${module.address} ${name}`)?.with(key) ?? [];
  }

  /** All that `values` holds, a `<values-representation>`, or of one mode alone; `changes` by address. */
  addValues(
    values: JsonObject,
    path: string,
    changes: ReadonlyMap<string, JsonObject> = new Map(),
    mode?: ShownResource['mode'],
  ): void {
    const waiting: { json: JsonObject; at: string; address: string }[] = [
      { json: objectAt(values['root_module'], `${path}.root_module`), at: `${path}.root_module`, address: '' },
    ];
    for (let module = waiting.pop(); module; module = waiting.pop()) {
      const { json, at, address } = module;
      for (const [place, resource] of objectsAt(json['resources'], `${at}.resources`).entries()) {
        if (mode !== undefined && resource['mode'] !== mode) continue;
        this.add(resource, `${at}.resources[${place}]`, this.moduleAt(address, at), changes);
      }
      const children = objectsAt(json['child_modules'], `${at}.child_modules`).map((child, place) => {
        const within = `${at}.child_modules[${place}]`;
        return { json: child, at: within, address: textAt(child, 'address', within) };
      });
      // The last is taken first.
      for (const child of children.reverse()) waiting.push(child);
    }
  }

  /** A resource that is shown only as a change: it has no place among the values. */
  addChange(change: JsonObject, path: string): void {
    const address = typeof change['module_address'] === 'string' ? change['module_address'] : '';
    this.add(change, path, this.moduleAt(address, path), new Map([[textAt(change, 'address', path), change]]));
  }

  moduleAt(address: string, path: string): ModuleInstance {
    const known = address === '' ? this.root : this.modules.get(address);
    if (known) return known;
    const steps = moduleSteps(address);
    if (!steps) throw new Malformed(`${path}: "${address}"`, 'is no address of a module');
    return steps.reduce((parent, step, at) => this.child(parent, step, steps.slice(0, at + 1)), this.root);
  }

  private child(parent: ModuleInstance, { name, key }: ModuleStep, steps: readonly ModuleStep[]): ModuleInstance {
    const address = `${parent.address}${parent.address && '.'}module.${name}${withKey(key)}`;
    const known = this.modules.get(address);
    if (known) return known;
    const block = this.configuration && blockAt(this.configuration.root, steps);
    const module = { address, parent, key, block };
    this.modules.set(address, module);
    addTo(this.byCall, `${parent.address} ${name}`, module);
    return module;
  }

  private add(json: JsonObject, path: string, module: ModuleInstance, changes: ReadonlyMap<string, JsonObject>): void {
    const address = textAt(json, 'address', path);
    if (this.byAddress.has(address)) return;
    const mode = json['mode'] === 'data' ? 'data' : 'managed';
    const [type, name] = [textAt(json, 'type', path), textAt(json, 'name', path)];
    const change = objectAt(changes.get(address)?.['change'], `the change of ${address}`);
    const key = json['index'];
    const head = headOf(mode, type, name);
    const resource: ShownResource = {
      address,
      mode,
      type: canonicalType(type),
      name,
      key: typeof key === 'string' || typeof key === 'number' ? key : undefined,
      module,
      block: module.block?.resources.get(head),
      values: objectAt(json['values'] ?? change['after'], `${path}.values`),
      unknown: change['after_unknown'] ?? {},
      secret: [json['sensitive_values'] ?? {}, change['after_sensitive'] ?? {}].filter(hasTrue),
      dependsOn: listIn(memberOf(json, 'depends_on')).map(String),
    };
    this.resources.push(resource);
    this.byAddress.set(address, resource);
    addTo(this.byBlock, `${module.address} ${head}`, resource);
  }
}

function addTo<T extends { readonly key: Key | undefined }>(
  lists: Map<string, Instances<T>>,
  name: string,
  item: T,
): void {
  const instances = lists.get(name) ?? new Instances<T>();
  instances.add(item);
  lists.set(name, instances);
}
