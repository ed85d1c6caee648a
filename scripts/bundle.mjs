// Bundles one app with esbuild into dist/<app>/; a Lambda is one minified file, index.js, with one export, handler.
import { build } from 'esbuild';
import { mkdirSync, rmSync } from 'node:fs';
import { LAMBDA_OPTIONS, SHARED_OPTIONS } from './bundle-options.mjs';

const LAMBDAS = ['health-checker', 'traffic-router', 'failover-orchestrator', 'data-consistency-validator'];
const TOOLS = ['infra', 'dr'];

const app = process.argv[2] ?? '';
if (![...LAMBDAS, ...TOOLS].includes(app)) {
  console.error(`bundle: unknown app "${app}"; it must be one of ${[...LAMBDAS, ...TOOLS].join(', ')}`);
  process.exit(2);
}

const entryPoints = [`apps/${app}/src/main.ts`];

rmSync(`dist/${app}`, { recursive: true, force: true });
mkdirSync(`dist/${app}`, { recursive: true });

if (LAMBDAS.includes(app)) {
  await build({ ...LAMBDA_OPTIONS, entryPoints, outfile: `dist/${app}/index.js` });
} else {
  await build({
    ...SHARED_OPTIONS,
    entryPoints,
    outfile: `dist/${app}/main.js`,
    target: 'node20',
    sourcemap: true,
    // Without .json: from the root, "cdktf" would find cdktf.json before the package.
    resolveExtensions: ['.ts', '.js'],
    // The twin's engine stays in node_modules: it reads its own files at run time. The AWS SDK does too: only commands on
    // an applied system load it. cdktf starts faster bundled in.
    external: ['dynalite', 'esbuild', '@aws-sdk/*'],
  });
}
