// The zip that Terraform uploads, read back: the text of the file that holds the handler.
import { InputError } from '@dr/contracts';
import { strFromU8, unzipSync } from 'fflate';
import { readFileSync } from 'node:fs';

export interface Bundle {
  /** Path inside the zip, for stack traces. */
  readonly filename: string;
  readonly text: string;
  /** Name of the export that handles events. */
  readonly exportName: string;
}

/** Reads a zip file; tests give their own. */
export type ReadZip = (path: string) => Uint8Array;

const readZipFile: ReadZip = (path) => readFileSync(path);

/** `handler` as in aws_lambda_function, e.g. `index.handler`. Throws InputError when the zip does not hold it. */
export function readBundle(path: string, handler: string, readZip: ReadZip = readZipFile): Bundle {
  const dot = handler.lastIndexOf('.');
  const module = handler.slice(0, dot);
  const files = unzipped(path, readZip);
  const filename = [`${module}.js`, `${module}.cjs`].find((name) => Object.hasOwn(files, name));
  if (dot < 1 || !filename) {
    const held = Object.keys(files).slice(0, 5).join(', ');
    throw new InputError(
      `handler "${handler}" of ${path}`,
      `the zip holds ${held || 'nothing'}`,
      'Bundle the function first, or correct its handler',
    );
  }
  return { filename, text: strFromU8(files[filename] as Uint8Array), exportName: handler.slice(dot + 1) };
}

function unzipped(path: string, readZip: ReadZip): Readonly<Record<string, Uint8Array>> {
  try {
    return unzipSync(readZip(path));
  } catch (error) {
    throw new InputError(
      `function code ${path}`,
      `cannot be read: ${(error as Error).message}`,
      'Build the Lambdas before the stack is synthesized',
      {
        cause: error,
      },
    );
  }
}
