// Bundles apps with esbuild into dist/<app>/: `node scripts/bundle.mjs APP...`. A Lambda is one minified file, index.js, with one
// export, handler.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
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
  const options = {
    ...(logLevel === undefined ? {} : { logLevel }),
    absWorkingDir: root,
    plugins: [withoutConfig],
  };
  await Promise.all(
    apps.map(async (app) => {
      const entryPoint = `apps/${app}/src/main.ts`;
      const player = app === 'dr' ? await buildPlayer(logLevel) : undefined;
      const { files, metafile } =
        app === 'dr' ? await bundleTool(entryPoint, options) : await bundleWhole(app, entryPoint, options);
      const sources = Object.keys(metafile.inputs).map((file) => file.replace(`${MISSING}:`, ''));
      keep(app, before, [...sources, ...(player?.sources ?? [])], { ...files, ...player?.files });
    }),
  );
}

async function bundleWhole(app, entryPoint, more) {
  const isLambda = LAMBDAS.includes(app);
  const { outputFiles, metafile } = await build({
    ...(isLambda ? LAMBDA_OPTIONS : TOOL_OPTIONS),
    ...more,
    entryPoints: [entryPoint],
    outfile: join('dist', app, isLambda ? 'index.js' : 'main.js'),
    metafile: true,
    write: false,
  });
  return { files: Object.fromEntries(outputFiles.map(({ path, contents }) => [basename(path), contents])), metafile };
}

/** The page of event logs: its script and style, in a file beside the command line. */
async function buildPlayer(logLevel) {
  const { outputFiles, metafile } = await build({
    ...PLAYER_OPTIONS,
    ...(logLevel === undefined ? {} : { logLevel }),
    absWorkingDir: root,
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
