// The cost beside what was said of it before: the first table of this system, its five tips, and the stack that is applied now.
import type { Graph } from '@dr/terraform-json';
import { SERVICES, type Service } from './charge';
import { monthlyCost, sumOf, type CostLine, type MonthlyCost } from './monthly-cost';

/** The rows of that table: its configuration and USD a month; it said 39.45 in all. */
const FIRST_TABLE: Partial<Record<Service, readonly [configuration: string, usd: number]>> = {
  'Route 53': ['2 hosted zones, 2 health checks', 1.5],
  ALB: ['2 ALBs, minimal traffic', 32],
  Lambda: ['100K invocations/month, 512MB', 1.2],
  DynamoDB: ['PAY_PER_REQUEST, 1M requests', 1.25],
  SNS: ['1000 notifications', 0.5],
  CloudWatch: ['Logs, metrics, alarms', 2],
  'Data transfer': ['Cross-region replication', 1],
};

export type TableRow = ReturnType<typeof costTable>[number];

/** Each service as the first table estimated it, and as it is computed for this stack. */
export const costTable = ({ lines }: MonthlyCost) =>
  SERVICES.map((service) => {
    const own = lines.filter((line) => line.service === service);
    const [configuration, estimatedUsd] = FIRST_TABLE[service] ?? [null, null];
    return {
      service,
      /** What that table took for granted. */
      configuration,
      estimatedUsd,
      /** Of the lines with a price. */
      usd: sumOf(own),
      unpriced: own.filter(({ usd }) => usd === null).length,
    };
  });

export type ChangedCost = ReturnType<typeof changedCost>;

/** What the stack costs before its first request, and what its base did; by charge, what differs first. */
export function changedCost(graph: Graph, base: Graph | undefined = graph.before) {
  const after = standingLines(graph);
  const before = base && standingLines(base);
  const names = [...new Set([...after.keys(), ...(before?.keys() ?? [])])];
  const lines = names.map((what) => ({
    what,
    beforeUsd: before ? usdOf(before.get(what)) : null,
    afterUsd: usdOf(after.get(what)),
  }));
  const differs = ({ beforeUsd, afterUsd }: (typeof lines)[number]): number =>
    before && beforeUsd !== afterUsd ? 0 : 1;
  return {
    /** USD a month of what has a price; null where no file says what is applied now. */
    beforeUsd: before ? sumOf([...before.values()].flat()) : null,
    afterUsd: sumOf([...after.values()].flat()),
    /** Charges after the change whose price is unknown. */
    unpriced: lines.filter(({ afterUsd }) => afterUsd === null).length,
    lines: lines.sort((a, b) => differs(a) - differs(b)),
  };
}

function standingLines(graph: Graph): Map<string, CostLine[]> {
  const lines = new Map<string, CostLine[]>();
  for (const line of monthlyCost(graph).lines)
    if (!line.byUse) lines.set(line.what, [...(lines.get(line.what) ?? []), line]);
  return lines;
}

/** Null when a price is unknown; no line is no cost. */
const usdOf = (lines: readonly CostLine[] = []): number | null =>
  lines.some(({ usd }) => usd === null) ? null : sumOf(lines);
