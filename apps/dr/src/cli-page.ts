// docs/cli.md, made from the commands: usage, options, defaults, examples, exit codes and the shapes of --json.
import type { Command, Option } from 'commander';
import { CALL, PACKAGED } from './packaged';
import { programOf } from './whole-program';
import { EVERY_EXIT, pageOf, pathOf, withSubcommands, type JsonShape } from './terminal/manual';
import { allowedOf } from './terminal/options';

const COLUMNS = 80;

/** Ends with a line end. */
export function cliPage(): string {
  const commands = withSubcommands(programOf(() => undefined, COLUMNS));
  const [program, ...others] = commands as [Command, ...Command[]];
  return `${[
    '# The command line',
    ...(PACKAGED
      ? []
      : [
          'This page is made from the commands by `npm run docs`; edit their descriptions and manual pages in `apps/dr/src/commands`.',
        ]),
    `Every command is called as \`${CALL} COMMAND\`. \`--help\` after a command shows its options, \`--version\` the version. Reports go to
standard output; progress, warnings and errors go to standard error. Colour is used on a terminal only, and not when \`NO_COLOR\` is set.
On a terminal, reports are folded to its width (\`COLUMNS\` wins); what another program reads is not.`,
    list(others.map((one) => `[\`${pathOf(one)}\`](#dr-${pathOf(one).replaceAll(' ', '-')}): ${one.description()}`)),
    '## Exit codes',
    exitTable({ ...pageOf(program)?.exits, ...EVERY_EXIT }),
    '## JSON',
    `\`--json\` prints one JSON object on one line. Keys may be added in any version; none is removed or renamed within a \`schema\`. In the
tables below, \`[]\` is any element of a list, \`*\` any key, and a path that ends in \`?\` is not always there.`,
    ...others.flatMap(section),
  ].join('\n\n')}\n`;
}

function section(command: Command): string[] {
  const path = pathOf(command);
  const page = pageOf(command);
  const { json, otherJson = {}, files = {}, exits, examples = [] } = page ?? {};
  return [
    `## dr ${path}`,
    `${sentence(command.description())}`,
    code([`${CALL} ${path} ${command.usage()}`]),
    ...(command.options.length > 0 ? [optionTable(command.options)] : []),
    ...(examples.length > 0
      ? ['**Examples**', code(examples.flatMap(([args, does]) => [`# ${does}`, `${CALL} ${args}`]))]
      : []),
    ...(exits ? ['**Exit codes**', exitTable(exits)] : []),
    ...(json ? ['**JSON**', shapeTable(json)] : []),
    ...Object.entries(otherJson).flatMap(([title, shape]) => [`**JSON with \`${title}\`**`, shapeTable(shape)]),
    ...Object.entries(files).flatMap(([title, shape]) => [`**${title}**`, shapeTable(shape)]),
  ];
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
const code = (lines: readonly string[]): string => ['```sh', ...lines, '```'].join('\n');
const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');
const cell = (text: string): string => text.replaceAll('|', '\\|');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

function optionTable(options: readonly Option[]): string {
  return table(
    ['option', 'what it does', 'values', 'default'],
    options.map((option) => [
      `\`${option.flags}\`${option.mandatory ? ' (required)' : ''}`,
      option.description.replace(/ \(default: [^()]*(\([^()]*\))?[^()]*\)/, ''),
      (allowedOf(option.parseArg) ?? []).map((value) => `\`${value}\``).join(', '),
      option.defaultValue === undefined
        ? (/ \(default: ([^()]*(?:\([^()]*\))?[^()]*)\)/.exec(option.description)?.[1] ?? '')
        : `\`${String(option.defaultValue)}\``,
    ]),
  );
}

const exitTable = (exits: Readonly<Record<string, string>>): string =>
  table(
    ['code', 'meaning'],
    Object.entries(exits).map(([code_, meaning]) => [code_, meaning]),
  );

function shapeTable(shape: JsonShape): string {
  return table(
    ['path', 'type', 'meaning'],
    Object.entries(shape).map(([path, text]) => {
      const at = text.indexOf(':');
      const [type, meaning] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1).trim()];
      return [`\`${path}\``, type.replaceAll(' | ', ' or '), meaning];
    }),
  );
}
