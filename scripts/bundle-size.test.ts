// A cold start loads the whole bundle: none may grow beyond its limit unseen.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { FUNCTIONS } from '@dr/contracts/system';

const MAX_BYTES = 250_000;

it.each(FUNCTIONS)('the bundle of %s has at most 250 KB', (name) => {
  const { size } = statSync(resolve(__dirname, '../dist', name, 'index.js'));
  expect(size).toBeGreaterThan(1_000);
  expect(size).toBeLessThanOrEqual(MAX_BYTES);
});
