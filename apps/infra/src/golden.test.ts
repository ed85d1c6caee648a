// The reviewed JSON in golden/ is what dr.config.ts synthesizes.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { normalise } from './golden';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the config is the user's file, at the root and in no project
import config from '../../../dr.config';
import { stubBundles, synthesizedFrom } from './testing/synth-in-test';

const GOLDEN = resolve(__dirname, '../../../golden/cdk.tf.json');

const { json } = synthesizedFrom(config);

test('golden/cdk.tf.json is up to date; `node scripts/golden.mjs` rewrites it for review', () => {
  const lines = (text: string): string[] => text.split('\n');
  expect(lines(normalise(json))).toEqual(lines(readFileSync(GOLDEN, 'utf8')));
});

test('the code of the functions is no part of the golden JSON', () => {
  const other = synthesizedFrom(config, stubBundles('// other code')).json;
  expect(other).not.toBe(json);
  expect(normalise(other)).toBe(normalise(json));
});
