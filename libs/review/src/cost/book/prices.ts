// Price book: list prices in USD without tax. A price that nobody has read is null, never 0.
import { ROUTING_POLICIES } from '@dr/contracts';
import { SETTING_PRICES_USD } from '@dr/failover';
import { BALANCING, COMPUTE, OPERATIONS, REGIONS, TABLES, type Row, type Usd } from './regional';

/** Where the prices come from. */
export const SOURCES = {
  bills: 'bills of AWS accounts, and https://aws.amazon.com/pricing',
  pages: "the figures behind AWS's price pages, as https://github.com/QuinnyPig/aws-price-watcher keeps them",
  instances: "AWS's price list, as https://github.com/skypilot-org/skypilot-catalog keeps it (catalogs/v8/aws/vms.csv)",
  accelerator: 'https://aws.amazon.com/global-accelerator/pricing/',
} as const;

export interface Price {
  readonly item: string;
  /** AWS region, or global. */
  readonly region: string;
  /** What the price is for one of. */
  readonly unit: string;
  readonly usd: Usd;
  readonly source: keyof typeof SOURCES;
  /** Year or month of the bill or page it was read from; of an unknown price, when it was last looked for. */
  readonly read: string;
}

type Read = readonly [mumbai: string, singapore: string, virginia: string];

const billed = <Item extends string>(item: Item, unit: string, usd: readonly [Usd, Usd, Usd], read: Read) =>
  (['ap-south-1', 'ap-southeast-1', 'us-east-1'] as const).map((region, at) => ({
    ...{ item, region, unit, source: 'bills' as const },
    usd: usd[at] ?? null,
    read: read[at] ?? '',
  }));
const billedAlike = <Item extends string>(item: Item, unit: string, usd: Usd, read: string) =>
  billed(item, unit, [usd, usd, usd], [read, read, read]);
const global = <Item extends string>(item: Item, unit: string, usd: Usd) => [
  { item, region: 'global', unit, usd, source: 'bills' as const, read: '2026-09' },
];
const paged = <Item extends string>(rows: Readonly<Record<Item, readonly [unit: string, usd: Row]>>) =>
  (Object.entries(rows) as [Item, readonly [string, Row]][]).flatMap(([item, [unit, row]]) =>
    REGIONS.map((region, at) => ({
      ...{ item, region, unit, source: 'pages' as const, read: '2026-11' },
      usd: row[at] ?? null,
    })),
  );

const BILLS: Read = ['2026-09', '2025-05', '2024'];

export const PRICES = [
  ...paged(BALANCING),
  ...paged(COMPUTE),
  ...paged(TABLES),
  ...paged(OPERATIONS),
  ...billed('nat-gateway-hour', 'hour', [0.056, 0.059, 0.045], BILLS),
  ...billedAlike('interface-endpoint-hour', 'zone-hour', null, '2026-11'),
  ...billedAlike('sns-publishes', 'million', 0.5, '2024'),
  ...billedAlike('sns-emails', '100,000', 2, '2024'),
  ...billedAlike('standard-alarm', 'metric-month', 0.1, '2024'),
  ...billed('logs-stored', 'GB-month', [0.03, 0.03, 0.03], BILLS),
  ...billed('data-to-other-region', 'GB', [0.086, 0.09, null], ['2025', '2025', '2026-11']),
  ...billed('data-to-internet', 'GB', [0.1093, 0.12, null], ['2024', '2024', '2026-11']),
  ...billed('s3-storage', 'GB-month', [null, 0.025, 0.023], ['2026-11', '2025-05', '2025-05']),
  ...billed('s3-puts', '1,000', [null, 0.005, null], ['2026-11', '2025-05', '2026-11']),
  ...billed('s3-gets', '10,000', [null, 0.004, null], ['2026-11', '2025-05', '2026-11']),
  ...billedAlike('cloudtrail-extra-copy', '100,000 events', 2, '2024'),
  ...global('hosted-zone', 'month', 0.5),
  ...global('health-check-aws', 'month', 0.5),
  ...global('health-check-aws-option', 'month', SETTING_PRICES_USD.fastInterval),
  ...global('health-check-other', 'month', 0.75),
  ...global('health-check-other-option', 'month', 2),
  ...global('health-check-of-checks', 'month', null),
  ...global('dns-queries', 'million', ROUTING_POLICIES.weighted.queriesUsd),
  ...global('dns-latency-queries', 'million', ROUTING_POLICIES.latency.queriesUsd),
  { item: 'accelerator-hour', region: 'global', unit: 'hour', usd: 0.025, source: 'accelerator', read: '2026-09' },
  /** Billed, and found in stacks, but in no price that was read. */
  ...billedAlike('other-charge', 'month', null, '2026-11'),
] as const satisfies readonly Price[];

export type PriceItem = (typeof PRICES)[number]['item'];

const BOOK = new Map<string, Usd>(PRICES.map(({ item, region, usd }) => [`${item} ${region}`, usd]));

/** Null for a region that the book does not have, as for a price that nobody has read. */
export const priceOf = (item: PriceItem, awsRegion: string): number | null =>
  BOOK.get(`${item} ${awsRegion}`) ?? BOOK.get(`${item} global`) ?? null;
