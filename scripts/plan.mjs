// What an apply of dr.config.ts would change, judged; nothing is applied and the state is not locked. `--drift`: what somebody has
// changed by hand instead. Exit code 1: the plan is refused, or AWS has drifted.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Deployment, Ended, main, REFUSED, run, STACK_OPTIONS } from './deployment.mjs';
import { fail, readOptions } from './ending.mjs';

const USAGE =
  'Usage: node scripts/plan.mjs [--drift] [--commit ID] [--bundles DIR] [--out DIR] [--set KEY=VALUE]... [--lock FILE] ' +
  '[--allow-destroy REGION]... [--allow-unprotect]';
const DRIFTED = 2;

const { drift, commit, bundles, out, set, lock, ...flags } = readOptions(
  'plan',
  {
    drift: { type: 'boolean', default: false },
    commit: { type: 'string' },
    ...STACK_OPTIONS,
  },
  USAGE,
);
const deployment = new Deployment({
  out,
  lock,
  synthesize: (args) =>
    run('node', [
      'dist/infra/main.js',
      '--out',
      out,
      '--bundles',
      bundles,
      ...set.flatMap((one) => ['--set', one]),
      ...args,
    ]),
  variables: commit === undefined ? [] : [`-var=commit=${commit}`],
  allowDestroy: flags['allow-destroy'],
  allowUnprotect: flags['allow-unprotect'],
  say: (text) => console.log(`plan: ${text}`),
});

await main('plan', () => {
  deployment.prepare();
  if (drift) {
    const args = ['-input=false', '-lock=false', '-refresh-only', '-detailed-exitcode'];
    const { status } = deployment.terraform('plan', args, { exitCodes: [0, DRIFTED] });
    if (status === DRIFTED) throw new Ended('AWS is no longer as it was applied', REFUSED);
    return;
  }
  try {
    deployment.plan({ args: ['-lock=false'] });
  } finally {
    // A refused plan is read too: it is what the reviewer must see.
    const { stdout } = deployment.terraform('show', ['-no-color', 'tfplan'], { capture: true, exitCodes: [0, 1] });
    writeFileSync(join(deployment.stack, 'plan.txt'), stdout);
  }
});
