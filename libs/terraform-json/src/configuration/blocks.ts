// The blocks of a Terraform JSON file. Each may be written as an object or as a list of objects.
import { isObject, type Json } from '../normalise';
import { canonicalType } from '../resource-types';

export type Body = Readonly<Record<string, Json>>;

export interface ResourceBlock {
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** Without the key of an instance. */
  readonly address: string;
  readonly body: Body;
}

/** Arguments that Terraform itself reads: they are no values of the resource. */
export const META_ARGUMENTS: ReadonlySet<string> = new Set([
  ...['provider', 'depends_on', 'lifecycle', 'provisioner', 'connection', 'count', 'for_each', '//'],
]);

export function resourceBlocks(mode: ResourceBlock['mode'], block: Json | undefined): ResourceBlock[] {
  return labelled(block).flatMap(([type, byName]) =>
    labelledBlocks(byName).map(([name, body]) => {
      const address = `${mode === 'data' ? 'data.' : ''}${type}.${name}`;
      return { mode, type: canonicalType(type), name, address, body };
    }),
  );
}

/** Label -> body, of blocks with one label such as `variable`, `module` or `output`. */
export const labelledBlocks = (block: Json | undefined): readonly (readonly [string, Body])[] =>
  labelled(block).flatMap(([name, value]) => objectsIn(value).map((body) => [name, body] as const));

/** The aws provider's configurations. */
export const awsProviders = (block: Json | undefined): readonly Body[] =>
  labelledBlocks(block).flatMap(([name, body]) => (name === 'aws' ? [body] : []));

/** `depends_on`, as addresses. */
export const dependenciesIn = (body: Body): readonly string[] =>
  (Array.isArray(body['depends_on']) ? body['depends_on'] : []).map((one) => bare(String(one)));

/** Alias of the provider that a resource names; '' for the default one. */
export const providerAlias = (body: Body): string => bare(String(body['provider'] ?? 'aws')).split('.')[1] ?? '';

/** A reference may be written as `aws.mumbai` or as `${aws.mumbai}`. */
const bare = (reference: string): string => /^\$\{\s*(.*?)\s*\}$/.exec(reference)?.[1] ?? reference;

const objectsIn = (value: Json | undefined): Record<string, Json>[] =>
  (Array.isArray(value) ? value : [value]).filter(isObject);

/** Label or attribute -> value. Keys that begin with `//` are comments. */
export const labelled = (value: Json | undefined): [string, Json][] =>
  objectsIn(value)
    .flatMap((object) => Object.entries(object))
    .filter(([key]) => key !== '//');
