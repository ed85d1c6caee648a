/** Tests in a real browser, started by scripts/browser.mjs, which says in DR_CHROMIUM where it is. */
const { transform, moduleNameMapper, testEnvironment } = require('../jest.config.cjs');

module.exports = {
  rootDir: `${__dirname}/..`,
  roots: ['<rootDir>/browser'],
  testMatch: ['**/*.browser.ts'],
  transform,
  moduleNameMapper,
  testEnvironment,
  testTimeout: 240_000,
  maxWorkers: 1,
  verbose: true,
};
