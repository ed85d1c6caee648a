// Price book: list prices in USD without tax. A price that nobody has read is null, never 0.
import { ROUTING_POLICIES } from '@dr/contracts';
import { SETTING_PRICES_USD } from '@dr/failover';

export type PriceRegion = 'ap-south-1' | 'ap-southeast-1' | 'us-east-1' | 'global';

export interface Price {
  readonly item: string;
  readonly region: PriceRegion;
  /** What the price is for one of. */
  readonly unit: string;
  readonly usd: number | null;
  /** Year or month of the bill or page it was read from; of an unknown price, when it was last looked for. */
  readonly read: string;
}

type Usd = number | null;
type Read = readonly [mumbai: string, singapore: string, virginia: string];

const regional = <Item extends string>(item: Item, unit: string, usd: readonly [Usd, Usd, Usd], read: Read) =>
  (['ap-south-1', 'ap-southeast-1', 'us-east-1'] as const).map((region, at) => ({
    item,
    region,
    unit,
    usd: usd[at] ?? null,
    read: read[at] ?? '',
  }));
const everywhere = <Item extends string>(item: Item, unit: string, usd: Usd, read: string) =>
  regional(item, unit, [usd, usd, usd], [read, read, read]);
const global = <Item extends string>(item: Item, unit: string, usd: Usd) => [
  { item, region: 'global' as const, unit, usd, read: '2026-09' },
];

const BILLS: Read = ['2026-09', '2025-05', '2024'];
const TABLE: Read = ['2026-09', '2026-09', '2024-11'];

export const PRICES = [
  ...regional('alb-hour', 'hour', [0.0239, 0.0252, 0.0225], BILLS),
  ...regional('alb-lcu-hour', 'LCU-hour', [null, null, 0.008], ['2026-09', '2026-09', '2026-09']),
  ...everywhere('other-load-balancer-hour', 'hour', null, '2026-09'),
  ...everywhere('public-ipv4-hour', 'address-hour', 0.005, '2025-05'),
  ...regional('nat-gateway-hour', 'hour', [0.056, 0.059, 0.045], BILLS),
  ...everywhere('interface-endpoint-hour', 'zone-hour', null, '2026-09'),
  ...everywhere('lambda-requests', 'million', SETTING_PRICES_USD.invocations, '2026-09'),
  ...everywhere('lambda-gb-second-arm64', 'GB-second', 0.0000133334, '2026-09'),
  ...everywhere('lambda-gb-second-x86', 'GB-second', 0.0000166667, '2026-09'),
  ...regional('dynamodb-writes', 'million', [0.71, null, 0.625], TABLE),
  ...regional('dynamodb-reads', 'million', [0.1425, null, 0.125], TABLE),
  ...regional('dynamodb-storage', 'GB-month', [0.285, null, 0.25], TABLE),
  ...regional('dynamodb-pitr', 'GB-month', [null, null, 0.2], TABLE),
  ...everywhere('sns-publishes', 'million', 0.5, '2024'),
  ...everywhere('sns-emails', '100,000', 2, '2024'),
  ...everywhere('custom-metric', 'month', 0.3, '2024'),
  ...everywhere('standard-alarm', 'metric-month', 0.1, '2024'),
  ...everywhere('high-resolution-alarm', 'metric-month', 0.3, '2024'),
  ...everywhere('composite-alarm', 'month', null, '2026-09'),
  ...everywhere('dashboard', 'month', 3, '2024'),
  ...regional('logs-ingested', 'GB', [0.67, 0.7, 0.5], BILLS),
  ...regional('logs-stored', 'GB-month', [0.03, 0.03, 0.03], BILLS),
  ...global('hosted-zone', 'month', 0.5),
  ...global('health-check-aws', 'month', 0.5),
  ...global('health-check-aws-option', 'month', SETTING_PRICES_USD.fastInterval),
  ...global('health-check-other', 'month', 0.75),
  ...global('health-check-other-option', 'month', 2),
  ...global('health-check-of-checks', 'month', null),
  ...global('dns-queries', 'million', ROUTING_POLICIES.weighted.queriesUsd),
  ...global('dns-latency-queries', 'million', ROUTING_POLICIES.latency.queriesUsd),
  ...regional('data-to-other-region', 'GB', [0.086, 0.09, null], ['2025', '2025', '2026-09']),
  ...regional('data-to-internet', 'GB', [0.1093, 0.12, null], ['2024', '2024', '2026-09']),
  ...everywhere('kms-key', 'month', 1, '2025-05'),
  ...everywhere('kms-requests', '10,000', 0.03, '2025-05'),
  ...everywhere('secret', 'month', 0.4, '2025-05'),
  ...everywhere('secret-calls', '10,000', 0.05, '2025-05'),
  ...regional('s3-storage', 'GB-month', [null, 0.025, 0.023], ['2026-09', '2025-05', '2025-05']),
  ...regional('s3-puts', '1,000', [null, 0.005, null], ['2026-09', '2025-05', '2026-09']),
  ...regional('s3-gets', '10,000', [null, 0.004, null], ['2026-09', '2025-05', '2026-09']),
  ...everywhere('cloudtrail-extra-copy', '100,000 events', 2, '2024'),
  /** Billed by the hour or month, and found in stacks, but in no bill that was read. */
  ...everywhere('other-standing-charge', 'month', null, '2026-09'),
] satisfies readonly Price[];

export type PriceItem = (typeof PRICES)[number]['item'];

/** Null for a region that the book does not have, as for a price that nobody has read. */
export const priceOf = (item: PriceItem, awsRegion: string): number | null =>
  PRICES.find((price) => price.item === item && (price.region === awsRegion || price.region === 'global'))?.usd ?? null;
