// What of a resource means something when a region is lost: its settings, and what its loss takes away.
import { blocksOf, knownOrAbsent, numberOf, textOf, textsOf, type Graph, type Resource } from '@dr/terraform-json';
import { namesIn } from './known-names';

export interface Place {
  readonly graph: Graph;
  readonly resource: Resource;
}

/** What a setting says, so that two that mean the same are equal. */
export type Said = string | number | boolean | undefined;

export interface Setting {
  /** Terraform's name of it, or of what it is made of. */
  readonly key: string;
  /** Throws InputError where it is unknown. */
  readonly read: (place: Place) => Said;
  /** Part of a sentence: what changes, and what follows for clients. */
  readonly says: (was: Said, is: Said) => string;
  /** Of two that differ, is it anything at a failover? @default always */
  readonly matters?: (was: Said, is: Said) => boolean;
  /** It takes time until clients are moved: more of it is slower. @default false */
  readonly isTiming?: true;
}

/** Of a type of resource. */
export interface Kind {
  /** With its article: `the record`. */
  readonly noun: string;
  /** What follows when it is removed. */
  readonly removed: string;
  /** What follows when it is deleted and made again. */
  readonly replaced: string;
  readonly settings: readonly Setting[];
}

export type Kinds = Readonly<Record<string, Kind>>;

interface NumberSetting {
  readonly key: string;
  readonly label?: string;
  /** What AWS takes where the stack gives none; a state writes 0 for none. */
  readonly unset?: number;
  readonly read?: (place: Place) => number | undefined;
  /** What follows; `by` is the difference. */
  readonly more: (by: number) => string;
  readonly less: (by: number) => string;
  readonly isTiming?: true;
}

export function number({ key, label = key, unset, read, more, less, isTiming }: NumberSetting): Setting {
  const readIt = read ?? (({ resource }: Place) => numberOf(resource.values, key));
  return {
    key,
    ...(isTiming && { isTiming }),
    read: (place) => (unset === undefined ? readIt(place) : knownOrAbsent(() => readIt(place)) || unset),
    says: (was, is) => {
      const by = Number(is ?? 0) - Number(was ?? 0);
      return `${arrow(label, was, is)}: ${by > 0 ? more(by) : less(-by)}`;
    },
  };
}

/** `on` and `off` say what it means to be turned on and off. */
export const flag = (key: string, unset: boolean, on: string, off: string, read = attribute(key)): Setting => ({
  key,
  read: (place) => {
    const value = read(place);
    return value === undefined ? unset : value === true || value === 'true';
  },
  says: (_, is) => (is === true ? on : off),
});

export const text = (key: string, effect: string, read: (place: Place) => Said = attribute(key)): Setting => ({
  key,
  read,
  says: (was, is) => `${arrow(key, was, is)}: ${effect}`,
});

/** A block, or several, of which only these arguments matter. Its values are too long to be shown. */
export const blocks = (key: string, args: readonly string[], says: string): Setting => ({
  key,
  read: (place) => told(place, blocksOf(place.resource.values, key), args),
  says: () => says,
});

/** Several values whose order means nothing; `says` is told which are gone, and which are new. */
export const several = (
  key: string,
  says: (gone: readonly string[], added: readonly string[]) => string,
  read: (place: Place) => readonly string[] = ({ graph, resource }) =>
    textsOf(resource.values, key).map((one) => nameIn(graph, one)),
): Setting => ({
  key,
  read: (place) => [...new Set(read(place))].sort().join('\n'),
  says: (was, is) => {
    const [old, now] = [was, is].map((one) =>
      String(one ?? '')
        .split('\n')
        .filter(Boolean),
    );
    const without = (all: readonly string[] = [], others: readonly string[] = []): string[] =>
      all.filter((one) => !others.includes(one));
    return says(without(old, now), without(now, old));
  },
});

/** Absent is as null, and as an empty text. */
export const attribute =
  (key: string) =>
  ({ resource }: Place): Said =>
    textOf(resource.values, key);

/** The address of the resource that an id, an ARN or a DNS name is of; the text itself where it is of none here. */
export const nameIn = (graph: Graph, given: string): string => namesIn(graph).get(given) ?? given;

export const reference =
  (key: string) =>
  ({ graph, resource }: Place): Said => {
    const given = textOf(resource.values, key);
    return given === undefined ? undefined : nameIn(graph, given);
  };

const arrow = (label: string, was: Said, is: Said): string => `${label} ${was ?? 'none'} -> ${is ?? 'none'}`;

/** What stands there, without what is absent, empty, 0 or false: Terraform writes each for the others. */
export function told(place: Pick<Place, 'graph'>, value: unknown, keys?: readonly string[]): string | undefined {
  const found = meaningOf(place.graph, value, keys);
  return found === undefined ? undefined : JSON.stringify(found);
}

function meaningOf(graph: Graph, value: unknown, keys?: readonly string[]): unknown {
  if (typeof value === 'string') return value === '' ? undefined : nameIn(graph, value);
  if (Array.isArray(value)) {
    const items = value.flatMap((one: unknown) => meaningOf(graph, one, keys) ?? []);
    const sorted = items.map((one) => JSON.stringify(one)).sort();
    return sorted.length === 0 ? undefined : sorted;
  }
  if (typeof value !== 'object' || value === null)
    return value === 0 || value === false ? undefined : (value ?? undefined);
  const entries = Object.keys(value)
    .filter((key) => keys?.includes(key) ?? true)
    .sort()
    .flatMap((key): [string, unknown][] => {
      const inner = meaningOf(graph, (value as Record<string, unknown>)[key], keys);
      return inner === undefined ? [] : [[key, inner]];
    });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

export const list = (items: readonly string[]): string => items.join(', ');
