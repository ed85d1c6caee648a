// The twin's table engine with the packages that it asks for, as files: it reads its own at run time, so no bundle can hold it.
import { build } from 'esbuild';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './freshness.mjs';

export const ENGINE = 'dynalite';
/** The twin puts modules of its own in the place of these. */
const REPLACED = ['level', 'memory-level', 'minimist', 'lazy'];

export const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
export const writeJson = (file, value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

const packageOf = (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
/** Directories of the packages whose files esbuild has read. */
export const packagesIn = ({ metafile }) =>
  [...new Set(Object.keys(metafile.inputs).map(packageOf))].filter((one) => one !== undefined);

/** Below `directory`, each file where it looks for the others; returns the directories of its packages. */
export async function copyEngine(directory) {
  const read = await build({
    absWorkingDir: root,
    logLevel: 'silent',
    metafile: true,
    bundle: true,
    platform: 'node',
    write: false,
    // A checkout may share the packages of another one: they are named by where they are asked for.
    preserveSymlinks: true,
    external: REPLACED,
    entryPoints: [`node_modules/${ENGINE}/index.js`],
  });
  for (const file of Object.keys(read.metafile.inputs)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    copyFileSync(join(root, file), join(directory, file));
  }
  const packages = packagesIn(read);
  const names = packages.map((one) => one.replace('node_modules/', ''));
  for (const one of packages) {
    // Without what is run when it is installed, and without packages that are not there.
    const { name, version, license, main, exports, dependencies = {} } = readJson(join(root, one, 'package.json'));
    const there = Object.fromEntries(Object.entries(dependencies).filter(([other]) => names.includes(other)));
    writeJson(join(directory, one, 'package.json'), { name, version, license, main, exports, dependencies: there });
  }
  return packages;
}
