/** One jest for the whole workspace; Nx narrows it by folder for affected runs. */
module.exports = {
  rootDir: __dirname,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/scripts', '<rootDir>/conformance', '<rootDir>/bench/src'],
  testMatch: ['**/*.test.ts'],
  // Tests run the bundles.
  globalSetup: '<rootDir>/scripts/build.mjs',
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }] },
  moduleNameMapper: { '^fast-check$': '<rootDir>/scripts/testing/fast-check.cjs', '^@dr/contracts/system$': '<rootDir>/libs/contracts/src/system/index.ts', '^@dr/contracts/system/config$': '<rootDir>/libs/contracts/src/system/config.ts', '^@dr/contracts/system/records$': '<rootDir>/libs/contracts/src/system/records/index.ts', '^@dr/contracts/testing$': '<rootDir>/libs/contracts/src/testing/hostile.ts', '^@dr/review/testing$': '<rootDir>/libs/review/src/testing/index.ts', '^@dr/drills/incidents$': '<rootDir>/libs/drills/src/incidents/published.ts', '^@dr/failover/stored-version$': '<rootDir>/libs/failover/src/stored-version.ts', '^@dr/consistency/restore$': '<rootDir>/libs/consistency/src/restore/index.ts', '^@dr/terraform-json/given-file$': '<rootDir>/libs/terraform-json/src/given-file.ts', '^@dr/([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts' },
  testEnvironment: '<rootDir>/scripts/testing/environment.cjs',
  // No test is timed: this only ends one that hangs, on a busy machine too.
  testTimeout: 300_000,
};
