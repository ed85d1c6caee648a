// Synthesizes a config in tests, with stub bundles and without leaving anything behind.
import { FUNCTIONS } from '@dr/contracts/system';
import { parseConfig, type DrConfigInput } from '@dr/contracts/system/config';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the config is the user's file, at the root and in no project
import defaults from '../../../../dr.config';
import { synthesize, type Synthesis } from '../synthesize';
import { StackQuery } from './stack-query';

/** The default config with some keys replaced. */
export const configWith = (overrides: Partial<DrConfigInput> = {}): DrConfigInput => ({ ...defaults, ...overrides });

const directories: string[] = [];
afterAll(() => directories.forEach((directory) => rmSync(directory, { recursive: true, force: true })));

/** A directory that is gone after the tests of the file. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'dr-infra-'));
  directories.push(directory);
  return directory;
}

export function stubBundles(code = ''): string {
  const directory = temporaryDirectory();
  for (const name of FUNCTIONS) {
    mkdirSync(join(directory, name));
    writeFileSync(join(directory, name, 'index.js'), code);
  }
  return directory;
}

export function synthesized(
  overrides: Partial<DrConfigInput> = {},
  bundles = stubBundles(),
): Synthesis & { query: StackQuery } {
  const synthesis = synthesize({ config: parseConfig(configWith(overrides)), outDirectory: undefined, bundles });
  return { ...synthesis, query: new StackQuery(synthesis.json) };
}
