// Is the promise kept? The default drill with many seeds, each routing and an accelerator: `node scripts/promise.mjs [--seeds N] [--seed FIRST]
// [--fault KIND] [--front NAME] [--jobs N]`. Clients that honour the TTL and open a new connection are held to the prediction, those that keep
// connections to it and client_keep_alive; behind an accelerator all that open a new one are. Exit code 1: some client was later, or a drill
// did not pass.
import { availableParallelism } from 'node:os';
import { ACCELERATED, defaultDrill, prepareDrills, runJobs, serveJobs } from './drill-workers.mjs';
import { fail, readOptions, wholeNumber } from './ending.mjs';
import { brokenIn, linesOf } from './promise-verdict.mjs';

const USAGE = 'Usage: node scripts/promise.mjs [--seeds N] [--seed FIRST] [--fault KIND] [--front NAME] [--jobs N]';
const SEEDS = '60';
/** Faults after which clients are moved, so that something is promised. */
const FAULTS = [
  'region-dark',
  'region-refuses',
  'alb-dark',
  'isolated',
  'lambda-errors',
  'lambda-throttled',
  'bad-deploy',
];

const FRONTS = ['dns', 'accelerator'];

if (process.send) serveJobs(run);
else await keepPromise();

async function keepPromise() {
  const { seeds, first, fault, front, jobs } = options();
  const prepared = await prepareDrills('promise', { accelerator: ACCELERATED });
  const routings = Object.keys(prepared.stacks).filter(
    (name) => front === undefined || (name === 'accelerator') === (front === 'accelerator'),
  );
  const all = routings.flatMap((routing) =>
    Array.from({ length: seeds }, (_, at) => ({
      name: `${routing}, seed ${first + at}`,
      ...{ routing, fault, seed: first + at },
    })),
  );
  const found = await runJobs(import.meta.url, all, prepared, jobs);
  const broken = Object.entries(found).flatMap(([name, report]) => brokenIn(report).map((why) => `✗ ${name}: ${why}`));
  for (const line of broken) console.log(line);
  for (const routing of routings) {
    const reports = all.filter((job) => job.routing === routing).map(({ name }) => found[name]);
    for (const line of linesOf(routing, reports)) console.log(line);
  }
  const kept = broken.length === 0;
  console.log(
    `${kept ? '✓ the promise is kept' : '✗ the promise is broken'} in ${all.length} drills of ${fault}: ${seeds} seeds, ${routings.join(', ')}`,
  );
  process.exitCode = kept ? 0 : 1;
}

function options() {
  const text = { type: 'string' };
  const given = readOptions('promise', { seeds: text, seed: text, fault: text, front: text, jobs: text }, USAGE);
  const { seeds = SEEDS, seed = '1', fault = FAULTS[0], front, jobs } = given;
  if (!FAULTS.includes(fault))
    fail(`promise: --fault "${fault}" moves no client, or is not known; it must be ${FAULTS.join(', ')}`);
  if (front !== undefined && !FRONTS.includes(front))
    fail(`promise: --front "${front}" is not known; it must be ${FRONTS.join(' or ')}`);
  return {
    ...{ fault, front },
    seeds: wholeNumber('promise', 'seeds', seeds),
    first: wholeNumber('promise', 'seed', seed),
    jobs: jobs === undefined ? availableParallelism() : wholeNumber('promise', 'jobs', jobs),
  };
}

async function run(drills, stacks, { routing, seed, fault }) {
  const subject = { system: drills.OURS, graph: drills.readStack(stacks[routing]) };
  const { passed, reasons, rto, predicted, populations, settings } = (await defaultDrill(drills, subject, seed, fault))
    .report;
  return { passed, reasons, rto, predicted, populations, settings };
}
