// A file of the repository that an output must equal. One that is not there is written, and the test fails until somebody has read it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export function expectGolden(name: string, text: string): void {
  const path = join(__dirname, '..', 'golden', name);
  if (!existsSync(path)) {
    writeFileSync(path, text);
    throw new Error(`${path} was not there: read what was written, then run this again`);
  }
  expect(text).toBe(readFileSync(path, 'utf8'));
}
