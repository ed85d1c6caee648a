// Units a second of an on-demand table of DynamoDB, before any use of it has raised them.

/** What a new table takes at once. Source: DynamoDB developer guide, on-demand-capacity-mode and warm-throughput-scenarios. */
export const NEW_TABLE_UNITS = { read: 12_000, write: 4_000 } as const;

/** The most that an account lets a table take, each way, unless Service Quotas raises it. Source: DynamoDB quotas, throughput. */
export const TABLE_QUOTA_UNITS = 40_000;
