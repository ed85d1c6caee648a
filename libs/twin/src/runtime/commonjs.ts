// Loads a CommonJS package and its JavaScript dependencies anew, with shadowed globals and replaced modules.
import { readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, extname } from 'node:path';
import { runCommonJs, type Shadows } from './compile';

interface LoadOptions {
  readonly globals: Shadows;
  /** Module name -> what `require` of it gives; wins over everything. */
  readonly replaced: Readonly<Record<string, unknown>>;
}

/** A package that would need more files than this is not what it was when it was chosen. */
const MAX_FILES = 500;

/** `entry` is an absolute file name. Node's own modules are the real ones unless replaced. */
export function loadCommonJs(entry: string, options: LoadOptions): (file: string) => unknown {
  const loaded = new Map<string, { exports: unknown }>();
  const nodeRequire = createRequire(entry);

  const load = (file: string): unknown => {
    const known = loaded.get(file);
    if (known) return known.exports;
    if (loaded.size >= MAX_FILES) throw new Error(`${entry} loads more than ${MAX_FILES} files`);
    const module: { exports: unknown } = { exports: {} };
    loaded.set(file, module);
    const text = readFileSync(file, 'utf8');
    if (extname(file) === '.json') {
      module.exports = JSON.parse(text) as unknown;
    } else {
      // `require.main === module` tells a script from a library.
      const require = Object.assign(requireFrom(file), { main: undefined });
      const own = { require, module, exports: module.exports, __filename: file, __dirname: dirname(file) };
      runCommonJs(text, file, { ...options.globals, ...own });
    }
    return module.exports;
  };

  const requireFrom = (file: string): ((name: string) => unknown) => {
    const { resolve } = createRequire(file);
    return (name) => {
      if (Object.hasOwn(options.replaced, name)) return options.replaced[name];
      // A package may bear the name of a builtin (buffer/): only the bare name is node's.
      if (isBuiltin(name)) return nodeRequire(name) as unknown;
      return load(resolve(name));
    };
  };

  return (file) => load(nodeRequire.resolve(file));
}
