// Bundles one app with esbuild into dist/<app>/; a Lambda is one minified file, index.js, with one export, handler.
import { build } from 'esbuild';
import { mkdirSync, rmSync } from 'node:fs';

const LAMBDAS = ['health-checker', 'traffic-router', 'failover-orchestrator', 'data-consistency-validator'];
const TOOLS = ['infra', 'dr'];

const app = process.argv[2] ?? '';
if (![...LAMBDAS, ...TOOLS].includes(app)) {
  console.error(`bundle: unknown app "${app}"; it must be one of ${[...LAMBDAS, ...TOOLS].join(', ')}`);
  process.exit(2);
}

const shared = {
  entryPoints: [`apps/${app}/src/main.ts`],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  tsconfig: 'tsconfig.base.json',
  logLevel: 'warning',
  legalComments: 'none',
};

rmSync(`dist/${app}`, { recursive: true, force: true });
mkdirSync(`dist/${app}`, { recursive: true });

if (LAMBDAS.includes(app)) {
  await build({
    ...shared,
    outfile: `dist/${app}/index.js`,
    target: 'node22',
    minify: true,
    mainFields: ['module', 'main'],
    supported: { 'dynamic-import': false },
    // 120 KB of ways to find credentials, where the adapters pass Lambda's own, and 13 KB of a codec that no call needs.
    alias: {
      '@aws-sdk/credential-provider-node': './libs/handler-core/src/adapters/no-credential-chain.ts',
      '@smithy/core/event-streams': './libs/handler-core/src/adapters/no-event-streams.ts',
    },
  });
} else {
  await build({
    ...shared,
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
