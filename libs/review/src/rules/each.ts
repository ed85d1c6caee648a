// How rules ask a stack whose values may be unknown: what cannot be told of one resource says nothing of it, and the next is asked.
import { knownOrAbsent, type Graph, type Resource } from '@dr/terraform-json';
import type { Finding } from '@dr/stack';
import type { Rule, Stack } from './rule';

/** Managed resources of those types; none of a type of which nobody can say how many there are. */
export const managed = (graph: Graph, ...types: readonly string[]): readonly Resource[] =>
  types.flatMap((type) => knownOrAbsent(() => graph.ofType(type)) ?? []);

/** What is found in each of them; nothing of one that cannot be told: `graph.unknown` names what is unknown. */
export function* inEach<T>(things: Iterable<T>, judge: (thing: T) => Iterable<Finding>): Iterable<Finding> {
  for (const thing of things) yield* knownOrAbsent(() => [...judge(thing)]) ?? [];
}

/** A rule about each resource of some types by itself. */
export const ofEach =
  (types: readonly string[], judge: (resource: Resource, stack: Stack) => Iterable<Finding>): Rule['judge'] =>
  (stack) =>
    inEach(managed(stack.graph, ...types), (resource) => judge(resource, stack));

export const regionOf = (resource: Resource): string | undefined => knownOrAbsent(() => resource.awsRegion);

const indexes = new WeakMap<Graph, Map<string, ReadonlyMap<unknown, readonly Resource[]>>>();

/** Managed resources of a type by the values of some attributes. Made once for a graph; what is unknown has no entry. */
export function indexed(
  graph: Graph,
  type: string,
  ...attributes: readonly string[]
): ReadonlyMap<unknown, readonly Resource[]> {
  const own = indexes.get(graph) ?? new Map<string, ReadonlyMap<unknown, readonly Resource[]>>();
  indexes.set(graph, own);
  const id = [type, ...attributes].join(' ');
  const known = own.get(id);
  if (known) return known;
  const made = new Map<unknown, Resource[]>();
  for (const resource of managed(graph, type))
    for (const value of new Set(attributes.map((name) => knownOrAbsent(() => graph.attribute(resource, name)))))
      if (value !== undefined) made.set(value, [...(made.get(value) ?? []), resource]);
  own.set(id, made);
  return made;
}

/** What is made of a graph once, however many rules ask for it. */
export function oncePer<T extends object>(make: (graph: Graph) => T): (graph: Graph) => T {
  const made = new WeakMap<Graph, T>();
  return (graph) => {
    const known = made.get(graph) ?? make(graph);
    made.set(graph, known);
    return known;
  };
}

/** Addresses that something refers to, but for records: they say by their values what they belong to. */
export const referredIn = oncePer<ReadonlySet<string>>(
  (graph) =>
    new Set(
      graph.resources
        .filter(({ type }) => type !== 'aws_route53_record')
        .flatMap(({ references }) => Object.values(references).flat()),
    ),
);
