// A rule over a change: what it makes worse, whatever the stack was before.
import type { CauseKind, Severity } from '../../outcomes/cause';
import type { Stack } from '../../rules/rule';
import type { ChangedSetting, StackChange } from '../changed';

export interface ChangeContext {
  readonly changes: readonly StackChange[];
  readonly base: Stack;
  readonly stack: Stack;
}

export interface Found {
  /** The rest of a sentence that begins with the address. */
  readonly sentence: string;
  /** @default the rule's */
  readonly severity?: Severity;
  readonly source?: string;
}

export interface ChangeRule {
  readonly id: string;
  readonly severity: Severity;
  /** In the imperative. */
  readonly fix: string;
  /** Page of AWS, or of its provider for Terraform. */
  readonly source: string;
  /** When a region is lost. */
  readonly atFailover: string;
  /** Causes of an outcome that say the same of the same resource: one is enough. */
  readonly saidBy?: readonly CauseKind[];
  readonly find: (change: StackChange, context: ChangeContext) => readonly Found[];
}

export const settingOf = ({ settings }: StackChange, key: string): ChangedSetting | undefined =>
  settings.find((one) => one.key === key);

/** It was on, and is off. */
export const isOff = (change: StackChange, key: string): boolean => {
  const setting = settingOf(change, key);
  return setting !== undefined && setting.was === true && setting.is === false;
};

/** The sentence where that holds, and none where it does not. */
export const found = (holds: boolean, sentence: string, more: Omit<Found, 'sentence'> = {}): readonly Found[] =>
  holds ? [{ sentence, ...more }] : [];
