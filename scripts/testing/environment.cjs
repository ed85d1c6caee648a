// Jest's Node environment, which also ends the AsyncLocalStorage of each test file. Jest makes one for each file and leaves it on:
// on Node 20 every later promise of the worker pays for it, so that a file which comes last runs five times as long as alone.
const asyncHooks = require('node:async_hooks');
const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
  made = [];

  async setup() {
    await super.setup();
    const { made } = this;
    this.original = asyncHooks.AsyncLocalStorage;
    asyncHooks.AsyncLocalStorage = class extends this.original {
      constructor(...args) {
        super(...args);
        made.push(this);
      }
    };
  }

  async teardown() {
    asyncHooks.AsyncLocalStorage = this.original;
    for (const storage of this.made) storage.disable();
    await super.teardown();
  }
};
