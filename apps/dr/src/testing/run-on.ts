// The command line on a system in memory: what it prints, its exit code, and what it leaves. For tests.
import type { RunningStack } from '@dr/drills';
import { keepInMemory } from '@dr/twin';
import type { DrConfigInput } from '@dr/contracts/system/config';
import type { Context, Processes, ProjectContext } from '../context';
import { runProgram } from '../program';
import { departures } from '../terminal/json-shape';
import { pageOf, pathOf, withSubcommands } from '../terminal/manual';
import { programOf } from '../whole-program';
import { configWith, REGIONS } from './config';
import { accountWith } from './fake-account';
import { FakeSystem, type FakeSystemOptions } from './fake-system';

const unused = (name: string) => (): never => {
  throw new Error(`${name} was reached`);
};

const unusedProcesses = (): Processes => ({
  seedPool: unused('seedPool'),
  commit: unused('commit'),
  codeSha256: unused('codeSha256'),
  arrayIndexes: () => ({}),
  lineFile: unused('lineFile'),
  placeIn: (path) => path,
  checkout: () => 'clean',
  readFile: unused('readFile'),
  keepSchedule: unused('keepSchedule'),
});

/** Runs one command in a world of which only `given` may be reached. */
export async function runIn(argv: readonly string[], given: Partial<Context>) {
  const seen = { out: '', err: '' };
  const project: ProjectContext = {
    config: () => configWith(),
    synthesize: unused('synthesize'),
    packagesIn: () => ['@aws-sdk/client-dynamodb@3.1164.0'],
    startTwin: unused('startTwin'),
    keep: keepInMemory,
    expectLongRun: unused('expectLongRun'),
    operator: {
      now: unused('now'),
      sleep: unused('sleep'),
      randomText: unused('randomText'),
      table: unused('table'),
      secret: unused('secret'),
      liveFunction: unused('liveFunction'),
    },
    recovery: unused('recovery'),
    account: accountWith(),
    publicDns: unused('publicDns'),
    askHealth: unused('askHealth'),
    gameDay: {
      aws: unused('aws'),
      emulatedAt: undefined,
      network: unused('network'),
      canAsk: false,
      confirm: unused('confirm'),
      holdInterruptions: unused('holdInterruptions'),
    },
    console: {
      http: unused('console.http'),
      dns: unused('console.dns'),
      browse: unused('console.browse'),
      sleep: unused('console.sleep'),
      holdInterruptions: unused('console.holdInterruptions'),
    },
    configFile: { exists: unused('configFile.exists'), sha256: () => 'c0', write: unused('configFile.write') },
    questions: { atTerminal: false, ask: unused('ask'), end: () => undefined },
    processes: unusedProcesses(),
  };
  const code = await runProgram(argv, {
    root: '.',
    version: '1.2.3',
    wallMs: () => 0,
    now: () => new Date(0),
    player: () => ({ script: '', style: '' }),
    out: (text) => void (seen.out += text),
    err: (text) => void (seen.err += text),
    outColor: false,
    outTerminal: false,
    columns: 80,
    errTerminal: false,
    temporaryDirectory: unused('temporaryDirectory'),
    writeFile: unused('writeFile'),
    checkWritable: unused('checkWritable'),
    besideReport: unused('besideReport'),
    samePlace: (one, other) => one === other,
    sources: { read: unused('sources.read'), isFile: unused('sources.isFile') },
    processes: project.processes,
    ...given,
    project: async () => ({ ...project, ...only(given, Object.keys(project)) }),
  });
  if (argv.includes('--json') && seen.out.startsWith('{')) checkShape(argv, JSON.parse(seen.out));
  return { code, ...seen };
}

const only = <T extends object>(object: T, keys: readonly string[]): Partial<T> =>
  Object.fromEntries(Object.entries(object).filter(([key]) => keys.includes(key))) as Partial<T>;

/** Whatever a command prints as JSON has a schema, and is documented. */
function checkShape(argv: readonly string[], printed: unknown): void {
  const command = withSubcommands(programOf(() => undefined, 80))
    .filter((one) => argv.join(' ').startsWith(pathOf(one)))
    .sort((a, b) => pathOf(b).length - pathOf(a).length)[0];
  if (typeof (printed as { schema?: unknown }).schema !== 'number') throw new Error(`${argv.join(' ')}: no schema`);
  const { json, otherJson = {} } = (command && pageOf(command)) ?? {};
  const found = [...(json ? [json] : []), ...Object.values(otherJson)].map((shape) => departures(printed, shape));
  const least = found.sort((a, b) => a.length - b.length)[0];
  if (least?.length !== 0) throw new Error(`--json of ${argv.join(' ')}: ${least?.join('; ') ?? 'has no page'}`);
}

export interface Setup extends Partial<FakeSystemOptions> {
  /** How many of mumbai, singapore and tokyo. @default 2 */
  readonly count?: 2 | 3;
  readonly config?: Partial<DrConfigInput>;
  readonly context?: Partial<Context>;
}

export function systemOf({ count = 2, config, context, ...options }: Setup = {}) {
  const regions = [...REGIONS, { name: 'tokyo', awsRegion: 'ap-northeast-1' } as const].slice(0, count);
  const parsed = configWith({ regions, ...config });
  const system = new FakeSystem({ regions: parsed.regions, failback: parsed.recovery.failback, ...options });
  const dr = async (command: string, ...more: readonly string[]) => {
    const startedMs = system.now();
    const answer = await runIn([...command.split(' '), ...more], {
      config: () => parsed,
      wallMs: () => system.now(),
      operator: system,
      askHealth: async () => ({ status: 200, reason: null }),
      ...context,
    });
    return { ...answer, seconds: (system.now() - startedMs) / 1000 };
  };
  return { system, dr };
}

/** As much of our running stack as a search reads. */
export const searchedStack = {
  routing: 'latency',
  settings: { intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 10, probesFromRegions: [] },
  world: { regions: [{ name: 'mumbai', awsRegion: 'ap-south-1' }] },
} as unknown as RunningStack;
