// "Did you mean ...?" for values, by the rule that commander has for commands and options.
import type { InputError } from '@dr/contracts';
import { Command } from 'commander';

const GIVEN = /"([^"]*)"$/;
const ALLOWED = /^Use one of (.+)$/;

/** The message of an error; where it names a value and what is allowed instead, with the nearest of those. */
export function withSuggestion({ what, why, fix, message }: InputError): string {
  const given = GIVEN.exec(what)?.[1];
  const allowed = ALLOWED.exec(fix)?.[1]?.split(', ');
  const meant = given && allowed ? nearest(given, allowed) : undefined;
  return meant === undefined ? message : `${what}: ${why}. ${meant} ${fix}`;
}

/** commander keeps its rule to itself, and tells of it when a command is not known. */
function nearest(word: string, allowed: readonly string[]): string | undefined {
  const silent = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  for (const one of allowed) silent.command(one.replace(/ .*/, ''));
  try {
    silent.parse([word], { from: 'user' });
    return undefined;
  } catch (error) {
    return /\((Did you mean .*\?)\)/.exec((error as Error).message)?.[1];
  }
}
