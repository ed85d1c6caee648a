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
