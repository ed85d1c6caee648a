// What runs, as a digest: two processes with the same one run the same seed to the same end.
import { asInputError } from '@dr/contracts';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** Hex SHA-256 of the program's own files, which stand beside `script`, and of `files`, wherever they are. Throws InputError. */
export function codeSha256(script: string, files: readonly string[]): string {
  try {
    const directory = dirname(script);
    const own = readdirSync(directory)
      .filter((name) => name.endsWith('.js'))
      .sort()
      .map((name) => `${name} ${sha256(join(directory, name))}`);
    const given = files.map(sha256).sort();
    return createHash('sha256')
      .update([...own, ...given].join('\n'))
      .digest('hex');
  } catch (error) {
    throw asInputError(error) ?? error;
  }
}
