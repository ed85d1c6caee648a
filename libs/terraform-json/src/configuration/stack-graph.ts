// A stack whose expressions are evaluated: resources by instance, what they refer to, and what of them is unknown.
import { GLOBAL_REGION, InputError } from '@dr/contracts';
import { awsProviders, dependenciesIn, labelledBlocks, META_ARGUMENTS, providerAlias, resourceBlocks } from './blocks';
import type { ResourceBlock } from './blocks';
import { computedAttribute } from '../computed-attributes';
import { Evaluator, isLiteral, notInStack, withDynamic } from './evaluator';
import { isNull, Placeholder, ResourceValue, setMember, toText, Unknown, type Value } from '../values';
import { orUnknown } from './expression/evaluate';
import { asReferred } from './expression/types';
import type { Graph, Resource, UnknownValue } from '../graph';
import { instancesFrom, type Instance } from './instances';
import { normalise, type Json } from '../normalise';
import { plain, putUnknown } from '../plain';
import { ALONE, type Reading } from '../reading';
import { ResourceIndex } from '../resource-index';

export class StackGraph implements Graph {
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly unknown: readonly UnknownValue[];
  readonly modules: readonly string[];
  readonly notes: readonly string[] = [];
  readonly before = undefined;
  readonly planned = [];
  private readonly blocks: ReadonlyMap<string, ResourceBlock>;
  private readonly byInstance = new Map<string, Instance>();
  private readonly instances = new Map<ResourceBlock, readonly Instance[] | Unknown>();
  /** Attributes that somebody has asked for: by name, by address. */
  private readonly asked = new Map<string, Map<string, unknown>>();
  private readonly index: ResourceIndex;
  /** Types with a block of which nobody can say how many there are. */
  private readonly uncounted = new Map<string, UnknownValue>();
  private readonly regions: ReadonlyMap<string, Value>;
  private zones: readonly ResourceBlock[] | undefined;
  private readonly evaluator: Evaluator;

  constructor(
    json: Readonly<Record<string, Json>>,
    readonly directory: string,
    private readonly reading: Reading = ALONE,
  ) {
    const blocks = [...resourceBlocks('data', json['data']), ...resourceBlocks('managed', json['resource'])];
    this.blocks = new Map(blocks.map((block) => [block.address, block]));
    this.evaluator = new Evaluator(json, {
      resource: (address, from) => this.resourceValue(address, from),
      attribute: (address, name) => this.attributeOf(address, name),
    });
    this.regions = this.providerRegions(json['provider']);
    const found: UnknownValue[] = [];
    // Records first: of all that refer to something missing, the record is what clients would notice.
    for (const block of this.blocks.values()) if (block.type === 'aws_route53_record') this.resourcesOf(block, []);
    this.resources = [...this.blocks.values()].flatMap((block) => this.resourcesOf(block, found));
    this.index = new ResourceIndex(this.resources, (resource, name) => this.attribute(resource, name), this.uncounted);
    this.modules = labelledBlocks(json['module']).map(([name]) => `module.${name}`);
    const outputs = labelledBlocks(json['output']).map(([name, body]): readonly [string, Value] => [
      name,
      this.evaluator.resolve(body['value'] ?? null, { from: `output.${name}`, names: new Map() }),
    ]);
    this.outputs = plainMap(Object.fromEntries(outputs), 'output');
    this.unknown = found;
  }

  ofType(type: string): readonly Resource[] {
    return this.index.ofType(type);
  }

  get(address: string): Resource | undefined {
    return this.index.get(address);
  }

  find(type: string, attribute: string, value: unknown): Resource | undefined {
    return this.index.find(type, attribute, value);
  }

  attribute(resource: Resource, name: string): unknown {
    let asked = this.asked.get(name);
    if (!asked) this.asked.set(name, (asked = new Map<string, unknown>()));
    if (asked.has(resource.address)) return asked.get(resource.address);
    // One that is unknown throws here, and is remembered by nobody.
    const value = plainMap({ [name]: this.attributeOf(resource.address, name) }, resource.address)[name];
    asked.set(resource.address, value);
    return value;
  }

  private resourcesOf(block: ResourceBlock, found: UnknownValue[]): Resource[] {
    const instances = this.instancesOf(block);
    if (!(instances instanceof Unknown)) return instances.map((instance) => this.toResource(instance, found));
    const path = block.body['count'] === undefined ? 'for_each' : 'count';
    const uncounted = { address: block.address, path, reason: instances.reason };
    found.push(uncounted);
    if (block.mode === 'managed') this.uncounted.set(block.type, uncounted);
    return [];
  }

  private instancesOf(block: ResourceBlock): readonly Instance[] | Unknown {
    const known = this.instances.get(block);
    if (known) return known;
    const found = this.evaluator.once(`${block.address}: count`, () => {
      const instances = instancesFrom(block, this.evaluator);
      if (instances instanceof Unknown) return instances;
      for (const instance of instances) {
        this.byInstance.set(instance.address, instance).set(this.reading.addressOf(instance.address), instance);
      }
      return instances;
    });
    this.instances.set(block, found);
    return found;
  }

  private knownInstancesOf(block: ResourceBlock): readonly Instance[] {
    const instances = this.instancesOf(block);
    return instances instanceof Unknown ? [] : instances;
  }

