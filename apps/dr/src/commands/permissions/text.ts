// The roles of a stack for a reader: who may take each on, what it may do on what, and where that is more than is named.
import { TWIN_ACCOUNT_ID } from '@dr/terraform-json';
import { hanging } from '../../terminal/wrapped';
import type { Statement } from './policy';
import type { Permissions, Role } from './roles';

export interface Wildcard {
  readonly role: string;
  readonly statement: string | null;
  readonly allows: string;
}

export const nameOf = ({ name, address }: Role): string => name ?? address;

export const wildcardsIn = ({ roles }: Permissions): Wildcard[] =>
  roles.flatMap((role) =>
    role.statements.flatMap(({ sid, wildcards }) =>
      wildcards.map((allows) => ({ role: nameOf(role), statement: sid, allows })),
    ),
  );

export const unknownIn = ({ roles, elsewhere }: Permissions): string[] => [
  ...roles.flatMap(({ unknown }) => unknown),
  ...elsewhere,
];

export function permissionsText(permissions: Permissions): string {
  const { roles } = permissions;
  const [wildcards, unknown] = [wildcardsIn(permissions), unknownIn(permissions)];
  const statements = roles.reduce((sum, role) => sum + role.statements.length, 0);
  return [
    `${roles.length} roles, ${statements} statements, ${wildcards.length} wildcards, ${unknown.length} not known`,
    ...roles.flatMap((role) => ['', ...roleLines(role)]),
    ...(wildcards.length > 0 ? ['', 'Wildcards: what is allowed and not named one by one'] : []),
    ...wildcards.flatMap(({ role, statement, allows }) => hanging('  ', `${role}, ${statement ?? '-'}: ${allows}`)),
    ...(unknown.length > 0 ? ['', 'Not known: nobody can tell it from the stack'] : []),
    ...unknown.flatMap((one) => hanging('  ', one)),
    '',
    `Account ${TWIN_ACCOUNT_ID} stands for the account that it is applied in, unless the files name one.`,
    '',
  ].join('\n');
}

function roleLines(role: Role): string[] {
  const { trust, boundary, statements, name, address } = role;
  return [
    name === null ? address : `${name} (${address})`,
    ...trust.flatMap(({ effect, principals, conditions }) =>
      hanging(
        effect === 'Allow' ? '  taken on by  ' : '  never by     ',
        `${principals.join(', ')}${ifAny(conditions)}`,
      ),
    ),
    ...(boundary === null ? [] : hanging('  at most      ', boundary)),
    ...statements.flatMap(statementLines),
  ];
}

const statementLines = (statement: Statement): string[] => {
  const { sid, effect, actions, notActions, resources, notResources, conditions } = statement;
  const what = [...actions, ...(notActions.length > 0 ? [`all but ${notActions.join(', ')}`] : [])].join(', ');
  const on = [...resources, ...(notResources.length > 0 ? [`all but ${notResources.join(', ')}`] : [])].join(', ');
  return [
    ...hanging(`  ${effect.toLowerCase().padEnd(5)}        `, `${what}${sid === null ? '' : ` (${sid})`}`),
    ...hanging('    on         ', `${on}${ifAny(conditions)}`),
  ];
};

const ifAny = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : ` if ${conditions.join(' and ')}`;
