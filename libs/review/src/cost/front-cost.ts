// What an accelerator costs beside records that do the same: its hours and addresses, what it adds to data, and the dearer queries it spares.
import type { Graph } from '@dr/terraform-json';
import { billsOf } from './bills';
import { priceOf } from './book/prices';
import { MILLION, type Charge } from './charge';
import type { Usage } from './usage';

export interface FrontCost {
  /** USD a month whether it is used or not; null where a price is unknown. */
  readonly fixedUsd: number | null;
  /** The same by use: its data, less what latency records ask more for queries. */
  readonly byUseUsd: number | null;
}

/** What would be saved with records in its place; null where the stack has no accelerator. */
export function frontCost(graph: Graph, usage: Usage): FrontCost | null {
  if (graph.ofType('aws_globalaccelerator_accelerator').length === 0) return null;
  const own = new Set(
    graph.resources
      .filter(({ mode, type }) => mode === 'managed' && type.startsWith('aws_globalaccelerator_'))
      .map(({ address }) => address),
  );
  const charges = billsOf(graph, usage).charges.filter(({ address }) => own.has(address));
  const [simple, latency] = [priceOf('dns-queries', 'global'), priceOf('dns-latency-queries', 'global')];
  const queries = simple === null || latency === null ? null : (usage.dnsQueries / MILLION) * (latency - simple);
  const data = sumOf(charges.filter(({ byUse }) => byUse));
  return {
    fixedUsd: sumOf(charges.filter(({ byUse }) => !byUse)),
    byUseUsd: data === null || queries === null ? null : data - queries,
  };
}

const sumOf = (charges: readonly Charge[]): number | null =>
  charges.reduce<number | null>(
    (sum, { unitUsd, quantity }) => (sum === null || unitUsd === null ? null : sum + unitUsd * quantity),
    0,
  );
