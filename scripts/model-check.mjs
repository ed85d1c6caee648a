// Explores the admission rules of two and three regions and the orchestrators' steps exhaustively, walks at random through those of four,
// and prints what it met: `node scripts/model-check.mjs [--deep|--mutants] [--seed N] [--steps N] [--json]`.
import { build } from 'esbuild';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { fail, readOptions, wholeNumber } from './ending.mjs';

const ROOT = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const { deep, mutants, json, ...walkOptions } = readOptions(
  'model-check',
  {
    ...Object.fromEntries(['deep', 'mutants', 'json'].map((name) => [name, { type: 'boolean', default: false }])),
    seed: { type: 'string', default: '1' },
    steps: { type: 'string' },
  },
  'Usage: node scripts/model-check.mjs [--deep|--mutants] [--seed N] [--steps N] [--json]',
);
const seed = wholeNumber('model-check', 'seed', walkOptions.seed);
const steps = walkOptions.steps === undefined ? undefined : wholeNumber('model-check', 'steps', walkOptions.steps);
if (deep && mutants) fail('model-check: --deep and --mutants are two runs: give one of them');

const outfile = join(ROOT, 'dist/model-check/index.mjs');
await build({
  entryPoints: [join(ROOT, 'libs/failover/src/model-check/index.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  tsconfig: join(ROOT, 'tsconfig.base.json'),
  outfile,
  logLevel: 'warning',
});
const {
  DEEP,
  DEEP_STEPS,
  DEEP_TELLING,
  MUTANTS,
  QUICK,
  QUICK_STEPS,
  QUICK_TELLING,
  TELLING_MUTANTS,
  exploreDeep,
  exploreTelling,
  explore,
  preset,
  walk,
  walksOf,
} = await import(pathToFileURL(outfile).href);

let startedAt = performance.now();
const seconds = () => {
  const now = performance.now();
  const passed = (now - startedAt) / 1000;
  startedAt = now;
  return Number(passed.toFixed(1));
};

if (mutants) {
  const results = MUTANTS.map(({ name, rules, needs, breaks }) => {
    const { violation, states } = explore(preset({ ...needs, rules }));
    const result = { name, caughtBy: violation?.property ?? null, expected: breaks, states, seconds: seconds() };
    if (!json) console.log(`${result.caughtBy ?? 'SURVIVED'}  ${name} (${states} states)`);
    return result;
  });
  for (const { name, options, breaks } of TELLING_MUTANTS) {
    const { violation, states } = exploreTelling(options);
    const result = { name, caughtBy: violation?.property ?? null, expected: breaks, states, seconds: seconds() };
    if (!json) console.log(`${result.caughtBy ?? 'SURVIVED'}  ${name} (${states} states)`);
    results.push(result);
  }
  finish(
    results,
    results.every(({ caughtBy }) => caughtBy !== null),
  );
} else {
  const results = [];
  exploreDeep(
    (exploration) => {
      const result = { ...exploration, seconds: seconds() };
      results.push(result);
      if (!json) print(result);
    },
    deep ? DEEP : QUICK,
  );
  for (const options of deep ? DEEP_TELLING : QUICK_TELLING) {
    const result = { ...exploreTelling(options), seconds: seconds() };
    results.push(result);
    if (!json) printTelling(result);
  }
  if (!json) console.log(`${results.reduce((sum, { states }) => sum + states, 0).toLocaleString('en')} states in all`);
  for (const options of walksOf(seed, steps ?? (deep ? DEEP_STEPS : QUICK_STEPS))) {
    const walked = { ...walk(options), seconds: seconds() };
    results.push({ ...walked, complete: walked.violation === undefined });
    if (!json) printWalk(walked);
  }
  finish(
    results,
    results.every(({ complete }) => complete),
  );
}

function print({ name, states, decisions, complete, violation, waits, seconds: wall }) {
  const verdict = violation ? `VIOLATES ${violation.property}` : complete ? 'holds' : 'GAVE UP';
  const wait = `${waits.recovering} / ${waits.evacuated} beats`;
  console.log(
    `${verdict.padEnd(12)} ${states.toLocaleString('en').padStart(10)} states  ${decisions.toLocaleString('en').padStart(8)} decisions  ` +
      `longest wait ${wait}  ${wall} s  ${name}`,
  );
  if (violation) console.log([violation.meaning, ...violation.trace].map((line) => `    ${line}`).join('\n'));
}

function printWalk({ name, seed, steps, episodes, decisions, violation, waits, seconds: wall }) {
  const wait = `${waits.recovering} / ${waits.evacuated} beats`;
  const [taken, calls] = [steps, decisions].map((count) => count.toLocaleString('en'));
  console.log(
    `${(violation ? `VIOLATES ${violation.property}` : 'holds').padEnd(12)} seed ${seed}, ${taken} steps in ${episodes} episodes  ` +
      `${calls} decisions  longest wait ${wait}  ${wall} s  ${name}`,
  );
  if (violation) console.log([violation.meaning, ...violation.trace].map((line) => `    ${line}`).join('\n'));
}

function printTelling({ name, states, complete, violation, seconds: wall }) {
  const verdict = violation ? `VIOLATES ${violation.property}` : complete ? 'holds' : 'INCOMPLETE';
  console.log(`${verdict.padEnd(12)} ${states.toLocaleString('en').padStart(10)} states  ${wall} s  ${name}`);
  if (violation) console.log([violation.meaning, ...violation.trace].map((line) => `    ${line}`).join('\n'));
}

function finish(results, passed) {
  if (json) console.log(JSON.stringify({ schema: 1, passed, results }));
  process.exitCode = passed ? 0 : 1;
}
