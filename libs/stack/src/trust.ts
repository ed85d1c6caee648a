// Who may take on a role: its policy of trust.
import { textOf, type Resource } from '@dr/terraform-json';
import { wildcardMatches } from './arns';

type Statement = Readonly<Record<string, unknown>>;

const ASSUME = 'sts:assumerole';
const UNREADABLE = 'has an assume_role_policy that cannot be read';

/**
 * Why that service cannot take the role on, or why nobody can tell; undefined where it can. Lambda takes on a function's role by
 * its own name (Lambda developer guide, lambda-intro-execution-role), and so does EventBridge a target's.
 */
export function whyNotAssumed({ values }: Resource, service: string): string | undefined {
  const statements = statementsIn(textOf(values, 'assume_role_policy') ?? '');
  if (!statements) return UNREADABLE;
  const about = statements.filter((one) => isAbout(one, service));
  if (about.some(({ Effect: effect }) => effect !== 'Allow'))
    return `does not let ${service} assume it for certain: a statement denies it`;
  if (about.some((one) => one['Condition'] === undefined)) return undefined;
  return about.length === 0
    ? `does not let ${service} assume it`
    : `lets ${service} assume it on a condition: whether that holds is unknown`;
}

function statementsIn(text: string): readonly Statement[] | undefined {
  try {
    const policy = JSON.parse(text) as { readonly Statement?: unknown } | null;
    const statements = listOf(policy?.Statement);
    const isRead = statements.every((one) => typeof one === 'object' && one !== null);
    return isRead ? (statements as readonly Statement[]) : undefined;
  } catch {
    return undefined;
  }
}

/** A denial of what is written by exclusion may be about it. */
function isAbout(statement: Statement, service: string): boolean {
  const principal = statement['Principal'];
  const services = isMap(principal) ? listOf(principal['Service']) : [];
  const names = services.includes(service) || (isDenial(statement) && !isMap(principal));
  const actions = listOf(statement['Action']).map((one) => String(one).toLowerCase());
  const isAssumed = actions.some((pattern) => wildcardMatches(pattern, ASSUME));
  return names && (isAssumed || (isDenial(statement) && actions.length === 0));
}

const isDenial = ({ Effect: effect }: Statement): boolean => effect !== 'Allow';
const isMap = (value: unknown): value is Statement => typeof value === 'object' && value !== null;
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
