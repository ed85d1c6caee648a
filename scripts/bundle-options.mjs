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
