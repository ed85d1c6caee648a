// dr.config.ts is a program, and may do as programs do: whatever it does instead of exporting a config is said in one paragraph.
import { InputError } from '../input-error';

const FIX = 'Export the config itself: `export default config`, a plain object as in docs/getting-started.md';

/** `load` imports the file, `parse` reads its default export. Throws InputError for a file that throws or exports no plain object. */
export async function fromConfigFile<Input, Output>(
  load: () => Promise<object>,
  parse: (input: Input) => Output,
): Promise<Output> {
  try {
    const input = (await load()) as { readonly default?: unknown };
    return parse(objectOf(input.default) as Input);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError('dr.config.ts', `throws when it is read (${said(error)})`, 'Mend it there', { cause: error });
  }
}

function objectOf(exported: unknown): object {
  const what = 'dr.config.ts';
  if (exported === undefined) throw new InputError(what, 'has no default export', FIX);
  if (typeof exported === 'function') throw new InputError(what, 'exports a function, which nobody calls', FIX);
  if (typeof exported !== 'object' || exported === null || Array.isArray(exported))
    throw new InputError(what, `exports ${Array.isArray(exported) ? 'a list' : `${String(exported)}`}`, FIX);
  if ('then' in exported && typeof exported.then === 'function') {
    // Nobody waits for it, and its failure must not end the process in another way.
    void Promise.resolve(exported).catch(() => undefined);
    throw new InputError(what, 'exports a promise, which nobody waits for', FIX);
  }
  return exported;
}

const said = (error: unknown): string =>
  String(error instanceof Error ? error.message : error)
    .replace(/\s+/g, ' ')
    .trim();
