// Runs of the drills' library in processes of their own, for scripts: what they need is built once, and each process takes one job after another.
import { build } from 'esbuild';
import { fork, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildIfStale, fail, root } from './build.mjs';
import { TOOL_OPTIONS } from './bundle-options.mjs';
import { temporaryDirectory } from './ending.mjs';

const LIBRARY = [
  "export * from '@dr/drills'; export { readStack } from '@dr/terraform-json';",
  "export { DEFAULT_POPULATIONS, ROUTINGS } from '@dr/contracts';",
].join(' ');
/** As dr.config.ts has them. */
export const OBJECTIVE = { rtoSeconds: 60, rpoSeconds: 5 };

/** What the infra app is given for our stack behind an accelerator. */
export const ACCELERATED = ['--set', 'frontDoor="global-accelerator"'];

/** Builds what the runs of a script need: the library, and our stack with each routing. `more`: stacks beside those, by name. */
export async function prepareDrills(script, more = {}) {
  await buildIfStale();
  const work = temporaryDirectory(`dr-${script}-`);
  const library = join(root, 'dist', script, 'index.js');
  await build({
    ...TOOL_OPTIONS,
    absWorkingDir: root,
    stdin: { contents: LIBRARY, resolveDir: root, loader: 'ts' },
    outfile: library,
  });
  const { ROUTINGS } = createRequire(import.meta.url)(library);
  const asked = { ...Object.fromEntries(ROUTINGS.map((routing) => [routing, ['--routing', routing]])), ...more };
  const stacks = Object.fromEntries(
    Object.entries(asked).map(([name, args]) => [name, synthesize(join(work, name), args)]),
  );
  return { library, stacks };
}

function synthesize(out, args) {
  const { status, stderr } = spawnSync(process.execPath, ['dist/infra/main.js', ...args, '--out', out], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) fail(stderr);
  return join(out, 'stacks/dr/cdk.tf.json');
}

/** What came of each job, by its name. `script`: the URL of the module whose processes take them. */
export async function runJobs(script, jobs, prepared, processes) {
  const waiting = [...jobs];
  const results = Object.fromEntries(jobs.map(({ name }) => [name, undefined]));
  const lane = () =>
    new Promise((resolve, reject) => {
      const worker = fork(fileURLToPath(script), { execArgv: ['--max-semi-space-size=64'] });
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
  await Promise.all(Array.from({ length: Math.min(processes, jobs.length) }, lane));
  return results;
}

/** In a process of its own: one job after another until the parent lets go. */
export function serveJobs(run) {
  process.on('message', async ({ library, stacks, job }) => {
    const drills = createRequire(import.meta.url)(library);
    process.send({ name: job.name, result: await run(drills, stacks, job) });
  });
}

/** The drill of `dr drill` without options. `fault`: another than a dark region. */
export async function defaultDrill(drills, subject, seed, fault) {
  const twin = await drills.startTwin({ ...subject, seed });
  const places = drills.placesOf(drills.OURS, twin.world.regions);
  const asked = { objective: OBJECTIVE, populations: drills.DEFAULT_POPULATIONS, fault };
  const scenario = drills.parseScenario(asked, places);
  const report = await drills.runDrill({ twin, graph: subject.graph, scenario, replay: '', wallMs: () => 0 });
  return { twin, report };
}
