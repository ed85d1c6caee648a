// Gives each handler 100,000 events, half of them mutations of valid ones, and prints the branches of its sources that they reach:
// `npm run fuzz [-- --events N] [--seed N] [--only HANDLER] [--json]`. Exit code 1: a promise did not hold.
import { build } from 'esbuild';
import { Session } from 'node:inspector/promises';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail, readOptions, wholeNumber } from './ending.mjs';
import { root } from './freshness.mjs';

const TARGETS = {
  'health-checker': 'healthTarget',
  'traffic-router': 'routerTarget',
  'failover-orchestrator': 'orchestratorTarget',
  'data-consistency-validator': 'validatorTarget',
};
const options = read();
const directory = join(root, 'dist/fuzz');
mkdirSync(directory, { recursive: true });
const results = [];
for (const [handler, target] of Object.entries(TARGETS)) {
  if (options.only !== undefined && options.only !== handler) continue;
  const result = { handler, ...(await fuzzed(handler, target)) };
  results.push(result);
  if (!options.json) print(result);
}
const passed = results.every(({ failures }) => failures.length === 0);
if (options.json) console.log(JSON.stringify({ schema: 1, passed, seed: options.seed, results }));
process.exitCode = passed ? 0 : 1;

async function fuzzed(handler, target) {
  const outfile = join(directory, `${handler}.mjs`);
  await build({
    stdin: {
      contents: `export { fuzz } from '@dr/handler-core'; export { ${target} as target } from './apps/${handler}/src/testing/fuzz-target';`,
      resolveDir: root,
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    tsconfig: join(root, 'tsconfig.base.json'),
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    outfile,
    logLevel: 'warning',
  });
  const url = pathToFileURL(outfile).href;
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  const { fuzz, target: subject } = await import(url);
  const { events, seed } = options;
  const report = await fuzz(subject, { events, seed });
  const { result } = await session.post('Profiler.takePreciseCoverage');
  session.disconnect();
  const script = result.find((one) => one.url === url);
  return { ...report, branches: branchesIn(readFileSync(outfile, 'utf8'), script.functions) };
}

/** By source file: blocks that V8 counts, and those that ran. Of the handlers and what they stand on; tests' own parts are left out. */
function branchesIn(text, functions) {
  const files = [...text.matchAll(/^\/\/ ((?:apps|libs)\/\S+\.ts)$/gm)].map(({ index, 1: file }) => ({ index, file }));
  const branches = {};
  for (const { startOffset, count } of functions.flatMap(({ ranges }) => ranges)) {
    const file = files.findLast(({ index }) => index <= startOffset)?.file;
    if (file === undefined || !/\/src\//.test(file) || /\/(testing|adapters)\//.test(file)) continue;
    const of = (branches[file] ??= { reached: 0, all: 0 });
    of.all += 1;
    if (count > 0) of.reached += 1;
  }
  return branches;
}

function print({ handler, events, mutated, outcomes, failures, branches }) {
  const own = Object.entries(branches).filter(([file]) => file.startsWith(`apps/${handler}/`));
  const sum = (key) => own.reduce((total, [, of]) => total + of[key], 0);
  const counts = Object.entries(outcomes).map(([outcome, times]) => `${outcome}: ${times.toLocaleString('en')}`);
  console.log(
    `${failures.length === 0 ? 'holds' : 'FAILS'}  ${handler}: ${events.toLocaleString('en')} events, ${mutated.toLocaleString('en')} of them mutated, seed ${options.seed}`,
  );
  console.log(`       ${counts.join(', ')}`);
  console.log(`       branches reached: ${sum('reached')} of ${sum('all')}`);
  for (const [file, { reached, all }] of own)
    console.log(`         ${String(reached).padStart(4)} of ${String(all).padStart(4)}  ${file}`);
  for (const { wrong, event } of failures) console.log(`       ${wrong}\n         ${event}`);
}

function read() {
  const { events, seed, ...rest } = readOptions(
    'fuzz',
    {
      events: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
    `Usage: node scripts/fuzz.mjs [--events N] [--seed N] [--only ${Object.keys(TARGETS).join('|')}] [--json]`,
  );
  if (rest.only !== undefined && !Object.hasOwn(TARGETS, rest.only))
    fail(`fuzz: --only "${rest.only}" must be one of ${Object.keys(TARGETS).join(', ')}`);
  return { events: wholeNumber('fuzz', 'events', events), seed: wholeNumber('fuzz', 'seed', seed), ...rest };
}
