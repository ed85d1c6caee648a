// A plan or a state that Terraform shows, as a graph. Values are as shown; what is unknown is followed through the references.
import type { Json } from '../normalise';
import { computedAttribute } from '../computed-attributes';
import type { Graph, PlannedChange, Resource, UnknownValue } from '../graph';
import { plain, putUnknown } from '../plain';
import type { Reading } from '../reading';
import { ResourceIndex } from '../resource-index';
import { Placeholder, setMember, settledOf, Unknown, type Value } from '../values';
import { nameOf, pathText, stepsOf, type Step } from './addresses';
import type { Contents, ShownResource } from './contents';
import { Follower, type Scope, type Uncounted } from './follow';
import { listIn, memberOf, objectAt, objectIn, type JsonObject } from './json';
import { OpenValues } from './open-values';
import { Regions } from './regions';
import { isPlain, partOf, secretText, ValueReader } from './values';

export interface Shown {
  readonly contents: Contents;
  readonly directory: string;
  readonly notes: readonly string[];
  readonly uncounted: Uncounted;
  /** Why the file may lack what the configuration has; undefined where it lacks nothing. */
  readonly incomplete: string | undefined;
  readonly outputs: JsonObject;
  /** What to do about a value that is unknown. */
  readonly fix: string;
  readonly regionFix: string;
  readonly addressOf: Reading['addressOf'];
  readonly given: Reading['given'];
  readonly before: () => Graph | undefined;
  readonly planned: readonly PlannedChange[];
}

/** [A] No value of a stack comes from another one through more resources than these. */
const MAX_DEPTH = 100;
const NONE: readonly Json[] = [];

export class ShownGraph implements Graph {
  readonly directory: string;
  readonly notes: readonly string[];
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly unknown: readonly UnknownValue[];
  readonly modules: readonly string[] = [];
  readonly planned: readonly PlannedChange[];
  private readonly index: ResourceIndex;
  private readonly follower: Follower;
  private readonly open: OpenValues;
  private readonly regions: Regions;
  private readonly stored = new Map<ShownResource, Map<string, Value>>();
  /** Resources of which nothing is open or secret, with their values. */
  private readonly plainOnes = new Map<ShownResource, JsonObject>();
  /** Attributes that somebody has asked for, by name. */
  private readonly asked = new Map<string, Map<ShownResource | undefined, unknown>>();
  private readonly running = new Set<string>();
  private readonly byAddress = new Map<string, ShownResource>();
  private zones: ReadonlyMap<string, string> | undefined;
  private earlier: { readonly graph: Graph | undefined } | undefined;

  constructor(private readonly shown: Shown) {
    const { contents, uncounted, incomplete } = shown;
    this.directory = shown.directory;
    this.notes = shown.notes;
    this.planned = shown.planned.map((one) => ({ ...one, address: shown.addressOf(one.address) }));
    this.regions = new Regions(contents);
    this.follower = new Follower(contents, uncounted, incomplete);
    this.open = new OpenValues(this.follower, (resource, path) => this.valueAt(resource, path));
    const found: UnknownValue[] = [];
    const types = new Map<string, UnknownValue>();
    for (const { address, type, isManaged, reason } of uncounted.values()) {
      const unknown = { address, path: 'count', reason, fix: shown.fix };
      found.push(unknown);
      if (isManaged) types.set(type, unknown);
    }
    this.resources = contents.resources.map((resource) => this.toResource(resource, found));
    this.index = new ResourceIndex(this.resources, (resource, name) => this.attribute(resource, name), types);
    this.outputs = this.readOutputs(found);
    this.unknown = found;
  }

