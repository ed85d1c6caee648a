// What holds for every pipeline: everything pinned, least permissions, no key that lives long, nobody's text in a script.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');
const DIRECTORY = join(ROOT, '.github', 'workflows');
const WRITES = ['id-token: write', 'pull-requests: write', 'security-events: write'];
const WRITES_CODE = /^ {6}contents: write$/m;
const VERIFIES = /echo "\$SHA256 {2}hand-over\.tar" \| sha256sum --check --strict\n {10}tar -xf hand-over\.tar\n/;
const UNTRUSTED = /\$\{\{[^}]*(github\.(event\.|head_ref|base_ref|actor)|inputs\.)/;

interface Violation {
  readonly rule: string;
  readonly text: string;
}

const RULES: Readonly<Record<string, (workflow: string) => readonly string[]>> = {
  'an action is pinned to a commit, its version beside it': (workflow) =>
    linesOf(workflow, /\buses:/).filter(
      (line) =>
        !/^uses: ([\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\.\/\.github\/workflows\/[\w-]+\.yml|\.\/)$/.test(line),
    ),
  'what is installed is pinned exactly': (workflow) => [
    ...linesOf(workflow, /(terraform|python|node)[-_]version:/).filter(
      (line) =>
        !/terraform_version: \d+\.\d+\.\d+$|python-version: '\d+\.\d+'$|node-version: '\d+(\.\d+\.\d+)?'$/.test(line),
    ),
    ...scriptsOf(workflow).filter(
      (line) =>
        (/\bpip3? install\b/.test(line) && !/ install --no-deps -r e2e\/requirements\.txt$/.test(line)) ||
        /\bnpm (i|install)\b|\bcurl\b|\bwget\b|\bnpx (?!nx )/.test(line),
    ),
  ],
  'a job that may enter AWS checks out, builds and installs nothing, and runs only what it knows by its digest': (
    workflow,
  ) =>
    jobsOf(workflow)
      .filter((job) => /id-token: write/.test(job))
      .flatMap((job) => {
        const steps = stepsOf(job);
        const verified = steps.findIndex((step) => VERIFIES.test(step));
        const entered = steps.findIndex((step) => step.includes('configure-aws-credentials@'));
        return [
          ...(verified >= 0 && verified < entered ? [] : ['no digest is checked before AWS is entered']),
          ...(/^ {4}needs: (\[.*\bbuild\b.*\]|build)$/m.test(job) ? [] : ['it does not need the build']),
          ...steps.filter((step) => /actions\/(checkout|cache)@|^ {10}cache:/m.test(step)),
          ...scriptsOf(job).filter((line) => /\b(np[mx]|pip3?|yarn|pnpm|nx|esbuild|git)\b/.test(line)),
        ];
      }),
  'a job that may enter AWS is named alone: no permission of all jobs lets it': (workflow) =>
    /^permissions:\n( {2}.*\n)*? {2}id-token/m.test(workflow) ? ['permissions'] : [],
  'the token has no permission that is not named': (workflow) =>
    /^permissions:( \{\}|\n {2}contents: read)\n(?! )/m.test(workflow) ? [] : ['permissions'],
  'a job writes nothing but what its work is': (workflow) =>
    linesOf(workflow, /: write(-all)?\b/).filter((line) => ![...WRITES, 'contents: write'].includes(line)),
  'what may write code runs none of the project': (workflow) =>
    workflow
      .split(/^(?= {2}\w[\w-]*:$)/m)
      .filter((job) => /contents: write/.test(job))
      .filter(
        (job) =>
          !WRITES_CODE.test(job) || scriptsOf(job).some((line) => /\b(np[mx]|node|python3?)\b|scripts\//.test(line)),
      ),
  'Terraform is run by the scripts, which refuse what may not be deployed': (workflow) =>
    scriptsOf(workflow).filter(
      (line) => /\b(terraform|cdktf)\b +[a-z-]/.test(line) || /dist\/infra\/main\.js(?!.*--golden)/.test(line),
    ),
  'a fork never runs with our token': (workflow) => linesOf(workflow, /pull_request_target|workflow_run/),
  'no secret is stored: AWS is entered by OIDC': (workflow) =>
    linesOf(workflow, /secrets\.|aws-(access-key-id|secret-access-key)|AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)/),
  'a script takes what others wrote from its environment': (workflow) =>
    scriptsOf(workflow).filter((line) => UNTRUSTED.test(line)),
  'a checkout leaves no token behind': (workflow) =>
    stepsOf(workflow).filter(
      (step) => step.includes('actions/checkout@') && !step.includes('persist-credentials: false'),
    ),
  'a job ends': (workflow) => jobsOf(workflow).filter((job) => !/^ {4}(timeout-minutes: \d+|uses: \.\/.*)$/m.test(job)),
};

const linesOf = (workflow: string, pattern: RegExp): string[] =>
  workflow
    .split('\n')
    .map((line) => line.trim().replace(/^- /, ''))
    .filter((line) => !line.startsWith('#') && pattern.test(line));

const jobsOf = (workflow: string): string[] => (workflow.split(/^jobs:\n/m)[1] ?? '').split(/^(?= {2}\w[\w-]*:$)/m);
const stepsOf = (workflow: string): string[] => workflow.split(/^(?= {6}- )/m).slice(1);

/** Lines of `run:`, and of the block below one that ends in `|`. */
function scriptsOf(workflow: string): string[] {
  let opener = Number.POSITIVE_INFINITY;
  return workflow.split('\n').filter((line) => {
    const indent = line.search(/\S/);
    if (indent >= 0 && indent <= opener) opener = Number.POSITIVE_INFINITY;
    const isInside = indent > opener;
    if (/^\s*(- )?run: \|$/.test(line)) opener = indent;
    return isInside || /^\s*(- )?run: [^|]/.test(line);
  });
}

const violations = (workflow: string): Violation[] =>
  Object.entries(RULES).flatMap(([rule, find]) => find(workflow).map((text) => ({ rule, text })));

test.each(readdirSync(DIRECTORY))('%s keeps the rules', (file) => {
  expect(violations(readFileSync(join(DIRECTORY, file), 'utf8'))).toEqual([]);
});

/** The project's own action, which other teams run in their jobs: what holds for steps. */
const ACTION = readFileSync(join(ROOT, 'action.yml'), 'utf8');
const OF_STEPS = [
  'an action is pinned to a commit, its version beside it',
  'what is installed is pinned exactly',
  'a fork never runs with our token',
  'no secret is stored: AWS is entered by OIDC',
  'a script takes what others wrote from its environment',
];
const violationsOfAction = (action: string): readonly string[] => [
  ...OF_STEPS.flatMap((rule) => RULES[rule]?.(action) ?? [`there is no rule "${rule}"`]),
  ...scriptsOf(action).filter((line) => line.includes('${{')),
];

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
  [
    'a Terraform of any version',
    '          persist-credentials: false',
    '          persist-credentials: false\n          terraform_version: 1.11',
  ],
  ['AWS for all jobs', '  contents: read', '  contents: read\n  id-token: write'],
  ['AWS for a job that checks out', '    steps:\n', '    permissions:\n      id-token: write\n    steps:\n'],
  ['a job without an end', '    timeout-minutes: 5\n', ''],
])('fails on %s', (_, good, bad) => {
  expect(violations(GOOD)).toEqual([]);
  expect(GOOD).toContain(good);
  expect(violations(GOOD.replace(good, bad))).not.toEqual([]);
});

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

test.each([
  ['unchecked', 'sha256sum --check --strict', 'cat'],
  ['checked after AWS is entered', 'needs: [ci, build]', 'needs: ci'],
])('fails on an archive that is %s', (_, good, bad) => {
  expect(read('deploy.yml')).toContain(good);
  expect(violations(read('deploy.yml').replace(good, bad))).not.toEqual([]);
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
    expect(plan).toContain(`if: ${isOwn}`);
    expect(plan).toMatch(/dr\/main\.js review cdktf\.out\/stacks\/dr\/plan\.json .*--format markdown --out review\.md/);
    expect(plan.match(/node scripts\/action-comment\.mjs \S+/g)).toHaveLength(2);
    expect(plan).toContain('<!-- dr-plan -->');
    expect(plan).not.toContain('--edit-last');
  });

  test('the script of the comment is handed over', () => {
    expect(readFileSync(join(ROOT, 'scripts', 'hand-over.mjs'), 'utf8')).toMatch(/SCRIPTS = \[.*'action-comment'/);
  });
});
