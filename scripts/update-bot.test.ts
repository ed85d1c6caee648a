// The update bot is asked about everything that the project pins, and about nothing that is not there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const updates = read('.github/dependabot.yml')
  .split(/^ {2}- /m)
  .slice(1)
  .map((text) => ({
    ecosystem: /^package-ecosystem: (\S+)$/m.exec(text)?.[1],
    directory: /^ {4}directory: (\S+)$/m.exec(text)?.[1],
    text,
  }));

/** Directories of the project with such a file, as the bot names them. */
const directoriesWith = (name: string): string[] =>
  [
    ROOT,
    ...readdirSync(ROOT, { withFileTypes: true }).flatMap((one) => (skipped(one.name) ? [] : [join(ROOT, one.name)])),
  ]
    .flatMap((directory) => (existsSync(join(directory, name)) ? [`/${relative(ROOT, directory)}`] : []))
    .sort();
const skipped = (name: string): boolean => name.startsWith('.') || ['node_modules', 'dist'].includes(name);

test.each([
  ['npm', 'package-lock.json'],
  ['pip', 'requirements.txt'],
  ['docker', 'Dockerfile'],
])('%s: every directory with a %s', (ecosystem, file) => {
  const asked = updates.filter((one) => one.ecosystem === ecosystem).map(({ directory }) => directory);
  expect(asked.sort()).toEqual(directoriesWith(file));
  expect(asked).not.toEqual([]);
});

test('the workflows, and the action at the root: one directory is both', () => {
  expect(updates.filter(({ ecosystem }) => ecosystem === 'github-actions').map(({ directory }) => directory)).toEqual([
    '/',
  ]);
  expect(existsSync(join(ROOT, 'action.yml'))).toBe(true);
});

test('each waits a week for a new release, is asked each quarter, and keeps exact pins', () => {
  for (const { text, ecosystem } of updates) {
    expect(text).toMatch(/^ {6}interval: quarterly$/m);
    expect(text).toMatch(/^ {6}default-days: 7$/m);
    if (ecosystem === 'npm') expect(text).toMatch(/^ {4}versioning-strategy: increase$/m);
  }
});

test('what is left out or taken together is there', () => {
  const [npm] = updates.filter(({ ecosystem, directory }) => ecosystem === 'npm' && directory === '/');
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const installed = Object.keys({ ...dependencies, ...devDependencies });
  const named = [...(npm?.text ?? '').matchAll(/^ {6}- dependency-name: '?([^'\n]+)'?$/gm)].map(
    ([, name = '']) => name,
  );
  const patterns = [...(npm?.text ?? '').matchAll(/patterns: \[(.*)\]/g)].flatMap(([, list = '']) =>
    list.split(', ').map((one) => one.replace(/'/g, '')),
  );
  expect(named.length).toBeGreaterThan(0);
  for (const one of [...named, ...patterns]) {
    const matches = (name: string): boolean => (one.endsWith('/*') ? dirname(name) === dirname(one) : name === one);
    expect({ one, matches: installed.filter(matches).length > 0 }).toEqual({ one, matches: true });
  }
});
