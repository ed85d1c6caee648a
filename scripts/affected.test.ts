// A pull request runs the tests of what it affects: those of a changed comment and of nothing beside, and all that read the changed file.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const ENV = { ...process.env, NX_DAEMON: 'false' };

interface Project {
  readonly name: string;
  readonly root: string;
  readonly test: boolean;
}
interface Answer {
  readonly affected: Readonly<Record<string, readonly string[]>>;
  readonly projects: readonly Project[];
}

function affectedBy(...files: readonly string[]): Answer {
  const { stdout, stderr } = spawnSync(process.execPath, ['scripts/testing/affected-by.mjs'], {
    cwd: root,
    encoding: 'utf8',
    input: JSON.stringify(files),
    env: ENV,
    maxBuffer: 1 << 26,
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Answer;
}

describe('a comment that is changed', () => {
  const clone = mkdtempSync(join(tmpdir(), 'dr-affected-test-'));
  afterAll(() => rmSync(clone, { recursive: true }));
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], { cwd: clone });

  beforeAll(() => {
    const files = ['apps', 'libs', 'scripts', 'conformance', 'bench', 'e2e', 'docs', 'golden', '.github', 'README.md'];
    const roots = [
      'nx.json',
      'package.json',
      'package-lock.json',
      'tsconfig.base.json',
      'jest.config.cjs',
      '.gitignore',
    ];
    for (const name of [...files, ...roots, 'dr.config.ts', 'action.yml'].filter((one) => existsSync(join(root, one))))
      cpSync(join(root, name), join(clone, name), {
        recursive: true,
        filter: (path) => !/[\\/](node_modules|pictures|results)$/.test(path),
      });
    symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
    git('init', '--quiet');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'before');
  });

  /** As in the workflow of pull requests, but that Nx writes what it would run. */
  function testsRun(file: string, change: (text: string) => string): readonly string[] {
    const before = readFileSync(join(clone, file), 'utf8');
    writeFileSync(join(clone, file), change(before));
    git('commit', '--quiet', '--all', '--message', 'change');
    const workflow = readFileSync(join(root, '.github/workflows/ci.yml'), 'utf8');
    const [, asked = ''] = /run: npx (nx affected -t test)\n/.exec(workflow) ?? [];
    expect(asked).not.toBe('');
    const [, ...args] = asked.split(' ');
    const nx = join(root, 'node_modules/nx/dist/bin/nx.js');
    execFileSync(process.execPath, [nx, ...args, '--graph=tasks.json'], {
      cwd: clone,
      env: { ...ENV, NX_BASE: 'HEAD~1', NX_HEAD: 'HEAD', NX_WORKSPACE_ROOT_PATH: clone },
      stdio: 'pipe',
    });
    const { tasks } = JSON.parse(readFileSync(join(clone, 'tasks.json'), 'utf8')) as {
      readonly tasks: { readonly tasks: Readonly<Record<string, unknown>> };
    };
    return Object.keys(tasks.tasks)
      .map((task) => task.replace(/:test$/, ''))
      .sort();
  }

  test.each<[string, readonly string[]]>([
    // Its own tests, and those of the scripts, which hold all of the project; bench uses these.
    ['apps/dr/src/commands/status.ts', ['bench', 'dr', 'scripts']],
    ['libs/player/src/words/apart.ts', ['bench', 'dr', 'player', 'scripts']],
    // A function is met as a bundle by the drills.
    ['apps/health-checker/src/main.ts', ['bench', 'dr', 'drills', 'health-checker', 'scripts']],
    [
      'libs/consistency/src/report.ts',
      ['bench', 'consistency', 'data-consistency-validator', 'dr', 'drills', 'scripts'],
    ],
    ['libs/constructs/src/routing.ts', ['alarms', 'bench', 'constructs', 'dr', 'drills', 'infra', 'scripts']],
    ['scripts/lock.mjs', ['bench', 'scripts']],
  ])('in %s runs the tests of %j', (file, projects) => {
    expect(testsRun(file, (text) => `// Another comment.\n${text}`)).toEqual(projects);
  });

  test('in the README runs those that read it, and none of a library', () => {
    expect(testsRun('README.md', (text) => `${text}\n<!-- Another comment. -->\n`)).toEqual(['bench', 'dr', 'scripts']);
  });

  test('in the configuration of the tests runs all', () => {
    const all = affectedBy().projects.filter(({ test: has }) => has);
    expect(testsRun('jest.config.cjs', (text) => `// Another comment.\n${text}`)).toHaveLength(all.length);
  });
});

/** Text of a test, with `'docs', 'cli.md'` as one path. */
const joined = (text: string): string => text.replaceAll(/',\s*'/g, '/');
const PATH = /'((?:\.\.?\/)*[\w.@-]+(?:\/[\w.@-]+)*)'/g;

/** What a file of tests names outside its own project, from the root; a bundle as the source of its program. */
function namedIn(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const candidates = [text, joined(text)].flatMap((one) => [...one.matchAll(PATH)].map(([, path = '']) => path));
  return candidates.flatMap((path) => {
    const bundle = /(?:^|\/)dist\/([a-z-]+)\/[\w.]+\.js$/.exec(path)?.[1];
    if (bundle !== undefined && existsSync(join(root, 'apps', bundle))) return [`apps/${bundle}/src/main.ts`];
    const places = [resolve(root, dirname(file), path), resolve(root, path.replace(/^(\.\.\/)+/, ''))];
    const found = places.find((place) => place.startsWith(`${root}/`) && existsSync(place));
    if (found === undefined || /node_modules|\/dist(\/|$)/.test(found)) return [];
    const named = relative(root, found);
    // A whole directory of the root is named in many ways that are no reading of it.
    if (statSync(found).isDirectory()) return named.includes('/') ? [`${named}/any.md`] : [];
    return [named];
  });
}

describe('whatever a test reads', () => {
  const listed = execFileSync(process.execPath, ['node_modules/jest/bin/jest.js', '--listTests', '--json'], {
    cwd: root,
  });
  const tests = (JSON.parse(listed.toString()) as readonly string[]).map((path) => relative(root, path));
  const helpers = execFileSync('find', ['apps', 'libs', '-path', '*/testing/*', '-name', '*.ts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const files = [
    ...tests,
    ...helpers
      .trim()
      .split('\n')
      .filter((file) => !tests.includes(file)),
  ];
  const named = new Map(files.map((file) => [file, namedIn(file)]));
  const { affected, projects } = affectedBy(...new Set([...named.values()].flat()));
  const projectOf = (file: string): Project | undefined => projects.find(({ root: at }) => file.startsWith(`${at}/`));

  test('every test is one of a project that runs its tests', () => {
    expect(tests.length).toBeGreaterThan(250);
    expect(tests.filter((file) => projectOf(file)?.test !== true)).toEqual([]);
  });

  test('runs it when it is changed', () => {
    const reads = [...named].flatMap(([file, paths]) => paths.map((path) => ({ file, path })));
    const outside = reads.filter(({ file, path }) => projectOf(file) !== projectOf(path));
    expect(outside.length).toBeGreaterThan(60);
    const missed = outside.filter(({ file, path }) => !affected[path]?.includes(projectOf(file)?.name ?? ''));
    expect(missed.map(({ file, path }) => `${path} is read by ${file}, and is no input of its project`)).toEqual([]);
  });
});
