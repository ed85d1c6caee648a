// How --help is laid out: 80 columns at most and as narrow as 40; examples and exit codes below the options.
import type { Command, HelpConfiguration } from 'commander';
import { CALL } from '../packaged';
import { EVERY_EXIT, pageOf } from './manual';
import { wrapped } from './wrapped';

const WIDEST = 80;
/** A description narrower than that is no text any more: it goes below its term. */
const LEAST_BESIDE = 34;

export const helpWidth = (columns: number): number => Math.max(20, Math.min(WIDEST, columns));

export const helpLayout = (columns: number): HelpConfiguration => ({
  showGlobalOptions: false,
  helpWidth: helpWidth(columns),
  minWidthToWrap: 10,
  // Options of a command that is not loaded are not known.
  subcommandTerm: (command) => command.name(),
  styleUsage: (usage) => wrapped(usage, helpWidth(columns) - 'Usage: '.length).join('\n  '),
  formatItem: (term, termWidth, description) => item(term, termWidth, description, helpWidth(columns)),
});

function item(term: string, termWidth: number, description: string, width: number): string {
  if (!description) return `  ${term}`;
  const beside = width - termWidth - 4;
  if (beside >= LEAST_BESIDE) {
    const [first = '', ...rest] = wrapped(description, beside);
    return [`  ${term.padEnd(termWidth)}  ${first}`, ...rest.map((line) => `${' '.repeat(termWidth + 4)}${line}`)].join(
      '\n',
    );
  }
  return [`  ${term}`, ...wrapped(description, width - 6).map((line) => `      ${line}`)].join('\n');
}

/** Examples and exit codes; begins and ends with a line end. */
export function helpBelow(command: Command, columns: number): string {
  const page = pageOf(command);
  if (!page) return '';
  const width = helpWidth(columns);
  const examples = page.examples.flatMap(([args, does]) => [
    ...command_(args, width),
    ...wrapped(does, width - 6).map((line) => `      ${line}`),
  ]);
  const exits = Object.entries(page.exits ?? {}).flatMap(([code, meaning]) => exitLines(code, meaning, width));
  const others = Object.entries(EVERY_EXIT)
    .filter(([code]) => !Object.hasOwn(page.exits ?? {}, code))
    .flatMap(([code, meaning]) => exitLines(code, meaning, width));
  const json = page.json ? wrapped('The shape of --json is in docs/cli.md.', width) : [];
  return [
    '',
    'Examples:',
    ...examples,
    '',
    'Exit codes:',
    ...exits,
    ...others,
    ...(json.length > 0 ? ['', ...json] : []),
    '',
  ].join('\n');
}

/** A command that is too long goes on behind a backslash, as a shell takes it. */
function command_(args: string, width: number): string[] {
  const lines = wrapped(`${CALL} ${args}`, width - 6);
  return lines.map((line, at) => `${at === 0 ? '  ' : '    '}${line}${at < lines.length - 1 ? ' \\' : ''}`);
}

const exitLines = (code: string, meaning: string, width: number): string[] =>
  wrapped(meaning, width - 7).map((line, at) => `  ${at === 0 ? code.padEnd(3) : '   '}  ${line}`);
