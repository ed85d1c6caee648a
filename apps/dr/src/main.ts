// Wiring of the command line: the only place that knows the process, the clock and the terminal.
import { dirname } from 'node:path';
import { besideReport, checkWritable, samePlace, TemporaryDirectories, writeFile } from './adapters/files-adapter';
import { Interruptions } from './adapters/interruptions';
import { isShort } from './commands';
import { playerIn, textFileReader } from './adapters/project-adapter';
import { SEED_WORKER } from './adapters/seed-worker';
import { isRepositoryFile, sourceFiles } from './adapters/source-files-adapter';
import { expectShortRun } from './adapters/v8-flags';
import { PACKAGED } from './packaged';
import type { World } from './program';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the project's own, at its root
import { version } from '../../../package.json';

const argv = process.argv.slice(2);
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

const world: World = {
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
  writeFile,
  checkWritable,
  besideReport,
  samePlace,
  processes: { readFile: textFileReader((work) => interruptions.letThrough(work)) },
  sources: { read: sourceFiles(), isFile: isRepositoryFile },
  player: () => playerIn(__dirname),
  // Loaded by the commands that need it alone.
  project: async () => (await import('./project-world')).projectWorld({ root, argv, interruptions }),
};

interruptions.listen();
process.once('exit', () => temporary.removeAll());
if (isShort(argv[0] ?? '')) expectShortRun();

if (argv[0] === SEED_WORKER) void import('./adapters/seed-worker-adapter').then(({ serveSeeds }) => serveSeeds());
else
  void import('./program')
    .then(({ runProgram }) => runProgram(argv, world))
    .then((code) => {
      process.exitCode = code;
    });
