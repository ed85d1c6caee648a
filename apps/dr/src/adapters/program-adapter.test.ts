// What a process knows of itself: the digest of its code, the commit of it, and which of many equal jobs it is.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arrayIndexes } from './array-index';
import { commitOf } from './git-adapter';
import { codeSha256 } from './program-adapter';

const directory = mkdtempSync(join(tmpdir(), 'dr-program-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

const VARIABLES = ['DR_COMMIT', 'JOB_COMPLETION_INDEX', 'AWS_BATCH_JOB_ARRAY_INDEX'];
beforeEach(() => VARIABLES.forEach((name) => delete process.env[name]));
afterAll(() => VARIABLES.forEach((name) => delete process.env[name]));

/** A program of two files, and one file of a function; returns the digest. */
function digestIn(name: string, { main = 'main', chunk = 'chunk', code = 'code', more = '' } = {}): string {
  const program = join(directory, name);
  mkdirSync(join(program, 'functions'), { recursive: true });
  writeFileSync(join(program, 'main.js'), main);
  writeFileSync(join(program, 'chunk.js'), chunk);
  writeFileSync(join(program, 'build.json'), more);
  writeFileSync(join(program, 'functions', 'code.zip'), code);
  return codeSha256(join(program, 'main.js'), [join(program, 'functions', 'code.zip')]);
}

test('the same code has one digest wherever it stands; any other file of the program, or other code, has another', () => {
  const one = digestIn('one');
  expect(one).toMatch(/^[0-9a-f]{64}$/);
  expect(digestIn('elsewhere', { more: 'a record of the build' })).toBe(one);
  const others = [{ main: 'x' }, { chunk: 'x' }, { code: 'x' }, { main: 'chunk', chunk: 'main' }];
  const digests = others.map((other, at) => digestIn(`other-${at}`, other));
  expect(new Set([one, ...digests]).size).toBe(1 + others.length);
});

test('where there is no history, the image says of which commit it is', () => {
  expect(commitOf(directory)).toBe('unknown');
  process.env['DR_COMMIT'] = 'abc1234';
  expect(commitOf(directory)).toBe('abc1234');
  expect(commitOf(__dirname)).not.toBe('abc1234');
});

test('indexes that are set are told, by name', () => {
  expect(arrayIndexes()).toEqual({});
  process.env['JOB_COMPLETION_INDEX'] = '0';
  process.env['AWS_BATCH_JOB_ARRAY_INDEX'] = '';
  expect(arrayIndexes()).toEqual({ JOB_COMPLETION_INDEX: '0' });
  process.env['AWS_BATCH_JOB_ARRAY_INDEX'] = '3';
  expect(arrayIndexes()).toEqual({ JOB_COMPLETION_INDEX: '0', AWS_BATCH_JOB_ARRAY_INDEX: '3' });
});
