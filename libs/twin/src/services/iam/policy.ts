// IAM policy documents: read strictly (an element the evaluator does not know is an error), evaluated statement by statement.
// Source: IAM user guide, policy evaluation logic and condition operators.
import { InputError } from '@dr/contracts';
import { wildcardMatches } from '@dr/stack';
import { isObject } from '../../is-object';

export interface PolicyStatement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** undefined where the statement names none, as in a policy of the resource itself. */
  readonly resources: readonly string[] | undefined;
  readonly principals: readonly Principal[] | undefined;
  readonly conditions: readonly Condition[];
}

interface Principal {
  readonly kind: 'AWS' | 'Service' | '*';
  readonly value: string;
}

interface Condition {
  readonly matches: Match;
  /** The condition holds when no value matches. */
  readonly isNegated: boolean;
  /** Whether it holds for a request without the key. */
  readonly holdsWithoutKey: boolean;
  readonly key: string;
  readonly values: readonly string[];
}

interface PolicyRequest {
  readonly action: string;
  readonly resource: string;
  /** Condition keys in lower case. */
  readonly context: ReadonlyMap<string, string>;
}

/** Whether one value of the policy matches the value of the request. */
type Match = (wanted: string, given: string) => boolean;

const equals: Match = (wanted, given) => wanted === given;
const equalsInAnyCase: Match = (wanted, given) => wanted.toLowerCase() === given.toLowerCase();

const OPERATORS: Readonly<Record<string, Match>> = {
  StringEquals: equals,
  StringEqualsIgnoreCase: equalsInAnyCase,
  StringLike: wildcardMatches,
  ArnEquals: wildcardMatches,
  ArnLike: wildcardMatches,
  Bool: equalsInAnyCase,
};

const NEGATED: Readonly<Record<string, Match>> = {
  StringNotEquals: equals,
  StringNotEqualsIgnoreCase: equalsInAnyCase,
  StringNotLike: wildcardMatches,
  ArnNotEquals: wildcardMatches,
  ArnNotLike: wildcardMatches,
};

const IF_EXISTS = 'IfExists';

const ELEMENTS = ['Sid', 'Effect', 'Action', 'Resource', 'Principal', 'Condition'];

/** Parses a policy document, given as JSON text or as an object. `where` names it in errors. */
export function readPolicy(document: unknown, where: string): PolicyStatement[] {
  const policy = typeof document === 'string' ? parseJson(document, where) : document;
  const { Statement: statements } = (policy ?? {}) as { Statement?: unknown };
  if (statements === undefined) throw unreadable(where, 'it has no Statement');
  return asList(statements).map((statement) => readStatement(statement, where));
}

/** A policy of a resource as the stack gives it, if it has one: to be read when somebody asks. Throws InputError where nobody could. */
export function checkedPolicy(document: unknown, where: string): unknown {
  if (document !== undefined) readPolicy(document, where);
  return document;
}

function readStatement(statement: unknown, where: string): PolicyStatement {
  if (!isObject(statement)) throw unreadable(where, `a statement of it is ${JSON.stringify(statement)}`);
  const unknown = Object.keys(statement).find((key) => !ELEMENTS.includes(key));
  if (unknown) throw unreadable(where, `the twin's evaluator does not know the element ${unknown}`);
  const effect = statement['Effect'];
  if (effect !== 'Allow' && effect !== 'Deny') throw unreadable(where, `Effect is ${JSON.stringify(effect)}`);
  const texts = (name: string): string[] => strings(statement[name], name, where);
  const resources = statement['Resource'] === undefined ? undefined : texts('Resource');
  const variable = resources?.find((resource) => resource.includes('${'));
  if (variable) throw unreadable(where, `the twin's evaluator does not know policy variables: ${variable}`);
  return {
    sid: texts('Sid')[0],
    effect,
    actions: texts('Action'),
    resources,
    principals: statement['Principal'] === undefined ? undefined : readPrincipals(statement['Principal'], where),
    conditions: readConditions(statement['Condition'], where),
  };
}

