// What the survivor throttles when 10,000 requests a second of each region meet on it, and what each remedy changes: `npm run capacity`.
// Writes docs/capacity.json, from which `npm run docs` makes the tables of docs/capacity.md. Each of its drills takes about two minutes of CPU.
import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildIfStale, fail, root } from './build.mjs';
import { readOptions, temporaryDirectory } from './ending.mjs';

const LOAD = 10_000;
const WARM = ['readUnitsPerSecond=24000', 'writeUnitsPerSecond=16000'].flatMap((units) => [
  '--set',
  `options.warmThroughput.${units}`,
]);
const DRILLS = [
  { id: 'default', title: 'a quota of 1,000; the tables have carried the load for long', args: ['--quota', '1000'] },
  { id: 'quota', title: 'a quota of 3,000; the tables have carried the load for long', args: ['--quota', '3000'] },
  { id: 'new', title: 'a quota of 3,000; new tables', args: ['--quota', '3000', '--peak', '0'] },
  {
    id: 'warm',
    title: 'a quota of 3,000; new tables, warm for 24,000 reads and 16,000 writes a second',
    args: ['--quota', '3000', '--peak', '0'],
    warm: WARM,
  },
];

readOptions('capacity', {}, 'Usage: node scripts/capacity.mjs');
await buildIfStale();
const work = temporaryDirectory('dr-capacity-');
const drills = await Promise.all(DRILLS.map(drilled));
writeFileSync(join(root, 'docs/capacity.json'), `${JSON.stringify({ load: LOAD, drills }, null, 2)}\n`);
console.log('docs/capacity.json is written; npm run docs makes the tables');

async function drilled({ id, title, args, warm }) {
  const given = ['drill', '--load', String(LOAD), ...args, '--stack', stackOf(id, warm), '--json'];
  const report = await new Promise((resolve, reject) => {
    execFile(process.execPath, ['dist/dr/main.js', ...given], { cwd: root, maxBuffer: 1e8 }, (error, stdout, stderr) =>
      // 1: the survivor throttles, which is a result.
      error && error.code !== 1 ? reject(new Error(stderr)) : resolve(JSON.parse(stdout)),
    );
  });
  const { passed, rto, capacity } = report;
  const limits = capacity.limits.filter(({ usedShare, fromSeconds }) => usedShare >= 0.25 || fromSeconds !== null);
  return {
    id,
    title,
    options: args.join(' '),
    passed,
    worstSeconds: rto?.worstSeconds ?? null,
    capacity: { ...capacity, limits },
  };
}

/** The default stack, its table as warm as asked. */
function stackOf(id, warm = []) {
  const out = join(work, id);
  const { status, stderr } = spawnSync(process.execPath, ['dist/infra/main.js', '--out', out, ...warm], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) fail(stderr);
  return join(out, 'stacks/dr/cdk.tf.json');
}
