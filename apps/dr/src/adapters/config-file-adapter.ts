// dr.config.ts as `dr init` writes it: whole or not at all, and never over one that is there unless that is asked for.
import { asInputError, InputError } from '@dr/contracts';
import { readGivenFile } from '@dr/terraform-json/given-file';
import { createHash } from 'node:crypto';
import { copyFileSync, linkSync, lstatSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigFile } from '../context';

const NAME = 'dr.config.ts';
const BACKUP = `${NAME}.bak`;
const MAX_BYTES = 1 << 20;

export function configFile(root: string): ConfigFile {
  const path = join(root, NAME);
  // As it is when the process begins: a run may take longer than an edit.
  const sha256 = sha256Of(path);
  const exists = (): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  return {
    exists,
    sha256: () => sha256,
    write(text, { replace }) {
      const temporary = `${path}.${process.pid}.tmp`;
      try {
        writeFileSync(temporary, text, { flag: 'wx' });
        if (replace && exists()) return replaced(root, temporary);
        // Fails where a file has come to be meanwhile.
        linkSync(temporary, path);
        return null;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
          throw new InputError(NAME, 'is there already', 'Edit it, or give --force', { cause: error });
        }
        throw asInputError(error, NAME) ?? error;
      } finally {
        rmSync(temporary, { force: true });
      }
    },
  };
}

const contentOf = (path: string): Buffer =>
  readGivenFile({
    path,
    maxBytes: MAX_BYTES,
    again: true,
    refused: (why, fix, cause) => new InputError(NAME, why, fix, { cause }),
  });

function sha256Of(path: string): string | undefined {
  try {
    return createHash('sha256').update(contentOf(path)).digest('hex');
  } catch {
    return undefined;
  }
}

/** The file that a link leads to is replaced, not the link. */
function replaced(root: string, temporary: string): string {
  const target = realpathSync(join(root, NAME));
  copyFileSync(target, join(root, BACKUP));
  renameSync(temporary, target);
  return BACKUP;
}
