// `dr cost`: what the synthesized stack costs in a month in which nobody uses it, against the budget.
import { emittedMetrics } from '@dr/drills';
import { fixedMonthlyCost, type ConditionalCost, type CostLine, type FixedCost } from '@dr/review';
import { readStack } from '@dr/terraform-json';
import type { Command } from 'commander';
import { columns } from '../terminal/columns';
import { manual, type ManualPage } from '../terminal/manual';
import type { Run } from '../context';
import { wrapped } from '../terminal/wrapped';

/** The most that protection may cost before the first request. */
const FIXED_BAR_USD = 70;

const PAGE: ManualPage = {
  examples: [
    ['cost', 'the stack of dr.config.ts, line by line'],
    ['cost --stack cdk.tf.json', 'any synthesized stack'],
    ['cost --json', 'the same as data'],
  ],
  exits: {
    0: 'within the bar and the budget, or not known to be above',
    1: 'above the bar for fixed cost or the budget',
  },
  json: {
    schema: 'number: 1',
    'lines[].what': 'string: the charge',
    'lines[].resources': 'number: resources that it comes from',
    'lines[].regions[]': 'string: AWS regions, or global',
    'lines[].unitUsd': 'number | null: price of one unit; null is unknown',
    'lines[].quantity': 'number: units billed in a month, without free ones',
    'lines[].free': 'number: units that are free',
    'lines[].usd': 'number | null: USD a month; null is unknown',
    'conditional[].what?': 'string: a charge that depends on what else the account has; in no total',
    'conditional[].addresses[]?': 'string: Terraform addresses',
    'conditional[].freeIf?': 'string: when it is free',
    'conditional[].unit?': 'string: what is billed',
    'conditional[].unitUsd?': 'number | null: price of one unit',
    totalUsd: 'number: of the lines that have a price',
    'unknown[]?': 'string: charges without a known price',
    fixedBarUsd: 'number: the most that a stack may cost before its first request',
    monthlyBudgetUsd: 'number: objectives.monthlyBudgetUsd',
    within: 'boolean | null: within both; null when a price is unknown',
  },
};

interface Flags {
  readonly stack?: string;
  readonly json?: true;
}

export function costCommand(program: Command, run: (run: Run) => void): void {
  manual(program.command('cost'), PAGE)
    .description(
      'show what the synthesized stack costs a month before anyone uses it, line by line, against the budget',
    )
    .option('--stack <file>', 'a synthesized cdk.tf.json (default: that of dr.config.ts)')
    .option('--json', 'print one JSON object')
    .action(({ stack, json }: Flags) =>
      run(async (context) => {
        const { monthlyBudgetUsd } = context.config().objectives;
        const file = stack ?? (await context.synthesize([], context.temporaryDirectory()));
        const cost = fixedMonthlyCost(readStack(file), emittedMetrics);
        const bars = { fixedBarUsd: FIXED_BAR_USD, monthlyBudgetUsd };
        const over = cost.totalUsd > Math.min(FIXED_BAR_USD, monthlyBudgetUsd);
        const within = over ? false : cost.unknown.length > 0 ? null : true;
        context.out(
          json
            ? `${JSON.stringify({ schema: 1, ...cost, ...bars, within })}\n`
            : render(cost, monthlyBudgetUsd, context.outTerminal ? context.columns : Number.POSITIVE_INFINITY),
        );
        for (const what of cost.unknown) context.err(`warning: no price is known for ${what}\n`);
        return over ? 1 : 0;
      }),
    );
}

const NOTE =
  'List prices without tax, from dated bills and price pages. Requests, data, storage and logs come on top.\n' +
  'Free quantities count once for the whole account: other systems in it may have used them up.\n';

function render(cost: FixedCost, monthlyBudgetUsd: number, width: number): string {
  const least = cost.unknown.length > 0;
  const rows = [
    ['charge', 'resources', 'billed', 'each', 'USD a month', 'regions'],
    ...cost.lines.map(cells),
    ['total', '', '', '', `${least ? 'at least ' : ''}${cost.totalUsd.toFixed(2)}`, ''],
  ];
  return [
    `${narrower(rows, width)}\n`,
    verdict('Bar for fixed cost', cost.totalUsd, FIXED_BAR_USD, least),
    verdict('Budget (objectives.monthlyBudgetUsd)', cost.totalUsd, monthlyBudgetUsd, least),
    ...cost.conditional.map(conditional),
    NOTE,
  ].join('\n');
}

/** A charge narrower than that has a line of its own. */
const LEAST_CHARGE = 30;

/** Where the table is wider than the terminal, charges are folded, and how many resources they are of and where is left out. */
function narrower(rows: readonly (readonly string[])[], width: number): string {
  const table = columns(rows);
  if (table.split('\n').every((line) => line.length <= width)) return table;
  const numbers = columns(rows.map(([, , ...cells]) => cells.slice(0, 3))).split('\n');
  const room = width - Math.max(...numbers.map((line) => line.length)) - 2;
  return rows
    .flatMap(([charge = ''], at) => {
      if (room < LEAST_CHARGE) return [charge, `    ${numbers[at] ?? ''}`];
      const [first = '', ...rest] = wrapped(charge, room);
      return [`${first.padEnd(room)}  ${numbers[at] ?? ''}`, ...rest.map((line) => `  ${line}`)];
    })
    .join('\n');
}

const cells = ({ what, resources, quantity, free, unitUsd, usd, regions }: CostLine): string[] => [
  what,
  String(resources),
  `${quantity}${free > 0 ? ` (${free} free)` : ''}`,
  unitUsd === null ? 'unknown' : String(unitUsd),
  usd === null ? 'unknown' : usd.toFixed(2),
  regions.join(', '),
];

const conditional = ({ what, freeIf, unit, unitUsd }: ConditionalCost): string =>
  `${what}: free if ${freeIf}; else ${unitUsd === null ? 'an unknown price' : `${unitUsd} USD`} for each ${unit}, not in the total. ` +
  `options.auditTrail 'none' makes no trail.`;

/** With a price unknown, a total below the bar proves nothing. */
function verdict(name: string, totalUsd: number, barUsd: number, least: boolean): string {
  const left = barUsd - totalUsd;
  const how =
    left < 0 ? `over by ${(-left).toFixed(2)}` : least ? 'not known, prices are missing' : `${left.toFixed(2)} left`;
  return `${name}: ${barUsd} USD, ${how}`;
}
