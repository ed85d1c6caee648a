// The command line: argv to one command, every error to one paragraph and an exit code.
import { asInputError, InputError } from '@dr/contracts';
import { Command, CommanderError, type OutputConfiguration } from 'commander';
import { chaosCommand } from './commands/chaos';
import { completionCommand } from './commands/completion';
import { consoleCommand } from './commands/console';
import { costCommand } from './commands/cost';
import { drillCommand } from './commands/drill';
import { evacuateCommand } from './commands/evacuate';
import { gamedayCommand } from './commands/gameday';
import { historyCommand } from './commands/history';
import { initCommand } from './commands/init';
import { keysCommand } from './commands/keys';
import { objectivesCommand } from './commands/objectives';
import { planCheckCommand } from './commands/plan-check';
import { preflightCommand } from './commands/preflight';
import { reviewCommand } from './commands/review';
import { readmitCommand } from './commands/readmit';
import { reportCommand } from './commands/report';
import { statusCommand } from './commands/status';
import { validateCommand } from './commands/validate';
import { SynthesisError, type Context, type Run } from './context';
import { repairing } from './operate/gameday/repair';
import { Refused, Unavailable } from './operate/operator';
import { CALL, PACKAGED } from './packaged';
import { fitted } from './terminal/fitted';
import { helpBelow, helpLayout } from './terminal/help';
import { manual, withSubcommands, type ManualPage } from './terminal/manual';
import { collect } from './terminal/options';
import { withSuggestion } from './terminal/suggestion';
import { onOneLine, printingSafely } from './terminal/printable';
import { showingWork } from './terminal/working';

export const EXIT = { passed: 0, failed: 1, badInput: 2, defect: 70 } as const;

/** A new command is a file in commands/ and a line here. */
const COMMANDS: readonly ((program: Command, run: (run: Run) => void) => void)[] = [
  initCommand,
  objectivesCommand,
  drillCommand,
  consoleCommand,
  reportCommand,
  preflightCommand,
  gamedayCommand,
  chaosCommand,
  evacuateCommand,
  readmitCommand,
  statusCommand,
  validateCommand,
  historyCommand,
  keysCommand,
  costCommand,
  planCheckCommand,
  reviewCommand,
  completionCommand,
];

/** Without a workspace around it. */
const PACKAGE_EXAMPLES: ManualPage['examples'] = [
  ['review plan.json', 'does this plan fail over, how fast, and what stops it'],
  ['cost plan.json', 'what it costs a month'],
  ['review --help', 'all options and examples of a command'],
];

const PAGE: ManualPage = {
  examples: PACKAGED
    ? PACKAGE_EXAMPLES
    : [
        ['drill', 'lose a region on this machine, and see who is hurt'],
        ['console', 'let the regions live on this machine, and break them by hand'],
        ['init', 'a dr.config.ts of your own'],
        ['objectives', 'which settings meet the objective, and what they cost'],
        ['preflight', 'what your AWS account still lacks'],
        ['drill --help', 'all options and examples of a command'],
      ],
  exits: { 0: 'passed, or done', 1: 'the answer is no' },
};

const IN_PACKAGE =
  'Multi-region disaster recovery: does a stack fail over, how fast, and what stops it. What asks for dr.config.ts runs in a clone of the project, and says so.';

/** Where help and errors of the command line go. */
type Output = Pick<OutputConfiguration, 'writeOut' | 'writeErr'>;

/** All commands. `run` is told what is to run. */
export function programOf(run: (run: Run) => void, columns: number, output: Output = {}): Command {
  const program = manual(new Command('dr'), PAGE)
    .description(
      PACKAGED ? IN_PACKAGE : 'Multi-region disaster recovery: drills and operation of the stack in dr.config.ts',
    )
    .exitOverride()
    .configureOutput(output)
    .configureHelp(helpLayout(columns));
  for (const add of COMMANDS) add(program, run);
  for (const command of withSubcommands(program)) command.addHelpText('after', () => helpBelow(command, columns));
  return program;
}

/** `argv` without node and script. Never rejects; resolves to the exit code. */
export async function runProgram(argv: readonly string[], world: Context): Promise<number> {
  const context = fittingErrors(printingSafely(world, argv[0]));
  const runs: Run[] = [];
  // What commander writes to stderr: the help of a command that was given without one of its own.
  const asked = { help: '' };
  const program = programOf((run) => runs.push(run), context.columns, {
    writeOut: context.out,
    writeErr: (text) => void (asked.help += text),
  });
  for (const command of withSubcommands(program)) addToEach(command, context.version);
  try {
    if (argv.length === 0) program.help({ error: true });
    await program.parseAsync([...argv], { from: 'user' });
    return await perform(runs[0], argv, context);
  } catch (error) {
    return explain(error, asked.help, [CALL, ...commandsIn(argv, program), '--help'].join(' '), context);
  }
}

async function perform(run: Run | undefined, argv: readonly string[], given: Context): Promise<number> {
  if (!run) return EXIT.passed;
  const { context, end } = showingWork(fittingTerminal(given, argv), argv[0] ?? '');
  try {
    return await run({ ...context, operator: repairing(context) });
  } finally {
    end();
  }
}

const fittingErrors = (context: Context): Context =>
  context.errTerminal ? { ...context, err: (text) => context.err(fitted(text, context.columns)) } : context;

/** On a terminal, reports are no wider than it is. What another program reads stays as it is. */
function fittingTerminal(context: Context, argv: readonly string[]): Context {
  if (!context.outTerminal || argv.includes('--json') || argv[0] === 'completion') return context;
  return { ...context, out: (text) => context.out(fitted(text, context.columns)) };
}

/** `--version`, and no second value for an option that takes one: which one was meant? */
function addToEach(command: Command, version: string): void {
  command.version(version, '--version', 'print the version');
  for (const option of command.options) {
    if (!(option.required || option.optional) || option.variadic || option.parseArg === collect) continue;
    let given = 0;
    command.on(`option:${option.name()}`, () => {
      given += 1;
      if (given > 1) throw new InputError(`--${option.name()}`, 'is given twice, and takes one value', 'Give it once');
    });
  }
}

/** The command that `argv` begins with, word by word. */
function commandsIn(argv: readonly string[], { commands }: Command): string[] {
  const named = commands.find((command) => command.name() === argv[0]);
  return named ? [named.name(), ...commandsIn(argv.slice(1), named)] : [];
}

/** `howToAsk`: the call that prints the help of the command. */
function explain(error: unknown, help: string, howToAsk: string, { err }: Context): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.passed;
    if (error.code === 'commander.help') err(help);
    else err(`${sentence(error.message)} Run "${howToAsk}" for help.\n`);
    return EXIT.badInput;
  }
  const input = error instanceof SynthesisError || error instanceof InputError ? error : asInputError(error);
  if (input) {
    err(`${onOneLine(input instanceof InputError ? withSuggestion(input) : input.message)}\n`);
    return EXIT.badInput;
  }
  if (error instanceof Refused || error instanceof Unavailable) {
    err(`${onOneLine(error.message)}\n`);
    return EXIT.failed;
  }
  err(
    `This is a defect of dr, not of your input.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return EXIT.defect;
}

/** commander's message, ended. */
const sentence = (message: string): string => onOneLine(message.replace(/^error: /, '')).replace(/([^.)?!])$/, '$1.');
