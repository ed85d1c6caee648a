// What is wrong with any stack, found in ours before it is written: the rules that drills and reviews judge by, too.
import { InputError } from '@dr/contracts';
import { ANY_SYSTEM, judgeStack, RULES } from '@dr/review';
import type { Graph } from '@dr/terraform-json';

/** Throws InputError with the address of what a rule finds first. */
export function checkRules(graph: Graph): void {
  const [first] = judgeStack(graph);
  if (first) throw new InputError(first.address, first.sentence, first.fix);
}

const NOTES = new Set(RULES.flatMap(({ id, severity }) => (severity === 'note' ? id : [])));

/** What makes a failover slower or costs data, though the stack serves and fails over: one sentence each. */
export const ruleWarnings = (graph: Graph): string[] =>
  judgeStack(graph, ANY_SYSTEM, ['advice'])
    .filter(({ rule }) => !NOTES.has(rule))
    .map(({ address, sentence, fix }) => `${address} ${sentence}. ${fix}`);
