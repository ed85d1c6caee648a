import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lineFile, placeIn } from './line-file-adapter';

const directory = mkdtempSync(join(tmpdir(), 'dr-lines-test-'));
afterAll(() => rmSync(directory, { recursive: true }));
const at = (name: string, text?: string): string => {
  const path = join(directory, name);
  if (text !== undefined) writeFileSync(path, text);
  return path;
};
const open = (path: string) => lineFile('--progress', path);

test('a file is made by its first line, and read back line by line', () => {
  const path = at('new.jsonl');
  const file = open(path);
  expect([file.lines, file.torn, existsSync(path)]).toEqual([[], '', false]);
  file.append('one');
  file.append('zwei ü');
  expect(open(path)).toMatchObject({ lines: ['one', 'zwei ü'], torn: '' });
});

test('a line that was torn is told apart, and the next one takes its place', () => {
  const path = at('torn.jsonl', 'one\ntw');
  const file = open(path);
  expect([file.lines, file.torn]).toEqual([['one'], 'tw']);
  expect(readFileSync(path, 'utf8')).toBe('one\ntw');
  file.append('three');
  expect(readFileSync(path, 'utf8')).toBe('one\nthree\n');
});

test('lines longer than a chunk, and characters across its end, are whole', () => {
  const long = `${'x'.repeat((1 << 20) - 1)}ü${'y'.repeat(1 << 20)}`;
  expect(open(at('long.jsonl', `${long}\nend\n`)).lines).toEqual([long, 'end']);
});

test('fails when another process writes the file, and writes no more into it', () => {
  const path = at('two.jsonl', 'one\n');
  const [first, second] = [open(path), open(path)];
  first.append('two');
  const refused = /two\.jsonl": is written by another process, too\. Give each search and each shard a file of its own/;
  expect(() => second.append('three')).toThrow(refused);
  appendFileSync(path, 'four\n');
  expect(() => first.append('five')).toThrow(refused);
  expect(() => first.append('six')).toThrow(refused);
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nfour\n');
});

test('a place is in a directory, or is the file itself', () => {
  mkdirSync(at('place'));
  expect(
    [at('place'), `${at('place')}/`, `${at('nowhere')}/`, at('new.txt')].map((path) => placeIn(path, 'a')),
  ).toEqual([at('place/a'), at('place/a'), at('nowhere/a'), at('new.txt')]);
});

test('fails on a directory', () => {
  mkdirSync(at('folder'));
  expect(() => open(at('folder'))).toThrow(/folder": is no file/);
});
