// The package as another team has it: installed without a network, in a folder of its own, asked from an empty one. Real npm, real processes.
import { fork, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
// eslint-disable-next-line @nx/enforce-module-boundaries -- what the command line itself says
import { SEED_WORKER } from '../apps/dr/src/adapters/seed-worker';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the same
import type { SeedJob } from '../apps/dr/src/adapters/seed-worker-adapter';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the same
import { programOf } from '../apps/dr/src/whole-program';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the same
import { pathOf, withSubcommands } from '../apps/dr/src/terminal/manual';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the same
import { eventLogText } from '../apps/dr/src/testing/event-log';

const root = resolve(__dirname, '..');
const LIMIT_BYTES = 5_000_000;
const scratch = mkdtempSync(join(tmpdir(), 'dr package test '));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const team = join(scratch, 'a team');
const empty = join(scratch, 'an empty folder');
const files = join(scratch, 'a folder with files');
const installed = join(team, 'node_modules', 'multi-region-dr');

/** No network, and nothing of this machine's npm. */
const env = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|AWS_)/i.test(name))),
  npm_config_cache: join(scratch, 'npm'),
  npm_config_offline: 'true',
  npm_config_registry: 'http://127.0.0.1:9/',
  npm_config_update_notifier: 'false',
  HOME: scratch,
};

function run(cwd: string, program: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8', timeout: 120_000 });
  return { status, stdout, stderr };
}
const program = join(team, 'node_modules', '.bin', 'dr');
const dr = (...args: readonly string[]) => run(files, program, ...args);
const inProject = (...args: readonly string[]) =>
  run(files, process.execPath, join(root, 'dist', 'dr', 'main.js'), ...args);

const filesIn = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(directory, name)).isFile())
    .sort();
const digestOf = (directory: string): string => {
  const hash = createHash('sha256');
  for (const name of filesIn(directory)) hash.update(`${name}\n`).update(readFileSync(join(directory, name)));
  return hash.digest('hex');
};

let tarball: string;
let digest: string;

beforeAll(() => {
  for (const directory of [team, empty, files]) mkdirSync(directory);
  cpSync(join(root, 'golden', 'cdk.tf.json'), join(files, 'plan.json'));
  const packed = run(root, process.execPath, 'scripts/package.mjs', '--out', scratch);
  expect(packed).toMatchObject({ status: 0, stderr: '' });
  console.log(packed.stdout.trim());
  tarball = join(scratch, readdirSync(scratch).find((name) => name.endsWith('.tgz')) as string);
  writeFileSync(join(team, 'package.json'), '{"name":"team","version":"1.0.0"}');
  expect(run(team, 'npm', 'install', tarball)).toMatchObject({ status: 0 });
  digest = digestOf(installed);
});

afterEach(() => expect(digestOf(installed)).toBe(digest));

test('is small, and the same sources give the same bytes', () => {
  expect(statSync(tarball).size).toBeLessThanOrEqual(LIMIT_BYTES);
  const again = join(scratch, 'again');
  expect(run(root, process.execPath, 'scripts/package.mjs', '--out', again)).toMatchObject({ status: 0, stderr: '' });
  const name = relative(scratch, tarball);
  expect(readFileSync(join(again, name)).equals(readFileSync(tarball))).toBe(true);
});

test('runs nothing when it is installed, asks for no other package, and holds their licences', () => {
  const manifests = filesIn(installed).filter((name) => /(^|[\\/])package\.json$/.test(name));
  expect(manifests.length).toBeGreaterThan(3);
  const notices = readFileSync(join(installed, 'NOTICES.md'), 'utf8');
  for (const name of manifests) {
    const {
      scripts,
      dependencies = {},
      ...own
    } = JSON.parse(readFileSync(join(installed, name), 'utf8')) as {
      name: string;
      version: string;
      scripts?: object;
      dependencies?: object;
    };
    expect({ name, scripts }).toEqual({ name, scripts: undefined });
    for (const one of Object.keys(dependencies)) expect(existsSync(join(installed, 'node_modules', one))).toBe(true);
    if (name !== 'package.json') expect(notices).toContain(`## ${own.name} ${own.version} (`);
  }
  for (const bundled of ['commander', 'zod', 'preact']) expect(notices).toContain(`## ${bundled} `);
  expect(existsSync(join(installed, 'LICENSE'))).toBe(true);
});

