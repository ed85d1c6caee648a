// The pages under docs/: a decision has a number of its own, and what a page or a comment refers to is there.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const decisions = readdirSync(join(root, 'docs/decisions'));
const tracked = (...patterns: readonly string[]): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .filter((file) => existsSync(join(root, file)));
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

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
  const missing = tracked('*.md', '*.ts', '*.mjs', '*.yml').flatMap((file) => {
    const pages = [...textOf(file).matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map(([page]) => page);
    return pages.filter((page) => !existsSync(join(root, page))).map((page) => `${file}: ${page}`);
  });
  expect(missing).toEqual([]);
});

/** As GitHub names the headings of a page. */
const anchorsOf = (page: string): string[] =>
  [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );

test('every link between the pages leads to a file, and to a heading of it', () => {
  const broken = tracked('*.md').flatMap((page) =>
    [...textOf(page).matchAll(/\]\((?!<?https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].flatMap(([link, path = '', anchor]) => {
      const file = path === '' ? page : join(dirname(page), path);
      const leads = existsSync(join(root, file)) && (anchor === undefined || anchorsOf(file).includes(anchor));
      return leads ? [] : [`${page}: ${link}`];
    }),
  );
  expect(broken).toEqual([]);
});

test('what the guide to troubleshooting quotes is what the product prints', () => {
  const sources = tracked('apps/**/*.ts', 'libs/**/*.ts', 'scripts/*.mjs').filter((file) => !file.endsWith('.test.ts'));
  const product = sources
    .map(textOf)
    .join('\n')
    .replace(/' \+\s+'|` \+\s+[`']|' \+\s+`/g, '');
  const rows = textOf('docs/guides/troubleshooting.md').match(/^\| .*/gm) ?? [];
  const cells = rows.map((row) => row.split(' | ')[0] ?? '').filter((cell) => !/^\| (AWS|Terraform):/.test(cell));
  const quoted = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text));
  expect(quoted.length).toBeGreaterThan(25);
  expect(quoted.filter((text) => !product.includes(text))).toEqual([]);
});

test('the guide to troubleshooting lists every runbook', () => {
  const listed = [...textOf('docs/guides/troubleshooting.md').matchAll(/^\| \[([\w-]+)\]\(\.\.\/runbooks\//gm)];
  expect(listed.map(([, name]) => `${name}.md`).sort()).toEqual(readdirSync(join(root, 'docs/runbooks')).sort());
});

test('documents that are made from the code are what it says: "npm run docs" writes them anew', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/docs.mjs', '--check'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
}, 60_000);
