/** One jest for the whole workspace; Nx narrows it by folder for affected runs. */
module.exports = {
  rootDir: __dirname,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/scripts'],
  testMatch: ['**/*.test.ts'],
  // Tests run the bundles.
  globalSetup: '<rootDir>/scripts/build.mjs',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }] },
  moduleNameMapper: { '^@dr/contracts/config$': '<rootDir>/libs/contracts/src/config.ts', '^@dr/contracts/records$': '<rootDir>/libs/contracts/src/records/index.ts', '^@dr/contracts/testing$': '<rootDir>/libs/contracts/src/testing/hostile.ts', '^@dr/([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts' },
  testEnvironment: 'node',
  // No test is timed: this only ends one that hangs, on a busy machine too.
  testTimeout: 300_000,
};