/** What each command is asked; `needs`: the project's workspace. A command that is missing here fails the test below. */
const NEEDS = 'needs';
const ASKED: Readonly<Record<string, typeof NEEDS | 'works'>> = {
  init: NEEDS,
  objectives: NEEDS,
  drill: NEEDS,
  merge: 'works',
  console: NEEDS,
  report: 'works',
  preflight: NEEDS,
  'gameday --region mumbai': NEEDS,
  'chaos test-failover --region mumbai': NEEDS,
  'chaos simulate-failure --region mumbai --duration 60': NEEDS,
  'evacuate --region mumbai': NEEDS,
  'readmit --region mumbai': NEEDS,
  'restore --to 2026-11-28T12:00:00Z': NEEDS,
  status: NEEDS,
  validate: NEEDS,
  history: NEEDS,
  'keys rotate': NEEDS,
  cost: NEEDS,
  permissions: NEEDS,
  calibrate: 'works',
  'plan-check': 'works',
  review: 'works',
  completion: 'works',
};
const wordsOf = (asked: string): string => asked.replace(/ --.*/, '');

test('each command is asked', () => {
  const leaves = withSubcommands(programOf(() => undefined, 80)).filter(({ commands }) => commands.length === 0);
  expect(Object.keys(ASKED).map(wordsOf).sort()).toEqual(leaves.map(pathOf).sort());
});

const needy = Object.keys(ASKED).filter((asked) => ASKED[asked] === NEEDS);
test.each(needy)('dr %s says that it needs the project, and what to run there', (asked) => {
  const { status, stdout, stderr } = run(empty, program, ...asked.split(' '));
  expect(stderr).toBe(
    `dr ${wordsOf(asked)}: needs the project's workspace, which holds dr.config.ts and builds a stack of it; this is its package alone. ` +
      `Clone the project, then run "npm ci" and "npm run -s dr -- ${wordsOf(asked)}" there\n`,
  );
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(readdirSync(empty)).toEqual([]);
});

test('a review is the one that the project gives, of files in the folder where it is asked, and is written there', () => {
  const own = inProject('review', 'plan.json');
  expect(own).toMatchObject({ status: 0, stdout: expect.stringMatching(/^PASSES: 1 public name/) });
  expect(dr('review', 'plan.json')).toEqual(own);
  expect(dr('review', 'plan.json', '--rto', '50', '--json', '--out', 'review.json').status).toBe(1);
  expect(JSON.parse(readFileSync(join(files, 'review.json'), 'utf8'))).toMatchObject({ schema: 1, verdict: 'fails' });
  expect(dr('review', 'none.json')).toMatchObject({ status: 2, stdout: '' });
});

test("a team's own stack is drilled, with nothing of the project", () => {
  const balancer = (region: string) => ({ name: region, provider: `aws.${region}` });
  const record = (region: string, type: string, more: object = {}) => ({
    ...{ zone_id: 'Z', name: 'shop.example.org', type: 'A', set_identifier: region, failover_routing_policy: { type } },
    alias: { name: `\${aws_lb.${region}.dns_name}`, zone_id: 'Z', evaluate_target_health: false },
    ...more,
  });
  const stack = {
    provider: {
      aws: [{ region: 'us-east-1' }, { alias: 'ireland', region: 'eu-west-1' }, { alias: 'ohio', region: 'us-east-2' }],
    },
    resource: {
      aws_lb: { ireland: balancer('ireland'), ohio: balancer('ohio') },
      aws_route53_health_check: {
        ireland: { type: 'HTTPS', fqdn: '${aws_lb.ireland.dns_name}', request_interval: 10, failure_threshold: 2 },
      },
      aws_route53_record: {
        ireland: record('ireland', 'PRIMARY', { health_check_id: '${aws_route53_health_check.ireland.id}' }),
        ohio: record('ohio', 'SECONDARY'),
      },
    },
  };
  writeFileSync(join(files, 'shop.tf.json'), JSON.stringify(stack));
  const drilled = dr('drill', '--stack', 'shop.tf.json', '--rto', '120');
  expect(drilled).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^PASSES: 1 public name, objective 120 s\./),
  });
});

