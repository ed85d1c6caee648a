// A cold start loads the whole bundle: none may grow beyond its limit unseen.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { FUNCTIONS } from '@dr/contracts/system';

const MAX_BYTES = 250_000;

it.each(FUNCTIONS)('the bundle of %s has at most 250 KB', (name) => {
  const { size } = statSync(resolve(__dirname, '../dist', name, 'index.js'));
  expect(size).toBeGreaterThan(1_000);
  expect(size).toBeLessThanOrEqual(MAX_BYTES);
});

const MAX_LOADED_BYTES = 800_000;

it('a review loads at most 800 KB of the command line, as its help does, and a drill more', () => {
  const main = resolve(__dirname, '../dist/dr/main.js');
  const loadedBy = (command: string): number => {
    const told = "process.once('exit', () => console.error(JSON.stringify(Object.keys(require.cache))));";
    const { stderr } = spawnSync(
      process.execPath,
      ['-e', `${told} require(${JSON.stringify(main)})`, 'dr', command, '--help'],
      {
        encoding: 'utf8',
      },
    );
    const files = JSON.parse(stderr) as readonly string[];
    return files.reduce((sum, file) => sum + statSync(file).size, 0);
  };
  expect(loadedBy('review')).toBeLessThanOrEqual(MAX_LOADED_BYTES);
  expect(loadedBy('drill')).toBeGreaterThan(MAX_LOADED_BYTES);
});
