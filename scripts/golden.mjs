// Rewrites golden/cdk.tf.json, the reviewed JSON of the default config. The functions' code is no part of it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { main, run } from './deployment.mjs';
import { temporaryDirectory } from './ending.mjs';
import { LAMBDAS } from './freshness.mjs';

const GOLDEN = 'golden/cdk.tf.json';

await main('golden', () => {
  const bundles = temporaryDirectory('dr-golden-');
  for (const name of LAMBDAS) {
    mkdirSync(join(bundles, name));
    writeFileSync(join(bundles, name, 'index.js'), '');
  }
  const { stdout } = run('node', ['dist/infra/main.js', '--golden', '--bundles', bundles], { capture: true });
  writeFileSync(GOLDEN, stdout);
  console.log(`${GOLDEN} is the stack of dr.config.ts now: review the difference`);
});
