// The file with what `terraform state pull` printed.
import { InputError } from '@dr/contracts';
import { MAX_TERRAFORM_JSON_BYTES } from '@dr/terraform-json';
import { readFileSync, statSync } from 'node:fs';

/** Throws InputError for a file that cannot be read. */
export function readApplied(file: string): string {
  try {
    if (statSync(file).size <= MAX_TERRAFORM_JSON_BYTES) return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new InputError(`infra --applied ${file}`, 'cannot be read', 'Write `terraform state pull` into it', {
      cause,
    });
  }
  throw new InputError(
    `infra --applied ${file}`,
    `is larger than ${MAX_TERRAFORM_JSON_BYTES >> 20} MB`,
    'Write `terraform state pull` into it',
  );
}
