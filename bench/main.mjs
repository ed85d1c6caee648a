// `npm run bench`: every row next to its peer, its result into bench/results, the page docs/performance.md from all results.
// `-- --against COMMIT`: what is judged in each row, here and at that commit, in turn; writes nothing but what --comment names.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { fail, temporaryDirectory } from '../scripts/ending.mjs';
import { root } from '../scripts/freshness.mjs';

const HERE = join(root, 'bench');
const RESULTS = join(HERE, 'results');
const LOCK = 'node_modules/.package-lock.json';

const { parseBench, USAGE, comparisonComment, reachedBy, limitText, withUnit } = await import('./harness/pure.mjs');
const { contextOf } = await import('./harness/context.mjs');
const { runCases, runPairs } = await import('./harness/runner.mjs');
const { built, checkout, commitOf, ownCommit, shortOf } = await import('./harness/trees.mjs');
const { ROWS, BASELINE } = await import('./rows/index.mjs');

const options = parseBench(
  process.argv.slice(2),
  ROWS.map(({ name }) => name),
);
if ('wrong' in options) fail(`bench: ${options.wrong}. ${USAGE}`);
const chosen = ROWS.filter(({ name }) => options.rows.includes(name));
const say = (text) => process.stderr.write(`${text}\n`);

if (options.list) list();
else {
  if (options.baseline !== undefined && !existsSync(join(options.baseline, 'scripts/dr.mjs')))
    fail(
      `bench: --baseline ${options.baseline} is no checkout of this project. Name one of ${BASELINE}, or leave it out`,
    );
  const commit = baselineCommit();
  install();
  const scratch = temporaryDirectory('dr-bench-');
  try {
    await (options.against === undefined ? runAll(scratch, commit) : compareAll(scratch, commit));
  } catch (error) {
    say(`bench: ${error.message}`);
    process.exitCode = 1;
  }
}

function list() {
  for (const { name, work, peer, bars } of chosen) {
    const limits = bars.map((bar) => `${bar.title} ${limitText(bar)}`).join(', ');
    console.log([name.padEnd(12), work, `against ${peer}`, limits].join('  '));
  }
}

/** The commit that is needed beside this one; fails where it is not here. */
function baselineCommit() {
  const isNeeded =
    options.against !== undefined || (options.baseline === undefined && chosen.some((row) => row.needsBaseline));
  if (!isNeeded) return undefined;
  const name = options.against ?? BASELINE;
  const commit = commitOf(name);
  if (commit !== undefined) return commit;
  const fix = 'Name one that "git log" shows, or fetch the whole history: git fetch --unshallow';
  return fail(`bench: the commit "${name}" is not in this repository, and there is nothing to compare with. ${fix}`);
}

/** The peers are a package of their own, which the project's install leaves alone. */
function install() {
  const isThere = existsSync(join(HERE, LOCK)) && wanted() === present();
  if (isThere) return;
  say('installing the peers in bench/');
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts'], {
    cwd: HERE,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) fail('bench: the peers cannot be installed. Run "npm ci" in bench/ to see why');
}
function versionsIn(file) {
  const { packages } = JSON.parse(readFileSync(join(HERE, file), 'utf8'));
  return JSON.stringify(
    Object.entries(packages)
      .flatMap(([path, { version }]) => (path === '' ? [] : [`${path}@${version}`]))
      .sort(),
  );
}
function wanted() {
  return versionsIn('package-lock.json');
}
function present() {
  return versionsIn(LOCK);
}

async function runAll(scratch, commit) {
  await built(root);
  let tree = options.baseline;
  const baseline = async () => {
    if (tree === undefined) {
      say(`installing and building ${BASELINE}`);
      tree = await checkout(commit, join(scratch, 'baseline'));
    } else await built(tree);
    return tree;
  };
  const machine = {
    date: new Date().toISOString().slice(0, 10),
    commit: ownCommit(),
    node: process.versions.node,
    cpu: cpus()[0]?.model.trim() ?? 'an unknown processor',
    cores: availableParallelism(),
  };
  mkdirSync(RESULTS, { recursive: true });
  for (const row of chosen) {
    const turns = options.runs ?? row.turns;
    const tell = (text) => say(`${row.name}: ${text}`);
    const cases = await row.prepare(contextOf({ tree: root, scratch: join(scratch, row.name), baseline }));
    const { name, bars } = row;
    const measured = { machine, cases: rounded(await runCases(cases, turns, tell)) };
    writeFileSync(join(RESULTS, `${name}.json`), `${JSON.stringify(measured, null, 2)}\n`);
    for (const one of reachedBy({ bars, ...measured })) {
      const what = [one.bar.title, one.of].filter(Boolean).join('; ');
      console.log(
        `${one.isMet ? '✓' : '✗'} ${name}: ${what} ${withUnit(one.median, one.bar.unit)}, bar ${limitText(one.bar)}`,
      );
    }
  }
  const written = spawnSync(process.execPath, ['scripts/docs.mjs', '--only', 'performance'], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = written.status ?? 1;
}

/** Seven digits are more than any clock gives. */
function rounded(cases) {
  return JSON.parse(
    JSON.stringify(cases, (_, value) => (typeof value === 'number' ? Number(value.toPrecision(7)) : value)),
  );
}

async function compareAll(scratch, commit) {
  await built(root);
  say(`installing and building ${shortOf(commit)}`);
  const base = await checkout(commit, join(scratch, 'base'));
  const baseline = () => base;
  const comparison = { headCommit: ownCommit(), baseCommit: shortOf(commit), pairs: [], left: [] };
  for (const row of chosen) {
    const prepared = (tree, name) =>
      row.prepare(contextOf({ tree, scratch: join(scratch, `${row.name}-${name}`), baseline }));
    try {
      const [heads, bases] = [await prepared(root, 'head'), await prepared(base, 'base')];
      const pairs = await runPairs(heads, bases, options.runs ?? row.turns, (text) => say(`${row.name}: ${text}`));
      comparison.pairs.push(...pairs.map((pair) => ({ row: row.name, ...pair })));
    } catch (error) {
      // The other commit may lack what a row is about.
      comparison.left.push({ row: row.name, why: error.message });
    }
  }
  const text = comparisonComment(comparison);
  if (options.comment === undefined) console.log(text.replace(/<!--.*-->\n*/, ''));
  else writeFileSync(options.comment, text);
}
