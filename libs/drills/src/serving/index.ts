// Before a drill: what it would not find out by losing a region is refused, and named.
import { InputError } from '@dr/contracts';
import { ANY_SYSTEM, judgeStack, whatAwsRefuses, type Rule, type ServedSystem, type Stack } from '@dr/review';
import { readShape, type Finding } from '@dr/stack';
import type { Graph } from '@dr/terraform-json';
import { notUnderstood } from '@dr/twin';
import { some } from '../judge/check';

type Refused = Finding & { readonly of: Rule['of'] };

/** Empty for a stack that a drill can say something of. Throws InputError on unknown values. */
export const whatCannotServe = (graph: Graph, system: ServedSystem): Refused[] => [
  ...notUnderstood(graph).map((one) => ({ ...one, of: 'serving' as const })),
  ...judgeStack(graph, system, ['serving', 'unseen']),
];

/** Throws InputError that names each value which AWS does not take: what no apply makes cannot be lost. */
export function refuseWhatAwsRefuses(stack: Stack): void {
  const sentences = whatAwsRefuses(stack).map(({ address, sentence, fix }) => `${address} ${sentence} (${fix})`);
  if (sentences.length === 0) return;
  throw new InputError(
    'the stack',
    `is none that AWS takes: ${some(sentences, SHOWN)}`,
    'Mend what is named, and drill again',
  );
}

const SHOWN = 12;
/** A search makes thousands of twins of one stack. */
const sound = new WeakMap<Graph, ServedSystem>();

/** Throws InputError where there is nothing to fail over with, and one that names every reason why a drill of the stack would show nothing, or not all. */
export function refuseWhatCannotServe(graph: Graph, system: ServedSystem = ANY_SYSTEM): void {
  if (sound.get(graph) === system) return;
  readShape(graph);
  const findings = whatCannotServe(graph, system);
  if (findings.length === 0) return void sound.set(graph, system);
  const sentences = findings.map(({ address, sentence }) => `${address} ${sentence}`);
  const why = findings.some(({ of }) => of === 'serving')
    ? 'cannot serve, so there is nothing to lose in a drill'
    : 'has what is dead and what a drill need not show';
  throw new InputError('the stack', `${why}: ${some(sentences, SHOWN)}`, 'Mend what is named, and drill again');
}
