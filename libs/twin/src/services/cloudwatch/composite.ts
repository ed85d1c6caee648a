// Composite alarms: a rule over the states of other alarms of the same region (CW-05).
import { InputError } from '@dr/contracts';
import { type Graph, textOf } from '@dr/terraform-json';
import type { AlarmState } from '../../event-log';
import { readHead, type AlarmHead, type MetricAlarm } from './alarms';
import { Tokens } from './tokens';

/** The state of an alarm by its key. */
type StateOf = (alarm: string) => AlarmState;

export interface CompositeAlarm extends AlarmHead {
  readonly rule: string;
  readonly holds: (stateOf: StateOf) => boolean;
  /** Keys of the alarms that the rule reads. */
  readonly reads: ReadonlySet<string>;
}

type Rule = CompositeAlarm['holds'];

const TOKEN = /\s*("[^"]*"|[()]|[^\s()"]+)/y;
const MAX_RULE = 10_240;
const MAX_DEPTH = 50;

/** Metric and composite alarms of a region share one name space. */
export const alarmKey = (awsRegion: string, name: string): string => `${awsRegion} ${name}`;

/** `known`: the metric alarms by key. Throws InputError for a rule that reads what is not there. */
export function readCompositeAlarms(graph: Graph, known: ReadonlyMap<string, MetricAlarm>): readonly CompositeAlarm[] {
  const alarms = graph.ofType('aws_cloudwatch_composite_alarm').map((resource): CompositeAlarm => {
    const head = readHead(graph, resource);
    const rule = textOf(resource.values, 'alarm_rule') ?? '';
    return { ...head, rule, ...parseRule(head, rule) };
  });
  const all = new Set([...known.keys(), ...alarms.map(({ awsRegion, name }) => alarmKey(awsRegion, name))]);
  for (const { address, rule, reads } of alarms) {
    const missing = [...reads].find((key) => !all.has(key));
    if (missing === undefined) continue;
    throw new InputError(
      `${address}: alarm_rule "${rule}"`,
      `reads ${missing}, which is no alarm of this stack`,
      'Name alarms of the same region and stack',
    );
  }
  return alarms;
}

function parseRule({ address, awsRegion }: AlarmHead, rule: string): Pick<CompositeAlarm, 'holds' | 'reads'> {
  const tokens = new Tokens(rule, TOKEN, MAX_RULE, (why) => {
    throw new InputError(
      `${address}: alarm_rule "${rule}"`,
      why,
      'Use ALARM(name), OK(name), INSUFFICIENT_DATA(name), TRUE, FALSE, AND, OR, NOT and parentheses',
    );
  });
  const reads = new Set<string>();
  const listOf = (word: string, term: () => Rule): Rule[] => {
    const terms = [term()];
    while (tokens.accept(word)) terms.push(term());
    return terms;
  };
  const anyOf = (depth: number): Rule => {
    if (depth > MAX_DEPTH) return tokens.refuse('nests too deep');
    const terms = listOf('OR', () => allOf(depth));
    return (stateOf) => terms.some((term) => term(stateOf));
  };
  const allOf = (depth: number): Rule => {
    const terms = listOf('AND', () => termAt(depth));
    return (stateOf) => terms.every((term) => term(stateOf));
  };
  const termAt = (depth: number): Rule => {
    if (tokens.accept('NOT')) {
      const term = termAt(depth + 1);
      return (stateOf) => !term(stateOf);
    }
    if (tokens.accept('(')) {
      const inner = anyOf(depth + 1);
      tokens.expect(')');
      return inner;
    }
    const word = tokens.take();
    if (word === 'TRUE' || word === 'FALSE') return () => word === 'TRUE';
    if (word === 'ALARM' || word === 'OK' || word === 'INSUFFICIENT_DATA') return stateIs(word);
    return tokens.refuse(`"${word}" is not understood`);
  };
  /** `ALARM(name)`, `ALARM("name with spaces")` or `ALARM(arn)`. */
  const stateIs = (state: AlarmState): Rule => {
    tokens.expect('(');
    const named = tokens.take().replace(/^"|"$/g, '');
    tokens.expect(')');
    const key = alarmKey(awsRegion, named.startsWith('arn:') ? named.split(':').slice(6).join(':') : named);
    reads.add(key);
    return (stateOf) => stateOf(key) === state;
  };
  const holds = anyOf(0);
  tokens.end();
  return { holds, reads };
}
