// The image and what runs it: it holds what the bundles are made from, and each manifest runs every shard once.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const DOCKERFILE = read('Dockerfile');
const instructions = (name: string): string[] =>
  [...DOCKERFILE.matchAll(new RegExp(`^${name} (.*)$`, 'gm'))].map(([, value = '']) => value);

test('Node is that of the pipelines, to the patch', () => {
  const [, version = ''] = /^node:(\d+\.\d+\.\d+)-bookworm-slim$/.exec(instructions('FROM').join()) ?? [];
  const pipelines = readdirSync(join(ROOT, '.github/workflows')).map((file) => read(`.github/workflows/${file}`));
  const used = pipelines.flatMap((text) => [...text.matchAll(/node-version: '(.*)'/g)].map(([, one]) => one));
  expect(new Set(used)).toEqual(new Set([version]));
});

test('the program runs as nobody who may change it, and is the entrypoint', () => {
  expect(instructions('USER')).toEqual(['node']);
  expect(DOCKERFILE.indexOf('\nUSER')).toBeGreaterThan(DOCKERFILE.lastIndexOf('\nRUN'));
  expect(instructions('ENTRYPOINT')).toEqual(['["dr"]']);
  expect(instructions('RUN').join()).toContain('npm ci');
});

test('whatever the bundles are made from is in the image, and nothing that is not in the project', () => {
  const [all, ...kept] = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(all).toBe('*');
  const inside = kept.map((line) => line.replace(/^!/, ''));
  expect(inside.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  const apps = readdirSync(join(ROOT, 'dist')).filter((app) => existsSync(join(ROOT, 'dist', app, 'build.json')));
  expect(apps.length).toBeGreaterThan(4);
  const inputs = apps.flatMap((app) => {
    const record = JSON.parse(read(`dist/${app}/build.json`)) as { readonly inputs: Readonly<Record<string, string>> };
    return Object.keys(record.inputs);
  });
  const isInside = (file: string): boolean => inside.some((name) => file === name || file.startsWith(`${name}/`));
  expect([...new Set(inputs)].filter((file) => !isInside(file) && !file.startsWith('node_modules/'))).toEqual([]);
});

const SEARCH = read('deploy/kubernetes-search.yaml');
const MERGE = read('deploy/kubernetes-merge.yaml');
const scriptIn = (manifest: string): string => /^ {12}- (dr .*)$/m.exec(manifest)?.[1] ?? '';
const numberIn = (manifest: string, key: string): number =>
  Number(new RegExp(`^ +${key}: (\\d+)$`, 'm').exec(manifest)?.[1]);

test('the Job of Kubernetes has an index for each shard, and so has the array of AWS Batch', () => {
  expect(SEARCH).toMatch(/^ {2}completionMode: Indexed$/m);
  const shards = Number(/--shard auto\/(\d+) /.exec(scriptIn(SEARCH))?.[1]);
  expect([numberIn(SEARCH, 'completions'), numberIn(SEARCH, 'parallelism'), shards]).toEqual([8, 8, 8]);
  const { containerProperties } = JSON.parse(read('deploy/batch-search.json')) as {
    containerProperties: { command: readonly string[] };
  };
  const command = containerProperties.command.join(' ');
  expect(`dr ${command}`).toBe(scriptIn(SEARCH).replace(/ \|\| .*/, ''));
  expect(read('docs/drills/search.md')).toContain(`--array-properties size=${shards}`);
});

test.each([
  [0, 0],
  [1, 0],
  [2, 2],
  [70, 70],
])('a shard that ends with %d ends its pod with %d: one that broke a check has ended', (ends, pod) => {
  const script = scriptIn(SEARCH).replace(/^dr /, `program() { return ${ends}; }; program `);
  expect(spawnSync('sh', ['-c', script]).status).toBe(pod);
  const [, values = ''] = /values: \[(.*)\]/.exec(SEARCH) ?? [];
  // What another try does not mend ends the Job.
  expect(values.split(', ').map(Number)).toEqual([2, 70]);
});

test('the merge is given the files that the shards have written, and ends as it does', () => {
  const directory = mkdtempSync(join(tmpdir(), 'dr-image-test-'));
  try {
    for (const index of [1, 2]) writeFileSync(join(directory, `shard-${index}-of-2.jsonl`), '');
    const script = scriptIn(MERGE)
      .replaceAll('/results', directory)
      .replace(/^dr /, 'program() { echo "$@"; return 1; }; program ');
    const { stdout, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    expect(stdout).toContain(`merge ${directory}/shard-1-of-2.jsonl ${directory}/shard-2-of-2.jsonl --report`);
    expect(status).toBe(1);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test.each([
  ['the search', SEARCH],
  ['the merge', MERGE],
])('the pod of %s has no right that it does not need', (_, manifest) => {
  for (const line of [
    'runAsNonRoot: true',
    'allowPrivilegeEscalation: false',
    'readOnlyRootFilesystem: true',
    'drop: [ALL]',
    'automountServiceAccountToken: false',
  ])
    expect(manifest).toContain(line);
});