test('so is a cost', () => {
  const own = inProject('cost', 'plan.json', '--json');
  expect(own.status).toBe(0);
  expect(dr('cost', 'plan.json', '--json')).toEqual(own);
});

test('npx runs it from the tarball alone', () => {
  // npm takes an absolute path for a program.
  const asked = run(files, 'npx', '--yes', `./${relative(files, tarball)}`, 'review', 'plan.json');
  expect(asked).toMatchObject({ status: 0, stdout: dr('review', 'plan.json').stdout });
});

test('a report, the check of a plan and a completion need nothing else', () => {
  writeFileSync(join(files, 'log.jsonl'), eventLogText());
  expect(dr('report', 'log.jsonl', '--out', 'report.html')).toMatchObject({ status: 0, stderr: '' });
  expect(readFileSync(join(files, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  writeFileSync(
    join(files, 'none.json'),
    JSON.stringify({ format_version: '1.2', configuration: {}, planned_values: {} }),
  );
  expect(dr('plan-check', '--plan', 'none.json')).toMatchObject({ status: 0, stderr: '' });
  expect(dr('completion', 'bash')).toMatchObject({ status: 0, stdout: expect.stringContaining('complete ') });
});

test("a search of a team's own system is shared there, and put together", () => {
  const example = join(root, 'docs', 'guides', 'system-example');
  const given = ['--stack', join(example, 'plan.json'), '--system', join(example, 'system.json')];
  mkdirSync(join(files, 'shards'));
  for (const shard of ['1/2', '2/2']) {
    const asked = ['--seeds', '2', '--jobs', '1', '--shrink', '0', '--shard', shard, '--progress', 'shards'];
    expect(dr('drill', ...given, ...asked)).toMatchObject({ status: 0 });
  }
  expect(dr('merge', 'shards/shard-2-of-2.jsonl', 'shards/shard-1-of-2.jsonl')).toMatchObject({
    status: 0,
    stderr: '',
    stdout: expect.stringMatching(/^2 random schedules, seeds 1 to 2, commit unknown\n/),
  });
});

/** A seed of our own stack, which uses all of the twin; no command of the package asks for it without the project. */
async function seedIn(script: string, stack: string): Promise<unknown> {
  const worker = fork(script, [SEED_WORKER], {
    cwd: empty,
    env,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  worker.send({ kind: 'run', subject: { stacks: [stack] }, given: [1] } satisfies SeedJob);
  const [reply] = (await once(worker, 'message')) as [unknown];
  worker.disconnect();
  return reply;
}

test('the twin is whole there: a schedule of faults ends as in the project', async () => {
  const synthesized = join(scratch, 'synthesized');
  const infra = join(root, 'dist', 'infra', 'main.js');
  expect(run(root, process.execPath, infra, '--simulate', '--out', synthesized).status).toBe(0);
  const stack = join(synthesized, 'stacks', 'dr', 'cdk.tf.json');
  const own = await seedIn(join(root, 'dist', 'dr', 'main.js'), stack);
  expect(own).toMatchObject({ answer: { requests: expect.any(Number), violations: [] } });
  expect(await seedIn(join(installed, 'dist', 'main.js'), stack)).toEqual(own);
});

test('help and pages name commands as they are typed there', () => {
  const { stdout } = dr('review', '--help');
  expect(stdout).toContain('\n  dr review plan.json\n');
  const pages = ['README.md', join('docs', 'cli.md')].map((name) => readFileSync(join(installed, name), 'utf8'));
  expect([stdout, dr('--help').stdout, ...pages].filter((text) => text.includes('npm run -s dr'))).toEqual([]);
  expect(dr('--version').stdout.trim()).toBe(
    (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version,
  );
});
