// What a command has of the project around it, the account and the network: loaded by those that ask for it alone.
import { fromConfigFile } from '@dr/contracts/system';
import { parseConfig, type DrConfig } from '@dr/contracts/system/config';
import { join } from 'node:path';
import { arrayIndexes } from './adapters/array-index';
import { keepInFile } from './adapters/keep-in-file';
import { expectLongRun } from './adapters/v8-flags';
import { askHealth } from './adapters/ask-health';
import { awsAccount } from './adapters/aws-account';
import { awsOperator } from './adapters/aws-operator';
import { awsRecovery } from './adapters/aws-recovery';
import { packagesIn } from './adapters/bundle-record';
import { configFile } from './adapters/config-file-adapter';
import { consoleWorld } from './adapters/console-sockets';
import { gameDayWorld } from './adapters/game-day-world';
import { checkoutOf, commitOf } from './adapters/git-adapter';
import type { Interruptions } from './adapters/interruptions';
import { lineFile, placeIn } from './adapters/line-file-adapter';
import { withoutWorkspace } from './adapters/package-adapter';
import { codeSha256 } from './adapters/program-adapter';
import { keepSchedule, textFileReader } from './adapters/project-adapter';
import { publicDns } from './adapters/public-dns';
import { terminalQuestions } from './adapters/questions-adapter';
import { seedPool } from './adapters/seed-pool-adapter';
import { synthesize } from './adapters/synthesis-adapter';
import type { ProjectContext } from './context';
import { PACKAGED } from './packaged';

/** What is wrong with the file is said by the command that asks for it. */
const readConfig = (): Promise<() => DrConfig> =>
  // eslint-disable-next-line @nx/enforce-module-boundaries -- the config is the user's file, at the root and in no project
  fromConfigFile(() => import('../../../dr.config'), parseConfig).then(
    (config) => () => config,
    (error: unknown) => () => {
      throw error;
    },
  );

interface Around {
  readonly root: string;
  readonly argv: readonly string[];
  readonly interruptions: Interruptions;
}

export const projectWorld = async (around: Around): Promise<ProjectContext> => worldWith(await readConfig(), around);

const worldWith = (config: () => DrConfig, { root, argv, interruptions }: Around): ProjectContext => ({
  config,
  synthesize: (args, outDirectory) =>
    synthesize({ root, config, warn: (text) => void process.stderr.write(text) }, args, outDirectory),
  packagesIn: (app) => packagesIn(join(root, 'dist', app)),
  operator: awsOperator,
  recovery: awsRecovery,
  account: awsAccount,
  publicDns,
  askHealth,
  gameDay: gameDayWorld(interruptions),
  processes: {
    seedPool,
    commit: () => commitOf(root),
    codeSha256: (files) => codeSha256(process.argv[1] ?? '', files),
    arrayIndexes,
    lineFile,
    placeIn,
    checkout: () => checkoutOf(root),
    readFile: textFileReader((work) => interruptions.letThrough(work)),
    keepSchedule: (name, text) => keepSchedule(root, PACKAGED ? 'dr-schedules' : join('dist', 'schedules'), name, text),
  },
  console: consoleWorld(interruptions),
  startTwin: async (options) => (await import('./start-ours')).startOurs(options),
  keep: keepInFile(),
  expectLongRun,
  configFile: configFile(root),
  questions: terminalQuestions(interruptions),
  ...(PACKAGED ? withoutWorkspace(argv) : {}),
});
