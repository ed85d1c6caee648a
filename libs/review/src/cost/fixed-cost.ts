// What a stack costs in a month in which nobody uses it: everything billed by the hour or month, none of it by use.
import type { Graph } from '@dr/terraform-json';
import type { Emitted } from './custom-metrics';
import { monthlyCost, sumOf, type CostLine } from './monthly-cost';

export type FixedCost = ReturnType<typeof fixedMonthlyCost>;

/** `emitted`: metrics of a function that no alarm need read. */
export function fixedMonthlyCost(graph: Graph, emitted: Emitted = () => []) {
  const { conditional, ...cost } = monthlyCost(graph, { emitted });
  const lines = cost.lines.filter(({ byUse }) => !byUse);
  return { lines, conditional, totalUsd: sumOf(lines), unknown: lines.filter(isUnknown).map(inWords) };
}

export const isUnknown = ({ usd }: CostLine): boolean => usd === null;
export const inWords = ({ what, regions }: CostLine): string => `${what} in ${regions.join(', ')}`;
