// Where things stand in the files of a repository.

export interface SourceFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** A resource as its configuration has it: without instances. */
export interface ResourceName {
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
}

export const keyOf = ({ mode, type, name }: ResourceName): string => `${mode} ${type}.${name}`;

export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

const KEYS = /\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g;

/** Where several files have one address, what follows names the file. */
const FROM = / \(([^()]+)\)$/;

interface Parsed extends ResourceName {
  /** The outermost first. */
  readonly modules: readonly string[];
  readonly from: string | undefined;
}

/** `module.a["x"].aws_lb.b[0]` -> its modules and the resource; undefined for what is no address, as a DNS name. */
export function parsedAddress(address: string): Parsed | undefined {
  const from = FROM.exec(address)?.[1];
  const parts = address.replace(FROM, '').replace(KEYS, '').split('.');
  const modules: string[] = [];
  while (parts[0] === 'module' && parts.length > 2) modules.push(parts.splice(0, 2)[1] ?? '');
  const mode = parts[0] === 'data' && parts.length === 3 ? 'data' : 'managed';
  const [type = '', name = '', ...rest] = mode === 'data' ? parts.slice(1) : parts;
  const isType = /^(?!module$)[a-z][\w-]*$/.test(type);
  return rest.length > 0 || name === '' || !isType ? undefined : { mode, type, name, modules, from };
}