function readPrincipals(raw: unknown, where: string): Principal[] {
  if (raw === '*') return [{ kind: '*', value: '*' }];
  if (!isObject(raw)) throw unreadable(where, `Principal is ${JSON.stringify(raw)}`);
  return Object.entries(raw).flatMap(([kind, values]) => {
    if (kind !== 'AWS' && kind !== 'Service')
      throw unreadable(where, `the twin's evaluator does not know the principal ${kind}`);
    return strings(values, 'Principal', where).map((value): Principal => ({ kind: value === '*' ? '*' : kind, value }));
  });
}

function readConditions(raw: unknown, where: string): Condition[] {
  if (raw === undefined) return [];
  if (!isObject(raw)) throw unreadable(where, `Condition is ${JSON.stringify(raw)}`);
  return Object.entries(raw).flatMap(([operator, keys]) => {
    const name = operator.endsWith(IF_EXISTS) ? operator.slice(0, -IF_EXISTS.length) : operator;
    const isNegated = Object.hasOwn(NEGATED, name);
    const matches = isNegated ? NEGATED[name] : Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
    if (!matches) throw unreadable(where, `the twin's evaluator does not know the condition operator ${operator}`);
    if (!isObject(keys)) throw unreadable(where, `${operator} is ${JSON.stringify(keys)}`);
    return Object.entries(keys).map(([key, values]) => ({
      matches,
      isNegated,
      holdsWithoutKey: isNegated || name !== operator,
      key: key.toLowerCase(),
      values: strings(values, key, where),
    }));
  });
}

/** Is the statement about this request, whoever asks? */
function statementCovers(statement: PolicyStatement, request: PolicyRequest): boolean {
  const action = request.action.toLowerCase();
  return (
    statement.actions.some((pattern) => wildcardMatches(pattern.toLowerCase(), action)) &&
    (statement.resources ?? ['*']).some((pattern) => wildcardMatches(pattern, request.resource)) &&
    statement.conditions.every(({ key, values, matches, isNegated, holdsWithoutKey }) => {
      const given = request.context.get(key);
      if (given === undefined) return holdsWithoutKey;
      return values.some((wanted) => matches(wanted, given)) !== isNegated;
    })
  );
}

/** Who asks: an AWS service such as `cloudwatch.amazonaws.com`, or a role. */
export interface GivenPrincipal {
  readonly service?: string;
  readonly roleArn?: string;
}

/** Is the statement about this principal? A policy that names the account means everybody in it. */
export function statementNames(statement: PolicyStatement, given: GivenPrincipal, accountId: string): boolean {
  const account = [accountId, `arn:aws:iam::${accountId}:root`];
  return (statement.principals ?? []).some(({ kind, value }) => {
    if (kind === '*') return true;
    if (kind === 'Service') return value === given.service;
    return given.roleArn !== undefined && (value === given.roleArn || account.includes(value));
  });
}

/** Explicit deny, then allow, then the implicit deny. The allowing statement, or undefined. */
export function allowedBy(statements: readonly PolicyStatement[], request: PolicyRequest): PolicyStatement | undefined {
  const covering = statements.filter((statement) => statementCovers(statement, request));
  if (covering.some((statement) => statement.effect === 'Deny')) return undefined;
  return covering.find((statement) => statement.effect === 'Allow');
}

/** What AWS answers to a caller whose role does not allow the action. */
export const notAuthorized = (roleArn: string, action: string, resource: string): string =>
  `User: ${roleArn} is not authorized to perform: ${action} on resource: ${resource}`;

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const SCALARS = ['string', 'number', 'boolean'];

/** A text, or a list of them; none of what is not there. */
function strings(value: unknown, name: string, where: string): string[] {
  if (value === undefined) return [];
  const wrong = asList(value).find((one) => !SCALARS.includes(typeof one));
  if (wrong !== undefined) throw unreadable(where, `${name} is ${JSON.stringify(value)}`);
  return asList(value).map(String);
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw unreadable(where, `it is not JSON: ${(error as Error).message}`);
  }
}

const unreadable = (where: string, why: string): InputError =>
  new InputError(`policy of ${where}`, why, 'Write the policy with elements and operators that the twin can decide');
