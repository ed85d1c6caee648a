// Several files as one graph. Resources are told apart by ARN, and records by zone, name, type and identifier; addresses are only names.
import { InputError } from '@dr/contracts';
import { isGlobal } from './resource-types';
import type { Graph, PlannedChange, Resource, UnknownValue } from './graph';
import { knownOrAbsent } from './plain';
import { ALONE, type Reading } from './reading';
import { ResourceIndex } from './resource-index';
import { differences } from './meaning';
import { checkOneTime, isAhead } from './same-state';

export interface StackFile {
  readonly file: string;
  readonly kind: 'configuration' | 'plan' | 'state';
  readonly read: (reading: Reading) => Graph;
}

/** A file with the graph that it gives by itself. */
interface Part extends StackFile {
  readonly alone: Graph;
  /** The state of the same configuration. */
  state: Graph | undefined;
  /** Resources that another file says more of. */
  readonly dropped: Set<string>;
}

/** Throws InputError where two files say different things of one resource. */
export function mergeStacks(files: readonly StackFile[]): Graph {
  const read = files.map((file) => ({ ...file, alone: file.read(ALONE) }));
  const [first] = read;
  if (first && read.length === 1) return first.alone;
  checkOneTime(read);
  const states = read.filter(({ kind }) => kind === 'state');
  const parts = read.map((part): Part => ({ ...part, state: undefined, dropped: new Set() }));
  for (const part of parts.filter(({ kind }) => kind !== 'state')) {
    const state = states.find((one) => isStateOf(one.alone, part.alone));
    if (state) joinState(part, parts[read.indexOf(state)] as Part);
  }
  dropTwice(parts);
  const taken = addressesTwice(parts);
  const graphs = parts.map(({ file, read: readAgain, state }) =>
    readAgain({
      addressOf: (address) => (taken.has(address) ? `${address} (${file})` : address),
      given: (address, attribute) => state && knownOrAbsent(() => valueIn(state, address, attribute)),
    }),
  );
  const addressOf = (address: string, { file }: Part): string =>
    taken.has(address) ? `${address} (${file})` : address;
  return new MergedGraph(
    parts.map((part, at) => {
      const dropped = new Set([...part.dropped].map((address) => addressOf(address, part)));
      return { ...part, graph: graphs[at] as Graph, keeps: (address: string) => !dropped.has(address) };
    }),
  );
}

/** Each resource is the state's, but for what the plan has still to do. */
function joinState(part: Part, state: Part): void {
  part.state = state.alone;
  const ahead = new Set(
    part.alone.planned.filter((change) => isAhead(part, change, state)).map(({ address }) => address),
  );
  for (const { address } of part.alone.resources)
    if (state.alone.get(address) && !ahead.has(address)) part.dropped.add(address);
  for (const address of ahead) state.dropped.add(address);
}

/** Is it what was applied of that plan or configuration? Nothing may differ in what both know, and something must agree. */
function isStateOf(state: Graph, other: Graph): boolean {
  const before = other.before?.resources.some(isManaged) === true ? other.before : other;
  const remade = new Set(
    other.planned.filter(({ actions }) => actions.includes('delete')).map(({ address }) => address),
  );
  let agrees = false;
  for (const resource of before.resources.filter(isManaged)) {
    const applied = state.get(resource.address);
    if (!applied || remade.has(resource.address)) continue;
    const pairs = ['arn', 'id', 'name', 'function_name', 'bucket'].map((name) =>
      [resource, applied].map((one) => textIn(one, name)),
    );
    if (!isGlobal(resource.type)) pairs.push([resource, applied].map((one) => knownOrAbsent(() => one.awsRegion)));
    const both = pairs.filter(([one, two]) => one !== undefined && two !== undefined);
    if (both.some(([one, two]) => one !== two)) return false;
    // A name alone may be the same in two regions.
    agrees ||= isGlobal(resource.type)
      ? textIn(resource, 'id') !== undefined
      : both.length > 0 && knownOrAbsent(() => resource.awsRegion) !== undefined;
  }
  return agrees;
}

/** One resource in two files: the state's, or either where they say the same. */
function dropTwice(parts: readonly Part[]): void {
  const zones = zoneNames(parts);
  const seen = new Map<string, { readonly part: Part; readonly resource: Resource }>();
  for (const part of [...parts].sort((a, b) => rank(a) - rank(b))) {
    for (const resource of part.alone.resources) {
      if (!isManaged(resource) || part.dropped.has(resource.address)) continue;
      const identity = identityOf(part.alone, resource, zones);
      const other = identity === undefined ? undefined : seen.get(identity);
      if (identity !== undefined && !other) seen.set(identity, { part, resource });
      if (!identity || !other || other.part === part) continue;
      const isOwn = part.state === other.part.alone || other.part.state === part.alone;
      const isOfOneKind = part.kind === other.part.kind;
      if (!isOwn && differences(other.resource.values, resource.values, !isOfOneKind).length > 0)
        throw contradiction(identity, [other.part, part], resource);
      part.dropped.add(resource.address);
    }
  }
}

const rank = ({ kind }: Part): number => (kind === 'state' ? 0 : 1);
const isManaged = ({ mode }: Resource): boolean => mode === 'managed';

