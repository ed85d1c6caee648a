// What the build has written beside a bundle. It is there in a clone, and in what a pipeline hands over.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const RECORD = 'build.json';

/** `name@version` of each package that the bundle in `directory` was made from; undefined where no record says so. */
export function packagesIn(directory: string): readonly string[] | undefined {
  try {
    const { packages } = JSON.parse(readFileSync(join(directory, RECORD), 'utf8')) as { readonly packages?: unknown };
    return Array.isArray(packages) && packages.every((one) => typeof one === 'string') ? packages : undefined;
  } catch {
    return undefined;
  }
}
