// The cost of a stack for a terminal: what stands, what use adds, the change, the first estimate beside it, and its tips.
import type { ConditionalCost, CostLine, FrontCost, OneTimeCost } from '@dr/review';
import { columns } from '../../terminal/columns';
import { wrapped } from '../../terminal/wrapped';
import type { Cost } from './answer';

export interface Bars {
  readonly fixedBarUsd: number;
  readonly monthlyBudgetUsd: number;
}

const NOTE =
  'List prices without tax, from dated bills and price pages. Free quantities count once for the whole account: other systems in it may have used them up.';

export function costText(cost: Cost, bars: Bars | null, width: number): string {
  const least = cost.unknown.length > 0;
  const sentence = (text: string): string => wrapped(text, width).join('\n');
  const { fixedBarUsd = 0, monthlyBudgetUsd = 0 } = bars ?? {};
  return [
    `${linesText(cost.lines, cost.totalUsd, width)}\n`,
    ...(bars
      ? [
          sentence(verdict('Bar for fixed cost', cost.totalUsd, fixedBarUsd, least)),
          sentence(verdict('Budget (objectives.monthlyBudgetUsd)', cost.totalUsd, monthlyBudgetUsd, least)),
        ]
      : []),
    ...cost.conditional.map((one) => sentence(conditional(one))),
    ...cost.oneTime.map((one) => sentence(oneTime(one))),
    ...(cost.front ? [sentence(frontText(cost.front))] : []),
    ...changeText(cost).map(sentence),
    sentence(pricedText(cost)),
    ...cost.unknownValues.map(({ address, why }) => sentence(`Not known: ${address}, ${why}.`)),
    `\n${sentence(`By use, with ${usageText(cost)}; --usage takes another load:`)}\n`,
    `${cost.useLines.length === 0 ? 'nothing' : linesText(cost.useLines, cost.useUsd, width)}\n`,
    sentence(`In all ${isLeast(cost) ? 'at least ' : ''}${(cost.totalUsd + cost.useUsd).toFixed(2)} USD a month.`),
    `\n${tableText(cost, width)}\n`,
    ...cost.tips.map((tip) => sentence(tipText(tip))),
    `\n${sentence(NOTE)}\n`,
  ].join('\n');
}

const isLeast = ({ lines, useLines }: Cost): boolean => [...lines, ...useLines].some(({ usd }) => usd === null);

function linesText(lines: readonly CostLine[], usd: number, width: number): string {
  const least = lines.some((line) => line.usd === null);
  return narrower(
    [
      ['charge', 'resources', 'billed', 'each', 'USD a month', 'regions'],
      ...lines.map(cells),
      ['total', '', '', '', `${least ? 'at least ' : ''}${usd.toFixed(2)}`, ''],
    ],
    width,
  );
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
      if (room < LEAST_CHARGE)
        return [...wrapped(charge, width), `    ${(numbers[at] ?? '').trim().replace(/ {2,}/g, '  ')}`];
      const [first = '', ...rest] = wrapped(charge, room);
      return [`${first.padEnd(room)}  ${numbers[at] ?? ''}`, ...rest.map((line) => `  ${line}`)];
    })
    .join('\n');
}

/** Six digits tell what is billed; a price stands as it was read. */
const brief = (quantity: number): string => String(Number(quantity.toPrecision(6)));

const cells = ({ what, resources, quantity, free, unitUsd, usd, regions }: CostLine): string[] => [
  what,
  String(resources),
  `${brief(quantity)}${free > 0 ? ` (${brief(free)} free)` : ''}`,
  unitUsd === null ? 'unknown' : brief(unitUsd),
  usd === null ? 'unknown' : usd.toFixed(2),
  regions.join(', '),
];

const conditional = ({ what, freeIf, unit, unitUsd }: ConditionalCost): string =>
  `${what}: free if ${freeIf}; else ${unitUsd === null ? 'an unknown price' : `${unitUsd} USD`} for each ${unit}, not in the total. ` +
  `options.auditTrail 'none' makes no trail.`;

const oneTime = ({ what, regions, quantity, unitUsd, usd }: OneTimeCost): string =>
  `${what}: ${quantity} in all beyond those of new tables in ${regions.join(', ')}, ` +
  `${usd === null ? 'at an unknown price' : `${usd.toFixed(2)} USD at ${unitUsd} each`}, once when it is applied: not in the total. ` +
  'The price is what others report of AWS.';

/** Beside what records in its place would cost. */
const frontText = ({ fixedUsd, byUseUsd }: FrontCost): string =>
  `Front door: the accelerator costs ${usdText(fixedUsd)} a month before the first request, and ${usdText(byUseUsd)} by use as below, ` +
  `which records in its place (frontDoor: 'dns') would not.`;

const usdText = (usd: number | null): string => (usd === null ? 'an unknown sum' : `${usd.toFixed(2)} USD`);

/** With a price unknown, a total below the bar proves nothing. */
function verdict(name: string, totalUsd: number, barUsd: number, least: boolean): string {
  const left = barUsd - totalUsd;
  const how =
    left < 0 ? `over by ${(-left).toFixed(2)}` : least ? 'not known, prices are missing' : `${left.toFixed(2)} left`;
  return `${name}: ${barUsd} USD, ${how}`;
}

function changeText({ change: { beforeUsd, afterUsd, lines } }: Cost): string[] {
  if (beforeUsd === null) return [];
  const changed = lines.filter((line) => line.beforeUsd !== line.afterUsd);
  return [
    `This change: ${beforeUsd.toFixed(2)} -> ${afterUsd.toFixed(2)} USD a month before the first request.`,
    ...changed.map((line) => `- ${line.what}: ${amount(line.beforeUsd)} -> ${amount(line.afterUsd)}`),
  ];
}

const amount = (usd: number | null): string => (usd === null ? 'unknown' : usd.toFixed(2));

function pricedText({ resources: { billed, priced, free, unpriced } }: Cost): string {
  const rest = unpriced.length === 0 ? '' : ` Without a known price: ${unpriced.join(', ')}.`;
  return `${priced} of ${billed} billed resources are priced; ${free} are free by themselves.${rest}`;
}

const usageText = ({ usage }: Cost): string =>
  Object.entries(usage)
    .map(([key, value]) => `${key} ${value}`)
    .join(', ');

/** The first estimate of this system, in its own words, beside what this stack comes to. */
function tableText({ table }: Cost, width: number): string {
  const usdOf = ({ usd, unpriced }: Cost['table'][number]): string =>
    `${unpriced > 0 ? 'at least ' : ''}${usd.toFixed(2)}`;
  const rows = [
    ['service', 'first estimate', 'this stack', 'what the estimate is of'],
    ...table.map((row) => [
      row.service,
      amount(row.estimatedUsd).replace('unknown', '-'),
      usdOf(row),
      row.configuration ?? '-',
    ]),
  ];
  const text = columns(rows);
  if (text.split('\n').every((line) => line.length <= width)) return text;
  return table
    .flatMap((row) =>
      wrapped(
        `${row.service}: ${usdOf(row)}; first estimate ${amount(row.estimatedUsd).replace('unknown', '-')}`,
        width,
      ),
    )
    .join('\n');
}

function tipText({ tip, savesUsd, because }: Cost['tips'][number]): string {
  if (savesUsd === null || savesUsd === 0) return `Tip: ${tip}: ${because}.`;
  const what =
    savesUsd < 0 ? `costs ${(-savesUsd).toFixed(2)} USD a month more` : `saves ${savesUsd.toFixed(2)} USD a month`;
  return `Tip: ${tip}: ${what}; ${because}.`;
}
