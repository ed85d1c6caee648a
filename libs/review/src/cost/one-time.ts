// What is paid once, when it is applied: warm throughput of tables. In no month.
import { NEW_TABLE_UNITS } from '@dr/contracts';
import { blockOf, blocksOf, numberOf, textOf, type Graph, type Resource } from '@dr/terraform-json';
import { priceOf } from './book/prices';
import { replicasOf } from './charges/data';
import { grouped } from './grouped';
import { toldOr } from './told';

export interface OneTimeCost {
  readonly what: string;
  /** Of the tables. */
  readonly addresses: readonly string[];
  readonly regions: readonly string[];
  /** USD for one unit a second. */
  readonly unitUsd: number | null;
  /** Units a second beyond those of a new table: one that has carried load may have some of them already. */
  readonly quantity: number;
  readonly usd: number | null;
}

export type TableUse = 'read' | 'write';

/**
 * [A] For each unit that is added, the price of an hour of a provisioned one. AWS charges for pre-warming (DynamoDB developer guide,
 * warm-throughput) and refers to https://aws.amazon.com/dynamodb/pricing/on-demand/, of which that part was not at hand; the figures
 * behind its price pages (`SOURCES.pages`) have no price of their own for it, and others report this one.
 */
export const warmUnitUsd = (use: TableUse, awsRegion: string): number | null =>
  priceOf(`dynamodb-${use}-unit-hour`, awsRegion);

/** One line for each use at each price; none where no table asks for warm throughput, or what it asks for cannot be told. */
export function oneTimeCost(graph: Graph): OneTimeCost[] {
  const charges = graph.ofType('aws_dynamodb_table').flatMap((table) => toldOr(() => chargesOf(graph, table), []));
  const lines = grouped(charges, ({ use, unitUsd }) => `${use}|${String(unitUsd)}`);
  return [...lines.values()].map((group) => {
    const { use, unitUsd } = group[0] as Charged;
    const quantity = group.reduce((sum, one) => sum + one.quantity, 0);
    return {
      what: `Warm throughput, ${use} units`,
      addresses: [...new Set(group.map(({ address }) => address))],
      regions: [...new Set(group.map(({ awsRegion }) => awsRegion))],
      unitUsd,
      quantity,
      usd: unitUsd === null ? null : unitUsd * quantity,
    };
  });
}

type Charged = ReturnType<typeof chargesOf>[number];

function chargesOf(graph: Graph, table: Resource) {
  const { address, values } = table;
  const warm = blockOf(values, 'warm_throughput');
  if (!warm) return [];
  const isOnDemand = textOf(values, 'billing_mode') === 'PAY_PER_REQUEST';
  return regionsOf(graph, table).flatMap((awsRegion) =>
    (['read', 'write'] as const).flatMap((use) => {
      const has = isOnDemand ? NEW_TABLE_UNITS[use] : (numberOf(values, `${use}_capacity`) ?? 0);
      const quantity = (numberOf(warm, `${use}_units_per_second`) ?? 0) - has;
      return quantity > 0 ? [{ address, use, awsRegion, quantity, unitUsd: warmUnitUsd(use, awsRegion) }] : [];
    }),
  );
}

/** What is set on the table, AWS applies to all of its replicas. */
const regionsOf = (graph: Graph, table: Resource): string[] => [
  table.awsRegion,
  ...blocksOf(table.values, 'replica').map((one) => String(one['region_name'])),
  ...replicasOf(table, graph, graph.ofType('aws_dynamodb_table_replica')).map(({ awsRegion }) => awsRegion),
];
