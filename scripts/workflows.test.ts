// What holds for every pipeline: everything pinned, least permissions, no key that lives long, nobody's text in a script.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { jobsOf, stepsOf, violations, violationsOfAction } from './testing/workflow-rules';

const ROOT = resolve(__dirname, '..');
const DIRECTORY = join(ROOT, '.github', 'workflows');
test.each(readdirSync(DIRECTORY))('%s keeps the rules', (file) => {
  expect(violations(readFileSync(join(DIRECTORY, file), 'utf8'))).toEqual([]);
});

/** The project's own action, which other teams run in their jobs: what holds for steps. */
const ACTION = readFileSync(join(ROOT, 'action.yml'), 'utf8');
test('the action keeps the rules of steps', () => {
  expect(violationsOfAction(ACTION)).toEqual([]);
});

test.each([
  ['an input in a script', '"$GITHUB_ACTION_PATH/scripts/action-review.mjs"', '${{ inputs.files }}'],
  ['an output in a script', 'exit "$CODE"', 'exit ${{ steps.review.outputs.code }}'],
  ['an action by its tag', /@[0-9a-f]{40} # v4\.\d+\.\d+/, '@v4'],
  ['a package that no lock file holds', 'npm ci --ignore-scripts', 'npm install multi-region-dr'],
  ['a stored key', '${{ github.token }}', '${{ secrets.TOKEN }}'],
])('fails on %s in the action', (_, good, bad) => {
  const changed = ACTION.replace(good, bad);
  expect(changed).not.toBe(ACTION);
  expect(violationsOfAction(changed)).not.toEqual([]);
});

const GOOD = `name: good
on: [push]
permissions:
  contents: read

jobs:
  one:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          persist-credentials: false
      - run: |
          echo one
          echo two
`;

test.each([
  ['an action by its tag', '@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2', '@v6'],
  ['a pin without its version', ' # v6.0.2', ''],
  ['the default permissions', 'permissions:\n  contents: read\n', ''],
  ['a permission of all jobs to write code', 'contents: read', 'contents: write'],
  [
    'code of the project beside a permission to write',
    '    steps:\n',
    '    permissions:\n      contents: write\n    steps:\n      - run: npm ci\n',
  ],
  ['Terraform by hand', 'echo two', 'terraform apply -auto-approve'],
  ['Terraform in a directory by hand', 'echo two', 'terraform -chdir=cdktf.out/stacks/dr apply'],
  ['a stack that is not checked', 'echo two', 'node dist/infra/main.js'],
  ['more permissions for all jobs', 'contents: read\n', 'contents: read\n  id-token: write\n'],
  ['pull_request_target', 'push', 'pull_request_target'],
  ['a stored key', 'echo two', 'export AWS_SECRET_ACCESS_KEY=${{ secrets.KEY }}'],
  ["somebody's title in a script", 'echo two', 'echo "${{ github.event.pull_request.title }}"'],
  ["a branch's name in a script", 'run: |\n          echo one', 'run: echo ${{ github.head_ref }}\n          #'],
  ['a token left in the checkout', 'persist-credentials: false', 'fetch-depth: 0'],
  ['a Python package of any version', 'echo two', "pip install 'moto[server]'"],
  ['a package that no lock file holds', 'echo two', 'npm install left-pad'],
  ['the same further inside', 'echo two', 'if true; then\n            npm install left-pad\n          fi'],
  ...["terraform_version: '1.11'", "node-version: '22'", "node-version: '22.23'", "python-version: '3.12'"].map(
    (version): [string, string, string] => [
      `a version that is not exact: ${version}`,
      '          persist-credentials: false',
      `          persist-credentials: false\n          ${version}`,
    ],
  ),
  ['AWS for all jobs', '  contents: read', '  contents: read\n  id-token: write'],
  ['AWS for a job that checks out', '    steps:\n', '    permissions:\n      id-token: write\n    steps:\n'],
  ['a job without an end', '    timeout-minutes: 5\n', ''],
])('fails on %s', (_, good, bad) => {
  expect(violations(GOOD)).toEqual([]);
  expect(GOOD).toContain(good);
  expect(violations(GOOD.replace(good, bad))).not.toEqual([]);
});

const INSTALLS = 'npm install left-pad';
test.each([
  ['kept to its last line end', `|+\n          ${INSTALLS}`],
  ['without its last line end', `|-\n          ${INSTALLS}`],
  ['with a comment', `| # why\n          ${INSTALLS}`],
  ['with its indentation', `|2-\n          ${INSTALLS}`],
  ['folded', `>\n          echo one\n\n          ${INSTALLS}`],
  ['folded in the middle of a command', '>-\n          npm\n          install\n          left-pad'],
  ['on two lines without a sign', 'npm\n          install left-pad'],
  ['that begins below its key', `\n          ${INSTALLS}`],
  ['on two lines of the shell', '|\n          npm \\\n            install left-pad'],
  ['in quotes', `"${INSTALLS}"`],
  ['in quotes, with an escape', '"npm\\x20install left-pad"'],
  ['by an alias', '*other'],
])('a script is read in whatever form it stands: %s', (_, script) => {
  const changed = GOOD.replace('|\n          echo one\n          echo two', script);
  expect(changed).not.toBe(GOOD);
  expect(violations(changed)).not.toEqual([]);
  // What follows the step is none of it.
  const followed = GOOD.replace('|\n          echo one', `|-\n          echo one`).concat(
    `      - name: ${INSTALLS}\n`,
  );
  expect(violations(followed)).toEqual([]);
});

test.each(['{ run: npm install left-pad }', '"run": npm ci', "'run': npm ci", '? run\n        : npm ci'])(
  'fails on a step that is written as %s',
  (step) => expect(violations(`${GOOD}      - ${step}\n`)).not.toEqual([]),
);

test('both ends of the range of providers that the stack allows are run end to end, without the lock file', () => {
  const golden = JSON.parse(readFileSync(join(ROOT, 'golden', 'cdk.tf.json'), 'utf8')) as {
    terraform: { required_providers: { aws: { version: string } } };
  };
  const [, oldest] = /^>= ([\d.]+),/.exec(golden.terraform.required_providers.aws.version) ?? [];
  const workflow = readFileSync(join(DIRECTORY, 'ci.yml'), 'utf8');
  const versions = [...workflow.matchAll(/^ {10}- provider: (\w+)\n(?: +#.*\n)* +version: (.*)$/gm)];
  expect(versions.map(([, name, version]) => [name, version])).toEqual([
    ['oldest', oldest],
    ['newest', "''"],
  ]);
  expect(workflow).not.toContain('.terraform.lock.hcl');
});

const read = (name: string): string => readFileSync(join(DIRECTORY, name), 'utf8');

test.each([
  ['an installation', 'npm ci --ignore-scripts'],
  ['a build', 'npx nx run-many -t build'],
  ['a Python package', 'python3 -m pip install --no-deps -r e2e/requirements.txt'],
])('fails on %s in the job that may enter AWS', (_, command) => {
  const deploy = read('deploy.yml');
  expect(violations(deploy)).toEqual([]);
  expect(
    violations(deploy.replace('      - name: Release\n', `      - run: ${command}\n      - name: Release\n`)),
  ).not.toEqual([]);
});

const NO_DIGEST = 'no digest is checked before AWS is entered';
const AFTERWARDS = (deploy: string): string => {
  const steps = stepsOf(deploy);
  const check = steps.find((step) => step.includes('sha256sum')) ?? '';
  const enter = steps.find((step) => step.includes('configure-aws-credentials@')) ?? '';
  return deploy.replace(check, '').replace(enter, `${enter}${check}`);
};
test.each<[string, (deploy: string) => string, string]>([
  ['unchecked', (deploy) => deploy.replace('sha256sum --check --strict', 'cat'), NO_DIGEST],
  ['checked after AWS is entered', AFTERWARDS, NO_DIGEST],
  ['of no build', (deploy) => deploy.replace('needs: [ci, build]', 'needs: ci'), 'it does not need the build'],
])('fails on an archive that is %s', (_, changed, found) => {
  const deploy = changed(read('deploy.yml'));
  expect(deploy).not.toBe(read('deploy.yml'));
  expect(violations(deploy).map(({ text }) => text)).toEqual([found]);
});

test('a release waits for CI, which is called and runs on every pull request', () => {
  expect(read('deploy.yml')).toMatch(/^ {2}ci:\n {4}uses: \.\/\.github\/workflows\/ci\.yml\n/m);
  expect(read('deploy.yml')).toMatch(/^ {2}release:\n {4}needs: \[ci, build\]\n/m);
  expect(read('ci.yml')).toMatch(/^on:\n {2}pull_request:\n {2}workflow_call:\n/m);
});

test('every Python package has one version, and moto is the one that the tests ask for', () => {
  const lines = readFileSync(join(ROOT, 'e2e', 'requirements.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines.filter((line) => !/^[a-z0-9-]+==[0-9][0-9a-z.]*$/.test(line))).toEqual([]);
  expect(lines).toContain('moto==5.2.1');
  expect(new Set(lines.map((line) => line.split('==')[0])).size).toBe(lines.length);
});

describe('the workflow of a pull request', () => {
  const [review = '', , plan = ''] = jobsOf(read('plan.yml')).filter((job) => /^ {2}\w/.test(job));
  const isOwn = 'github.event.pull_request.head.repo.full_name == github.repository';

  test('a fork gets the review of the stack in its job summary, and nothing that needs a token of ours', () => {
    expect(review).toMatch(/^ {2}review:\n/);
    expect(review).not.toMatch(/^ {4}if:|id-token|pull-requests/m);
    expect(review).toContain('cat review.md >> "$GITHUB_STEP_SUMMARY"');
    const upload = stepsOf(review).filter((step) => step.includes('upload-sarif@'));
    expect(upload).toHaveLength(1);
    expect(upload[0]).toContain(isOwn);
  });

  test('the plan of our own branch is reviewed, and both comments are found again by a tag', () => {
    expect(plan).toMatch(/^ {2}plan:\n/);
    expect(plan).toContain(`if: ${isOwn} && github.event.pull_request.user.login != 'dependabot[bot]'\n`);
    expect(plan).toMatch(/dr\/main\.js review cdktf\.out\/stacks\/dr\/plan\.json .*--format markdown --out review\.md/);
    expect(plan.match(/node scripts\/action-comment\.mjs \S+/g)).toHaveLength(2);
    expect(plan).toContain('<!-- dr-plan -->');
    expect(plan).not.toContain('--edit-last');
  });

  test('the script of the comment is handed over', () => {
    expect(readFileSync(join(ROOT, 'scripts', 'hand-over.mjs'), 'utf8')).toMatch(/SCRIPTS = \[.*'action-comment'/);
  });
});
