// The file with what `terraform state pull` printed.
import { InputError } from '@dr/contracts';
import { MAX_TERRAFORM_JSON_BYTES } from '@dr/terraform-json';
import { readGivenFile } from '@dr/terraform-json/given-file';

/** Throws InputError for a file that cannot be read. */
export const readApplied = (path: string): string =>
  readGivenFile({
    path,
    maxBytes: MAX_TERRAFORM_JSON_BYTES,
    refused: (why, _, cause) =>
      new InputError(`infra --applied ${path}`, why, 'Write `terraform state pull` into it', { cause }),
  }).toString();
