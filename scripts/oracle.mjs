// Does everything still happen as it did? Runs seeds of the search, the table of faults and one drill of each routing, and compares
// them with golden/oracle.json: `node scripts/oracle.mjs [--seeds N] [--jobs N] [--write]`. Exit code 1: something happens otherwise.
// `--seeds N`: only the first N seeds. `--write`: everything anew.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from './build.mjs';
import { OBJECTIVE, defaultDrill, prepareDrills, runJobs, serveJobs } from './drill-workers.mjs';
import { readOptions, wholeNumber } from './ending.mjs';

const USAGE = 'Usage: node scripts/oracle.mjs [--seeds N] [--jobs N] [--write]';
const SEEDS = 50;
const PINNED = join(root, 'golden/oracle.json');
const RENAMES = join(root, 'golden/oracle-renames.json');

if (process.send) serveJobs(run);
else await compareAll();

async function compareAll() {
  const { seeds, jobs, write } = options();
  const prepared = await prepareDrills('oracle');
  const all = jobsOf(createRequire(import.meta.url)(prepared.library), write ? undefined : seeds);
  const found = await runJobs(import.meta.url, all, prepared, jobs);
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

/** Without `seeds` all that are pinned. */
function jobsOf({ MATRIX_FAULTS, ROUTINGS }, seeds) {
  return [
    ...MATRIX_FAULTS.map((fault) => ({ name: `fault ${fault}`, fault })),
    ...ROUTINGS.map((routing) => ({ name: `routing ${routing}`, routing })),
    ...Array.from({ length: seeds ?? SEEDS }, (_, at) => ({ name: `seed ${at + 1}`, seed: at + 1 })),
  ];
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
  const { twin, report } = await defaultDrill(drills, subject, 1);
  return `${hashOf(twin.world.events.lines())} ${hashOf([JSON.stringify(report)])}`;
}

/** Of the lines with every name as golden/oracle-renames.json says: one that is only called otherwise changes nothing. */
function hashOf(lines) {
  const renames = Object.entries(JSON.parse(readFileSync(RENAMES, 'utf8')));
  const hash = createHash('sha256');
  for (const line of lines) hash.update(renames.reduce((text, [from, to]) => text.replaceAll(from, to), line));
  return hash.digest('hex').slice(0, 16);
}
