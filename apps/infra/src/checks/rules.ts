// What is wrong with any stack, found in ours before it is written: the rules that drills and reviews judge by, too.
import { InputError } from '@dr/contracts';
import { judgeStack } from '@dr/review';
import { parseStack } from '@dr/terraform-json';
import type { StackJson } from './stack-json';

/** Throws InputError with the address of what a rule finds first. */
export function checkRules(stack: StackJson): void {
  const [first] = judgeStack(parseStack(stack, '.'));
  if (first) throw new InputError(first.address, first.sentence, first.fix);
}
