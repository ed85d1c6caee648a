/** End-to-end tests, started by scripts/e2e.mjs: real Terraform, an emulated AWS. Each file has an AWS of its own. */
const { transform, moduleNameMapper, testEnvironment } = require('../jest.config.cjs');

module.exports = {
  rootDir: `${__dirname}/..`,
  roots: ['<rootDir>/e2e'],
  testMatch: ['**/*.e2e.ts'],
  transform,
  moduleNameMapper,
  testEnvironment,
  testTimeout: 600_000,
  maxWorkers: 2,
  verbose: true,
};
