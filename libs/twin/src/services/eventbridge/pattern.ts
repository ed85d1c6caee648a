// Event patterns: which events a rule is for (EventBridge user guide, "Creating event patterns", EB-02).
import { InputError } from '@dr/contracts';
import { isObject } from '../../is-object';

/** Does the event match? */
export type EventPattern = (event: unknown) => boolean;

/** What one comparison is given: a value of the event, or undefined where the event lacks the field. */
type Test = (value: unknown) => boolean;
type Refuse = (what: string, why: string) => never;

const FIX = 'Use lists of exact values, prefix, suffix, equals-ignore-case, anything-but or exists';

/** Throws InputError, naming `owner`, for a pattern that EventBridge refuses or the twin does not read. */
export function readPattern(owner: string, text: string): EventPattern {
  const refuse: Refuse = (what, why) => {
    throw new InputError(`${owner}: event_pattern${what}`, why, FIX);
  };
  return matcherOf(parsed(text) ?? refuse(` "${text}"`, 'is not JSON'), '', refuse);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Every field of the pattern must match; fields that only the event has do not matter. */
function matcherOf(pattern: unknown, path: string, refuse: Refuse): EventPattern {
  if (Array.isArray(pattern)) return anyOf(pattern, path, refuse);
  if (!isObject(pattern) || Object.keys(pattern).length === 0) {
    return refuse(path, 'must be an object or an array, and not an empty one');
  }
  const fields = Object.entries(pattern).map(([name, inner]) => {
    if (name.startsWith('$')) return refuse(`${path}.${name}`, 'is an operator that the twin does not read');
    return [name, matcherOf(inner, `${path}.${name}`, refuse)] as const;
  });
  return (event) => fields.every(([name, matches]) => matches(isObject(event) ? event[name] : undefined));
}

/** One of the list must match the event's value. Where the event has a list, one of its values must match. */
function anyOf(list: readonly unknown[], path: string, refuse: Refuse): EventPattern {
  if (list.length === 0) return refuse(path, 'is an empty list, which nothing matches');
  const tests = list.map((one) => testOf(one, path, refuse));
  return (value) => tests.some((test) => (Array.isArray(value) ? value.some((one) => test(one)) : test(value)));
}

function testOf(wanted: unknown, path: string, refuse: Refuse): Test {
  if (!isObject(wanted)) return (value) => value === wanted;
  const [[operator = '', operand] = [], ...others] = Object.entries(wanted);
  const test = others.length === 0 && Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator]?.(operand) : undefined;
  return test ?? refuse(path, `has ${JSON.stringify(wanted)}, a comparison that the twin does not read`);
}

/** Each gives its test, or undefined for an operand it does not know. */
const OPERATORS: Readonly<Record<string, (operand: unknown) => Test | undefined>> = {
  prefix: (operand) => onText(operand, (value, wanted) => value.startsWith(wanted)),
  suffix: (operand) => onText(operand, (value, wanted) => value.endsWith(wanted)),
  'equals-ignore-case': (operand) => onText(operand, (value, wanted) => value.toLowerCase() === wanted.toLowerCase()),
  'anything-but': (operand) => {
    const unwanted: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
    return unwanted.some(isObject) ? undefined : (value) => value !== undefined && !unwanted.includes(value);
  },
  exists: (operand) => (typeof operand === 'boolean' ? (value) => (value !== undefined) === operand : undefined),
};

const onText = (operand: unknown, holds: (value: string, wanted: string) => boolean): Test | undefined =>
  typeof operand === 'string' ? (value) => typeof value === 'string' && holds(value, operand) : undefined;
