// How esbuild makes a Lambda's bundle: shared by the build and by whoever needs a bundle of changed sources.

export const SHARED_OPTIONS = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  tsconfig: 'tsconfig.base.json',
  logLevel: 'warning',
  legalComments: 'none',
};

export const LAMBDA_OPTIONS = {
  ...SHARED_OPTIONS,
  target: 'node22',
  minify: true,
  mainFields: ['module', 'main'],
  supported: { 'dynamic-import': false },
  // 120 KB of ways to find credentials, where the adapters pass Lambda's own, and 13 KB of a codec that no call needs.
  alias: {
    '@aws-sdk/credential-provider-node': './libs/handler-core/src/adapters/no-credential-chain.ts',
    '@smithy/core/event-streams': './libs/handler-core/src/adapters/no-event-streams.ts',
  },
};

/** The page of an event log: one classic script, and its style. */
export const PLAYER_OPTIONS = {
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  minify: true,
  tsconfig: 'libs/player/tsconfig.json',
  logLevel: 'warning',
  legalComments: 'none',
};

export const TOOL_OPTIONS = {
  ...SHARED_OPTIONS,
  target: 'node20',
  // Without .json: from the root, "cdktf" would find cdktf.json before the package.
  resolveExtensions: ['.ts', '.js'],
  // The twin's engine stays in node_modules: it reads its own files at run time. The AWS SDK does too: only commands on
  // an applied system load it. cdktf starts faster bundled in.
  external: ['dynalite', 'esbuild', '@aws-sdk/*'],
};
