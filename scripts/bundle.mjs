// Bundles apps with esbuild into dist/<app>/: `node scripts/bundle.mjs APP...`. A Lambda is one minified file, index.js, with one
// export, handler.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LAMBDA_OPTIONS, PLAYER_OPTIONS, TOOL_OPTIONS } from './bundle-options.mjs';
import { bundleTool } from './bundle-tool.mjs';
import { APPS, beforeBuild, isMain, keep, LAMBDAS, root } from './freshness.mjs';

const CONFIG = 'dr.config.ts';
const MISSING = 'missing';

/** In the place of a config that is not there: `dr init` writes one, and needs none. */
const withoutConfig = {
  name: 'without-config',
  setup({ onResolve, onLoad }) {
    if (existsSync(join(root, CONFIG))) return;
    onResolve({ filter: /\/dr\.config$/ }, () => ({ path: CONFIG, namespace: MISSING }));
    onLoad({ filter: /^/, namespace: MISSING }, () => ({ contents: `throw new Error('${CONFIG} is missing')` }));
  },
};

/** Throws what esbuild throws, which has said why unless `logLevel` is silent. */
export async function bundle(apps, { logLevel } = {}) {
  const before = beforeBuild();
  const more = { ...(logLevel === undefined ? {} : { logLevel }), absWorkingDir: root, plugins: [withoutConfig] };
  const lambdas = apps.filter((app) => LAMBDAS.includes(app));
  const built = [
    ...apps
      .filter((app) => !lambdas.includes(app))
      .map((app) => (app === 'dr' ? bundleDr(more) : bundleOne(app, more))),
    ...(lambdas.length > 0 ? [bundleLambdas(lambdas, more)] : []),
  ];
  for (const { app, sources, files } of (await Promise.all(built)).flat())
    keep(
      app,
      before,
      sources.map((file) => file.replace(`${MISSING}:`, '')),
      files,
    );
}

const entryOf = (app) => `apps/${app}/src/main.ts`;

async function bundleDr(more) {
  const [tool, player] = await Promise.all([bundleTool(entryOf('dr'), more), buildPlayer(more)]);
  const sources = [...Object.keys(tool.metafile.inputs), ...player.sources];
  return { app: 'dr', sources, files: { ...tool.files, ...player.files } };
}

async function bundleOne(app, more) {
  const outfile = join('dist', app, 'main.js');
  const options = { ...TOOL_OPTIONS, ...more, entryPoints: [entryOf(app)], outfile, metafile: true, write: false };
  const { outputFiles, metafile } = await build(options);
  return { app, sources: Object.keys(metafile.inputs), files: { 'main.js': outputFiles[0].contents } };
}

/** All at once: they share the SDK, which is read a single time. */
async function bundleLambdas(apps, more) {
  const { outputFiles, metafile } = await build({
    ...LAMBDA_OPTIONS,
    ...more,
    entryPoints: Object.fromEntries(apps.map((app) => [join(app, 'index'), entryOf(app)])),
    outdir: 'dist',
    metafile: true,
    write: false,
  });
  return apps.map((app) => {
    const { contents } = outputFiles.find(({ path }) => path === join(root, 'dist', app, 'index.js'));
    return { app, sources: reachedFrom(entryOf(app), metafile), files: { 'index.js': contents } };
  });
}

/** The files that esbuild has read for one entry. */
function reachedFrom(entry, { inputs }) {
  const reached = new Set([entry]);
  for (const file of reached)
    for (const { path } of inputs[file].imports) if (Object.hasOwn(inputs, path)) reached.add(path);
  return [...reached];
}

/** The page of event logs: its script and style, in a file beside the command line. */
async function buildPlayer({ plugins: _, ...more }) {
  const { outputFiles, metafile } = await build({
    ...PLAYER_OPTIONS,
    ...more,
    entryPoints: { script: 'libs/player/src/main.tsx', style: 'libs/player/src/page.css' },
    outdir: 'dist/player',
    metafile: true,
    write: false,
  });
  const textOf = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text;
  const assets = JSON.stringify({ script: textOf('.js'), style: textOf('.css') });
  return { files: { 'player.json': assets }, sources: Object.keys(metafile.inputs) };
}

if (isMain(import.meta.url)) {
  const apps = process.argv.slice(2);
  const unknown = apps.length === 0 ? '' : apps.find((app) => !APPS.includes(app));
  if (unknown !== undefined) {
    console.error(`bundle: unknown app "${unknown}"; it must be one of ${APPS.join(', ')}`);
    process.exit(2);
  }
  await bundle(apps).catch(() => process.exit(1));
}
