// Breaks our own decisions one at a time and lets the search find out: `node scripts/mutants.mjs [--seeds N] [--only NAME] [--jobs N] [--json]`.
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildIfStale, root } from './build.mjs';
import { LAMBDA_OPTIONS } from './bundle-options.mjs';
import { fail, readOptions } from './ending.mjs';
import { MUTANTS } from './mutants-list.mjs';

const DEFAULT_SEEDS = 500;

const options = readOptions(
  'mutants',
  {
    seeds: { type: 'string', default: String(DEFAULT_SEEDS) },
    only: { type: 'string' },
    jobs: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
  'Usage: node scripts/mutants.mjs [--seeds N] [--only NAME] [--jobs N] [--json]',
);
const chosen = options.only === undefined ? MUTANTS : MUTANTS.filter(({ name }) => name === options.only);
if (chosen.length === 0)
  refuse(`--only "${options.only}" is no mutant; it must be one of ${MUTANTS.map((m) => m.name).join(', ')}`);

await buildIfStale();
const work = mkdtempSync(join(tmpdir(), 'dr-mutants-'));
process.once('exit', () => rmSync(work, { recursive: true, force: true }));
const stack = synthesize(join(work, 'sound'));
const results = [];
for (const mutant of chosen) {
  const directory = join(work, mutant.name);
  cpSync(join(stack, '..'), directory, { recursive: true });
  await plant(mutant, directory);
  const result = { name: mutant.name, breaks: mutant.breaks, ...searchFor(join(directory, 'cdk.tf.json')) };
  rmSync(directory, { recursive: true, force: true });
  results.push(result);
  if (!options.json) {
    const how = result.caught
      ? `caught by seed ${result.seed}, ${result.schedules} schedules`
      : `SURVIVED ${result.schedules} schedules`;
    console.log(
      `${result.caught ? '✓' : '✗'} ${mutant.name}: ${how}${result.caught ? ` (${result.checks.join(', ')})` : ''}`,
    );
  }
}
const passed = results.every(({ caught }) => caught);
if (options.json) console.log(JSON.stringify({ schema: 1, passed, mutants: results }));
else console.log(`${results.filter(({ caught }) => caught).length} of ${results.length} caught`);
process.exitCode = passed ? 0 : 1;

/** The function's zip of the stack is replaced by one whose source was changed. */
async function plant({ name, app, edits }, directory) {
  const outfile = join(directory, `${app}.js`);
  await build({
    ...LAMBDA_OPTIONS,
    absWorkingDir: root,
    entryPoints: [`apps/${app}/src/main.ts`],
    outfile,
    plugins: [editing(name, edits)],
  });
  const zip = zipSync({ 'index.js': readFileSync(outfile) });
  const assets = join(directory, 'assets', app);
  for (const version of readdirSync(assets)) writeFileSync(join(assets, version, `${app}.zip`), zip);
}

/** A text that is no longer there, or is there twice, would make another mutant or none at all. */
function editing(name, edits) {
  const done = new Set();
  return {
    name: 'mutant',
    setup(bundler) {
      bundler.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const mine = edits.filter(({ file }) => realpathSync(join(root, file)) === path);
        if (mine.length === 0) return undefined;
        let contents = readFileSync(path, 'utf8');
        for (const edit of mine) {
          if (contents.split(edit.find).length !== 2)
            throw new Error(`mutant ${name}: "${edit.find}" must be in ${edit.file} exactly once`);
          contents = contents.replace(edit.find, () => edit.put);
          done.add(edit);
        }
        return { contents, loader: 'ts' };
      });
      bundler.onEnd(({ errors }) => {
        const missed = edits.find((edit) => !done.has(edit));
        if (errors.length === 0 && missed) throw new Error(`mutant ${name}: ${missed.file} is not part of the bundle`);
      });
    },
  };
}

function searchFor(stackFile) {
  const args = [
    'drill',
    '--stack',
    stackFile,
    '--seeds',
    options.seeds,
    '--stop-after',
    '1',
    '--shrink',
    '0',
    '--json',
  ];
  const jobs = options.jobs === undefined ? [] : ['--jobs', options.jobs];
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'dist/dr/main.js'), ...args, ...jobs], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0 && status !== 1) refuse(`the search failed: ${stderr}`);
  const { failures, schedules, wallSeconds } = JSON.parse(stdout).search;
  const [first] = failures;
  return {
    caught: first !== undefined,
    seed: first?.seed ?? null,
    schedules,
    wallSeconds,
    checks: first?.violations.map(({ id }) => id) ?? [],
  };
}

function synthesize(out) {
  const infra = join(root, 'dist/infra/main.js');
  const { status, stderr } = spawnSync(process.execPath, [infra, '--out', out], { cwd: root, encoding: 'utf8' });
  if (status !== 0) refuse(stderr);
  const [name] = readdirSync(join(out, 'stacks'));
  return join(out, 'stacks', name, 'cdk.tf.json');
}

function refuse(why) {
  fail(`mutants: ${why.trim()}`);
}
