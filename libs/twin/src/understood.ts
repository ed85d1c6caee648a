// What may carry traffic and is not understood: types that the twin does not know, and arguments that it does not read.
import { flagOf, type Graph, type Resource } from '@dr/terraform-json';
import { finding, when, type Finding } from '@dr/stack';
import { understoodArguments } from './arguments';
import { isAside } from './coverage';
import { isKnownType } from './twin';

const WITHOUT = 'Drill the stack without it';
/** What is on unless it is switched off, and what follows where it is. */
const ON: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_globalaccelerator_accelerator: { enabled: 'it takes no connection' },
  aws_kms_key: { is_enabled: 'AWS refuses all that is encrypted with it' },
  aws_vpc: { enable_dns_support: 'nothing in it can resolve a name' },
};
const EVERYWHERE = new Set(['tags', 'tags_all', 'timeouts', 'region', 'id']);

export function notUnderstood(graph: Graph): Finding[] {
  return [
    ...graph.modules.map((address) =>
      finding(address, 'is a module, and what is in it is not read', 'Write its resources into the stack'),
    ),
    ...graph.resources.filter(({ mode }) => mode === 'managed').flatMap((resource) => unknownPart(resource)),
  ];
}

function unknownPart(resource: Resource): Finding[] {
  const { address, type, values } = resource;
  if (!isKnownType(type)) {
    const sentence = 'is of a kind that the twin does not know, and may decide whether requests are answered';
    return when(!isAside(type), address, sentence, WITHOUT);
  }
  const known = understoodArguments(type);
  if (!known) return [];
  return [
    ...Object.keys(values)
      .filter((key) => !known.has(key) && !EVERYWHERE.has(key) && !isEmpty(resource, key))
      .map((key) =>
        finding(address, `sets ${key}, which the twin does not know and which may decide who is served`, WITHOUT),
      ),
    ...Object.entries(Object.hasOwn(ON, type) ? (ON[type] ?? {}) : {})
      .filter(([key]) => flagOf(values, key) === false)
      .map(([key, off]) => finding(address, `sets ${key} to false: ${off}`, `Set ${key} to true`)),
  ];
}

/** Off, empty, or not there: as if it were not set. */
function isEmpty({ values }: Resource, key: string): boolean {
  const descriptor = Object.getOwnPropertyDescriptor(values, key);
  if (descriptor?.get) return false;
  const value = values[key];
  return value === false || value === '' || (Array.isArray(value) && value.length === 0);
}
