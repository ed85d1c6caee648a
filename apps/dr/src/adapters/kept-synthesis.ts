// What a synthesis has written, kept below dist for the next command that would write the same.
import { createHash } from 'node:crypto';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** Of each what its warnings were, beside its files. */
const WARNINGS = 'warnings.txt';
const OUT = 'out';
const MOST_KEPT = 8;

/** Hex SHA-256 of all that decides over a synthesis: its arguments, the config as it was read, and the bundles. */
export function synthesisKey(dist: string, args: readonly string[], config: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify([process.version, args, config]));
  for (const file of bundlesIn(dist)) hash.update(`\n${file}\n`).update(readFileSync(join(dist, file)));
  return hash.digest('hex');
}

/** Code alone: the directory of a bundle holds its record and its source map as well. */
const bundlesIn = (dist: string): readonly string[] =>
  readdirSync(dist)
    .filter((app) => app !== 'dr' && statSync(join(dist, app)).isDirectory())
    .flatMap((app) => readdirSync(join(dist, app)).map((name) => join(app, name)))
    .filter((file) => file.endsWith('.js'))
    .sort();

/** Copies what was kept into `outDirectory`, and returns its warnings; undefined when nothing was, or it is gone meanwhile. */
export function keptSynthesis(directory: string, key: string, outDirectory: string): string | undefined {
  const kept = join(directory, key);
  try {
    cpSync(join(kept, OUT), outDirectory, { recursive: true });
    return readFileSync(join(kept, WARNINGS), 'utf8');
  } catch {
    return undefined;
  }
}

/** Keeps it, in place of the oldest. A directory that cannot be written to keeps nothing: that costs time, and no more. */
export function keepSynthesis(directory: string, key: string, outDirectory: string, warnings: string): void {
  let making: string | undefined;
  try {
    mkdirSync(directory, { recursive: true });
    making = mkdtempSync(join(directory, '.making-'));
    cpSync(outDirectory, join(making, OUT), { recursive: true });
    writeFileSync(join(making, WARNINGS), warnings);
    renameSync(making, join(directory, key));
    dropOldest(directory);
  } catch {
    if (making !== undefined) rmSync(making, { recursive: true, force: true });
  }
}

function dropOldest(directory: string): void {
  const byAge = readdirSync(directory)
    .map((name) => ({ path: join(directory, name), madeMs: statSync(join(directory, name)).mtimeMs }))
    .sort((a, b) => b.madeMs - a.madeMs);
  for (const { path } of byAge.slice(MOST_KEPT)) rmSync(path, { recursive: true, force: true });
}
