// A directory is read without a circle, without an end that it has not, and whatever of it may not be read.
import { InputError } from '@dr/contracts';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { isRepositoryFile, LIMITS, sourceFiles } from './source-files-adapter';

const folder = mkdtempSync(join(tmpdir(), 'source-'));
afterAll(() => rmSync(folder, { recursive: true }));

const made = (name: string, files: Readonly<Record<string, string>>): string => {
  const directory = join(folder, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
};
const isTf = (name: string): boolean => name.endsWith('.tf');
const pathsOf = (directory: string, limits = LIMITS): string[] =>
  sourceFiles(limits)(directory, isTf).files.map(({ path }) => path);

test('what is wanted is read, in the order of its paths, and not what is in hidden directories or node_modules', () => {
  const directory = made('plain', {
    'b.tf': 'b',
    'a/x.tf': 'x',
    'a.txt': '',
    '.terraform/m.tf': '',
    'node_modules/n.tf': '',
  });
  expect(sourceFiles()(directory, isTf)).toEqual({
    files: [
      { path: 'a/x.tf', text: 'x' },
      { path: 'b.tf', text: 'b' },
    ],
    unread: 0,
  });
});

test('paths are from the working directory', () => {
  const name = relative(process.cwd(), __dirname);
  const { files } = sourceFiles()(`./${name}/`, (one) => one === 'source-files-adapter.ts');
  expect(files.map(({ path }) => path)).toEqual(['apps/dr/src/adapters/source-files-adapter.ts']);
});

test('links are not followed, in a circle or out; pipes are not waited for', () => {
  const directory = made('links', { 'a/x.tf': '' });
  symlinkSync('..', join(directory, 'a', 'up'));
  symlinkSync(join(folder, 'plain'), join(directory, 'out'));
  symlinkSync('x.tf', join(directory, 'a', 'y.tf'));
  execFileSync('mkfifo', [join(directory, 'a', 'pipe.tf')]);
  expect(pathsOf(directory)).toEqual(['a/x.tf']);
});

test('what is too large to be source is counted, and the rest is read', () => {
  const directory = made('large', { 'a.tf': 'x'.repeat(20), 'b.tf': '' });
  expect(sourceFiles({ ...LIMITS, fileBytes: 10 })(directory, isTf)).toEqual({
    files: [{ path: 'b.tf', text: '' }],
    unread: 1,
  });
});

test.each([
  ['more entries than anybody writes', { ...LIMITS, entries: 3 }, /holds more than 3 files and directories\. Name a/],
  ['more source than anybody writes', { ...LIMITS, bytes: 5 }, /MB of source\. Name a directory further down/],
])('fails on %s', (_, limits, said) => {
  const directory = made('huge', { 'a.tf': 'xxx', 'b/c.tf': 'xxx', 'b/d.tf': 'xxx' });
  expect(() => pathsOf(directory, limits)).toThrow(InputError);
  expect(() => pathsOf(directory, limits)).toThrow(said);
});

test.each(['no-such', 'plain/b.tf'])('fails on "%s", which is no directory', (name) => {
  expect(() => pathsOf(join(folder, name))).toThrow(/is no directory that exists/);
});

test.each([
  ['package.json', true],
  ['libs', false],
  ['no-such', false],
  ['/etc/hostname', false],
  ['../x', false],
])('"%s" is a file of the repository: %s', (path, is) => {
  expect(isRepositoryFile(path)).toBe(is);
});
