// What a command's --help says below its options, and what docs/cli.md is made of: examples, exit codes, the shape of --json.
import type { Command } from 'commander';

export interface ManualPage {
  /** Arguments after `dr`, and what they do. */
  readonly examples: readonly (readonly [args: string, does: string])[];
  /** What the exit codes mean that are this command's own; those of every command are in `EVERY_EXIT`. */
  readonly exits?: Readonly<Record<number, string>>;
  /** What `--json` prints. */
  readonly json?: JsonShape;
  /** What it prints with certain options, which stand in the place of a title. */
  readonly otherJson?: Readonly<Record<string, JsonShape>>;
  /** JSON files that it writes, by what they are called. */
  readonly files?: Readonly<Record<string, JsonShape>>;
}

/**
 * Path of a value -> its type, and what it means after a colon: `'regions[].name': 'string: as in dr.config.ts'`. `[]` is any element of a
 * list, `*` any key. Types: string, number, boolean, null, list, object, any; alternatives by `|`. A path that ends in `?` is not always there.
 */
export type JsonShape = Readonly<Record<string, string>>;

/** Of every command; docs/cli.md says more of them. */
export const EVERY_EXIT: Readonly<Record<number, string>> = {
  2: 'bad input, credentials or permissions, or an output that could not be written: one sentence on stderr says which, and the fix',
  70: 'a defect of dr',
  129: 'ended by SIGHUP',
  130: 'ended by Ctrl-C',
  141: 'the reader of standard output left',
  143: 'ended by SIGTERM',
};

/** The shape of what is at `path`. `?`: not always there. */
export const under = (path: string, shape: JsonShape, mark: '' | '?' = ''): JsonShape =>
  Object.fromEntries(
    Object.entries(shape).map(([key, meaning]) => [
      `${path}.${mark === '?' ? key.replace(/\??$/, '?') : key}`,
      meaning,
    ]),
  );

const pages = new WeakMap<Command, ManualPage>();

/** Gives a command its page; returns the command. */
export function manual(command: Command, page: ManualPage): Command {
  pages.set(command, page);
  return command;
}

export const pageOf = (command: Command): ManualPage | undefined => pages.get(command);

/** The command and all below it. */
export const withSubcommands = (command: Command): Command[] => [
  command,
  ...command.commands.flatMap((one) => withSubcommands(one)),
];

/** `chaos test-failover`, without the name of the program; empty for the program itself. */
export function pathOf(command: Command): string {
  return command.parent ? [pathOf(command.parent), command.name()].filter((word) => word !== '').join(' ') : '';
}
