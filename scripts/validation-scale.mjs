// A validation run over many versions, killed at random calls, held against one that nobody disturbs: `node
// scripts/validation-scale.mjs [--versions 1000000] [--kills 20] [--seed 1]`. Prints what it came to; exit 1 when the two differ.
import { build } from 'esbuild';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readOptions, wholeNumber } from './ending.mjs';

const ROOT = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');

const options = { versions: '1000000', kills: '20', seed: '1' };
const texts = readOptions(
  'validation-scale',
  Object.fromEntries(Object.entries(options).map(([name, text]) => [name, { type: 'string', default: text }])),
  'Usage: node scripts/validation-scale.mjs [--versions N] [--kills N] [--seed N]',
);
const numbers = Object.fromEntries(
  Object.entries(texts).map(([name, text]) => [name, wholeNumber('validation-scale', name, text, 0)]),
);

const outfile = join(ROOT, 'dist/validation-scale/index.mjs');
await build({
  entryPoints: [join(ROOT, 'apps/data-consistency-validator/src/testing/large-run.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  tsconfig: join(ROOT, 'tsconfig.base.json'),
  outfile,
  // The AWS adapters of the library are never called here.
  external: ['@aws-sdk/*', '@smithy/*'],
  logLevel: 'warning',
});
const { largeRun } = await import(pathToFileURL(outfile).href);

let state = numbers.seed;
/** mulberry32 */
const random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const kills = Array.from({ length: numbers.kills }, () => ({
  atCall: 1 + Math.floor(random() * 300),
  afterEffect: random() < 0.5,
}));

const undisturbed = await largeRun(numbers.versions, []);
const disturbed = await largeRun(numbers.versions, kills);
for (const [name, run] of Object.entries({ undisturbed, disturbed })) {
  const { missingHere, missingThere, divergent, conflicting, complete } = run.report.peers[0];
  console.log(
    `${name.padEnd(12)} ${run.invocations} invocations, ${run.kills} killed, ${run.pagesRead} pages read, ` +
      `${run.readTwice.length} of them twice; complete ${complete}, ${missingHere} missing here, ${missingThere} missing there, ` +
      `${divergent} divergent, ${conflicting} crossed`,
  );
}
const wrong = [
  ...(JSON.stringify(undisturbed.report.peers) === JSON.stringify(disturbed.report.peers)
    ? []
    : ['the results differ']),
  ...[undisturbed, disturbed].flatMap(({ report, expected, readTwice }) => [
    ...Object.entries(expected).flatMap(([name, count]) =>
      report.peers[0][name] === count ? [] : [`${name} is ${report.peers[0][name]}, and should be ${count}`],
    ),
    ...(readTwice.length === 0 ? [] : [`${readTwice.length} pages were read twice`]),
  ]),
];
for (const what of wrong) console.error(what);
const cpu = process.cpuUsage();
console.log(`${((cpu.user + cpu.system) / 1e6).toFixed(1)} s of CPU`);
process.exitCode = wrong.length === 0 ? 0 : 1;
