// What a change makes worse, as one list of rules.
import type { StackChange } from '../changed';
import { DATA_CHANGE_RULES } from './data';
import { DNS_CHANGE_RULES } from './dns';
import type { ChangeContext, ChangeRule, Found } from './rule';
import { SEEN_CHANGE_RULES } from './seen';

export type { ChangeContext, ChangeRule, Found } from './rule';

export const CHANGE_RULES: readonly ChangeRule[] = [...DNS_CHANGE_RULES, ...DATA_CHANGE_RULES, ...SEEN_CHANGE_RULES];

interface FoundInChange extends Found {
  readonly rule: ChangeRule;
  readonly change: StackChange;
}

/** Of what Terraform only forgets, nothing changes. */
export const foundIn = (context: ChangeContext): FoundInChange[] =>
  context.changes
    .filter(({ actions }) => !actions.includes('forget'))
    .flatMap((change) =>
      CHANGE_RULES.flatMap((rule) => rule.find(change, context).map((one) => ({ ...one, rule, change }))),
    );
