// Does everything still happen as it did? Runs seeds of the search, the table of faults and one drill of each routing, and compares
// them with golden/oracle.json: `node scripts/oracle.mjs [--seeds N] [--jobs N] [--write]`. Exit code 1: something happens otherwise.
// `--seeds N`: only the first N seeds. `--write`: everything anew.
import { build } from 'esbuild';
import { fork, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale, fail, root } from './build.mjs';
import { TOOL_OPTIONS } from './bundle-options.mjs';
import { readOptions, temporaryDirectory, wholeNumber } from './ending.mjs';

const USAGE = 'Usage: node scripts/oracle.mjs [--seeds N] [--jobs N] [--write]';
const SEEDS = 50;
const PINNED = join(root, 'golden/oracle.json');
const RENAMES = join(root, 'golden/oracle-renames.json');
const LIBRARY =
  "export * from '@dr/drills'; export { readStack } from '@dr/terraform-json'; export { ROUTINGS } from '@dr/contracts';";
const OBJECTIVE = { rtoSeconds: 60, rpoSeconds: 5 };

if (process.send) serveJobs();
else await compareAll();

async function compareAll() {
  const { seeds, jobs, write } = options();
  await buildIfStale();
  const prepared = await prepare(temporaryDirectory('dr-oracle-'));
  const all = jobsOf(createRequire(import.meta.url)(prepared.library), write ? undefined : seeds);
  const found = await runAll(all, prepared, jobs);
  if (write) {
    writeFileSync(PINNED, `${JSON.stringify(found, null, 2)}\n`);
    console.log(`oracle: ${Object.keys(found).length} runs are pinned in golden/oracle.json: say why in the commit`);
    return;
  }
  const pinned = JSON.parse(readFileSync(PINNED, 'utf8'));
  const changed = Object.keys(found).filter((name) => found[name] !== pinned[name]);
  for (const name of changed) console.log(`✗ ${name}: ${found[name]}, pinned ${pinned[name] ?? 'nothing'}`);
  const equal = Object.keys(found).length - changed.length;
  console.log(`${changed.length === 0 ? '✓' : '✗'} ${equal} of ${Object.keys(found).length} runs are as pinned`);
  process.exitCode = changed.length === 0 ? 0 : 1;
}

function options() {
  const { seeds, jobs, write } = readOptions(
    'oracle',
    { seeds: { type: 'string' }, jobs: { type: 'string' }, write: { type: 'boolean', default: false } },
    USAGE,
  );
  return {
    write,
    seeds: seeds === undefined ? undefined : Math.min(SEEDS, wholeNumber('oracle', 'seeds', seeds)),
    jobs: jobs === undefined ? availableParallelism() : wholeNumber('oracle', 'jobs', jobs),
  };
}

/** Builds what the runs need; `work`: a directory for the stacks. */
async function prepare(work) {
  const library = join(root, 'dist', 'oracle', 'index.js');
  await build({
    ...TOOL_OPTIONS,
    absWorkingDir: root,
    stdin: { contents: LIBRARY, resolveDir: root, loader: 'ts' },
    outfile: library,
  });
  const { ROUTINGS } = createRequire(import.meta.url)(library);
  const stacks = Object.fromEntries(ROUTINGS.map((routing) => [routing, synthesize(join(work, routing), routing)]));
  return { library, stacks };
}

function synthesize(out, routing) {
  const { status, stderr } = spawnSync(process.execPath, ['dist/infra/main.js', '--routing', routing, '--out', out], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) fail(stderr);
  return join(out, 'stacks/dr/cdk.tf.json');
}

/** Without `seeds` all that are pinned. */
function jobsOf({ MATRIX_FAULTS, ROUTINGS }, seeds) {
  return [
    ...MATRIX_FAULTS.map((fault) => ({ name: `fault ${fault}`, fault })),
    ...ROUTINGS.map((routing) => ({ name: `routing ${routing}`, routing })),
    ...Array.from({ length: seeds ?? SEEDS }, (_, at) => ({ name: `seed ${at + 1}`, seed: at + 1 })),
  ];
}

/** What came of each job, by its name. */
async function runAll(jobs, prepared, processes) {
  const waiting = [...jobs];
  const results = Object.fromEntries(jobs.map(({ name }) => [name, undefined]));
  const lane = () =>
    new Promise((resolve, reject) => {
      const worker = fork(fileURLToPath(import.meta.url), { execArgv: ['--max-semi-space-size=64'] });
      const next = () => {
        const job = waiting.shift();
        if (job) worker.send({ ...prepared, job });
        else worker.disconnect();
      };
      worker.on('message', ({ name, result }) => {
        results[name] = result;
        next();
      });
      worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a process of runs ended with ${code}`))));
      next();
    });
  await Promise.all(Array.from({ length: processes }, lane));
  return results;
}

/** In a process of its own: one job after another until the parent lets go. */
function serveJobs() {
  process.on('message', async ({ library, stacks, job }) => {
    const drills = createRequire(import.meta.url)(library);
    process.send({ name: job.name, result: await run(drills, stacks, job) });
  });
}

async function run(drills, stacks, { routing = 'latency', fault, seed }) {
  const graph = drills.readStack(stacks[routing]);
  const subject = { system: drills.OURS, graph };
  if (fault !== undefined) {
    // What was judged, where it is broken, stands in the reasons.
    const { invariants, ...row } = await drills.drillRow(subject, 1, fault, OBJECTIVE);
    return [hashOf([JSON.stringify(row)]), row.met ? 'met' : 'not met'].join(' ');
  }
  if (seed !== undefined) {
    let hash = '';
    const { violations } = await drills.runSeed(
      subject,
      seed,
      undefined,
      ({ world }) => (hash = hashOf(world.events.lines())),
    );
    return [hash, ...violations.map(({ id }) => id)].join(' ');
  }
  const twin = await drills.startTwin({ ...subject, seed: 1 });
  const places = drills.placesOf(drills.OURS, twin.world.regions);
  const scenario = drills.parseScenario({ objective: OBJECTIVE }, places);
  const report = await drills.runDrill({ twin, graph, scenario, replay: '', wallMs: () => 0 });
  return `${hashOf(twin.world.events.lines())} ${hashOf([JSON.stringify(report)])}`;
}

/** Of the lines with every name as golden/oracle-renames.json says: one that is only called otherwise changes nothing. */
function hashOf(lines) {
  const renames = Object.entries(JSON.parse(readFileSync(RENAMES, 'utf8')));
  const hash = createHash('sha256');
  for (const line of lines) hash.update(renames.reduce((text, [from, to]) => text.replaceAll(from, to), line));
  return hash.digest('hex').slice(0, 16);
}
