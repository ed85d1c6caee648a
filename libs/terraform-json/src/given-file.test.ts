// Whatever a path leads to: a file or a pipe is read up to the limit, and nothing else is opened.
import { InputError } from '@dr/contracts';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readGivenFile } from './given-file';

const directory = mkdtempSync(join(tmpdir(), 'dr-given-'));
afterAll(() => rmSync(directory, { recursive: true }));
const at = (name: string): string => join(directory, name);
const MAX_BYTES = 1 << 20;

const read = (path: string, again = false): string =>
  readGivenFile({
    path,
    maxBytes: MAX_BYTES,
    again,
    refused: (why, fix, cause) => new InputError('it', why, fix, { cause }),
  }).toString();

/** A pipe that a shell writes into, until nobody reads it any more. */
function pipe(name: string, writer: string): string {
  execFileSync('mkfifo', [at(name)]);
  spawn('sh', ['-c', `${writer} > "$0"`, at(name)], { stdio: 'ignore' });
  return at(name);
}

function file(name: string, bytes: number): string {
  writeFileSync(at(name), '');
  truncateSync(at(name), bytes);
  return at(name);
}

test('a file is read whole, as large as is allowed', () => {
  writeFileSync(at('text'), 'Mumbai\n');
  expect(read(at('text'))).toBe('Mumbai\n');
  expect(read(at('text'), true)).toBe('Mumbai\n');
  expect(read(file('full', MAX_BYTES))).toHaveLength(MAX_BYTES);
  expect(() => read(file('over', MAX_BYTES + 1))).toThrow('it: is larger than 1 MB. Name a file that is meant for it');
});

test('a file is read to its end, whatever it says of its size', () => {
  expect(read('/proc/self/status')).toMatch(/^Name:/);
});

test('a pipe is read to its end, and one that never ends no further than the limit', () => {
  expect(read(pipe('short', 'printf "Mumbai\\n"'))).toBe('Mumbai\n');
  expect(read(pipe('full-pipe', `head -c ${MAX_BYTES} /dev/zero`))).toHaveLength(MAX_BYTES);
  expect(() => read(pipe('endless', 'yes'))).toThrow('it: is larger than 1 MB. Name a file that is meant for it');
});

test('a pipe cannot be read more than once, and is not opened', () => {
  execFileSync('mkfifo', [at('nobody-writes')]);
  expect(() => read(at('nobody-writes'), true)).toThrow(
    'it: is a pipe, and would have to be read more than once. Write it into a file first',
  );
});

test.each([
  ['/dev/zero', 'is a device, which may never end. Name a file or a pipe'],
  ['/dev/null', 'is a device, which may never end. Name a file or a pipe'],
  [tmpdir(), 'is a directory. Name a file that exists and may be read'],
  ['/nowhere/at/all', 'there is no such file. Name a file that exists and may be read'],
  [join(__filename, 'below'), 'there is no such file. Name a file that exists and may be read'],
])('fails on %s', (path, said) => {
  expect(() => read(path)).toThrow(`it: ${said}`);
});

test('fails on a link to a device, and on a socket', async () => {
  symlinkSync('/dev/zero', at('link'));
  expect(() => read(at('link'), true)).toThrow('it: is a device, which may never end. Name a file');
  const server = createServer().listen(at('socket'));
  await once(server, 'listening');
  expect(() => read(at('socket'))).toThrow('it: is a socket. Name a file or a pipe');
  server.close();
});
