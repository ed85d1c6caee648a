// action.yml as GitHub runs it: each step's own script by bash, with its environment, its condition and the outputs of those before; the
// package that is built, and GitHub's API by HTTP.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const action = readFileSync(join(root, 'action.yml'), 'utf8');
const scratch = mkdtempSync(join(tmpdir(), 'dr action test '));
const REPOSITORY = 'team/stack';
const BOT = 'github-actions[bot]';

interface Step {
  readonly id: string;
  readonly condition: string;
  readonly env: Readonly<Record<string, string>>;
  /** undefined: it is another action. */
  readonly run: string | undefined;
  readonly uses: string | undefined;
}

const lineOf = (step: string, key: string): string | undefined => new RegExp(`^ {6}${key}: (.*)$`, 'm').exec(step)?.[1];
const expressionIn = (text: string): string => /^\$\{\{ (.*) \}\}$/.exec(text)?.[1] ?? JSON.stringify(text);

/** The steps of a composite action, as this file writes them. */
const steps: readonly Step[] = (action.split(/^ {2}steps:\n/m)[1] ?? '').split(/^(?= {4}- )/m).map((step) => {
  const env = /^ {6}env:\n((?: {8}.*\n)+)/m.exec(step)?.[1] ?? '';
  const script = /^ {6}run: \|\n((?: {8}.*\n| *\n)+)/m.exec(step)?.[1];
  return {
    id: lineOf(step, 'id') ?? '',
    condition: expressionIn(lineOf(step, 'if') ?? '${{ true }}'),
    env: Object.fromEntries([...env.matchAll(/^ {8}(\w+): (.*)$/gm)].map(([, name = '', value = '']) => [name, value])),
    run: script?.replace(/^ {8}/gm, ''),
    uses: lineOf(step, 'uses'),
  };
});

const inputs: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...(action.split(/^outputs:$/m)[0] ?? '').matchAll(
      /^ {2}(\w+):\n {4}description: .*\n(?: {4}required: true\n)?(?: {4}default: '(.*)'\n)?/gm,
    ),
  ].map(([, name = '', standard = '']) => [name, standard]),
);

interface Comment {
  readonly id: number;
  readonly user: { readonly login: string };
  body: string;
}

let server: Server;
let comments: Comment[];
let status: number;
let asked: string[];

beforeAll(async () => {
  const packed = spawnSync(process.execPath, ['scripts/package.mjs', '--out', scratch], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(packed.status).toBe(0);
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://x');
      asked.push(`${request.method} ${url.pathname}`);
      const body = text === '' ? '' : (JSON.parse(text) as { body: string }).body;
      const page = Number(url.searchParams.get('page') ?? 1);
      if (request.method === 'POST') comments.push({ id: comments.length + 1, user: { login: BOT }, body });
      if (request.method === 'PATCH')
        for (const one of comments) if (url.pathname.endsWith(`/comments/${one.id}`)) one.body = body;
      const answer = request.method === 'GET' ? comments.slice((page - 1) * 100, page * 100) : {};
      const isKnown =
        request.headers.authorization === 'Bearer a-token' && url.pathname.startsWith(`/repos/${REPOSITORY}/`);
      response.writeHead(isKnown ? status : 401, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
  rmSync(scratch, { recursive: true, force: true });
});
beforeEach(() => {
  comments = [];
  asked = [];
  status = 200;
});

const tarball = (): string => join(scratch, readdirSync(scratch).find((name) => name.endsWith('.tgz')) as string);
const ownRequest = { number: 7, head: { repo: { full_name: REPOSITORY } } };
const forkRequest = { number: 7, head: { repo: { full_name: 'stranger/stack' } } };

let runs = 0;

/** Runs the steps in a workspace of its own, until one fails; another action is only named. */
async function runAction(
  given: Readonly<Record<string, string>>,
  pullRequest: object | null = ownRequest,
  path = '',
  more: Readonly<Record<string, string>> = {},
) {
  const workspace = join(scratch, `a workspace ${(runs += 1)}`);
  const temporary = join(workspace, '..', `runner temp ${runs}`);
  for (const directory of [workspace, temporary]) mkdirSync(directory);
  cpSync(join(root, 'golden', 'cdk.tf.json'), join(workspace, 'plan.json'));
  for (const [name, text] of Object.entries(more)) writeFileSync(join(workspace, name), text);
  const files = Object.fromEntries(['output', 'summary', 'event'].map((name) => [name, join(temporary, name)]));
  const { output = '', summary = '', event = '' } = files;
  for (const file of [output, summary]) writeFileSync(file, '');
  writeFileSync(event, JSON.stringify(pullRequest === null ? {} : { pull_request: pullRequest }));
  const github = { token: 'a-token', repository: REPOSITORY, event: { pull_request: pullRequest } };
  const outputs: Record<string, { outputs: Record<string, string> }> = { review: { outputs: {} } };
  const valueOf = (expression: string): unknown =>
    new Function('inputs', 'github', 'steps', `return ${expression}`)(
      { ...inputs, package: tarball(), ...given },
      github,
      outputs,
    );
  const ran = {
    code: 0,
    log: '',
    uses: [] as string[],
    workspace,
    summary: '',
    outputs: outputs['review']?.outputs ?? {},
  };
  for (const step of steps) {
    if (!valueOf(step.condition)) continue;
    if (step.run === undefined) {
      ran.uses.push(step.uses ?? '');
      continue;
    }
    writeFileSync(output, '');
    const env = Object.fromEntries(
      Object.entries(step.env).map(([name, value]) => [name, String(valueOf(expressionIn(value)) ?? '')]),
    );
    const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', step.run], {
      cwd: workspace,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: `${path}${process.env['PATH']}`,
        GITHUB_ACTION_PATH: root,
        GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        GITHUB_EVENT_PATH: event,
        GITHUB_OUTPUT: output,
        GITHUB_REPOSITORY: REPOSITORY,
        GITHUB_STEP_SUMMARY: summary,
        RUNNER_TEMP: temporary,
        ...env,
      },
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (ran.log += String(chunk)));
    const [code] = (await once(child, 'close')) as [number];
    const said = readFileSync(output, 'utf8').matchAll(/^(\w+)=(.*)$/gm);
    if (step.id !== '')
      Object.assign(outputs[step.id]?.outputs ?? {}, Object.fromEntries([...said].map(([, k, v]) => [k, v])));
    ran.code = code;
    if (code !== 0) break;
  }
  return { ...ran, summary: readFileSync(summary, 'utf8') };
}

