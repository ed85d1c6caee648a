// What a stack costs in a month: what is billed whether it is used or not, and what its use comes to.
import type { Graph } from '@dr/terraform-json';
import { billsOf } from './bills';
import { priceOf, type PriceItem } from './book/prices';
import { SERVICES, standing, type Charge } from './charge';
import { customMetrics, type Emitted } from './custom-metrics';
import { grouped } from './grouped';
import { toldOr } from './told';
import { USUAL_USAGE, type Usage } from './usage';

export type MonthlyCost = ReturnType<typeof monthlyCost>;
export type CostLine = MonthlyCost['lines'][number];
export type ConditionalCost = MonthlyCost['conditional'][number];

/** Units a month that an account has free, over all regions together (price pages of CloudWatch, Route 53, SNS and EC2). */
const FREE: Partial<Record<PriceItem, number>> = {
  'health-check-aws': 50,
  'standard-alarm': 10,
  dashboard: 3,
  'custom-metric': 10,
  'sns-publishes': 1,
  'sns-emails': 0.01,
  'data-to-internet': 100,
};

interface Options {
  readonly usage?: Usage;
  /** Metrics of a function that no alarm need read. */
  readonly emitted?: Emitted;
}

export function monthlyCost(graph: Graph, { usage = USUAL_USAGE, emitted = () => [] }: Options = {}) {
  const { charges, billed, free, unknown } = billsOf(graph, usage);
  const metrics = customMetrics(graph, emitted).map(({ id, awsRegion }) =>
    standing('CloudWatch', { address: id, awsRegion }, 'Custom metrics', 'custom-metric'),
  );
  const all = toLines([...charges, ...metrics]);
  const unpriced = new Set(all.flatMap(({ line, addresses }) => (line.usd === null ? addresses : [])));
  const lines = all.map(({ line }) => line);
  return {
    lines,
    /** Not in the total: free or not by what else the account holds, which no stack tells. */
    conditional: trails(graph),
    /** Of the lines with a price: the least it can be when `unpriced` is not empty. */
    totalUsd: sumOf(lines),
    usage,
    resources: {
      billed: billed.length,
      /** Of those billed. */
      priced: billed.filter((address) => !unpriced.has(address)).length,
      free,
      unpriced: billed.filter((address) => unpriced.has(address)),
    },
    /** Resources whose cost hangs on what cannot be told. */
    unknown,
  };
}

export const sumOf = (lines: readonly { readonly usd: number | null }[]): number =>
  lines.reduce((total, { usd }) => total + (usd ?? 0), 0);

/** CloudTrail bills each copy of management events after the first, in each region by itself. */
function trails(graph: Graph) {
  const all = graph.resources.filter(({ mode, type }) => mode === 'managed' && type === 'aws_cloudtrail');
  const home = toldOr(() => all[0]?.awsRegion, undefined);
  if (home === undefined) return [];
  return [
    {
      what: 'Audit trails',
      addresses: all.map(({ address }) => address),
      freeIf: 'no other trail of the account or its organization copies the management events of these regions',
      unit: '100,000 management events',
      unitUsd: priceOf('cloudtrail-extra-copy', home),
    },
  ];
}

/** One line for each charge at each price, service by service. */
function toLines(charges: readonly Charge[]) {
  const groups = grouped(charges, ({ what, unitUsd }) => `${what}|${String(unitUsd)}`);
  const freeLeft = new Map<string, number>(Object.entries(FREE));
  const lines = [...groups.values()].map((group) => {
    const { service, what, item, unitUsd, byUse } = group[0] as Charge;
    const wanted = group.reduce((sum, one) => sum + one.quantity, 0);
    const free = Math.min(wanted, freeLeft.get(item) ?? 0);
    freeLeft.set(item, (freeLeft.get(item) ?? 0) - free);
    const quantity = wanted - free;
    const addresses = [...new Set(group.map(({ address }) => address))];
    const line = {
      what,
      service,
      byUse,
      /** Resources that the charge comes from. */
      resources: addresses.filter((address) => address !== '').length,
      regions: [...new Set(group.map((one) => one.awsRegion))],
      unitUsd,
      /** Units billed: what is free is off. */
      quantity,
      free,
      /** Null when the price is unknown; what is all free costs nothing at any price. */
      usd: quantity === 0 ? 0 : unitUsd === null ? null : unitUsd * quantity,
    };
    return { line, addresses };
  });
  const rank = ({ line }: (typeof lines)[number]): number => SERVICES.indexOf(line.service);
  return lines.sort((a, b) => rank(a) - rank(b));
}
