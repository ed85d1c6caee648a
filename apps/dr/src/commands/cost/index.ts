// `dr cost`: what a stack costs in a month, used and not used, before it is applied; our own against the budget.
import { InputError } from '@dr/contracts';
import { readUsage, USAGE_KEYS, USUAL_USAGE, type Usage } from '@dr/review';
import { readStack, readStacks } from '@dr/terraform-json';
import type { Command } from 'commander';
import type { Context, FilesContext, Start } from '../../context';
import { manual, under, type JsonShape, type ManualPage } from '../../terminal/manual';
import { costOf, type Cost } from './answer';
import { costText, type Bars } from './text';

/** The most that protection may cost before the first request. */
const FIXED_BAR_USD = 70;

const LINE: JsonShape = {
  what: 'string: the charge',
  service: 'string: row of the table',
  byUse: 'boolean: billed by use, not by the month',
  resources: 'number: resources that it comes from',
  'regions[]': 'string: AWS regions, or global; unknown where it cannot be told',
  unitUsd: 'number | null: price of one unit; null is unknown',
  quantity: 'number: units billed in a month, without free ones',
  free: 'number: units that are free',
  usd: 'number | null: USD a month; null is unknown',
};

/** The keys of the file of --usage as well. */
const USAGE: JsonShape = Object.fromEntries(
  Object.entries(USAGE_KEYS).map(([key, { meaning, usual }]) => [key, `number: ${meaning}; ${usual} unless given [A]`]),
);

const PAGE: ManualPage = {
  examples: [
    ['cost', 'the stack of dr.config.ts, line by line'],
    ['cost plan.json', 'the stack of any team; plan.json is what `terraform show -json PLAN` prints'],
    ['cost plan.json --usage usage.json', 'with a load of yours, such as {"requests": 5000000}'],
    ['cost --json', 'the same as data'],
  ],
  exits: {
    0: 'within the bar and the budget, or not known to be above; always, when files are given',
    1: 'above the bar for fixed cost or the budget',
  },
  json: {
    schema: 'number: 1',
    ...under('lines[]', LINE, '?'),
    'conditional[].what?': 'string: a charge that depends on what else the account has; in no total',
    'conditional[].addresses[]?': 'string: Terraform addresses',
    'conditional[].freeIf?': 'string: when it is free',
    'conditional[].unit?': 'string: what is billed',
    'conditional[].unitUsd?': 'number | null: price of one unit',
    'oneTime[].what?': 'string: what is paid once, when it is applied; in no total',
    'oneTime[].addresses[]?': 'string: Terraform addresses',
    'oneTime[].regions[]?': 'string: AWS regions',
    'oneTime[].unitUsd?': 'number | null: price of one unit; null is unknown',
    'oneTime[].quantity?': 'number: units',
    'oneTime[].usd?': 'number | null: USD, once; null is unknown',
    totalUsd: 'number: of the lines that have a price: what is billed before the first request',
    'unknown[]?': 'string: charges without a known price',
    ...under('useLines[]', LINE, '?'),
    useUsd: 'number: of what is billed by use',
    ...under('usage', USAGE),
    'resources.billed': 'number: resources that AWS bills',
    'resources.priced': 'number: those of them of which every price is known',
    'resources.free': 'number: resources that it does not bill by themselves',
    'resources.unpriced[]?': 'string: Terraform addresses of the others',
    'unknownValues[].address?': 'string: a resource whose cost hangs on what cannot be told before an apply',
    'unknownValues[].why?': 'string: what that is',
    'change.beforeUsd': 'number | null: before the first request, as applied now; null where the files do not say',
    'change.afterUsd': 'number: the same after the change',
    'change.unpriced': 'number: charges after it without a known price',
    'change.lines[].what?': 'string: the charge; those that differ first',
    'change.lines[].beforeUsd?': 'number | null: USD a month',
    'change.lines[].afterUsd?': 'number | null: USD a month',
    'table[].service': 'string: a row of the first estimate of this system, or Other',
    'table[].configuration': 'string | null: what that estimate took for granted',
    'table[].estimatedUsd': 'number | null: its USD a month',
    'table[].usd': 'number: USD a month as computed here, of what has a price',
    'table[].unpriced': 'number: charges without a known price',
    front: 'object | null: of a stack with an accelerator',
    'front.fixedUsd?': 'number | null: USD a month that it costs before the first request; null is unknown',
    'front.byUseUsd?':
      'number | null: by use: what it adds to data, less what latency records would ask more for queries',
    'tips[].tip': 'string: a tip of that estimate',
    'tips[].savesUsd':
      'number | null: USD a month that it would save here; null where it does not apply, or a price is unknown',
    'tips[].because': 'string: why, and what the figure takes for granted',
    fixedBarUsd: 'number | null: the most that our own stack may cost before its first request; null with files',
    monthlyBudgetUsd: 'number | null: objectives.monthlyBudgetUsd; null with files',
    within: 'boolean | null: within both; null when a price is unknown, and with files',
  },
};

interface Flags {
  readonly stack?: string;
  readonly usage?: string;
  readonly json?: true;
}

export function costCommand(command: Command, run: Start): void {
  manual(command, PAGE)
    .argument(
      '[files...]',
      'output of `terraform show -json` for a plan or a state, or Terraform JSON; several are read as one (default: the stack of dr.config.ts)',
    )
    .option('--stack <file>', 'a synthesized cdk.tf.json, judged as our own')
    .option('--usage <file>', `a JSON file with the load of a month; keys: ${Object.keys(USAGE_KEYS).join(', ')}`)
    .option('--json', 'print one JSON object')
    .action((files: readonly string[], flags: Flags) => {
      if (files.length > 0) run(async (context) => costOfFiles(context, files, flags), 'files');
      else run((context) => costOfOurs(context, flags));
    });
}

async function costOfOurs(context: Context, flags: Flags): Promise<number> {
  const load = loadOf(flags);
  const bars = { fixedBarUsd: FIXED_BAR_USD, monthlyBudgetUsd: context.config().objectives.monthlyBudgetUsd };
  const graph = readStack(flags.stack ?? (await context.synthesize([], context.temporaryDirectory())));
  const { emittedMetrics: emitted } = await import('./own-metrics');
  return tell(context, costOf(graph, load, { emitted }), bars, flags);
}

function costOfFiles(context: FilesContext, files: readonly string[], flags: Flags): number {
  if (flags.stack !== undefined)
    throw new InputError('--stack', 'cannot be given with files', 'Name the file in one of the two ways');
  const load = loadOf(flags);
  return tell(context, costOf(readStacks(files), load), null, flags);
}

const loadOf = ({ usage }: Flags): Usage => (usage === undefined ? USUAL_USAGE : readUsage(usage));

function tell(context: FilesContext, cost: Cost, bars: Bars | null, { json }: Flags): number {
  const over = bars !== null && cost.totalUsd > Math.min(bars.fixedBarUsd, bars.monthlyBudgetUsd);
  const within = bars === null ? null : over ? false : cost.unknown.length > 0 ? null : true;
  const none = { fixedBarUsd: null, monthlyBudgetUsd: null };
  context.out(
    json
      ? `${JSON.stringify({ schema: 1, ...cost, ...(bars ?? none), within })}\n`
      : costText(cost, bars, context.outTerminal ? context.columns : Number.POSITIVE_INFINITY),
  );
  // What a load costs is an estimate, whose gaps stand in its table.
  for (const what of cost.unknown) context.err(`warning: no price is known for ${what}\n`);
  return over ? 1 : 0;
}
