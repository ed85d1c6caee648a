// The files of a directory, as far as they are wanted: never through a link, never without an end.
import { InputError } from '@dr/contracts';
import { lstatSync, opendirSync, readFileSync, statSync, type Dirent } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { SourceReader } from '../context';

/** What a repository may hold before somebody is asked to name a part of it. */
export const LIMITS = { entries: 200_000, fileBytes: 4 << 20, bytes: 256 << 20 };
/** What is in them was not written here. */
const SKIPPED = new Set(['node_modules']);

export const sourceFiles =
  (limits = LIMITS): SourceReader['read'] =>
  (directory, isWanted) => {
    const what = `--source "${directory}"`;
    if (!isDirectory(directory))
      throw new InputError(
        what,
        'is no directory that exists and may be read',
        'Name the directory of the Terraform files',
      );
    const shown = shownFolder(directory);
    const found: string[] = [];
    let [entries, bytes, unread] = [0, 0, 0];
    const waiting = [''];
    for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
      const inside = entriesOf(join(directory, folder), limits.entries - entries);
      if (!inside) {
        if (folder === '') throw new InputError(what, 'may not be read', 'Name a directory that may be read');
        unread += 1;
        continue;
      }
      entries += inside.length;
      if (entries >= limits.entries)
        throw new InputError(
          what,
          `holds more than ${limits.entries} files and directories`,
          'Name a directory further down, of the Terraform files',
        );
      for (const entry of inside) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name)) waiting.push(path);
        if (entry.isFile() && isWanted(entry.name)) found.push(path);
      }
    }
    const files = found.sort().flatMap((path) => {
      const text = textOf(join(directory, path), limits.fileBytes);
      if (text === undefined) {
        unread += 1;
        return [];
      }
      bytes += text.length;
      if (bytes > limits.bytes)
        throw new InputError(
          what,
          `holds more than ${limits.bytes >> 20} MB of source`,
          'Name a directory further down, of the Terraform files',
        );
      return [{ path: shown === '' ? path : `${shown}/${path}`, text }];
    });
    return { files, unread };
  };

/** Paths are from the working directory, which is the repository's; of a directory elsewhere, from itself. */
function shownFolder(directory: string): string {
  const path = relative(process.cwd(), resolve(directory));
  return path.startsWith('..') || isAbsolute(path) ? '' : path.split(sep).join('/');
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** `most` and one more at most; undefined where it may not be read. */
function entriesOf(path: string, most: number): Dirent[] | undefined {
  try {
    const directory = opendirSync(path);
    try {
      const entries: Dirent[] = [];
      for (let one = directory.readSync(); one && entries.length <= most; one = directory.readSync()) entries.push(one);
      return entries;
    } finally {
      directory.closeSync();
    }
  } catch {
    return undefined;
  }
}

/** undefined where it may not be read, is too large, or is no longer a file. */
function textOf(path: string, maxBytes: number): string | undefined {
  try {
    const found = lstatSync(path);
    return found.isFile() && found.size <= maxBytes ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** A file of the repository, by its path from the working directory: with `/`, and not out of it. */
export const isRepositoryFile: SourceReader['isFile'] = (path) =>
  !isAbsolute(path) &&
  !path.split(/[\\/]/).includes('..') &&
  statSync(path, { throwIfNoEntry: false })?.isFile() === true;