  /** What was applied before the plan, as a graph of its own; undefined for a state. */
  get before(): Graph | undefined {
    this.earlier ??= { graph: this.shown.before() };
    return this.earlier.graph;
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

  /** `name` may lead into a block: `domain_name_configuration[0].target_domain_name`. */
  attribute({ address }: Resource, name: string): unknown {
    const resource = this.byAddress.get(address);
    let asked = this.asked.get(name);
    if (!asked) this.asked.set(name, (asked = new Map<ShownResource | undefined, unknown>()));
    if (asked.has(resource)) return asked.get(resource);
    const path = stepsOf(name);
    const value = resource && path ? this.valueAt(resource, path) : undefined;
    // One that is unknown throws here, and is remembered by nobody.
    const plain = this.plainOf({ [name]: value }, address, [])[name];
    asked.set(resource, plain);
    return plain;
  }

  private toResource(resource: ShownResource, found: UnknownValue[]): Resource {
    const { mode, type, name } = resource;
    const address = this.shown.addressOf(resource.address);
    this.byAddress.set(address, resource);
    const { follower, shown } = this;
    const place = { address, path: '', found, fix: shown.fix };
    const region = this.regions.of(resource);
    let references: Resource['references'] | undefined;
    const result = {
      address,
      mode,
      type,
      name,
      values: plain(this.valuesOf(resource), place) as Resource['values'],
      // Looked for when they are asked for: in a large stack each may name all instances of another block.
      get references() {
        return (references ??= referencesOf(follower, resource, shown.addressOf));
      },
      get dependsOn() {
        return dependenciesOf(follower, resource, shown.addressOf);
      },
    };
    if (typeof region === 'string') return Object.assign(result, { awsRegion: region });
    putUnknown(result, 'awsRegion', region.reason, { address, path: 'region', found, fix: this.shown.regionFix });
    return result as typeof result & Pick<Resource, 'awsRegion'>;
  }

  private plainOf(values: Readonly<Record<string, Value>>, address: string, found: UnknownValue[]): Resource['values'] {
    return plain(values, { address, path: '', found, fix: this.shown.fix }) as Resource['values'];
  }

  private valuesOf(resource: ShownResource): Value {
    const { values, unknown, secret, address } = resource;
    if (isPlain(values, unknown, secret)) {
      const settled = settledOf(values) as JsonObject;
      this.plainOnes.set(resource, settled);
      return settled;
    }
    const read = {};
    for (const key of Object.keys(values)) setMember(read, key, this.storedOf(resource, key));
    for (const key of Object.keys(objectAt(unknown === true ? {} : unknown, address)))
      if (!Object.hasOwn(values, key)) setMember(read, key, this.storedOf(resource, key));
    return read;
  }

  /** The value of a top-level attribute; undefined where there is none, or where AWS decides it. */
  private storedOf(resource: ShownResource, name: string): Value {
    const plainOne = this.plainOnes.get(resource);
    if (plainOne) return memberOf(plainOne, name);
    const stored = this.stored.get(resource);
    if (stored?.has(name)) return stored.get(name);
    const value = memberOf(resource.values, name);
    const unknown = resource.unknown === true ? true : memberOf(resource.unknown, name);
    const secret =
      resource.secret.length === 0 ? NONE : resource.secret.map((one) => (one === true ? true : memberOf(one, name)));
    if (value !== undefined && isPlain(value, unknown, secret))
      return typeof value === 'object' ? this.remember(resource, name, settledOf(value)) : value;
    const written = memberOf(resource.block?.['expressions'], name);
    // AWS will decide it, and nothing is to be followed.
    if (unknown === true && value === undefined && written === undefined && !secret.includes(true))
      return this.open.valueOf(resource, [{ name }], undefined);
    const id = `${resource.address} ${name}`;
    if (this.running.has(id)) return new Unknown(`${resource.address}.${name} refers to itself`);
    if (this.running.size >= MAX_DEPTH) return new Unknown(`it comes through more than ${MAX_DEPTH} resources`);
    this.running.add(id);
    const reader = new ValueReader(this.shown.addressOf(resource.address), (path, expression) =>
      this.open.valueOf(resource, path, expression),
    );
    const read = reader.read({ path: [{ name }], value, unknown, secret, written });
    this.running.delete(id);
    return this.remember(resource, name, read);
  }

  private remember(resource: ShownResource, name: string, value: Value): Value {
    const stored = this.stored.get(resource);
    if (stored) stored.set(name, value);
    else this.stored.set(resource, new Map([[name, value]]));
    return value;
  }

  /** As it is shown; else what stands for what AWS will decide. */
  private valueAt(resource: ShownResource, path: readonly Step[]): Value {
    const given = this.shown.given(resource.address, pathText(path));
    if (given !== undefined) return given;
    const name = nameOf(path[0]) ?? '';
    const stored = this.storedOf(resource, name);
    if (stored instanceof Unknown) return stored;
    const part = path.length > 1 ? partOf(stored, path.slice(1)) : stored;
    if (part !== undefined) return part;
    // What is shown as null is nothing, and will be.
    if (memberOf(resource.values, name) === null && memberOf(resource.unknown, name) !== true) return undefined;
    return this.computed(resource, pathText(path));
  }

  private computed(resource: ShownResource, attribute: string): Value {
    const { type, mode, key, module } = resource;
    const address = this.shown.addressOf(resource.address);
    const region = this.regions.of(resource);
    const text = (name: string): string => textIn(this.storedOf(resource, name), `${address}.${name}`);
    const within = module.address === '' ? '' : `${module.address.replace(/\W+/g, '-')}-`;
    // Without a region there is no rule for it, only a text that stands for it.
    const ruled = region instanceof Unknown ? '' : `${mode === 'data' ? 'data.' : ''}${type}`;
    return computedAttribute(ruled, attribute, {
      resource: {
        address,
        type,
        name: `${within}${resource.name}${key === undefined ? '' : `-${key}`}`,
        awsRegion: region instanceof Unknown ? '' : region,
      },
      value: (name) => this.storedOf(resource, name),
      text,
      zoneName: () => this.zoneNames().get(text('zone_id')) ?? '',
    });
  }

  private zoneNames(): ReadonlyMap<string, string> {
    this.zones ??= new Map(
      this.shown.contents.resources
        .filter(({ type }) => type === 'aws_route53_zone')
        .map((zone) => [
          textIn(this.valueAt(zone, [{ name: 'zone_id' }]), zone.address),
          textIn(this.storedOf(zone, 'name'), ''),
        ]),
    );
    return this.zones;
  }

  private readOutputs(found: UnknownValue[]): Readonly<Record<string, unknown>> {
    const outputs = Object.entries(this.shown.outputs).flatMap(([name, output]): [string, Value][] => {
      const value = memberOf(output, 'value');
      if (memberOf(output, 'sensitive') === true) return [[name, secretText(`output.${name}`)]];
      return [[name, value === undefined ? new Unknown('it is known after the apply') : value]];
    });
    return this.plainOf(Object.fromEntries(outputs), 'output', found);
  }
}

const scopeOf = ({ module, key, block }: ShownResource): Scope => ({ module, key, block });

function referencesOf(
  follower: Follower,
  resource: ShownResource,
  addressOf: Shown['addressOf'],
): Resource['references'] {
  const expressions = Object.entries(objectIn(resource.block, 'expressions') ?? {});
  return Object.fromEntries(
    expressions.map(([name, expression]) => [name, addressesIn(follower, expression, resource, addressOf)]),
  );
}

const dependenciesOf = (
  follower: Follower,
  resource: ShownResource,
  addressOf: Shown['addressOf'],
): readonly string[] => {
  const written = listIn(resource.block?.['depends_on']);
  const addresses = addressesIn(follower, { references: [...written] }, resource, addressOf);
  return addresses.length > 0 ? addresses : resource.dependsOn;
};

const addressesIn = (
  follower: Follower,
  expression: Json,
  resource: ShownResource,
  addressOf: Shown['addressOf'],
): readonly string[] => [
  ...new Set(
    follower
      .sourcesOf(expression, scopeOf(resource))
      .flatMap((source) => ('resource' in source ? [addressOf(source.resource.address)] : [])),
  ),
];

/** A value as text; '' when absent, and what stands for it when it is unknown. */
function textIn(value: Value, unknown: string): string {
  if (value === undefined || value === null) return '';
  if (value instanceof Placeholder) return value.text;
  return value instanceof Unknown || typeof value === 'object' ? unknown : String(value);
}
