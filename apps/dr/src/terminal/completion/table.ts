// What can stand where on the command line, read from the commands themselves.
import { FAULT_KINDS, ROUTINGS } from '@dr/contracts';
import type { Command, Option } from 'commander';
import { pathOf, withSubcommands } from '../manual';
import { allowedOf } from '../options';

export interface Place {
  /** Words before it: `chaos test-failover`; empty at the beginning. */
  readonly path: string;
  readonly words: readonly Word[];
  /** It takes files. */
  readonly files: boolean;
  readonly options: readonly FlagWord[];
}

interface Word {
  readonly word: string;
  readonly description: string;
}

interface FlagWord extends Word {
  /** What follows it: nothing, a file, one of these values, or something that nobody can complete. */
  readonly takes: 'nothing' | 'file' | 'other' | readonly string[];
}

/** Every command, the program itself first. */
export const placesOf = (program: Command): Place[] =>
  withSubcommands(program).map((command) => ({
    path: pathOf(command),
    words: [
      ...command.commands.map((one) => ({ word: one.name(), description: firstClause(one.description()) })),
      ...command.registeredArguments.flatMap(({ argChoices = [] }) =>
        argChoices.map((word) => ({ word, description: '' })),
      ),
      ...(command === program ? [{ word: 'help', description: 'display help for a command' }] : []),
    ],
    files: command.registeredArguments.some((argument) => argument.name() === 'file'),
    options: [
      ...command.options.map((option) => ({
        word: option.long ?? option.flags,
        description: firstClause(option.description),
        takes: takes(option),
      })),
      { word: '--help', description: 'display help for command', takes: 'nothing' as const },
    ],
  }));

/** What a placeholder stands for, where the option itself takes more than its parser can know. */
const BY_PLACEHOLDER: Readonly<Record<string, FlagWord['takes']>> = {
  file: 'file',
  'files...': 'file',
  kind: FAULT_KINDS,
  policy: ROUTINGS,
};

function takes(option: Option): FlagWord['takes'] {
  if (!option.required && !option.optional) return 'nothing';
  const [, placeholder = ''] = /<(.*)>/.exec(option.flags) ?? [];
  return allowedOf(option.parseArg) ?? BY_PLACEHOLDER[placeholder] ?? 'other';
}

/** As much of a description as fits beside a word. */
const firstClause = (text: string): string => (/^[^;:(,]*/.exec(text)?.[0] ?? '').trim();
