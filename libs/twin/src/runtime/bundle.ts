// The zip that Terraform uploads, read back, or the one file that would be in it: the text of the file that holds the handler.
import { InputError } from '@dr/contracts';
import { readGivenFile } from '@dr/terraform-json/given-file';
import { strFromU8, unzipSync } from 'fflate';
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { entryOf } from '../kernel/entry-of';

export interface Bundle {
  /** Path inside the zip, for stack traces. */
  readonly filename: string;
  readonly text: string;
  /** Name of the export that handles events. */
  readonly exportName: string;
}

/** Reads a file; tests give their own. */
export type ReadFile = (path: string) => Uint8Array;

/** Lambda takes no more than that. */
const MAX_ZIP_BYTES = 250 << 20;

const unusable = (path: string, why: string, cause?: unknown): InputError =>
  new InputError(
    `function code ${path}`,
    `cannot be read: ${why}`,
    'Build the Lambdas before the stack is synthesized',
    {
      cause,
    },
  );

const contentOf: ReadFile = (path) =>
  readGivenFile({
    path,
    maxBytes: MAX_ZIP_BYTES,
    again: true,
    refused: (why, _, cause) => unusable(path, why, cause),
  });

/** `handler` as in aws_lambda_function, e.g. `index.handler`. Throws InputError when the file does not hold it. */
export function readBundle(path: string, handler: string, readFile: ReadFile = contentOf): Bundle {
  const dot = handler.lastIndexOf('.');
  const module = handler.slice(0, dot);
  if (dot > 0 && /\.c?js$/.test(path)) {
    return { filename: basename(path), text: strFromU8(readFile(path)), exportName: handler.slice(dot + 1) };
  }
  const files = unzipped(path, readFile);
  const filename = [`${module}.js`, `${module}.cjs`].find((name) => Object.hasOwn(files, name));
  if (dot < 1 || !filename) {
    const held = Object.keys(files).slice(0, 5).join(', ');
    throw new InputError(
      `handler "${handler}" of ${path}`,
      `the zip holds ${held || 'nothing'}`,
      'Bundle the function first, or correct its handler',
    );
  }
  return { filename, text: files[filename] as string, exportName: handler.slice(dot + 1) };
}

/** Unzipped texts by the zip's hash: a process that makes many twins reads the same few bundles. */
const texts = new Map<string, Readonly<Record<string, string>>>();
const MAX_TEXTS = 100;

function unzipped(path: string, readFile: ReadFile): Readonly<Record<string, string>> {
  try {
    const zip = readFile(path);
    return entryOf(texts, createHash('sha256').update(zip).digest('hex'), () => {
      if (texts.size >= MAX_TEXTS) texts.clear();
      return Object.fromEntries(Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, strFromU8(bytes)]));
    });
  } catch (cause) {
    throw cause instanceof InputError ? cause : unusable(path, (cause as Error).message, cause);
  }
}
