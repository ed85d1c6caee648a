// Wiring of the command line: the only place that knows the process, the clock and the terminal.
import { fromConfigFile } from '@dr/contracts/system';
import { parseConfig, type DrConfig } from '@dr/contracts/system/config';
import { startOurs } from '@dr/drills';
import { dirname, join } from 'node:path';
import { askHealth } from './adapters/ask-health';
import { awsAccount } from './adapters/aws-account';
import { awsOperator } from './adapters/aws-operator';
import { consoleWorld } from './adapters/console-sockets';
import { configFile } from './adapters/config-file-adapter';
import { besideReport, checkWritable, samePlace, TemporaryDirectories, writeFile } from './adapters/files-adapter';
import { gameDayWorld } from './adapters/game-day-world';
import { Interruptions } from './adapters/interruptions';
import { withoutWorkspace } from './adapters/package-adapter';
import { checkoutOf, commitOf, keepSchedule, readTextFile, playerIn } from './adapters/project-adapter';
import { terminalQuestions } from './adapters/questions-adapter';
import { publicDns } from './adapters/public-dns';
import { seedPool } from './adapters/seed-pool-adapter';
import { SEED_WORKER, serveSeeds } from './adapters/seed-worker-adapter';
import { isRepositoryFile, sourceFiles } from './adapters/source-files-adapter';
import { synthesize } from './adapters/synthesis-adapter';
import type { Context } from './context';
import { PACKAGED } from './packaged';
import { runProgram } from './program';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the project's own, at its root
import { version } from '../../../package.json';

// dist/dr/main.js in the project; what a package is asked is of where it is run.
const root = PACKAGED ? process.cwd() : dirname(dirname(__dirname));
const temporary = new TemporaryDirectories();
const interruptions = new Interruptions();
/** A terminal that can do nothing but print, or a wish for plain text. */
const isDumb = process.env['TERM'] === 'dumb';
const plain = isDumb || (process.env['NO_COLOR'] !== undefined && process.env['NO_COLOR'] !== '');

/** `COLUMNS` wins, as in a shell. */
function columnsOf(asked = ''): number {
  const columns = /^\d{2,4}$/.test(asked) ? Number(asked) : process.stdout.columns || process.stderr.columns;
  return columns || 80;
}

/** What is wrong with the file is said by the command that asks for it: `--help` does not. */
const readConfig = (): Promise<() => DrConfig> =>
  // eslint-disable-next-line @nx/enforce-module-boundaries -- the config is the user's file, at the root and in no project
  fromConfigFile(() => import('../../../dr.config'), parseConfig).then(
    (config) => () => config,
    (error: unknown) => () => {
      throw error;
    },
  );

const context: Omit<Context, 'config'> = {
  root,
  version,
  wallMs: () => performance.now(),
  now: () => new Date(),
  every: (ms, tick) => {
    const timer = setInterval(tick, ms).unref();
    return () => clearInterval(timer);
  },
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  outColor: process.stdout.isTTY === true && !plain,
  outTerminal: process.stdout.isTTY === true,
  columns: columnsOf(process.env['COLUMNS']),
  errTerminal: process.stderr.isTTY === true && !isDumb,
  temporaryDirectory: () => temporary.make(),
  synthesize: (args, outDirectory) => synthesize(root, args, outDirectory, (text) => process.stderr.write(text)),
  writeFile,
  checkWritable,
  besideReport,
  samePlace,
  operator: awsOperator,
  account: awsAccount,
  publicDns,
  askHealth,
  gameDay: gameDayWorld(interruptions),
  processes: {
    seedPool,
    commit: () => commitOf(root),
    checkout: () => checkoutOf(root),
    readFile: (...given) => interruptions.letThrough(() => readTextFile(...given)),
    keepSchedule: (name, text) => keepSchedule(root, PACKAGED ? 'dr-schedules' : join('dist', 'schedules'), name, text),
  },
  sources: { read: sourceFiles(), isFile: isRepositoryFile },
  console: consoleWorld(interruptions),
  player: () => playerIn(__dirname),
  startTwin: startOurs,
  configFile: configFile(root),
  questions: terminalQuestions(interruptions),
};

const packaged = PACKAGED ? withoutWorkspace(process.argv.slice(2)) : {};

interruptions.listen();
process.once('exit', () => temporary.removeAll());

if (process.argv[2] === SEED_WORKER) serveSeeds();
else
  void readConfig()
    .then((config) => runProgram(process.argv.slice(2), { ...context, config, ...packaged }))
    .then((code) => {
      process.exitCode = code;
    });
