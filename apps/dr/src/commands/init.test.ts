// `dr init`: the file it writes is the one that the product reads; an answer is refused as the schema refuses it; nothing is half written.
import { parseConfig, type DrConfigInput } from '@dr/contracts/system/config';
import { build, transformSync } from 'esbuild';
import fc from 'fast-check';
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import * as estree from 'prettier/plugins/estree';
import * as typescript from 'prettier/plugins/typescript';
import { format } from 'prettier/standalone';
import { NoAnswer, type Context } from '../context';
import { configWith } from '../testing/config';
import { runIn } from '../testing/run-on';
import { configText } from './init/config-text';
import { answered, QUESTIONS, STANDARD } from './init/questions';

const root = resolve(__dirname, '../../../..');
const layout = JSON.parse(readFileSync(join(root, '.prettierrc.json'), 'utf8')) as object;

/** Default export of the text of a config file. */
function loaded(text: string): unknown {
  const module = { exports: {} as { default?: unknown } };
  new Function('module', 'exports', transformSync(text, { loader: 'ts', format: 'cjs' }).code)(module, module.exports);
  return module.exports.default;
}

interface World {
  readonly there?: boolean;
  readonly answers?: readonly string[];
  readonly atTerminal?: boolean;
  readonly end?: NoAnswer;
  readonly config?: () => never;
}

const CLOSED = new NoAnswer('standard input ended before every question was answered', 2);

async function init(
  argv: readonly string[],
  { there = false, answers = [], atTerminal = false, end = CLOSED, config }: World = {},
) {
  const left = [...answers];
  const written: { text: string; replace: boolean }[] = [];
  const prompts: string[] = [];
  const context: Partial<Context> = {
    configFile: {
      exists: () => there,
      sha256: () => undefined,
      write: (text, { replace }) => {
        written.push({ text, replace });
        return there ? 'dr.config.ts.bak' : null;
      },
    },
    questions: {
      atTerminal,
      ask: (prompt) => {
        prompts.push(prompt);
        return Promise.resolve(left.shift() ?? end);
      },
      end: () => undefined,
    },
    ...(config ? { config } : {}),
  };
  const ran = await runIn(['init', ...argv], context);
  return { ...ran, written, prompts, file: written[0] && (loaded(written[0].text) as DrConfigInput) };
}

test('every question has an option, an explanation and a default that the schema takes', async () => {
  const { code, file, prompts } = await init(['--yes']);
  expect({ code, prompts }).toEqual({ code: 0, prompts: [] });
  expect(parseConfig(file)).toEqual(parseConfig(STANDARD));
  expect(parseConfig(file)).toEqual(configWith());
  const help = (await runIn(['init', '--help'], {})).out;
  for (const { option, explanation } of QUESTIONS) {
    expect(help).toContain(`--${option} <`);
    expect(explanation.length).toBeGreaterThan(40);
  }
});

