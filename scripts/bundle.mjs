// Bundles apps with esbuild into dist/<app>/: `node scripts/bundle.mjs APP...`. A Lambda is one minified file, index.js, with one
// export, handler.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LAMBDA_OPTIONS, TOOL_OPTIONS } from './bundle-options.mjs';
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
  await Promise.all(
    apps.map(async (app) => {
      const isLambda = LAMBDAS.includes(app);
      const { outputFiles, metafile } = await build({
        ...(isLambda ? LAMBDA_OPTIONS : TOOL_OPTIONS),
        absWorkingDir: root,
        entryPoints: [`apps/${app}/src/main.ts`],
        outfile: join('dist', app, isLambda ? 'index.js' : 'main.js'),
        ...(logLevel === undefined ? {} : { logLevel }),
        plugins: [withoutConfig],
        metafile: true,
        write: false,
      });
      const files = outputFiles.map(({ path, contents }) => [basename(path), contents]);
      const sources = Object.keys(metafile.inputs).map((file) => file.replace(`${MISSING}:`, ''));
      keep(app, before, sources, Object.fromEntries(files));
    }),
  );
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
