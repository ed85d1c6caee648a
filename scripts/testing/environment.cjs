// Jest's Node environment, which also ends the AsyncLocalStorage of each test file. Jest makes one for each file and leaves it on:
// on Node 20 every later promise of the worker pays for it, so that a file which comes last runs five times as long as alone.
const asyncHooks = require('node:async_hooks');
const { TestEnvironment } = require('jest-environment-node');

const NAME = 'AsyncLocalStorage';
const ORDINARY = { configurable: true, enumerable: true, writable: true };

module.exports = class extends TestEnvironment {
  made = [];

  async setup() {
    await super.setup();
    const { made } = this;
    // A value on Node 20, a getter without a setter from Node 22 on.
    this.original = Object.getOwnPropertyDescriptor(asyncHooks, NAME);
    const Counted = class extends asyncHooks.AsyncLocalStorage {
      constructor(...args) {
        super(...args);
        made.push(this);
      }
    };
    Object.defineProperty(asyncHooks, NAME, { ...ORDINARY, value: Counted });
  }

  async teardown() {
    Object.defineProperty(asyncHooks, NAME, this.original);
    for (const storage of this.made) storage.disable();
    await super.teardown();
  }
};
