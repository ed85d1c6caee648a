// Game days on an emulated AWS, end to end: one held to its end, and one whose process is killed while the region is gone.
import { GetFunctionConcurrencyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeNetworkAclsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { lambdaName, publicAclName } from '@dr/contracts/system';
import { build } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DEPLOYABLE, DOMAIN, layGroundwork, settings, UNPROTECTED, ZONE } from './support/deployable';
import { startEmulatedAws, CREDENTIALS, type EmulatedAws } from './support/emulated-aws';
import { EmulatedEdge } from './support/emulated-edge';
import { ROOT, Stack, temporaryDirectory } from './support/stack';

const REGION = 'ap-south-1';
const SERVING_SECONDS = 180;
const SETTINGS = [...DEPLOYABLE, ...UNPROTECTED, ...settings('options.gameDay=true')];

let aws: EmulatedAws;
let edge: EmulatedEdge;
let project: string;

beforeAll(async () => {
  project = await projectWithGameDays();
  aws = await startEmulatedAws();
  await layGroundwork(aws);
  const stack = await Stack.synthesize('dr', SETTINGS, aws.env);
  await stack.init();
  await stack.apply('-var=commit=gameday');
  edge = new EmulatedEdge(aws.endpoint);
  for (const region of ['mumbai', 'singapore']) {
    await edge.until(`${region}.${DOMAIN}`, { path: '/health' }, ({ status }) => status === 200, SERVING_SECONDS);
  }
});

afterAll(() => aws?.stop());

/** The tool as a user builds it who has set options.gameDay in dr.config.ts. */
async function projectWithGameDays(): Promise<string> {
  const directory = temporaryDirectory();
  const config = join(directory, 'dr.config.ts');
  const given = JSON.stringify(join(ROOT, 'dr.config.ts'));
  const changed = JSON.stringify({ zone: ZONE, domain: DOMAIN, options: { gameDay: true } });
  writeFileSync(config, `import given from ${given};\nexport default { ...given, ...${changed} };\n`);
  cpSync(join(ROOT, 'dist'), join(directory, 'dist'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  mkdirSync(join(directory, 'work'));
  await build({
    entryPoints: [join(ROOT, 'apps/dr/src/main.ts')],
    outfile: join(directory, 'dist/dr/main.js'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
    tsconfig: join(ROOT, 'tsconfig.base.json'),
    resolveExtensions: ['.ts', '.js'],
    external: ['dynalite', 'esbuild', '@aws-sdk/*'],
    plugins: [
      {
        name: 'config',
        setup: (on) =>
          on.onResolve({ filter: /dr\.config$/ }, ({ importer }) =>
            importer === config ? undefined : { path: config },
          ),
      },
    ],
  });
  return directory;
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function gameday(
  fault: string,
  ...more: readonly string[]
): Promise<{ child: ChildProcess; ended: Promise<Ended>; said(): string }> {
  const { resolvers, port } = await edge.description();
  const { address, port: dnsPort } = resolvers[REGION]!;
  return dr(
    'gameday',
    '--region',
    'mumbai',
    '--fault',
    fault,
    '--duration',
    '60',
    '--yes',
    '--resolver',
    `${address}:${dnsPort}`,
    '--port',
    String(port),
    ...more,
  );
}

function dr(...args: readonly string[]): { child: ChildProcess; ended: Promise<Ended>; said(): string } {
  const child = spawn(process.execPath, [join(project, 'dist/dr/main.js'), ...args], {
    cwd: join(project, 'work'),
    env: aws.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout!.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })));
  return { child, ended, said: () => err };
}

const options = () => ({ endpoint: aws.endpoint, region: REGION, credentials: CREDENTIALS });

async function left() {
  const FunctionName = lambdaName('dr', 'traffic-router');
  const Filters = [{ Name: 'tag:Name', Values: [publicAclName('dr', 'mumbai')] }];
  const [lambda, acls, schedules] = await Promise.all([
    new LambdaClient(options()).send(new GetFunctionConcurrencyCommand({ FunctionName })),
    new EC2Client(options()).send(new DescribeNetworkAclsCommand({ Filters })),
    new SchedulerClient(options()).send(new ListSchedulesCommand({})),
  ]);
  const rules = acls.NetworkAcls?.[0]?.Entries?.filter(({ Egress }) => !Egress).map(({ RuleNumber }) => RuleNumber);
  return {
    concurrency: lambda.ReservedConcurrentExecutions,
    denied: rules?.includes(1),
    schedules: schedules.Schedules?.length,
  };
}

const NOTHING = { concurrency: undefined, denied: false, schedules: 0 };

test('a killed game day: the schedule opens the subnets again in time, and a later call says so', async () => {
  expect(await left()).toEqual(NOTHING);
  const { child, ended, said } = await gameday('alb-dark');
  for (let waited = 0; !/fault: alb-dark in mumbai/.test(said()) && waited < 240; waited += 1) {
    if (child.exitCode !== null) throw new Error((await ended).err);
    await pause(500);
  }
  const faultMs = Date.now();
  expect(await left()).toEqual({ concurrency: undefined, denied: true, schedules: 1 });
  child.kill('SIGKILL');
  await ended;
  const back = await edge.until(`mumbai.${DOMAIN}`, { path: '/ready' }, ({ status }) => status === 200, 130);
  expect(back?.status).toBe(200);
  expect((Date.now() - faultMs) / 1000).toBeLessThan(60 + 60 + 5);
  expect(await left()).toEqual(NOTHING);
  const stopped = await dr('gameday', '--stop').ended;
  expect(stopped).toMatchObject({ code: 0, out: expect.stringContaining('AWS has undone its alb-dark') });
});

test('a whole game day: measured beside the prediction and the twin, labelled emulated, and all as it was', async () => {
  await edge.until(`mumbai.${DOMAIN}`, { path: '/health' }, ({ status }) => status === 200, SERVING_SECONDS);
  const { ended } = await gameday('lambda-throttled');
  const { code, out, err } = await ended;
  expect(`${err}${out}`).toMatch(/PASSED {2}game day: lambda-throttled in mumbai for 60 s {2}\(emulated: http/);
  expect(code).toBe(0);
  expect(await left()).toEqual(NOTHING);
  const [file = ''] = readdirSync(join(project, 'work'));
  expect(JSON.parse(readFileSync(join(project, 'work', file), 'utf8'))).toMatchObject({
    where: 'emulated',
    fault: 'lambda-throttled',
    passed: true,
    undoneBy: expect.stringMatching(/^(dr|aws)$/),
    measured: { newConnections: { notBeforeHeal: 0 } },
  });
  expect((await dr('history').ended).out).toMatch(/2 game days.*\n.*lambda-throttled +passed.*emulated/);
});
