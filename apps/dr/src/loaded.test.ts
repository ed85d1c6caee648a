// What the built command line loads, told by Node itself and named by esbuild: a command never waits for what another one needs.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { SEED_WORKER } from './adapters/seed-worker';
import { ENTRIES } from './commands';

const root = resolve(__dirname, '../../..');
const built = join(root, 'dist', 'dr');
const folder = mkdtempSync(join(tmpdir(), 'dr-loaded-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Bundle -> the sources in it. */
type Sources = ReadonlyMap<string, readonly string[]>;

/** The build again, for what it says of itself: same sources, same names of files. */
function sourcesOfBundles(): Sources {
  const script = `import { bundleTool } from './scripts/bundle-tool.mjs';
    const { metafile } = await bundleTool('apps/dr/src/main.ts');
    console.log(JSON.stringify(metafile.outputs));`;
  const text = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  const outputs = JSON.parse(text) as Record<string, { readonly inputs: Record<string, { bytesInOutput: number }> }>;
  return new Map(
    Object.entries(outputs).map(([file, { inputs }]) => [
      basename(file),
      Object.keys(inputs).filter((source) => (inputs[source]?.bytesInOutput ?? 0) > 0),
    ]),
  );
}

const sources = sourcesOfBundles();
const recorder = join(folder, 'recorder.cjs');
writeFileSync(
  recorder,
  `const { writeFileSync } = require('node:fs');
  process.once('exit', () => writeFileSync(process.env.DR_LOADED, JSON.stringify(Object.keys(require('node:module')._cache))));`,
);

/** Runs the built program; the files that it has loaded, its own as the sources in them. */
function loadedBy(...argv: readonly string[]) {
  const told = join(folder, 'loaded.json');
  const { status } = spawnSync(process.execPath, ['--require', recorder, join(built, 'main.js'), ...argv], {
    cwd: root,
    env: { ...process.env, DR_LOADED: told },
  });
  const read = JSON.parse(execFileSync('cat', [told], { encoding: 'utf8' })) as readonly string[];
  const files = read.filter((file) => file !== recorder);
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const ofFile = (file: string): readonly string[] =>
    file.startsWith(built) ? (sources.get(basename(file)) as readonly string[]) : [file];
  return { status, bytes, files: files.flatMap(ofFile) };
}

/** `libs/twin`, `node_modules/zod`: what the files are of. */
const partsOf = (files: readonly string[]): string[] => [
  ...new Set(files.map((file) => /(?:libs|node_modules)\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? 'apps/dr')),
];
const commandsIn = (files: readonly string[]): string[] =>
  files.filter((file) =>
    /^apps\/dr\/src\/(commands\/(?!index\.ts)|operate\/(?!operator\.ts|gameday\/ports\.ts))/.test(file),
  );

test('the files that are looked at are those of the build', () => {
  expect(sources.get('main.js')).toContain('apps/dr/src/main.ts');
  const whole = loadedBy('completion', 'bash');
  expect(partsOf(whole.files)).toEqual(expect.arrayContaining(['libs/review', 'node_modules/zod', 'apps/dr']));
  expect(commandsIn(whole.files).length).toBeGreaterThan(40);
});

test.each([[['--help']], [['--version']], [['nothing']], [[]]])(
  'dr %j loads no command, and nothing that one needs',
  (argv) => {
    const { files, bytes } = loadedBy(...argv);
    expect(commandsIn(files)).toEqual([]);
    expect(partsOf(files).sort()).toEqual([
      'apps/dr',
      'libs/contracts',
      'libs/terraform-json',
      'node_modules/commander',
    ]);
    expect(files.filter((file) => file.startsWith('libs/terraform-json'))).toEqual([
      'libs/terraform-json/src/given-file.ts',
    ]);
    expect(bytes).toBeLessThan(150_000);
  },
);

/** What a simulation needs, or an applied system. */
const HEAVY = /node_modules\/(?!commander)|libs\/(twin|player|event-log|stack|review)\//;
/** Their options are about what they judge, or write. */
const NEEDS: Readonly<Record<string, RegExp>> = {
  cost: /libs\/(stack|review)\//,
  'plan-check': /libs\/(stack|review)\//,
  review: /libs\/(stack|review)\//,
  init: /node_modules\/(zod|commander)\//,
};

test.each(ENTRIES.map(([name]) => name).filter((name) => name !== 'completion'))(
  'dr %s --help loads neither the twin nor another command',
  (name) => {
    const { status, files } = loadedBy(name, '--help');
    expect(status).toBe(0);
    const heavy = files.filter((file) => HEAVY.test(file) && !NEEDS[name]?.test(file));
    expect(heavy).toEqual([]);
    expect(files.filter((file) => file.startsWith('libs/drills') && !file.includes('/incidents/'))).toEqual([]);
  },
);

test('a review loads what judges a stack: no drill, no account, no schema', () => {
  const { status, files, bytes } = loadedBy('review', 'golden/cdk.tf.json');
  expect(status).toBe(0);
  expect(partsOf(files).sort()).toEqual([
    'apps/dr',
    'libs/contracts',
    'libs/failover',
    'libs/review',
    'libs/stack',
    'libs/terraform-json',
    'node_modules/commander',
  ]);
  expect(commandsIn(files).filter((file) => !/\/review\/|-shape\.ts$/.test(file))).toEqual([]);
  expect(bytes).toBeLessThanOrEqual(800_000);
});

test('what reads dr.config.ts alone loads its schema, and no twin', () => {
  const { status, files } = loadedBy('objectives');
  expect(status).toBe(0);
  expect(partsOf(files)).toEqual(expect.arrayContaining(['libs/failover', 'node_modules/zod']));
  expect(partsOf(files).filter((part) => /drills|twin|review|stack|@aws-sdk|fast-check/.test(part))).toEqual([]);
});

test('a drill loads the twin, and neither the AWS SDK nor what synthesizes', () => {
  const { status, files } = loadedBy('drill', '--duration', '60', '--clients', '4', '--rate', '1');
  expect(status).toBe(0);
  expect(partsOf(files)).toEqual(expect.arrayContaining(['libs/twin', 'libs/drills']));
  expect(partsOf(files).filter((part) => /@aws-sdk|cdktf|constructs/.test(part))).toEqual([]);
});

test('a process that runs seeds loads no command, and no parser of command lines', () => {
  // Nobody has a seed for it, and it ends.
  const { status, files } = loadedBy(SEED_WORKER);
  expect(status).toBe(0);
  expect(commandsIn(files)).toEqual([]);
  expect(partsOf(files)).toEqual(expect.arrayContaining(['libs/twin', 'libs/drills']));
  expect(partsOf(files).filter((part) => /commander|@aws-sdk|cdktf|constructs/.test(part))).toEqual([]);
});
