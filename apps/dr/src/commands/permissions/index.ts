// `dr permissions`: every role of a stack, who may take it on and what it may do, before anything is applied.
import { readStack, readStacks } from '@dr/terraform-json';
import type { Command } from 'commander';
import type { FilesContext, Start } from '../../context';
import { manual, under, type JsonShape, type ManualPage } from '../../terminal/manual';
import { permissionsOf, type Permissions } from './roles';
import { permissionsText, unknownIn, wildcardsIn } from './text';

const STATEMENT: JsonShape = {
  policy: 'string: Terraform address of the policy',
  sid: 'string | null: its name in the policy',
  effect: 'string: Allow or Deny',
  'actions[]?': 'string: what is allowed',
  'notActions[]?': 'string: everything is, but this',
  'resources[]?': 'string: on what',
  'notResources[]?': 'string: on everything but this',
  'principals[]?': 'string: empty, as a role itself is meant',
  'conditions[]?': 'string: all must hold',
  'wildcards[]?': 'string: how more is allowed than is named',
};

const PAGE: ManualPage = {
  examples: [
    ['permissions', 'the roles of the stack of dr.config.ts'],
    ['permissions plan.json', 'the stack of any team; plan.json is what `terraform show -json PLAN` prints'],
    ['permissions --json > permissions.json', 'the same as data, to keep and to compare with a later year'],
  ],
  exits: { 0: 'the roles were read: what they may do is for a person to judge' },
  json: {
    schema: 'number: 1',
    'roles[].address': 'string: Terraform address',
    'roles[].name': 'string | null: null is not known before an apply',
    'roles[].trust[].effect?': 'string: Allow or Deny',
    'roles[].trust[].principals[]?': 'string: who may take the role on',
    'roles[].trust[].conditions[]?': 'string: all must hold',
    'roles[].boundary': 'string | null: policy that limits whatever the others allow',
    ...under('roles[].statements[]', STATEMENT, '?'),
    'roles[].unknown[]?': 'string: what cannot be told of this role',
    'wildcards[].role?': 'string: name of the role',
    'wildcards[].statement?': 'string | null: name of the statement',
    'wildcards[].allows?': 'string: what is allowed and not named one by one',
    'unknown[]?': 'string: all that cannot be told, of policies without a known role as well',
  },
};

interface Flags {
  readonly json?: true;
}

export function permissionsCommand(command: Command, run: Start): void {
  manual(command, PAGE)
    .argument(
      '[files...]',
      'output of `terraform show -json` for a plan or a state, or Terraform JSON; several are read as one (default: the stack of dr.config.ts)',
    )
    .option('--json', 'print one JSON object')
    .action((files: readonly string[], flags: Flags) => {
      if (files.length > 0) run(async (context) => tell(context, permissionsOf(readStacks(files)), flags), 'files');
      else
        run(async (context) => {
          const stack = await context.synthesize([], context.temporaryDirectory());
          return tell(context, permissionsOf(readStack(stack)), flags);
        });
    });
}

function tell(context: Pick<FilesContext, 'out'>, permissions: Permissions, { json }: Flags): number {
  const answer = {
    schema: 1,
    roles: permissions.roles,
    wildcards: wildcardsIn(permissions),
    unknown: unknownIn(permissions),
  };
  context.out(json ? `${JSON.stringify(answer)}\n` : permissionsText(permissions));
  return 0;
}