  private toResource(instance: Instance, found: UnknownValue[]): Resource {
    const { block } = instance;
    const address = this.reading.addressOf(instance.address);
    const body = withDynamic(block.body);
    const keys = Object.keys(body).filter((key) => !META_ARGUMENTS.has(key));
    const values = {};
    for (const key of keys) setMember(values, key, this.stored(instance, key));
    const region = this.regionOf(instance);
    const referencesOf = (): Resource['references'] =>
      Object.fromEntries(keys.map((key) => [key, this.addressed(this.evaluator.references(body[key]))]));
    let references: Resource['references'] | undefined;
    const resource = {
      address,
      mode: block.mode,
      type: block.type,
      name: block.name,
      values: plain(values, { address, path: '', found }) as Resource['values'],
      // Looked for when they are asked for: many resources are asked for none.
      get references() {
        return (references ??= referencesOf());
      },
      dependsOn: this.addressed(dependenciesIn(block.body)),
    };
    if (typeof region === 'string') return Object.assign(resource, { awsRegion: region });
    putUnknown(resource, 'awsRegion', region.reason, { address, path: 'region', found });
    return resource as typeof resource & Pick<Resource, 'awsRegion'>;
  }

  /** Terraform's order is by block: whoever refers to one instance waits for all. */
  private addressed(heads: readonly string[]): string[] {
    const addresses = heads.flatMap((head) => {
      const block = this.blocks.get(head);
      if (block) return this.knownInstancesOf(block).map(({ address }) => this.reading.addressOf(address));
      return head.includes('.') ? [head] : [];
    });
    return [...new Set(addresses)];
  }

  private regionOf({ block, address, names }: Instance): string | Unknown {
    const own = block.body['region'];
    const value =
      own !== undefined && own !== null
        ? this.evaluator.resolve(own, { from: address, names })
        : this.regions.get(providerAlias(block.body));
    if (value instanceof Unknown || typeof value === 'string') return value;
    if (value !== undefined) return new Unknown('its provider names no region');
    if (!block.type.startsWith('aws_')) return GLOBAL_REGION;
    throw new InputError(
      `${address}: provider "aws.${providerAlias(block.body)}"`,
      'is not declared in the stack',
      'Declare the provider alias with its region',
    );
  }

  /** What the words of a reference stand for: one instance, a list or a map of them. */
  private resourceValue(address: string, from: string): Value {
    const block = this.blocks.get(address);
    if (!block) throw notInStack(from, address);
    const instances = this.instancesOf(block);
    if (instances instanceof Unknown) {
      return new Unknown(`it is unknown how many ${address} there are: ${instances.reason}`);
    }
    if (block.body['count'] !== undefined) return instances.map((one) => new ResourceValue(one.address));
    if (block.body['for_each'] === undefined) return new ResourceValue(address);
    return Object.fromEntries(instances.map((one) => [String(one.key), new ResourceValue(one.address)]));
  }

  /** Stored when the JSON sets it, else computed. */
  private attributeOf(named: string, attribute: string): Value {
    const instance = this.byInstance.get(named);
    if (!instance) return new Unknown(`there is no ${named}`);
    const address = this.reading.addressOf(instance.address);
    const given = this.reading.given(instance.address, attribute);
    if (given !== undefined) return given;
    const stored = this.stored(instance, attribute);
    if (!isNull(stored)) return asReferred(stored);
    const { block } = instance;
    const region = this.regionOf(instance);
    if (region instanceof Unknown) return region;
    const text = (name: string): string => textIn(this.stored(instance, name), `${address}.${name}`);
    return computedAttribute(block.mode === 'data' ? `data.${block.type}` : block.type, attribute, {
      resource: { address, type: block.type, name: nameOf(instance), awsRegion: region },
      value: (name) => this.stored(instance, name),
      text,
      zoneName: () => this.zoneName(text('zone_id')),
    });
  }

  private zoneName(id: string): string {
    this.zones ??= [...this.blocks.values()].filter(({ type }) => type === 'aws_route53_zone');
    const zone = this.zones
      .flatMap((block) => this.knownInstancesOf(block))
      .find(({ address }) => textIn(this.attributeOf(address, 'zone_id'), address) === id);
    return zone ? textIn(this.stored(zone, 'name'), '') : '';
  }

  private stored({ block, address, names }: Instance, key: string): Value {
    const json = withDynamic(block.body)[key];
    if (json === undefined || META_ARGUMENTS.has(key)) return undefined;
    if (isLiteral(json)) return json;
    return this.evaluator.once(`${address}: ${key}`, () =>
      normalise(key, this.evaluator.resolve(json, { from: address, names })),
    );
  }

  /** Alias ('' for the default provider) -> AWS region, null where a provider names none. */
  private providerRegions(provider: Json | undefined): ReadonlyMap<string, Value> {
    return new Map(
      awsProviders(provider).map((body) => {
        const alias = String(body['alias'] ?? '');
        const from = `provider.aws${alias === '' ? '' : `.${alias}`}`;
        return [alias, this.evaluator.resolve(body['region'] ?? GLOBAL_REGION, { from, names: new Map() })];
      }),
    );
  }
}

const plainMap = (values: Readonly<Record<string, Value>>, address: string): Readonly<Record<string, unknown>> =>
  plain(values, { address, path: '', found: [] }) as Readonly<Record<string, unknown>>;

/** A value as text; '' when absent, and what stands for it when it is unknown. */
function textIn(value: Value, unknown: string): string {
  if (isNull(value)) return '';
  const text = orUnknown(() => toText(value));
  return text instanceof Unknown ? unknown : text instanceof Placeholder ? text.text : text;
}

/** Where AWS names a resource after Terraform's name of it, each instance needs one of its own. */
const nameOf = ({ block, key }: Instance): string => (key === undefined ? block.name : `${block.name}-${key}`);
