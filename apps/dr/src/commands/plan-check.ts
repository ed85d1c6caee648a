// `dr plan-check`: may this plan be applied? Pipelines ask before every apply.
import { lossesOf, parsePlan, refusedLosses, type Loss, type LossKind } from '@dr/review';
import { MAX_TERRAFORM_JSON_BYTES } from '@dr/terraform-json';
import type { Command } from 'commander';
import type { Start } from '../context';
import { manual, under, type JsonShape, type ManualPage } from '../terminal/manual';
import { collect } from '../terminal/options';

const LOSS: JsonShape = {
  kind: 'string: destroyed, replaced, replica-removed, region-gone, unprotected, held or moved',
  address: 'string: Terraform address; of a whole region, its name',
  'region?': 'string: short name of its region',
  what: 'string: what it is',
};
const PAGE: ManualPage = {
  examples: [
    ['plan-check --plan plan.json', 'plan.json is what `terraform show -json PLAN` prints'],
    ['plan-check --plan plan.json --allow-destroy singapore', 'a region that is meant to go'],
  ],
  exits: { 0: 'the plan may be applied', 1: 'it takes what is protected, and was not allowed to' },
  json: {
    schema: 'number: 1',
    losses: 'list: everything protected that the plan takes',
    ...under('losses[]', LOSS, '?'),
    refused: 'list: those of them that no option allows',
    ...under('refused[]', LOSS, '?'),
  },
};

interface Flags {
  readonly plan: string;
  readonly allowDestroy?: readonly string[];
  readonly allowUnprotect?: true;
  readonly destroy?: true;
  readonly json?: true;
}

export function planCheckCommand(command: Command, run: Start): void {
  manual(command, PAGE)
    .requiredOption('--plan <file>', 'output of `terraform show -json` for the plan')
    .option('--allow-destroy <region>', 'allow the loss of this region; repeat it for another', collect)
    .option('--allow-unprotect', "allow AWS's own protection to be turned off")
    .option('--destroy', 'allow the loss of the whole system (terraform plan -destroy)')
    .option('--json', 'print one JSON object')
    .action(({ plan, allowDestroy = [], allowUnprotect, destroy, json }: Flags) =>
      run(async ({ processes, out, err }) => {
        const text = processes.readFile('--plan', plan, MAX_TERRAFORM_JSON_BYTES);
        const losses = lossesOf(parsePlan(text, `--plan "${plan}"`));
        const allowance = { regions: allowDestroy, unprotect: allowUnprotect === true, wholeSystem: destroy === true };
        const refused = refusedLosses(losses, allowance);
        out(json ? `${JSON.stringify({ schema: 1, losses, refused })}\n` : render(losses, refused));
        for (const region of allowDestroy.filter((name) => !losses.some((loss) => loss.region === name))) {
          err(`note: the plan takes nothing protected of "${region}"\n`);
        }
        return refused.length > 0 ? 1 : 0;
      }, 'files'),
    );
}

const VERB: Readonly<Record<LossKind, string>> = {
  destroyed: 'is destroyed',
  replaced: 'is destroyed and made anew',
  'replica-removed': 'loses a replica',
  'region-gone': 'leaves',
  unprotected: 'loses its protection',
  held: 'cannot be destroyed',
  moved: 'would be looked for in another region, and the original would be forgotten',
};

function render(losses: readonly Loss[], refused: readonly Loss[]): string {
  if (refused.length === 0) {
    return losses.length === 0
      ? 'The plan takes nothing that is protected.\n'
      : `The plan takes what was asked for:\n${lines(losses)}`;
  }
  return `Refused: the plan takes what is protected.\n${lines(refused)}${fixes(refused)}`;
}

const lines = (losses: readonly Loss[]): string =>
  losses.map(({ address, kind, what }) => `  ${address} ${VERB[kind]}: ${what}\n`).join('');

function fixes(refused: readonly Loss[]): string {
  const has = (...kinds: LossKind[]): boolean => refused.some(({ kind }) => kinds.includes(kind));
  const goes = refused.filter(({ kind }) => !['held', 'moved', 'unprotected'].includes(kind));
  const regions = [...new Set(goes.flatMap(({ region }) => region ?? []))];
  const shared = goes.some(({ region }) => region === undefined);
  const said = [
    has('moved') &&
      'Keep the order of the regions and the AWS region of each name: move by adding a region and removing the other.',
    has('held') &&
      'AWS would refuse half way: apply options.protect = false first, then plan this again (docs/state.md).',
    regions.length > 0 &&
      `To remove it on purpose: ${regions.map((region) => `--allow-destroy ${region}`).join(' ')}, once clients have left it.`,
    shared && 'No flag allows the loss of what all regions share: see "Destroying" in docs/state.md.',
    has('unprotected') && 'To turn protection off on purpose: --allow-unprotect.',
  ];
  return said.flatMap((line) => (line === false ? [] : [`${line}\n`])).join('');
}
