// Resources by what one of their attributes says: what is asked for each of many others is found without a walk through all.
import { textOf, type Graph, type Resource } from '@dr/terraform-json';

type ByText = ReadonlyMap<string | undefined, readonly Resource[]>;

const known = new WeakMap<Graph, Map<string, ByText>>();

/** Managed resources of that type whose attribute is `text`, in the graph's order. Throws InputError where that of any of them is unknown. */
export function having(graph: Graph, type: string, attribute: string, text: string): readonly Resource[] {
  const own = known.get(graph) ?? new Map<string, ByText>();
  known.set(graph, own);
  const id = `${type} ${attribute}`;
  const byText = own.get(id) ?? read(graph, type, attribute);
  own.set(id, byText);
  return byText.get(text) ?? [];
}

function read(graph: Graph, type: string, attribute: string): ByText {
  const byText = new Map<string | undefined, Resource[]>();
  for (const resource of graph.ofType(type)) {
    const text = textOf(resource.values, attribute);
    const those = byText.get(text);
    if (those) those.push(resource);
    else byText.set(text, [resource]);
  }
  return byText;
}
