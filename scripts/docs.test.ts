// The pages under docs/: a decision has a number of its own, and what a page or a comment refers to is there.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const decisions = readdirSync(join(root, 'docs/decisions'));

test('each decision has a number of its own, and its title says the same', () => {
  const numbers = decisions.map((name) => name.slice(0, 4));
  expect(numbers.filter((number, at) => numbers.indexOf(number) !== at)).toEqual([]);
  for (const name of decisions) {
    expect(readFileSync(join(root, 'docs/decisions', name), 'utf8')).toMatch(
      new RegExp(`^# ${Number(name.slice(0, 4))}\\. `),
    );
  }
});

test('every page that is named somewhere exists', () => {
  const files = execFileSync('git', ['ls-files', '*.md', '*.ts', '*.mjs', '*.yml'], { cwd: root, encoding: 'utf8' });
  const missing = files
    .trim()
    .split('\n')
    .flatMap((file) => {
      const text = readFileSync(join(root, file), 'utf8');
      const pages = [...text.matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map(([page]) => page);
      return pages.filter((page) => !existsSync(join(root, page))).map((page) => `${file}: ${page}`);
    });
  expect(missing).toEqual([]);
});

test('documents that are made from the code are what it says: "npm run docs" writes them anew', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/docs.mjs', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}, 60_000);
