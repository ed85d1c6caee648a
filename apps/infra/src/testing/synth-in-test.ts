// Synthesizes a config in tests, with stub bundles and without leaving anything behind.
import { FUNCTIONS } from '@dr/contracts/system';
import { parseConfig, type DrConfigInput } from '@dr/contracts/system/config';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize, type Synthesis } from '../synthesize';
import { StackQuery } from './stack-query';

/** A config of two regions with some keys replaced. It is not dr.config.ts, which is the user's to change. */
export const configWith = (overrides: Partial<DrConfigInput> = {}): DrConfigInput => ({
  system: 'dr',
  zone: 'example.com',
  domain: 'app.example.com',
  regions: [
    { name: 'mumbai', awsRegion: 'ap-south-1' },
    { name: 'singapore', awsRegion: 'ap-southeast-1' },
  ],
  objectives: { rtoSeconds: 60, rpoSeconds: 5, requestsPerSecond: 100, monthlyBudgetUsd: 100 },
  routing: 'latency',
  alerts: { emails: ['platform-team@example.com'] },
  ...overrides,
});

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

export const synthesized = (overrides: Partial<DrConfigInput> = {}, bundles = stubBundles()) =>
  synthesizedFrom(configWith(overrides), bundles);

export function synthesizedFrom(config: DrConfigInput, bundles = stubBundles()): Synthesis & { query: StackQuery } {
  const synthesis = synthesize({ config: parseConfig(config), outDirectory: undefined, bundles });
  return { ...synthesis, query: new StackQuery(synthesis.json) };
}
