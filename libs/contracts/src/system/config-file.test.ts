// A config file is a program: whatever it does, one paragraph says so.
import { fromConfigFile } from './config-file';
import { InputError } from '../input-error';

const read = (module: object) =>
  fromConfigFile(
    () => Promise.resolve(module),
    (input: unknown) => input,
  );

test('what the file exports is parsed', async () => {
  const exported = { system: 'dr' };
  expect(await read({ default: exported })).toBe(exported);
});

const throwing = {
  get system() {
    throw new Error('too late');
  },
};

test.each<[string, () => Promise<unknown>, RegExp]>([
  ['nothing', () => read({ config: {} }), /has no default export/],
  ['null', () => read({ default: null }), /exports null/],
  ['text', () => read({ default: 'dr' }), /exports dr/],
  ['a list', () => read({ default: [] }), /exports a list/],
  ['a function', () => read({ default: () => ({}) }), /exports a function/],
  ['a promise', () => read({ default: Promise.resolve({}) }), /exports a promise/],
  ['a promise that fails', () => read({ default: Promise.reject(new Error('x')) }), /exports a promise/],
  [
    'a file that throws',
    () => fromConfigFile(() => Promise.reject(new Error('no\n credentials')), String),
    /^dr\.config\.ts: throws when it is read \(no credentials\)\. Mend it there$/,
  ],
  ['a file that throws no error', () => fromConfigFile(() => Promise.reject(7 as never), String), /read \(7\)/],
  [
    'a config that throws when it is looked at',
    () =>
      fromConfigFile(
        () => Promise.resolve({ default: throwing }),
        ({ system }: { system: string }) => system,
      ),
    /read \(too late\)/,
  ],
])('fails on %s', async (_, reading, message) => {
  await expect(reading()).rejects.toThrow(InputError);
  await expect(reading()).rejects.toThrow(message);
});
