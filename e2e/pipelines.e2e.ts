// What holds for every pipeline: pinned actions, least permissions, no key that lives long, nobody's text in a script.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEPLOYABLE, settings } from './support/deployable';
import { ROOT, temporaryDirectory } from './support/stack';

const DIRECTORY = join(ROOT, '.github', 'workflows');
const WRITES = ['id-token: write', 'pull-requests: write'];
const WRITES_CODE = /^ {6}contents: write$/m;
const UNTRUSTED = /\$\{\{[^}]*(github\.(event\.|head_ref|base_ref|actor)|inputs\.)/;

interface Violation {
  readonly rule: string;
  readonly text: string;
}

const RULES: Readonly<Record<string, (workflow: string) => readonly string[]>> = {
  'an action is pinned to a commit, its version beside it': (workflow) =>
    linesOf(workflow, /\buses:/).filter((line) => !/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)),
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
  'a job ends': (workflow) => jobsOf(workflow).filter((job) => !/^ {4}timeout-minutes: \d+$/m.test(job)),
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
  const lines = workflow.split('\n');
  return lines.filter((line, at) => {
    if (/^\s*(- )?run: [^|]/.test(line)) return true;
    const indent = line.search(/\S/);
    const opener = lines.slice(0, at).findLastIndex((above) => above.trim() !== '' && above.search(/\S/) < indent);
    return opener >= 0 && /^\s*(- )?run: \|$/.test(lines[opener] ?? '');
  });
}

const violations = (workflow: string): Violation[] =>
  Object.entries(RULES).flatMap(([rule, find]) => find(workflow).map((text) => ({ rule, text })));

test.each(readdirSync(DIRECTORY))('%s keeps the rules', (file) => {
  expect(violations(readFileSync(join(DIRECTORY, file), 'utf8'))).toEqual([]);
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

/** What a pipeline runs, on this config; Terraform is not reached. */
function pipeline(name: string, args: readonly string[]) {
  const out = join(temporaryDirectory(), 'out');
  const output = name === 'cdktf' ? '--output' : '--out';
  const { status, stderr } = spawnSync(process.execPath, [`scripts/${name}.mjs`, ...args, output, out], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' },
  });
  return { status, stderr, wrote: existsSync(out) };
}

const NODE = `'${process.execPath}' dist/infra/main.js`;
const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');
const PIPELINES: readonly (readonly [string, string, (config: readonly string[]) => readonly string[]])[] = [
  ['a release', 'release', (config) => ['--commit', 'x', ...config]],
  ['a plan', 'plan', (config) => config],
  ['a comparison with AWS', 'plan', (config) => ['--drift', ...config]],
  ['cdktf deploy', 'cdktf', (config) => ['deploy', '--app', `${NODE} ${quoted(config)}`]],
  ['cdktf destroy', 'cdktf', (config) => ['destroy', '--app', `${NODE} ${quoted(config)}`]],
];

test.each(PIPELINES)('fails on reserved names and a local state: %s', (_, name, args) => {
  const { status, stderr, wrote } = pipeline(name, args([]));
  expect(stderr).toMatch(/may not be deployed: zone "example.com".*state.backend "local".*docs\/state.md/);
  expect({ status, wrote }).toEqual({ status: 2, wrote: false });
});

test.each(PIPELINES)('fails on a state bucket in a region of the system: %s', (_, name, args) => {
  const { status, stderr, wrote } = pipeline(name, args([...DEPLOYABLE, ...settings('state.region="ap-south-1"')]));
  expect(stderr).toMatch(/state.region = "ap-south-1": is mumbai.*third region/);
  expect({ status, wrote }).toEqual({ status: 2, wrote: false });
});
