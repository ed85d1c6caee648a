// Composite alarms: a rule over the states of other alarms of the same region (CW-05).
import { InputError } from '@dr/contracts';
import { type Graph, textOf } from '@dr/terraform-json';
import type { AlarmState } from '../../event-log';
import { readHead, type AlarmHead } from './alarms';

/** The state of an alarm by its key. */
type StateOf = (alarm: string) => AlarmState;

export interface CompositeAlarm extends AlarmHead {
  readonly rule: string;
  readonly holds: (stateOf: StateOf) => boolean;
  /** Keys of the alarms it reads. */
  readonly reads: ReadonlySet<string>;
}

interface Cursor {
  readonly tokens: readonly string[];
  at: number;
  readonly awsRegion: string;
  readonly reads: Set<string>;
  readonly refuse: (why: string) => never;
}

type Rule = CompositeAlarm['holds'];

const TOKEN = /\s*("[^"]*"|[()]|[^\s()"]+)/y;
const MAX_RULE = 10_240;
const MAX_DEPTH = 50;

/** Alarms have one name space a region, metric and composite alike. */
export const alarmKey = (awsRegion: string, name: string): string => `${awsRegion} ${name}`;

/** `known`: keys of the metric alarms. Throws InputError for a rule that reads what is not there. */
export function readCompositeAlarms(graph: Graph, known: ReadonlySet<string>): readonly CompositeAlarm[] {
  const alarms = graph.ofType('aws_cloudwatch_composite_alarm').map((resource): CompositeAlarm => {
    const head = readHead(graph, resource);
    const rule = textOf(resource.values, 'alarm_rule') ?? '';
    return { ...head, rule, ...parseRule(head, rule) };
  });
  const all = new Set([...known, ...alarms.map(({ awsRegion, name }) => alarmKey(awsRegion, name))]);
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
  const refuse = (why: string): never => {
    throw new InputError(
      `${address}: alarm_rule "${rule}"`,
      why,
      'Use ALARM(name), OK(name), INSUFFICIENT_DATA(name), TRUE, FALSE, AND, OR, NOT and parentheses',
    );
  };
  if (rule.length > MAX_RULE) return refuse(`is longer than ${MAX_RULE} characters`);
  const cursor: Cursor = { tokens: tokenize(rule), at: 0, awsRegion, reads: new Set(), refuse };
  const holds = parseOr(cursor, 0);
  if (cursor.at < cursor.tokens.length) return refuse(`"${cursor.tokens[cursor.at]}" is not expected there`);
  return { holds, reads: cursor.reads };
}

function tokenize(rule: string): readonly string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(rule); match; match = TOKEN.exec(rule)) tokens.push(match[1] as string);
  return tokens;
}

function parseOr(cursor: Cursor, depth: number): Rule {
  if (depth > MAX_DEPTH) return cursor.refuse('nests too deep');
  const terms = [parseAnd(cursor, depth)];
  while (accept(cursor, 'OR')) terms.push(parseAnd(cursor, depth));
  return (stateOf) => terms.some((term) => term(stateOf));
}

function parseAnd(cursor: Cursor, depth: number): Rule {
  const terms = [parseTerm(cursor, depth)];
  while (accept(cursor, 'AND')) terms.push(parseTerm(cursor, depth));
  return (stateOf) => terms.every((term) => term(stateOf));
}

function parseTerm(cursor: Cursor, depth: number): Rule {
  if (accept(cursor, 'NOT')) {
    const term = parseTerm(cursor, depth + 1);
    return (stateOf) => !term(stateOf);
  }
  if (accept(cursor, '(')) {
    const inner = parseOr(cursor, depth + 1);
    if (!accept(cursor, ')')) return cursor.refuse('")" is missing');
    return inner;
  }
  const word = cursor.tokens[cursor.at];
  cursor.at += 1;
  if (word === 'TRUE' || word === 'FALSE') return () => word === 'TRUE';
  if (word === 'ALARM' || word === 'OK' || word === 'INSUFFICIENT_DATA') return parseState(cursor, word);
  return cursor.refuse(word === undefined ? 'ends too early' : `"${word}" is not understood`);
}

/** `ALARM(name)`, `ALARM("name with spaces")` or `ALARM(arn)`. */
function parseState(cursor: Cursor, state: AlarmState): Rule {
  if (!accept(cursor, '(')) return cursor.refuse('"(" is missing');
  const named = (cursor.tokens[cursor.at] ?? '').replace(/^"|"$/g, '');
  cursor.at += 1;
  if (!accept(cursor, ')')) return cursor.refuse('")" is missing');
  const name = named.startsWith('arn:') ? named.split(':').slice(6).join(':') : named;
  const key = alarmKey(cursor.awsRegion, name);
  cursor.reads.add(key);
  return (stateOf) => stateOf(key) === state;
}

function accept(cursor: Cursor, token: string): boolean {
  if (cursor.tokens[cursor.at] !== token) return false;
  cursor.at += 1;
  return true;
}