test('what is typed is what is written, an empty line is the default, and what comes next is said', async () => {
  const { code, out, err, file, prompts } = await init([], {
    answers: ['shop', 'shop.in', '', 'ap-south-1, fra=eu-central-1', '45', '', 'weighted', 'ops@shop.in,+919812345678'],
  });
  expect(code).toBe(0);
  expect(file).toEqual({
    system: 'shop',
    zone: 'shop.in',
    domain: 'app.shop.in',
    regions: [
      { name: 'mumbai', awsRegion: 'ap-south-1' },
      { name: 'fra', awsRegion: 'eu-central-1' },
    ],
    objectives: { rtoSeconds: 45, rpoSeconds: 5, requestsPerSecond: 100, monthlyBudgetUsd: 100 },
    routing: 'weighted',
    alerts: { emails: ['ops@shop.in'], sms: ['+919812345678'] },
  });
  expect(prompts[2]).toBe('  [app.shop.in]: ');
  for (const line of err.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(out).toMatch(/The worst client that honours the TTL and opens a new connection: 2 x .* = 43 s\n/);
  for (const step of ['objectives', 'npm run drill', 'cost', 'preflight', 'deploy']) expect(out).toContain(step);
});

test('what an option answers is not asked', async () => {
  const { code, prompts, file } = await init(['--system', 'shop', '--rto', '120', '--regions', 'tokyo,osaka'], {
    answers: ['', '', '', '', ''],
  });
  expect({ code, asked: prompts.length }).toEqual({ code: 0, asked: 5 });
  expect(file).toMatchObject({
    system: 'shop',
    objectives: { rtoSeconds: 120 },
    regions: [{ name: 'tokyo' }, { name: 'osaka' }],
  });
});

test.each<[string[], RegExp]>([
  [['--system', 'Dr'], /^--system "Dr": must be 2-15 lower-case letters and digits/],
  [['--zone', 'example.com.'], /^--zone "example\.com\.": must be a lower-case DNS name/],
  [['--domain', 'app.example.org'], /^--domain "app\.example\.org": is not in the zone "example\.com"/],
  [['--regions', 'mumbai'], /^--regions "mumbai": needs two regions or more/],
  [['--regions', 'mumbai,ap-south-1'], /^--regions .*"mumbai" is listed twice/],
  [
    ['--regions', 'mumbai,pune'],
    /^--regions "mumbai,pune": regions\.1\.awsRegion = "pune" must be an AWS region: us-east-1/,
  ],
  [['--regions', 'mumbai,'], /^--regions "mumbai,": regions\.1\.\w+ = /],
  [['--regions', 'mumbai,zone=eu-west-1'], /"zone" is a word that names of resources are made of/],
  [['--rto', 'fast'], /^--rto "fast": is not a number/],
  [['--rto', '0'], /^--rto "0": /],
  [['--rto', '10'], /^--rto "10": cannot be met: .*24 s at best.*Set rtoSeconds to 24 or more/],
  [['--domain', 'example.com', '--rto', '60'], /^--rto "60": cannot be met, because the domain is the zone itself/],
  [['--rpo', '-1'], /^--rpo "-1": /],
  [['--routing', 'geo'], /^--routing "geo": /],
  [['--alerts', 'nobody'], /^--alerts "nobody": alerts\.emails\.0 = "nobody" must be an e-mail address/],
  [['--alerts', '0123'], /^--alerts "0123": alerts\.sms\.0 = "0123" must be a phone number/],
])('fails with 2 on %j, names the option, and writes nothing', async (argv, message) => {
  const { code, out, err, written } = await init(['--yes', ...argv]);
  expect({ code, out, written }).toEqual({ code: 2, out: '', written: [] });
  expect(err).toMatch(message);
  expect(err.trim().split('\n')).toHaveLength(1);
});

test('a zone that is the domain has the least objective of threshold 3 as its default', async () => {
  const { code, file } = await init(['--yes', '--domain', 'example.com']);
  expect({ code, rto: file?.objectives.rtoSeconds }).toEqual({ code: 0, rto: 107 });
});

test('at a terminal a refused answer is asked for again; in a pipe it is the end', async () => {
  const answers = ['Dr', 'dr', '', '', '', '', '', '', ''];
  const typed = await init([], { answers, atTerminal: true });
  expect(typed.code).toBe(0);
  expect(typed.err).toContain('Name of the system "Dr": must be 2-15');
  expect(await init([], { answers })).toMatchObject({ code: 2, written: [] });
  const never = await init([], { answers: Array.from({ length: 50 }, () => 'Dr'), atTerminal: true });
  expect(never).toMatchObject({ code: 2, written: [] });
});

test.each([CLOSED, new NoAnswer('interrupted', 130)])('%j: nothing is written, and that is said', async (end) => {
  const { code, out, err, written } = await init([], { answers: ['shop'], end });
  expect({ code, out, written }).toEqual({ code: end.code, out: '', written: [] });
  expect(err).toContain(`dr.config.ts is not written: ${end.why}`);
});

test('a file that is there is written over with --force only, and gives the defaults', async () => {
  expect(await init(['--yes'], { there: true })).toMatchObject({
    code: 2,
    written: [],
    err: expect.stringMatching(/^dr\.config\.ts: is there already/),
  });
  const { code, out, file, written } = await init(['--yes', '--force', '--rto', '90'], { there: true });
  expect({ code, replace: written[0]?.replace }).toEqual({ code: 0, replace: true });
  expect(file).toMatchObject({ system: 'dr', objectives: { rtoSeconds: 90 } });
  expect(out).toContain('dr.config.ts.bak');
});

const label = fc.stringMatching(/^[a-z][a-z0-9]{1,8}$/);
test('whatever is answered: the file reads as it was answered, and is laid out as the project is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        system: label,
        zone: label.map((name) => `${name}.example`),
        rto: fc.double({ min: 110, max: 3600, noNaN: true }).map(String),
        alerts: fc.array(
          fc.oneof(
            fc.stringMatching(/^[a-z][a-z0-9'+_-]{0,40}[a-z]$/).map((name) => `${name}@shop.in`),
            fc.stringMatching(/^\+[1-9]\d{6,14}$/),
          ),
          { maxLength: 8 },
        ),
      }),
      async ({ system, zone, rto, alerts }) => {
        const given: Record<string, string> = { system, zone, rto, alerts: [...new Set(alerts)].join(',') || 'none' };
        const answers = QUESTIONS.reduce(
          (before, question) =>
            answered(question, before, given[question.option] ?? question.standard(before), `--${question.option}`),
          STANDARD,
        );
        const text = configText(answers);
        expect(parseConfig(loaded(text))).toEqual(parseConfig(answers));
        expect(await format(text, { ...layout, parser: 'typescript', plugins: [estree, typescript] })).toBe(text);
      },
    ),
    { numRuns: 60 },
  );
});

