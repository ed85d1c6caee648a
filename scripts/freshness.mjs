// Is a bundle what its sources make? Judged by content: beside every bundle stands a record of what it was made from.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** True in the script that was started, whatever link it was found by. */
export const isMain = (url) =>
  process.argv[1] !== undefined && realpathSync(resolve(process.argv[1])) === realpathSync(fileURLToPath(url));

/** The one list of the functions, each with what it does. */
export const FUNCTIONS_FILE = 'libs/contracts/src/system/functions.json';
export const LAMBDAS = Object.keys(JSON.parse(readFileSync(join(root, FUNCTIONS_FILE), 'utf8')));
export const TOOLS = ['infra', 'dr'];
export const APPS = [...LAMBDAS, ...TOOLS];

/** In the directory of each bundle. Nx keeps it in its cache together with the bundle, so what comes from there is judged as well. */
export const RECORD = 'build.json';
const SOURCE_DIRECTORIES = ['apps', 'libs'];
const MODULE = /\.[cm]?[jt]sx?$|\.json$/;
/** What decides over a bundle and is not among the files that esbuild reads. The second says which packages are installed. */
const BUILDER = [
  'package.json',
  'package-lock.json',
  'node_modules/.package-lock.json',
  'tsconfig.base.json',
  ...['bundle.mjs', 'bundle-options.mjs', 'bundle-tool.mjs', 'freshness.mjs'].map((file) => `scripts/${file}`),
];

const digest = (content) => createHash('sha256').update(content).digest('base64');

/** Base64 SHA-256 of a file below the root, or `absent`. */
function digestOf(file) {
  try {
    return digest(readFileSync(join(root, file)));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(error.code)) return 'absent';
    throw error;
  }
}

/** Paths of all modules of the project but tests, from the root. */
const modules = () =>
  SOURCE_DIRECTORIES.flatMap((directory) =>
    readdirSync(join(root, directory), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && MODULE.test(entry.name) && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
      .map((path) => relative(root, path).split(sep).join('/')),
  ).sort();

/** Asks once for what several bundles share. */
function asker() {
  const digests = new Map();
  let names;
  return {
    digest: (file) => {
      if (!digests.has(file)) digests.set(file, digestOf(file));
      return digests.get(file);
    },
    /** A new file may be what an import finds from now on. */
    names: () => (names ??= digest(modules().join('\n'))),
  };
}

function readRecord(app) {
  try {
    const { inputs, names, outputs } = JSON.parse(readFileSync(join(root, 'dist', app, RECORD), 'utf8'));
    const complete = Object.keys(inputs).length > 0 && Object.keys(outputs).length > 0 && typeof names === 'string';
    return complete ? { inputs, names, outputs } : undefined;
  } catch {
    return undefined;
  }
}

const holds = (digests, ask, directory = '') =>
  Object.entries(digests).every(([file, known]) => ask.digest(`${directory}${file}`) === known);

/** The apps whose bundle is missing, was changed, or is not what the sources make now. */
export function staleApps() {
  const ask = asker();
  return APPS.filter((app) => {
    const record = readRecord(app);
    if (!record || record.names !== ask.names()) return true;
    return !holds(record.inputs, ask) || !holds(record.outputs, ask, `dist/${app}/`);
  });
}

/** Of bundles without their sources, as a pipeline hands them over: the apps whose bundle is missing or was changed. */
export function changedApps(apps) {
  const ask = asker();
  return apps.filter((app) => {
    const record = readRecord(app);
    return !record || !holds(record.outputs, ask, `dist/${app}/`);
  });
}

/** Digests from before a build: whoever changes a file meanwhile makes the bundle stale, never the record wrong. */
export function beforeBuild() {
  const ask = asker();
  const atRoot = readdirSync(root).filter((name) => MODULE.test(name));
  for (const file of [...BUILDER, ...atRoot, ...modules()]) ask.digest(file);
  ask.names();
  return ask;
}

/** The packages of these files, each as `name@version`. */
const packagesOf = (sources) =>
  [...new Set(sources.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]))]
    .filter((directory) => directory !== undefined)
    .map((directory) => JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8')))
    .map(({ name, version }) => `${name}@${version}`)
    .sort();

/**
 * Puts a bundle and then its record in place; a reader finds the former file or the new one. `before`: of beforeBuild();
 * `sources`: files that esbuild read; `files`: name -> content.
 */
export function keep(app, before, sources, files) {
  const directory = join(root, 'dist', app);
  mkdirSync(directory, { recursive: true });
  rmSync(join(directory, RECORD), { force: true });
  for (const name of readdirSync(directory)) if (!(name in files)) rmSync(join(directory, name), { recursive: true });
  const outputs = Object.entries(files).map(([name, content]) => [name, digest(content)]);
  const own = sources.filter((file) => !/(^|\/)node_modules\//.test(file));
  const inputs = [...BUILDER, ...own].map((file) => [file, before.digest(file)]);
  const record = {
    names: before.names(),
    inputs: Object.fromEntries(inputs),
    outputs: Object.fromEntries(outputs),
    packages: packagesOf(sources),
  };
  for (const [name, content] of [...Object.entries(files), [RECORD, JSON.stringify(record)]]) {
    const file = join(directory, name);
    writeFileSync(`${file}.${process.pid}.tmp`, content);
    renameSync(`${file}.${process.pid}.tmp`, file);
  }
}
