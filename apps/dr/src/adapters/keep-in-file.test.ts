// What is kept in a file comes back as it was, leaves no file behind, and stays in memory where there can be no file.
import { closeSync, mkdtempSync, openSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepInFile } from './keep-in-file';

const parent = mkdtempSync(join(tmpdir(), 'dr-test-'));
afterAll(() => rmSync(parent, { recursive: true }));

const bytesOf = (at: number): Buffer => Buffer.from(`${at} `.repeat(at % 50));

test('each comes back as it was, as often as it is asked for, and no file has a name', () => {
  const keep = keepInFile(parent);
  const kept = Array.from({ length: 200 }, (_, at) => keep(bytesOf(at)));
  expect(readdirSync(parent)).toEqual([]);
  for (const [at, bytes] of [...kept.entries()].reverse()) {
    expect(bytes()).toEqual(bytesOf(at));
    expect(bytes()).toEqual(bytesOf(at));
  }
});

test('no file is made before there is something to keep', () => {
  const before = openSync('/dev/null', 'r');
  closeSync(before);
  keepInFile(parent);
  const after = openSync('/dev/null', 'r');
  closeSync(after);
  expect(after).toBe(before);
});

test('stays in memory where no file can be made', () => {
  writeFileSync(join(parent, 'file'), '');
  const keep = keepInFile(join(parent, 'file'));
  expect(keep(bytesOf(7))()).toEqual(bytesOf(7));
  rmSync(join(parent, 'file'));
});

test('stays in memory once the file takes no more', () => {
  const own = mkdtempSync(join(parent, 'own-'));
  const keep = keepInFile(own);
  const first = keep(bytesOf(7));
  const file = readdirSync('/proc/self/fd').find((fd) => linkOf(fd).startsWith(own));
  closeSync(Number(file));
  expect(keep(bytesOf(9))()).toEqual(bytesOf(9));
  expect(first).toThrow();
});

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return '';
  }
}