// The real process, in a project of its own.
describe('the process', () => {
  const project = mkdtempSync(join(tmpdir(), 'dr-init-test-'));
  const main = join(project, 'dist', 'dr', 'main.js');
  const config = join(project, 'dr.config.ts');
  const bundle = (app: string, ofConfig?: string) =>
    build({
      absWorkingDir: root,
      entryPoints: [`apps/${app}/src/main.ts`],
      outfile: join(project, 'dist', app, 'main.js'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      tsconfig: 'tsconfig.base.json',
      resolveExtensions: ['.ts', '.js'],
      external: ['dynalite', 'esbuild', '@aws-sdk/*'],
      logLevel: 'error',
      plugins:
        ofConfig === undefined
          ? []
          : [
              {
                name: 'config',
                setup: ({ onResolve }) => onResolve({ filter: /\/dr\.config$/ }, () => ({ path: ofConfig })),
              },
            ],
    });
  const inProject = (script: string, ...argv: readonly string[]) =>
    spawnSync(process.execPath, [script, ...argv], { encoding: 'utf8', cwd: project, input: '' });
  const leftBehind = () => readdirSync(project).filter((name) => name !== 'dist');

  beforeAll(() => bundle('dr'), 60_000);
  afterEach(() => leftBehind().forEach((name) => rmSync(join(project, name), { recursive: true })));
  afterAll(() => rmSync(project, { recursive: true }));

  test('the file is read by the infra app, which synthesizes the stack of the answers', async () => {
    const { status, stderr } = inProject(
      main,
      'init',
      '--yes',
      '--system',
      'shop',
      '--zone',
      'shop.in',
      '--regions',
      'tokyo,osaka',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    await bundle('infra', config);
    const functions = JSON.parse(
      readFileSync(join(root, 'libs/contracts/src/system/functions.json'), 'utf8'),
    ) as object;
    for (const name of Object.keys(functions)) {
      const file = join(project, 'bundles', name, 'index.js');
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, '');
    }
    const synth = inProject(join(project, 'dist/infra/main.js'), '--simulate', '--bundles', 'bundles', '--out', 'out');
    expect({ status: synth.status, stderr: synth.stderr }).toMatchObject({ status: 0 });
    const stack = readFileSync(join(project, 'out/stacks/dr/cdk.tf.json'), 'utf8');
    for (const said of ['shop-traffic-router', 'shop.in', 'ap-northeast-1', 'ap-northeast-3'])
      expect(stack).toContain(said);
  }, 60_000);

  test('a file that is there is kept, to the byte; --force keeps it beside', () => {
    writeFileSync(config, 'mine');
    const refused = inProject(main, 'init', '--yes');
    expect({ status: refused.status, text: readFileSync(config, 'utf8'), left: leftBehind() }).toEqual({
      status: 2,
      text: 'mine',
      left: ['dr.config.ts'],
    });
    expect(inProject(main, 'init', '--yes', '--force').status).toBe(0);
    expect(readFileSync(`${config}.bak`, 'utf8')).toBe('mine');
    expect(leftBehind().sort()).toEqual(['dr.config.ts', 'dr.config.ts.bak']);
  });

  test('a link that leads nowhere is something that is there', () => {
    symlinkSync('nowhere', config);
    expect(inProject(main, 'init', '--yes').status).toBe(2);
    expect(existsSync(join(project, 'nowhere'))).toBe(false);
  });

  test('a closed standard input leaves nothing behind, and says so', () => {
    const { status, stdout, stderr } = inProject(main, 'init');
    expect({ status, stdout, left: leftBehind() }).toEqual({ status: 2, stdout: '', left: [] });
    expect(stderr).toContain('dr.config.ts is not written: standard input ended');
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s between two questions leaves nothing behind, and says so', async (signal, code) => {
    const child = spawn(process.execPath, [main, 'init'], { cwd: project, stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (/\[dr\]: $/.test(said)) child.stdin.write('shop\n');
      if (/Hosted zone[^]*: $/.test(said)) child.kill(signal);
    });
    const ended = await new Promise((resolve) => child.on('exit', resolve));
    expect({ ended, left: leftBehind() }).toEqual({ ended: code, left: [] });
    expect(said).toContain('dr.config.ts is not written: interrupted');
  });
});
