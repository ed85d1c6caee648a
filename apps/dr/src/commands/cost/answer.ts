// What `dr cost` answers, as data.
import {
  changedCost,
  costTable,
  costTips,
  frontCost,
  inWords,
  isUnknown,
  monthlyCost,
  oneTimeCost,
  sumOf,
  type Emitted,
  type Usage,
} from '@dr/review';
import type { Graph } from '@dr/terraform-json';

export type Cost = ReturnType<typeof costOf>;

/** Of our own functions it is known which metrics they emit. */
export function costOf(graph: Graph, load: Usage, own: { readonly emitted?: Emitted } = {}) {
  const cost = monthlyCost(graph, { usage: load, ...own });
  const lines = cost.lines.filter(({ byUse }) => !byUse);
  const useLines = cost.lines.filter(({ byUse }) => byUse);
  return {
    lines,
    conditional: cost.conditional,
    oneTime: oneTimeCost(graph),
    totalUsd: sumOf(lines),
    unknown: lines.filter(isUnknown).map(inWords),
    useLines,
    useUsd: sumOf(useLines),
    usage: load,
    resources: cost.resources,
    unknownValues: cost.unknown,
    change: changedCost(graph),
    table: costTable(cost),
    front: frontCost(graph, load),
    tips: costTips(graph, load),
  };
}