test('every input reaches a step by its environment, and no script holds an expression', () => {
  const environments = steps.map(({ env }) => JSON.stringify(env)).join();
  const read = new Set([...environments.matchAll(/inputs\.(\w+)/g)].map(([, name]) => name));
  expect(Object.keys(inputs).filter((name) => !read.has(name))).toEqual(['comment']);
  expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
  expect(steps.length).toBeGreaterThan(3);
});

test('a stack that passes: outputs, summary, one comment that is written once and then brought up to date', async () => {
  const others = Array.from({ length: 100 }, (_, at) => ({
    id: 1000 + at,
    user: { login: 'somebody' },
    body: '<!-- dr-review -->',
  }));
  comments = [...others];
  const first = await runAction({ files: 'plan.json' });
  expect(first).toMatchObject({ code: 0, uses: [], outputs: { verdict: 'passes', code: '0' } });
  expect(first.summary).toMatch(/^### RTO 57 s/);
  expect(comments).toHaveLength(101);
  expect(comments[100]?.body).toBe(first.summary);
  expect(JSON.parse(readFileSync(join(first.outputs['directory'] ?? '', 'review.json'), 'utf8'))).toMatchObject({
    schema: 1,
  });
  const second = await runAction({ files: 'plan.json', rto: '50' });
  expect(second).toMatchObject({ code: 1, outputs: { verdict: 'fails', code: '1' } });
  expect(comments).toHaveLength(101);
  expect(comments[100]?.body).toBe(second.summary);
  expect(second.summary).toContain('objective 50 s');
  expect(others.map(({ body }) => body)).toEqual(Array(100).fill('<!-- dr-review -->'));
});

test('a fork gets the summary only', async () => {
  const ran = await runAction({ files: 'plan.json', sarif: 'true' }, forkRequest);
  expect(ran).toMatchObject({ code: 0, uses: [] });
  expect(ran.summary).toMatch(/^### RTO/);
  expect(asked).toEqual([]);
});

test('a push has no pull request: summary, and code scanning if it is asked for', async () => {
  const ran = await runAction({ files: 'plan.json', sarif: 'true', junit: 'true' }, null);
  expect(ran).toMatchObject({
    code: 0,
    uses: [expect.stringMatching(/^github\/codeql-action\/upload-sarif@[0-9a-f]{40} /)],
  });
  expect(readdirSync(ran.outputs['directory'] ?? '').sort()).toEqual([
    'review.json',
    'review.md',
    'review.sarif',
    'review.xml',
  ]);
  expect(asked).toEqual([]);
});

test('no permission to comment is a warning, and the verdict counts', async () => {
  status = 403;
  const ran = await runAction({ files: 'plan.json', rto: '50' });
  expect(ran.code).toBe(1);
  expect(ran.log).toMatch(
    /^::warning title=No comment on the pull request::GET .* 403: the job needs the permission pull-requests: write$/m,
  );
  expect((await runAction({ files: 'plan.json', comment: 'false' })).code).toBe(0);
  expect(asked).toHaveLength(1);
});

test('bad input ends with 2, its sentence in the log, and neither summary nor comment', async () => {
  const ran = await runAction({ files: 'none.json' });
  expect(ran).toMatchObject({ code: 2, summary: '', outputs: { verdict: '', code: '2' } });
  expect(ran.log).toContain('"none.json": there is no such file');
  expect(asked).toEqual([]);
  expect((await runAction({ files: '' })).code).toBe(2);
});

const HOSTILE = [
  '$(touch pwned)',
  '`touch pwned`',
  '"; touch pwned; "',
  "'; touch pwned; '",
  '--out=pwned',
  '${{ github.token }}',
];
const ALL_AT_ONCE = HOSTILE.join(' ');

test.each([
  ...HOSTILE.map((text) => ['files', `plan.json\n${text}`] as const),
  ...['base', 'rto', 'rpo', 'waivers', 'source', 'anchor'].map((name) => [name, ALL_AT_ONCE] as const),
])('what an input holds is never run: %s, %j', async (name, text) => {
  const ran = await runAction({ files: 'plan.json', [name]: text });
  expect(ran.code).toBe(2);
  expect(ran.log).not.toContain('a-token');
  expect(ran.log.trimEnd().split('\n')).toHaveLength(1);
  expect(readdirSync(ran.workspace)).toEqual(['plan.json']);
});

test('what is given reaches the command line: base, objectives and waivers', async () => {
  const waivers = join(scratch, 'accepted.json');
  writeFileSync(waivers, JSON.stringify({ waivers: [] }));
  const ran = await runAction({ files: '\nplan.json\r\n', base: 'plan.json', rto: '60', rpo: '5', waivers });
  expect(ran.code).toBe(0);
  expect(JSON.parse(readFileSync(join(ran.outputs['directory'] ?? '', 'review.json'), 'utf8'))).toMatchObject({
    objective: { rtoSeconds: 60, rpoSeconds: 5 },
    waivers: [],
  });
});

test('a finding has its line where the source is named', async () => {
  const example = readFileSync(join(root, 'docs', 'guides', 'review-example.tf.json'), 'utf8');
  const ran = await runAction({ files: 'main.tf.json', source: '.', sarif: 'true' }, null, '', {
    'main.tf.json': example,
  });
  expect(ran).toMatchObject({ code: 1, uses: [expect.any(String)] });
  const read = (name: string): string => readFileSync(join(ran.outputs['directory'] ?? '', name), 'utf8');
  const line = example.slice(0, example.indexOf('"primary": {')).split('\n').length;
  expect(JSON.parse(read('review.json'))).toMatchObject({ findings: [{ file: 'main.tf.json', line }] });
  expect(read('review.sarif')).toContain('"uri": "main.tf.json"');
});

test('without a tarball it is built from the action itself, and nothing is run while packages are installed', async () => {
  const bin = join(scratch, 'bin');
  mkdirSync(bin);
  // npm ci would replace this workspace's own packages: what it is asked is written down, and the tarball that is built is put where it would be.
  writeFileSync(
    join(bin, 'npm'),
    `#!/usr/bin/env bash\necho "$PWD: $*" >> '${bin}/asked'\nfor last; do :; done\n[ "$1" = ci ] || cp '${tarball()}' "$last"\n`,
  );
  chmodSync(join(bin, 'npm'), 0o755);
  const ran = await runAction({ files: 'plan.json', package: '' }, null, `${bin}:`);
  expect(ran.code).toBe(0);
  const [ci, pack] = readFileSync(join(bin, 'asked'), 'utf8').split('\n');
  expect(ci).toBe(`${root}: ci --ignore-scripts`);
  expect(pack).toMatch(/: run -s package -- --out .*dr-review-tool$/);
  expect(existsSync(join(ran.outputs['directory'] ?? '', 'review.md'))).toBe(true);
});
