// What an IAM policy document says, statement by statement, for people: nothing is decided, and nothing is left out.
// Source: IAM User Guide, "IAM JSON policy elements reference".

export interface Statement {
  readonly sid: string | null;
  readonly effect: string;
  readonly actions: readonly string[];
  /** All actions but these. */
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  /** All resources but these. */
  readonly notResources: readonly string[];
  readonly principals: readonly string[];
  /** `StringEquals aws:SourceAccount: 123456789012`; all must hold. */
  readonly conditions: readonly string[];
  /** How it allows more than it names. */
  readonly wildcards: readonly string[];
}

type Element = Readonly<Record<string, unknown>>;

/** Of JSON text, or of what it says. undefined: it is no policy document. */
export function statementsOf(document: unknown): readonly Statement[] | undefined {
  const policy = typeof document === 'string' ? parsed(document) : document;
  if (!isElement(policy)) return undefined;
  const statements = listOf(policy['Statement']);
  if (statements.length === 0 || !statements.every(isElement)) return undefined;
  return statements.map(statementOf);
}

function statementOf(element: Element): Statement {
  const texts = (name: string): string[] => listOf(element[name]).map(String);
  const effect = String(element['Effect']);
  const scope = {
    actions: texts('Action'),
    notActions: texts('NotAction'),
    resources: texts('Resource'),
    notResources: texts('NotResource'),
  };
  return {
    sid: texts('Sid')[0] ?? null,
    effect,
    ...scope,
    principals: [
      ...principalsOf(element['Principal'], ''),
      // Of a trust policy, this is everybody but those.
      ...principalsOf(element['NotPrincipal'], 'everybody but '),
    ],
    conditions: conditionsOf(element['Condition']),
    wildcards: effect === 'Allow' ? wildcardsOf(scope) : [],
  };
}

const principalsOf = (raw: unknown, before: string): string[] =>
  (isElement(raw) ? Object.values(raw).flatMap(listOf) : listOf(raw)).map((one) => `${before}${String(one)}`);

const conditionsOf = (raw: unknown): string[] =>
  !isElement(raw)
    ? listOf(raw).map(String)
    : Object.entries(raw).flatMap(([operator, keys]) =>
        isElement(keys)
          ? Object.entries(keys).map(
              ([key, values]) => `${operator} ${key}: ${listOf(values).map(String).join(' or ')}`,
            )
          : [`${operator}: ${JSON.stringify(keys)}`],
      );

type Scope = Pick<Statement, 'actions' | 'notActions' | 'resources' | 'notResources'>;

const wildcardsOf = ({ actions, notActions, resources, notResources }: Scope): string[] => [
  ...actions.filter(isPattern).map((one) => (one === '*' ? 'every action' : one)),
  ...(notActions.length > 0 ? [`every action but ${notActions.join(', ')}`] : []),
  ...resources.filter(isPattern).map((one) => (one === '*' ? 'every resource' : one)),
  ...(notResources.length > 0 ? [`every resource but ${notResources.join(', ')}`] : []),
];

/** `*` and `?` stand for other text; a policy variable such as ${aws:username} for what the caller is. */
const isPattern = (text: string): boolean => /[*?]|\$\{/.test(text);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isElement = (value: unknown): value is Element =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
