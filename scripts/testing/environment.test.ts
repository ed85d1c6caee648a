// A test file leaves no storage on that later files of its worker would pay for.
import type { JestEnvironment } from '@jest/environment';
import asyncHooks from 'node:async_hooks';

type Constructor = new (config: object, context: object) => JestEnvironment;
const TestEnvironment = jest.requireActual<Constructor>('./environment.cjs');

const environment = (): JestEnvironment =>
  new TestEnvironment(
    { globalConfig: {}, projectConfig: { globals: {}, testEnvironmentOptions: {}, fakeTimers: {} } },
    { console, docblockPragmas: {}, testPath: __filename },
  );

test('what a file stores while it runs is stored no longer when it has ended', async () => {
  const before = asyncHooks.AsyncLocalStorage;
  const one = environment();
  await one.setup();
  const storage = new asyncHooks.AsyncLocalStorage<string>();
  await storage.run('of the file', async () => {
    expect(storage.getStore()).toBe('of the file');
    await one.teardown();
    expect(storage.getStore()).toBeUndefined();
  });
  expect(asyncHooks.AsyncLocalStorage).toBe(before);
});
