// Every IAM role of a stack with what it may do, read from its own policies and from those that are attached to it.
import { ifKnown, type Graph, type Resource } from '@dr/terraform-json';
import { statementsOf, type Statement } from './policy';

export interface Role {
  readonly address: string;
  /** null: not known before an apply. */
  readonly name: string | null;
  /** Who may take it on. */
  readonly trust: readonly Pick<Statement, 'effect' | 'principals' | 'conditions'>[];
  /** The policy that limits whatever the others allow; null: none. */
  readonly boundary: string | null;
  readonly statements: readonly (Statement & { readonly policy: string })[];
  /** What nobody can tell from the stack, each a sentence. */
  readonly unknown: readonly string[];
}

export interface Permissions {
  readonly roles: readonly Role[];
  /** Policies of a role that is not in the stack, or that is not known before an apply; each a sentence. */
  readonly elsewhere: readonly string[];
}

/** A policy document and where it stands, or why it cannot be read. */
type Document = { readonly where: string } & ({ readonly text: unknown } | { readonly why: string });

interface Carrier {
  readonly resource: Resource;
  readonly roles: readonly Resource[];
  readonly document: Document;
}

/** Throws InputError where it is unknown how many roles or policies there are. */
export function permissionsOf(graph: Graph): Permissions {
  const carriers = carriersOf(graph);
  const roles = graph.ofType('aws_iam_role').map((role) => {
    const carried = carriers.filter((one) => one.roles.includes(role)).map(({ document }) => document);
    return roleOf(role, [...carried, ...ownDocuments(graph, role)]);
  });
  const elsewhere = carriers
    .filter((one) => one.roles.length === 0)
    .map(({ resource }) => `${resource.address}: its role is not in the stack, or unknown before an apply`);
  return { roles, elsewhere };
}

function roleOf(role: Resource, documents: readonly Document[]): Role {
  const trust = read({ where: `${role.address}.assume_role_policy`, ...valueOf(role, 'assume_role_policy') });
  const policies = documents.map((document) => ({ policy: document.where, ...read(document) }));
  const [name, boundary] = [valueOf(role, 'name'), valueOf(role, 'permissions_boundary')];
  return {
    address: role.address,
    name: 'text' in name && typeof name.text === 'string' ? name.text : null,
    trust: trust.statements.map(({ effect, principals, conditions }) => ({ effect, principals, conditions })),
    boundary: 'why' in boundary ? boundary.why : typeof boundary.text === 'string' ? boundary.text : null,
    statements: policies.flatMap(({ policy, statements }) => statements.map((one) => ({ policy, ...one }))),
    unknown: [...trust.unknown, ...policies.flatMap(({ unknown }) => unknown)],
  };
}

function read(document: Document): { readonly statements: readonly Statement[]; readonly unknown: readonly string[] } {
  if ('why' in document) return { statements: [], unknown: [`${document.where}: ${document.why}`] };
  const statements = statementsOf(document.text);
  if (statements) return { statements, unknown: [] };
  return { statements: [], unknown: [`${document.where}: it is no policy document`] };
}

function valueOf({ values }: Resource, key: string): { readonly text: unknown } | { readonly why: string } {
  const found = ifKnown(() => values[key]);
  return 'value' in found ? { text: found.value } : { why: `unknown before an apply: ${found.unknown.reason}` };
}

/** Resources that give a policy to roles. */
function carriersOf(graph: Graph): Carrier[] {
  const roles = graph.ofType('aws_iam_role').map((role) => ({ role, names: namesOf(graph, role) }));
  const of = (type: string, key: string, document: (one: Resource) => Document): Carrier[] =>
    graph.ofType(type).map((resource) => {
      const given = valueOf(resource, key);
      const named =
        'text' in given
          ? roles.filter(({ names }) => [given.text].flat().some((one) => names.includes(one)))
          : roles.filter(({ role }) => resource.references[key]?.includes(role.address));
      return { resource, roles: named.map(({ role }) => role), document: document(resource) };
    });
  const written = (one: Resource): Document => ({ where: one.address, ...valueOf(one, 'policy') });
  const attachment = (one: Resource): Document =>
    attached(graph, { where: one.address, ...valueOf(one, 'policy_arn') });
  return [
    ...of('aws_iam_role_policy', 'role', written),
    ...of('aws_iam_role_policy_attachment', 'role', attachment),
    ...of('aws_iam_policy_attachment', 'roles', attachment),
  ];
}

const namesOf = (graph: Graph, role: Resource): readonly unknown[] =>
  ['name', 'id', 'arn'].flatMap((name) => {
    const found = ifKnown(() => graph.attribute(role, name));
    return 'value' in found && found.value !== undefined ? [found.value] : [];
  });

/** Policies that stand in the role itself. */
function ownDocuments(graph: Graph, role: Resource): Document[] {
  const list = (key: string): readonly Document[] => {
    const given = valueOf(role, key);
    const where = `${role.address}.${key}`;
    if ('why' in given) return [{ where, why: given.why }];
    return Array.isArray(given.text) ? given.text.map((text: unknown) => ({ where, text })) : [];
  };
  const blocks = list('inline_policy').map((one): Document => {
    if ('why' in one) return one;
    const found = ifKnown(() => (one.text as { readonly policy?: unknown }).policy);
    return 'value' in found
      ? { where: one.where, text: found.value }
      : { where: one.where, why: `unknown before an apply: ${found.unknown.reason}` };
  });
  return [...blocks, ...list('managed_policy_arns').map((one) => attached(graph, one))];
}

/** The document that an attachment leads to: of this stack, or kept by AWS or somebody else. */
function attached(graph: Graph, attachment: Document): Document {
  if ('why' in attachment) return attachment;
  const arn = String(attachment.text);
  const own = ifKnown(() => graph.find('aws_iam_policy', 'arn', arn));
  if ('value' in own && own.value) return { where: own.value.address, ...valueOf(own.value, 'policy') };
  return { where: attachment.where, why: `what ${arn} allows does not stand in the stack` };
}
