// Resources in a .tf.json file: each with its line, or with the path of the construct that a program made it from.
import { lineAt, type SourceFile } from './place';
import type { Blocks, ResourceBlock } from './hcl';

export interface JsonBlocks extends Blocks {
  /** Of resources that CDKTF wrote: the paths of their constructs, e.g. `dr/mumbai/alb/resource`. */
  readonly constructs: readonly (Omit<ResourceBlock, 'file' | 'line'> & { readonly path: string })[];
}

type Json = Readonly<Record<string, unknown>>;
const NOTHING: JsonBlocks = { resources: [], calls: [], constructs: [] };

export function blocksInJson({ path, text }: SourceFile): JsonBlocks {
  const json = parsed(text);
  if (!json) return NOTHING;
  const found = (['resource', 'data'] as const).flatMap((kind) =>
    membersOf(json[kind]).flatMap(([type, named]) =>
      membersOf(named).map(([name, body]) => {
        const mode = kind === 'data' ? ('data' as const) : ('managed' as const);
        return { mode, type, name, construct: constructPath(body) };
      }),
    ),
  );
  const calls = membersOf(json['module']).flatMap(([name, body]) => {
    const source = isObject(body) ? body['source'] : undefined;
    return typeof source === 'string' ? [{ name, source }] : [];
  });
  return {
    calls,
    // What a program wrote is not in the repository: its program is.
    resources: found
      .filter(({ construct }) => construct === undefined)
      .map(({ mode, type, name }) => ({ mode, type, name, file: path, line: lineOf(text, type, name) })),
    constructs: found.flatMap(({ construct, ...of }) => (construct === undefined ? [] : [{ ...of, path: construct }])),
  };
}

function parsed(text: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : undefined;
  } catch {
    // Whoever runs Terraform is told; here it only holds no lines.
    return undefined;
  }
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Blocks may be one object or a list of them. */
const membersOf = (value: unknown): [string, unknown][] =>
  Array.isArray(value) ? value.flatMap(membersOf) : isObject(value) ? Object.entries(value) : [];

function constructPath(body: unknown): string | undefined {
  const comment = isObject(body) ? body['//'] : undefined;
  const metadata = isObject(comment) ? comment['metadata'] : undefined;
  const path = isObject(metadata) ? metadata['path'] : undefined;
  return typeof path === 'string' ? path : undefined;
}

/** Of the key of the name, after that of the type. */
function lineOf(text: string, type: string, name: string): number {
  const from = keyAt(text, type, 0);
  return lineAt(text, Math.max(from, keyAt(text, name, from)));
}

function keyAt(text: string, key: string, from: number): number {
  const quoted = JSON.stringify(key);
  for (let at = text.indexOf(quoted, from); at >= 0; at = text.indexOf(quoted, at + 1))
    if (/^\s*:/.test(text.slice(at + quoted.length, at + quoted.length + 20))) return at;
  return from;
}
