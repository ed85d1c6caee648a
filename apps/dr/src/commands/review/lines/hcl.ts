// Headers of blocks in a .tf file: where each resource begins, and where each module comes from. No expression is read.
import { type Place, type ResourceName, type SourceFile } from './place';

export interface ResourceBlock extends ResourceName, Place {}

/** A call of a module in a folder. */
export interface ModuleCall {
  readonly name: string;
  /** Folder of the file that calls. */
  readonly from: string;
  readonly source: string;
}

export interface Blocks {
  readonly resources: readonly ResourceBlock[];
  readonly calls: readonly Omit<ModuleCall, 'from'>[];
}

const LABEL = '"?([A-Za-z][\\w-]*)"?';
const RESOURCE = new RegExp(`^\\s*(resource|data)\\s+${LABEL}\\s+${LABEL}\\s*\\{?`);
const MODULE = new RegExp(`^\\s*module\\s+${LABEL}\\s*\\{`);
const SOURCE = /^\s*source\s*=\s*"([^"]*)"/;
const HEREDOC = /<<[-~]?([A-Za-z_]\w*)\s*$/;

export function blocksIn({ path, text }: SourceFile): Blocks {
  const resources: ResourceBlock[] = [];
  const calls: { name: string; source: string }[] = [];
  let module: string | undefined;
  for (const [line, code] of codeLines(text)) {
    const [, kind, type = '', name = ''] = RESOURCE.exec(code) ?? [];
    if (kind !== undefined) {
      resources.push({ mode: kind === 'data' ? 'data' : 'managed', type, name, file: path, line });
      module = undefined;
    }
    module = MODULE.exec(code)?.[1] ?? module;
    const source = SOURCE.exec(code)?.[1] ?? /\{\s*source\s*=\s*"([^"]*)"/.exec(code)?.[1];
    if (module === undefined || source === undefined) continue;
    calls.push({ name: module, source });
    module = undefined;
  }
  return { resources, calls };
}

/** Lines with their numbers, without those of comments and of texts that run over lines. */
function* codeLines(text: string): Generator<[line: number, code: string]> {
  let ends: { readonly comment: true } | { readonly heredoc: string } | undefined;
  let at = 0;
  for (const line of text.split('\n')) {
    at += 1;
    if (ends && 'heredoc' in ends) {
      if (line.trim() === ends.heredoc) ends = undefined;
      continue;
    }
    let code = line;
    if (ends) {
      const end = code.indexOf('*/');
      if (end < 0) continue;
      code = code.slice(end + 2);
      ends = undefined;
    }
    if (/^\s*(#|\/\/)/.test(code)) continue;
    // A comment that opens within a text is none: what follows a quote is left as it is.
    const opens = code.indexOf('/*');
    if (opens >= 0 && !code.slice(0, opens).includes('"') && code.indexOf('*/', opens) < 0) {
      ends = { comment: true };
      code = code.slice(0, opens);
    }
    const [, heredoc] = HEREDOC.exec(code) ?? [];
    if (heredoc !== undefined) ends = { heredoc };
    yield [at, code];
  }
}
