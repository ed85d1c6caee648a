// The command line: argv to one command, every error to one paragraph and an exit code.
import { asInputError, InputError } from '@dr/contracts';
import { Command, CommanderError, type OutputConfiguration } from 'commander';
import { ENTRIES, isCommand, type CommandName } from './commands';
import {
  SynthesisError,
  type AddCommand,
  type FilesContext,
  type FilesRun,
  type ProjectContext,
  type Run,
  type Start,
} from './context';
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
export type Output = Pick<OutputConfiguration, 'writeOut' | 'writeErr'>;

/** Of these commands all is known, of the others their name and description. */
type Loaded = Readonly<Partial<Record<CommandName, AddCommand>>>;

/** The program with all commands. `start` is told what is to run. */
export function programWith(loaded: Loaded, start: Start, columns: number, output: Output = {}): Command {
  const program = manual(new Command('dr'), PAGE)
    .description(
      PACKAGED ? IN_PACKAGE : 'Multi-region disaster recovery: drills and operation of the stack in dr.config.ts',
    )
    .exitOverride()
    .configureOutput(output)
    .configureHelp(helpLayout(columns));
  for (const [name, { description }] of ENTRIES) {
    const command = program.command(name).description(description);
    loaded[name]?.(command, start);
  }
  for (const command of withSubcommands(program)) command.addHelpText('after', () => helpBelow(command, columns));
  return program;
}

/** What a process has for its command. */
export interface World extends FilesContext {
  project(): Promise<ProjectContext>;
}

type Asked = { readonly run: FilesRun; readonly needs: 'files' } | { readonly run: Run; readonly needs: 'project' };

/** `argv` without node and script. Never rejects; resolves to the exit code. */
export async function runProgram(argv: readonly string[], world: World): Promise<number> {
  const context = fittingErrors(printingSafely(world, argv[0]));
  const asked: Asked[] = [];
  const start: Start = (run: Run | FilesRun, needs?: 'files') =>
    void asked.push(needs === 'files' ? { run: run as FilesRun, needs } : { run, needs: 'project' });
  // What commander writes to stderr: the help of a command that was given without one of its own.
  const written = { help: '' };
  const program = programWith(await loadedFor(argv), start, context.columns, {
    writeOut: context.out,
    writeErr: (text) => void (written.help += text),
  });
  for (const command of withSubcommands(program)) addToEach(command, context.version);
  try {
    if (argv.length === 0) program.help({ error: true });
    await program.parseAsync([...argv], { from: 'user' });
    return asked[0] ? await perform(asked[0], argv, context) : EXIT.passed;
  } catch (error) {
    return explain(error, written.help, [CALL, ...commandsIn(argv, program), '--help'].join(' '), context);
  }
}

/** The command that is named, and nothing else of the program: a drill brings ten times what its help does. Completion is about all of them. */
async function loadedFor(argv: readonly string[]): Promise<Loaded> {
  const named = argv.find(isCommand);
  const wanted = ENTRIES.filter(([name]) => name === named || named === 'completion');
  return Object.fromEntries(await Promise.all(wanted.map(async ([name, { load }]) => [name, await load()] as const)));
}

async function perform(asked: Asked, argv: readonly string[], given: World): Promise<number> {
  const { context, around, end } = showingWork(fittingTerminal(given, argv), argv[0] ?? '');
  try {
    if (asked.needs === 'files') return await asked.run(context);
    const whole = { ...context, ...around(await given.project()) };
    const { repairing } = await import('./operate/gameday/repair');
    return await asked.run({ ...whole, operator: repairing(whole) });
  } finally {
    end();
  }
}

const fittingErrors = (context: World): World =>
  context.errTerminal ? { ...context, err: (text) => context.err(fitted(text, context.columns)) } : context;

/** On a terminal, reports are no wider than it is. What another program reads stays as it is. */
function fittingTerminal(context: World, argv: readonly string[]): World {
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
function explain(error: unknown, help: string, howToAsk: string, { err }: FilesContext): number {
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
