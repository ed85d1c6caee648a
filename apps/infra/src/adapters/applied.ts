// The file with what `terraform state pull` printed.
import { InputError } from '@dr/contracts';
import { readFileSync } from 'node:fs';

/** Throws InputError for a file that cannot be read. */
export function readApplied(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new InputError(`infra --applied ${file}`, 'cannot be read', 'Write `terraform state pull` into it', {
      cause,
    });
  }
}
