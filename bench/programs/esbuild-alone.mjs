// Bundles every app of the project in the working directory, as a build script of one call each would: `node esbuild-alone.mjs OUT`.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = process.cwd();
const [out] = process.argv.slice(2);
const own = (file) => import(pathToFileURL(join(root, 'scripts', file)).href);
const { build } = createRequire(join(root, 'scripts', 'build.mjs'))('esbuild');
const [{ LAMBDA_OPTIONS, PLAYER_OPTIONS, TOOL_OPTIONS }, { LAMBDAS, TOOLS }] = await Promise.all([
  own('bundle-options.mjs'),
  own('freshness.mjs'),
]);

const entry = (app) => ({
  absWorkingDir: root,
  entryPoints: [`apps/${app}/src/main.ts`],
  outfile: join(out, `${app}.js`),
});
await Promise.all([
  ...LAMBDAS.map((app) => build({ ...LAMBDA_OPTIONS, ...entry(app) })),
  ...TOOLS.map((app) => build({ ...TOOL_OPTIONS, ...entry(app) })),
  build({
    ...PLAYER_OPTIONS,
    absWorkingDir: root,
    entryPoints: { script: 'libs/player/src/main.tsx', style: 'libs/player/src/page.css' },
    outdir: join(out, 'player'),
  }),
]);
