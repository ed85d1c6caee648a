// The command line on a system in memory: what it prints, its exit code, and what it leaves. For tests.
import { parseConfig, type DrConfigInput } from '@dr/contracts/config';
import type { Context } from '../context';
import { runProgram } from '../program';
import { accountWith } from './fake-account';
import { FakeSystem, type FakeSystemOptions } from './fake-system';

const REGIONS = [
  { name: 'mumbai', awsRegion: 'ap-south-1' },
  { name: 'singapore', awsRegion: 'ap-southeast-1' },
  { name: 'tokyo', awsRegion: 'ap-northeast-1' },
] as const;

export interface Setup extends Partial<FakeSystemOptions> {
  /** How many of mumbai, singapore and tokyo. @default 2 */
  readonly count?: 2 | 3;
  readonly config?: Partial<DrConfigInput>;
  readonly context?: Partial<Context>;
}

export function systemOf({ count = 2, config, context, ...options }: Setup = {}) {
  const parsed = parseConfig({
    system: 'dr',
    zone: 'example.com',
    domain: 'app.example.com',
    regions: REGIONS.slice(0, count),
    objectives: { rtoSeconds: 60 },
    ...config,
  });
  const system = new FakeSystem({ regions: parsed.regions, ...options });
  const unused = (name: string) => (): never => {
    throw new Error(`${name} was reached`);
  };
  const dr = async (command: string, ...more: readonly string[]) => {
    const seen = { out: '', err: '' };
    const startedMs = system.now();
    const code = await runProgram([...command.split(' '), ...more], {
      root: '.',
      config: () => parsed,
      wallMs: () => system.now(),
      out: (text) => void (seen.out += text),
      err: (text) => void (seen.err += text),
      outColor: false,
      errTerminal: false,
      temporaryDirectory: unused('temporaryDirectory'),
      synthesize: unused('synthesize'),
      writeFile: unused('writeFile'),
      checkWritable: unused('checkWritable'),
      startTwin: unused('startTwin'),
      operator: system,
      account: accountWith(),
      publicDns: unused('publicDns'),
      askHealth: async () => ({ status: 200, reason: null }),
      gameDay: {
        aws: unused('aws'),
        identity: unused('identity'),
        emulatedAt: undefined,
        network: unused('network'),
        canAsk: false,
        confirm: unused('confirm'),
        holdInterruptions: unused('holdInterruptions'),
      },
      processes: {
        seedPool: unused('seedPool'),
        commit: unused('commit'),
        readFile: unused('readFile'),
        keepSchedule: unused('keepSchedule'),
      },
      ...context,
    });
    return { code, ...seen, seconds: (system.now() - startedMs) / 1000 };
  };
  return { system, dr };
}
