// Breaks our own decisions one at a time and lets the search find out: `node scripts/mutants.mjs [--seeds N] [--only NAME] [--jobs N] [--json]`.
// With --corpus the kept schedules are run instead, each against the mutants that it is kept for: it must fall with every one that
// no test is named for.
import { build } from 'esbuild';
import { zipSync } from 'fflate';
import { spawn } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfStale, root } from './build.mjs';
import { LAMBDA_OPTIONS } from './bundle-options.mjs';
import { fail, readOptions, temporaryDirectory } from './ending.mjs';
import { MUTANTS } from './mutants-list.mjs';

const DEFAULT_SEEDS = 500;

const options = readOptions(
  'mutants',
  {
    seeds: { type: 'string', default: String(DEFAULT_SEEDS) },
    only: { type: 'string' },
    jobs: { type: 'string' },
    corpus: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  'Usage: node scripts/mutants.mjs [--seeds N] [--only NAME] [--jobs N] [--corpus] [--json]',
);
const corpus = readCorpus();
const named = options.corpus
  ? MUTANTS.filter(({ name, test }) => !test && corpus.some(({ mutants }) => mutants.includes(name)))
  : MUTANTS;
const chosen = options.only === undefined ? named : named.filter(({ name }) => name === options.only);
if (chosen.length === 0)
  refuse(`--only "${options.only}" is no mutant; it must be one of ${MUTANTS.map((m) => m.name).join(', ')}`);

/** What runs for us. */
let child;
const work = temporaryDirectory('dr-mutants-', endAfterChild);
await buildIfStale();
const stack = await synthesize(join(work, 'sound'));
const results = [];
for (const mutant of chosen) {
  const directory = join(work, mutant.name);
  const found = mutant.test ? [await runTest(mutant, directory)] : await runPlanted(mutant, directory);
  rmSync(directory, { recursive: true, force: true });
  for (const one of found) {
    const result = { name: mutant.name, breaks: mutant.breaks, ...one };
    results.push(result);
    if (!options.json) console.log(inWords(result));
  }
}
const passed = results.every(({ caught }) => caught);
if (options.json) console.log(JSON.stringify({ schema: 1, passed, mutants: results }));
else console.log(`${results.filter(({ caught }) => caught).length} of ${results.length} caught`);
process.exitCode = passed ? 0 : 1;

async function runPlanted(mutant, directory) {
  cpSync(join(stack, '..'), directory, { recursive: true });
  await plant(mutant, directory);
  const stackFile = join(directory, 'cdk.tf.json');
  const kept = await runCorpus(mutant.name, stackFile);
  // What a kept schedule finds needs no search.
  return options.corpus ? kept : [kept.find(({ caught }) => caught) ?? (await searchFor(stackFile))];
}

/** A copy of the project with the fault in its source runs the one test that is to find it. */
async function runTest({ name, edits, test: { path, named } }, directory) {
  for (const part of readdirSync(root).filter((one) => !one.startsWith('.') && !['node_modules', 'dist'].includes(one)))
    cpSync(join(root, part), join(directory, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  for (const edit of edits) {
    const file = join(directory, edit.file);
    writeFileSync(file, edited(readFileSync(file, 'utf8'), edit, name));
  }
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const args = [jest, path, '--testNamePattern', named, '--globalSetup', '', '--json', '--silent'];
  const { stdout, stderr } = await run(args, directory);
  const { numFailedTests, numPassedTests } = JSON.parse(stdout || '{}');
  if (!(numFailedTests + numPassedTests > 0)) refuse(`${path} has no test "${named}" that runs: ${stderr}`);
  return { caught: numFailedTests > 0, test: `${path}: ${named}`, checks: [] };
}

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
function edited(contents, { file, find, put }, name) {
  if (contents.split(find).length !== 2) throw new Error(`mutant ${name}: "${find}" must be in ${file} exactly once`);
  return contents.replace(find, () => put);
}

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
          contents = edited(contents, edit, name);
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

function inWords({ name, test, schedule, caught, seed, schedules, checks }) {
  if (test !== undefined) return `${caught ? '✓' : '✗'} ${name}: ${test} ${caught ? 'fails' : 'PASSES'}`;
  if (schedule !== undefined)
    return caught ? `✓ ${name}: ${schedule} falls (${checks.join(', ')})` : `✗ ${name}: ${schedule} HOLDS`;
  return caught
    ? `✓ ${name}: caught by seed ${seed}, ${schedules} schedules (${checks.join(', ')})`
    : `✗ ${name}: SURVIVED ${schedules} schedules`;
}

/** `mutants`: by which it is broken again; `check`: what it breaks. */
function readCorpus() {
  const directory = join(root, 'libs/drills/corpus');
  return readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const { reason, seed, schedule, mutants } = JSON.parse(readFileSync(join(directory, name), 'utf8'));
      const unknown = mutants.find((mutant) => !MUTANTS.some((known) => known.name === mutant));
      if (unknown !== undefined) refuse(`${name}: "${unknown}" is no mutant of mutants-list.mjs`);
      return { name, check: reason.split(':')[0], seed, schedule, mutants };
    });
}

async function runCorpus(mutant, stackFile) {
  const found = [];
  for (const { name, check, seed, schedule } of corpus.filter(({ mutants }) => mutants.includes(mutant))) {
    const file = join(work, name);
    writeFileSync(file, JSON.stringify(schedule));
    const { violations } = await drill(['--stack', stackFile, '--schedule', file, '--seed', String(seed)]);
    const checks = violations.map(({ id }) => id);
    found.push({ schedule: name, seed, checks, caught: checks.includes(check) });
  }
  return found;
}

async function searchFor(stackFile) {
  const jobs = options.jobs === undefined ? [] : ['--jobs', options.jobs];
  const { search } = await drill([
    ...['--stack', stackFile, '--seeds', options.seeds, '--stop-after', '1', '--shrink', '0'],
    ...jobs,
  ]);
  const { failures, schedules, wallSeconds } = search;
  const [first] = failures;
  return {
    caught: first !== undefined,
    seed: first?.seed ?? null,
    schedules,
    wallSeconds,
    checks: first?.violations.map(({ id }) => id) ?? [],
  };
}

/** What `dr drill --json` says; its answer may be no. */
async function drill(args) {
  const { status, stdout, stderr } = await run([join(root, 'dist/dr/main.js'), 'drill', ...args, '--json']);
  if (status !== 0 && status !== 1) refuse(`the drill failed: ${stderr}`);
  return JSON.parse(stdout);
}

async function synthesize(out) {
  const { status, stderr } = await run([join(root, 'dist/infra/main.js'), '--out', out]);
  if (status !== 0) refuse(stderr);
  const [name] = readdirSync(join(out, 'stacks'));
  return join(out, 'stacks', name, 'cdk.tf.json');
}

/** A Node program to its end. Not spawnSync, in which no signal would be heard. */
function run(args, cwd = root) {
  return new Promise((resolve, reject) => {
    child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const of of ['stdout', 'stderr']) child[of].setEncoding('utf8').on('data', (text) => (said[of] += text));
    child.on('error', reject);
    child.on('close', (status) => {
      child = undefined;
      resolve({ status, ...said });
    });
  });
}

/** A signal has come: what runs for us writes into our directory, and ends first. */
function endAfterChild(code) {
  if (!child || child.exitCode !== null || child.signalCode !== null) process.exit(code);
  child.once('exit', () => process.exit(code));
  child.kill();
}

function refuse(why) {
  fail(`mutants: ${why.trim()}`);
}
