// The file with what `terraform state pull` printed.
import { InputError } from '@dr/contracts';
import { MAX_TERRAFORM_JSON_BYTES } from '@dr/terraform-json';
import { readFileSync, statSync } from 'node:fs';

/** Throws InputError for a file that cannot be read. */
export function readApplied(file: string): string {
  const refused = (why: string, cause?: unknown): InputError =>
    new InputError(`infra --applied ${file}`, why, 'Write `terraform state pull` into it', { cause });
  try {
    if (statSync(file).size <= MAX_TERRAFORM_JSON_BYTES) return readFileSync(file, 'utf8');
  } catch (cause) {
    throw refused('cannot be read', cause);
  }
  throw refused(`is larger than ${MAX_TERRAFORM_JSON_BYTES >> 20} MB`);
}
