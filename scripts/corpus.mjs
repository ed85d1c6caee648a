// Edits that break disaster recovery and edits that do not, over our own stack and over other teams': which of the review's rules and the
// drill catches each? `npm run corpus [-- --stack NAME] [--json]`. Exit code 1: a breaking edit is caught by neither, or a harmless one by any.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { buildIfStale, fail, root } from './build.mjs';
import { TOOL_OPTIONS } from './bundle-options.mjs';
import { readOptions, temporaryDirectory } from './ending.mjs';

const LIBRARY =
  "export * from './libs/drills/src/testing/corpus'; export { corpusAsker } from './libs/drills/src/testing/corpus/ask';";

const options = readOptions(
  'corpus',
  { stack: { type: 'string' }, json: { type: 'boolean', default: false } },
  'Usage: node scripts/corpus.mjs [--stack NAME] [--json]',
);
await buildIfStale();
const { CORPUS_EDITS, OUR_STACKS, corpusAsker } = await library();
const edits = CORPUS_EDITS.filter(({ stack }) => options.stack === undefined || stack === options.stack);
if (edits.length === 0)
  fail(
    `corpus: --stack "${options.stack}" is none of them; it must be one of ${[...new Set(CORPUS_EDITS.map(({ stack }) => stack))].join('; ')}`,
  );
const work = temporaryDirectory('dr-corpus-');
const ask = corpusAsker(
  Object.fromEntries(Object.entries(OUR_STACKS).map(([stack, routing]) => [stack, synthesized(routing)])),
);
const rows = [];
if (!options.json) console.log('| | stack | edit | is | caught by | rules | drill |\n|---|---|---|---|---|---|---|');
for (const edit of edits) {
  const { stack, name, isBreaking, rules, drill, caughtBy, isRight } = await ask(edit);
  const row = { stack, edit: name, is: isBreaking ? 'breaking' : 'harmless', caughtBy, rules, drill, isRight };
  rows.push(row);
  if (!options.json) console.log(lineOf(row));
}
const passed = rows.every(({ isRight }) => isRight);
if (options.json) console.log(JSON.stringify({ schema: 1, passed, totals: totals(), rows }));
else console.log(inWords(totals()));
process.exitCode = passed ? 0 : 1;

async function library() {
  const outfile = join(root, 'dist', 'corpus', 'index.js');
  const stdin = { contents: LIBRARY, resolveDir: root, loader: 'ts' };
  await build({ ...TOOL_OPTIONS, absWorkingDir: root, stdin, outfile });
  return createRequire(import.meta.url)(outfile);
}

function synthesized(routing) {
  const out = join(work, routing);
  const args = ['dist/infra/main.js', '--routing', routing, '--out', out];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) fail(stderr);
  return join(out, 'stacks/dr/cdk.tf.json');
}

function lineOf({ stack, edit, is, caughtBy, rules, drill = '', isRight }) {
  const cells = [isRight ? '✓' : '✗', stack, edit, is, caughtBy, rules.join('; '), drill];
  return `| ${cells.map((cell) => cell.replaceAll('|', '/')).join(' | ')} |`;
}

function totals() {
  const counted = (some) => ({
    edits: some.length,
    ...Object.fromEntries(
      ['both', 'rule', 'drill', 'neither'].map((by) => [by, some.filter(({ caughtBy }) => caughtBy === by).length]),
    ),
  });
  return {
    stacks: new Set(rows.map(({ stack }) => stack)).size,
    breaking: counted(rows.filter(({ is }) => is === 'breaking')),
    harmless: counted(rows.filter(({ is }) => is === 'harmless')),
  };
}

function inWords({ stacks, breaking, harmless }) {
  return [
    '',
    `${breaking.edits} breaking edits of ${stacks} stacks: ${breaking.both} caught by rule and drill, ${breaking.rule} by a rule alone, ${breaking.drill} by the drill alone, ${breaking.neither} by neither`,
    `${harmless.edits} harmless edits: ${harmless.edits - harmless.neither} false alarms`,
  ].join('\n');
}
