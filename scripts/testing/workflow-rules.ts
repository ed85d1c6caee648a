// What holds for every pipeline, as rules over its text. For tests.

const WRITES = ['id-token: write', 'pull-requests: write', 'security-events: write'];
const WRITES_CODE = /^ {6}contents: write$/m;
const VERIFIES = /echo "\$SHA256 {2}hand-over\.tar" \| sha256sum --check --strict\n {10}tar -xf hand-over\.tar\n/;
const UNTRUSTED = /\$\{\{[^}]*(github\.(event\.|head_ref|base_ref|actor)|inputs\.)/;

export interface Violation {
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
      (line) => !/terraform_version: \d+\.\d+\.\d+$|(python|node)-version: '\d+\.\d+\.\d+'$/.test(line),
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
  'a script stands where these rules read it, in no quotes and no alias': (workflow) => [
    ...linesOf(workflow, /(["']run["']|[{,] *run) *:|^\? *run\b/),
    ...valuesOf('run', workflow)
      .map(({ head }) => head)
      .filter((head) => /^["'&*!{[%@`]/.test(head)),
  ],
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

export const jobsOf = (workflow: string): string[] =>
  (workflow.split(/^jobs:\n/m)[1] ?? '').split(/^(?= {2}\w[\w-]*:$)/m);
export const stepsOf = (workflow: string): string[] => workflow.split(/^(?= {6}- )/m).slice(1);

/** Lines below a key, which stand further in: with `- run: x`, further in than `run`. */
function valuesOf(key: string, workflow: string): { readonly head: string; readonly body: readonly string[] }[] {
  const lines = workflow.split('\n');
  const opens = new RegExp(`^(\\s*(?:- )*)${key}:(?: +|$)(.*)$`);
  return lines.flatMap((line, at) => {
    const [, before, head = ''] = opens.exec(line) ?? [];
    if (before === undefined) return [];
    const rest = lines.slice(at + 1);
    const end = rest.findIndex((one) => /\S/.test(one) && one.search(/\S/) <= before.length);
    return [{ head: head.trim(), body: end < 0 ? rest : rest.slice(0, end) }];
  });
}

const LITERAL = /^\|[-+\d]*( +#.*)?$/;
const FOLDED = /^>[-+\d]*( +#.*)?$/;

/** Commands of every `run`, in any form that it may have: each on one line, as a shell takes them. */
export const scriptsOf = (workflow: string): string[] =>
  valuesOf('run', workflow).flatMap(({ head, body }) => {
    const lines = body.map((line) => line.trim()).filter((line) => line !== '');
    // YAML makes one line of a folded script, and of one that stands without a sign.
    const commands = LITERAL.test(head)
      ? lines.join('\n').replace(/\\\n/g, ' ').split('\n')
      : [[...(FOLDED.test(head) ? [] : [head]), ...lines].join(' ')];
    return commands.map((command) => command.replace(/\s+/g, ' '));
  });

export const violations = (workflow: string): Violation[] =>
  Object.entries(RULES).flatMap(([rule, find]) => find(workflow).map((text) => ({ rule, text })));

/** What holds for the steps of the project's own action, which other teams run in their jobs. */
const OF_STEPS = [
  'an action is pinned to a commit, its version beside it',
  'what is installed is pinned exactly',
  'a script stands where these rules read it, in no quotes and no alias',
  'a fork never runs with our token',
  'no secret is stored: AWS is entered by OIDC',
  'a script takes what others wrote from its environment',
];
export const violationsOfAction = (action: string): readonly string[] => [
  ...OF_STEPS.flatMap((rule) => RULES[rule]?.(action) ?? [`there is no rule "${rule}"`]),
  ...scriptsOf(action).filter((line) => line.includes('${{')),
];
