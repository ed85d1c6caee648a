// The list of mutants edits sources by their text: every text is there, once, or the weekly run would end at that mutant.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../../../..');

interface Mutant {
  readonly name: string;
  readonly test?: { readonly path: string; readonly named: string };
  readonly edits: readonly { readonly file: string; readonly find: string; readonly put: string }[];
}

const mutants = JSON.parse(
  execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      "import { MUTANTS } from './scripts/mutants-list.mjs'; console.log(JSON.stringify(MUTANTS))",
    ],
    { cwd: root, encoding: 'utf8' },
  ),
) as Mutant[];

it('has a dozen or more, each with a name of its own', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(12);
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});

it.each(mutants.map((mutant) => [mutant.name, mutant] as const))('%s can be planted', (_name, { edits, test }) => {
  if (test) expect(readFileSync(join(root, test.path), 'utf8')).toContain(test.named);
  for (const { file, find, put } of edits) {
    expect({ find, times: readFileSync(join(root, file), 'utf8').split(find).length - 1 }).toEqual({ find, times: 1 });
    expect(put).not.toBe(find);
  }
});