const contradiction = (identity: string, [one, two]: readonly [Part, Part], { address }: Resource): InputError =>
  new InputError(
    `stacks "${one.file}" and "${two.file}": ${address}`,
    `both files have ${identity}, and say different things of it`,
    'Give each stack once, in its newest file',
  );

/** What AWS knows it by, in words; undefined where the file does not say. */
function identityOf(graph: Graph, resource: Resource, zones: ReadonlyMap<string, string>): string | undefined {
  if (resource.type !== 'aws_route53_record') return textIn(resource, 'arn');
  const [type, zoneId] = [textIn(resource, 'type'), textIn(resource, 'zone_id')];
  const name = knownOrAbsent(() => graph.attribute(resource, 'fqdn'));
  if (type === undefined || zoneId === undefined || typeof name !== 'string') return undefined;
  const set = textIn(resource, 'set_identifier');
  const zone = zones.get(zoneId) ?? zoneId;
  return `the record ${type} ${name.toLowerCase()} of zone ${zone}${set === undefined ? '' : ` (${set})`}`;
}

/** Zone id -> name, as far as the files say; a private zone is another one than the public one of its name. */
function zoneNames(parts: readonly Part[]): ReadonlyMap<string, string> {
  const zones = parts.flatMap(({ alone }) =>
    alone.resources.filter(({ type }) => type === 'aws_route53_zone').map((zone) => ({ alone, zone })),
  );
  return new Map(
    zones.flatMap(({ alone, zone }): [string, string][] => {
      const [id, name] = [knownOrAbsent(() => alone.attribute(zone, 'zone_id')), textIn(zone, 'name')];
      const isPrivate = zone.values['vpc'] !== undefined || zone.values['private_zone'] === true;
      return name === undefined ? [] : [[String(id), isPrivate ? `${name}, private (${String(id)})` : name]];
    }),
  );
}

/** Addresses that two files have for resources of their own. */
function addressesTwice(parts: readonly Part[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const { alone, dropped } of parts) {
    for (const { address } of alone.resources) {
      if (dropped.has(address)) continue;
      if (seen.has(address)) twice.add(address);
      seen.add(address);
    }
  }
  return twice;
}

const valueIn = (state: Graph, address: string, attribute: string): unknown => {
  const resource = state.get(address);
  return resource && state.attribute(resource, attribute);
};

function textIn({ values }: Resource, name: string): string | undefined {
  const value = knownOrAbsent(() => values[name]);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

interface Kept {
  readonly file: string;
  readonly graph: Graph;
  readonly keeps: (address: string) => boolean;
}

class MergedGraph implements Graph {
  readonly directory: string;
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly unknown: readonly UnknownValue[];
  readonly modules: readonly string[];
  readonly notes: readonly string[];
  readonly planned: readonly PlannedChange[];
  private readonly owners = new Map<string, Graph>();
  private readonly index: ResourceIndex;
  private earlier: { readonly graph: Graph | undefined } | undefined;

  constructor(private readonly parts: readonly Kept[]) {
    this.directory = parts[0]?.graph.directory ?? '.';
    this.resources = parts.flatMap(({ graph, keeps }) =>
      graph.resources.filter(({ address }) => {
        if (!keeps(address) || this.owners.has(address)) return false;
        this.owners.set(address, graph);
        return true;
      }),
    );
    this.index = new ResourceIndex(this.resources, (resource, name) => this.attribute(resource, name), new Map());
    this.unknown = parts.flatMap(({ graph, keeps }) => graph.unknown.filter(({ address }) => keeps(address)));
    this.outputs = Object.defineProperties(
      {},
      Object.assign(
        {},
        ...parts.map(({ graph }) => Object.getOwnPropertyDescriptors(graph.outputs)),
      ) as PropertyDescriptorMap,
    ) as Readonly<Record<string, unknown>>;
    this.modules = parts.flatMap(({ graph }) => graph.modules);
    this.planned = parts.flatMap(({ graph, keeps }) => graph.planned.filter(({ address }) => keeps(address)));
    this.notes = parts.flatMap(({ file, graph }) => graph.notes.map((note) => `${file}: ${note}`));
  }

  /** What is applied now of all files; a state is that itself. */
  get before(): Graph | undefined {
    if (!this.earlier) {
      const isPlanned = this.parts.some(({ graph }) => graph.before !== undefined);
      const applied = this.parts.map((part) => ({ ...part, graph: part.graph.before ?? part.graph }));
      this.earlier = { graph: isPlanned ? new MergedGraph(applied) : undefined };
    }
    return this.earlier.graph;
  }

  ofType(type: string): readonly Resource[] {
    // A file that cannot count them speaks for all.
    for (const { graph } of this.parts) graph.ofType(type);
    return this.index.ofType(type);
  }

  get(address: string): Resource | undefined {
    return this.index.get(address);
  }

  find(type: string, attribute: string, value: unknown): Resource | undefined {
    this.ofType(type);
    return this.index.find(type, attribute, value);
  }

  attribute(resource: Resource, name: string): unknown {
    return this.owners.get(resource.address)?.attribute(resource, name);
  }
}
