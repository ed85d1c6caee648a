// What AWS, or its provider, takes of an argument: one of some texts, a number within a range. Each finding names the argument.
import { finding, type Finding } from '@dr/stack';
import { blocksOf, knownOrAbsent, numberOf, textOf, textsOf, type Resource, type Values } from '@dr/terraform-json';
import { inEach, ofEach } from '../each';
import type { Rule, Stack } from '../rule';

/** One thing that may be wrong with a resource. */
export type Part = (resource: Resource, stack: Stack) => Iterable<Finding>;

interface Held {
  /** What it is called in the rule's id and sentences, e.g. `target-group`. */
  readonly kind: string;
  readonly type: string;
  /** Page of AWS. */
  readonly source: string;
  readonly statement: string;
  /** Each is asked by itself: a plan does not show what AWS fills in, and what one part cannot tell says nothing of the others. */
  readonly judge: readonly Part[];
}

/** A rule about one type of resource. What breaks it cannot be applied, so there is nothing to review or to drill. */
export const takenRule = ({ kind, type, source, statement, judge }: Held): Rule => ({
  id: `${kind}-is-one-that-aws-takes`,
  of: 'serving',
  severity: 'blocks',
  source,
  statement,
  atFailover: `The apply fails, so there is no such ${kind.replaceAll('-', ' ')}`,
  judge: ofEach([type], (resource, stack) => inEach(judge, (part) => part(resource, stack))),
});

/** Argument -> the texts that it may have. */
export type Texts = Readonly<Record<string, readonly string[]>>;
/** Argument -> the least and the most of a whole number. */
export type Numbers = Readonly<Record<string, readonly [least: number, most: number]>>;

const FEW = 12;

/** `at`: the block that holds the values, e.g. `health_check.`. */
export function* otherTexts(address: string, values: Values, allowed: Texts, at = ''): Iterable<Finding> {
  for (const [argument, texts] of Object.entries(allowed)) {
    const said = knownOrAbsent(() => given(values, argument)) ?? [];
    for (const text of said.filter((one) => !texts.includes(one))) {
      const use = texts.length > FEW ? `one such as ${texts.slice(0, 3).join(', ')}` : texts.join(', ');
      yield finding(address, `has ${at}${argument} "${text}", which AWS does not know`, `Use ${use}`);
    }
  }
}

const given = (values: Values, argument: string): readonly string[] =>
  Array.isArray(values[argument]) ? textsOf(values, argument) : [textOf(values, argument) ?? []].flat();

/** What is absent has a default, so it is within every range; what is unknown is not judged. */
export function* numbersOutside(address: string, values: Values, ranges: Numbers, at = ''): Iterable<Finding> {
  for (const [argument, [least, most]] of Object.entries(ranges)) {
    const number = knownOrAbsent(() => numberIn(values, argument));
    if (number === undefined || (Number.isInteger(number) && number >= least && number <= most)) continue;
    const sentence = `has ${at}${argument} ${number}, and AWS takes ${least} to ${most}`;
    yield finding(address, sentence, `Use a whole number from ${least} to ${most}`);
  }
}

/** A state shows a number that was never set as an empty text, where the provider keeps it as one. */
export const numberIn = (values: Values, argument: string): number | undefined =>
  values[argument] === '' ? undefined : numberOf(values, argument);

/** A state shows what was never set as empty, 0 or false; a plan shows what AWS will fill in as unknown. */
export function isGiven(values: Values, argument: string): boolean {
  const value = knownOrAbsent(() => values[argument]);
  return Array.isArray(value) ? value.length > 0 : !['', 0, false, null, undefined].includes(value as string);
}

/** Blocks of that name, with the name that findings put before their arguments. */
export const blocksAt = (values: Values, name: string): readonly (readonly [at: string, block: Values])[] =>
  blocksOf(values, name).map((block) => [`${name}.`, block]);
