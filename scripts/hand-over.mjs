// What a job with credentials runs: bundles and scripts that need no package beside them, in one archive whose SHA-256 is printed.
// `node scripts/hand-over.mjs [FILE]`. There, `node scripts/release.mjs`, `node scripts/plan.mjs`,
// `node scripts/action-comment.mjs`, `node scripts/approval.mjs` and `node dist/account/main.js` run.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { TOOL_OPTIONS } from './bundle-options.mjs';
import { COMMITTED_LOCK, main, run } from './deployment.mjs';
import { temporaryDirectory } from './ending.mjs';
import { copyEngine } from './engine.mjs';
import { APPS, FUNCTIONS_FILE, root } from './freshness.mjs';

const SCRIPTS = ['release', 'plan', 'action-comment', 'approval'];

await main('hand-over', async () => {
  const file = resolve(process.argv[2] ?? 'hand-over.tar');
  const directory = temporaryDirectory('dr-hand-over-');
  cpSync(join(root, FUNCTIONS_FILE), join(directory, FUNCTIONS_FILE));
  for (const app of APPS) cpSync(join(root, 'dist', app), join(directory, 'dist', app), { recursive: true });
  // Packages of CommonJS ask for node's own modules by require.
  const banner = {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  };
  await build({
    absWorkingDir: root,
    entryPoints: SCRIPTS.map((name) => `scripts/${name}.mjs`),
    outdir: join(directory, 'scripts'),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    // There is nothing to build where there are no sources.
    external: ['./bundle.mjs'],
    banner,
    logLevel: 'warning',
  });
  // The command line with the AWS SDK in it: preflight has no packages to load it from. A game day is rehearsed on the twin, which needs
  // its table engine.
  await copyEngine(directory);
  await build({
    ...TOOL_OPTIONS,
    absWorkingDir: root,
    entryPoints: ['apps/dr/src/main.ts'],
    outfile: join(directory, 'dist', 'account', 'main.js'),
    minify: true,
    external: ['dynalite', 'esbuild'],
  });
  if (existsSync(COMMITTED_LOCK)) {
    mkdirSync(join(directory, dirname(COMMITTED_LOCK)));
    cpSync(COMMITTED_LOCK, join(directory, COMMITTED_LOCK));
  }
  run('tar', ['-cf', file, '-C', directory, '.']);
  console.log(createHash('sha256').update(readFileSync(file)).digest('hex'));
});
