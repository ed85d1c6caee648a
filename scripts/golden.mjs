// Rewrites golden/cdk.tf.json, the reviewed JSON of the default config. The functions' code is no part of it.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FUNCTIONS = ['health-checker', 'traffic-router', 'failover-orchestrator', 'data-consistency-validator'];
const GOLDEN = 'golden/cdk.tf.json';

const bundles = mkdtempSync(join(tmpdir(), 'dr-golden-'));
try {
  for (const name of FUNCTIONS) {
    mkdirSync(join(bundles, name));
    writeFileSync(join(bundles, name, 'index.js'), '');
  }
  execFileSync('node', ['scripts/bundle.mjs', 'infra'], { stdio: 'inherit' });
  const json = execFileSync('node', ['dist/infra/main.js', '--golden', '--bundles', bundles], { encoding: 'utf8' });
  writeFileSync(GOLDEN, json);
  console.log(`${GOLDEN} is the stack of dr.config.ts now: review the difference`);
} finally {
  rmSync(bundles, { recursive: true, force: true });
}
