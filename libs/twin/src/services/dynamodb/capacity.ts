// What a replica of a table takes in one region: units a second of the table, and of each of its partitions (CAP-01 to CAP-04).
import { TABLE_QUOTA_UNITS } from '@dr/contracts';
import type { TableConfig } from '@dr/stack';
import { TokenBucket } from '../../kernel/token-bucket';
import type { LimitCounter, LimitId } from '../../limits';
import { refuseTooCoarse, type LoadScale } from '../../load-scale';
import { Partitions } from './partitions';
import { Ramp } from './ramp';
import type { Use } from './units';

/** Units a second of one partition. Source: bp-partition-key-design. [A] Of one partition key; no split comes to help within a run. */
const PARTITION_UNITS = { read: 3_000, write: 1_000 } as const;
/** What a provisioned table has whose capacity the files do not tell. */
const UNLIMITED = 1e12;
/** Of unused capacity that a provisioned table keeps. Source: burst-adaptive-capacity. */
const PROVISIONED_BURST_SECONDS = 300;
/** [A] Of an on-demand table: a second's worth may come at once. */
const BURST_SECONDS = 1;

interface Side {
  readonly ramp: Ramp;
  readonly table: TokenBucket;
  readonly partitions: Partitions;
  readonly counters: { readonly table: LimitCounter | undefined; readonly partition: LimitCounter | undefined };
}

export interface CapacityOptions {
  readonly load: LoadScale;
  readonly counter?: (id: LimitId, allowed: () => number) => LimitCounter | undefined;
  readonly nowMs?: () => number;
}

export class TableCapacity {
  private readonly sides: Readonly<Record<Use, Side>>;
  /** In service for long: what it takes is not known before the run has shown what its load is. */
  private isSettled: boolean;

  /** Throws InputError where one simulated request stands for too many. */
  constructor(
    private readonly config: Pick<TableConfig, 'name' | 'onDemand' | 'reads' | 'writes'>,
    options: CapacityOptions,
  ) {
    this.isSettled = options.load.peakShare === undefined;
    this.sides = { read: this.side('read', options), write: this.side('write', options) };
  }

  /** Do `requests` that come now pass? Takes nothing. */
  admits(use: Use, partition: string | undefined, requests: number, nowMs: number): boolean {
    const { ramp, table, counters, partitions } = this.sides[use];
    if (this.config.onDemand) table.setRate(ramp.perSecond(nowMs), nowMs);
    const passesTable = !this.isSettled || table.hasTokens(nowMs);
    counters.table?.ask(nowMs, requests, !passesTable);
    if (!passesTable) return false;
    if (partition === undefined) return true;
    const passes = partitions.admits(partition, nowMs);
    counters.partition?.ask(nowMs, requests, !passes);
    if (!passes) counters.partition?.refuse(partition, requests);
    return passes;
  }

  take(use: Use, partition: string | undefined, units: number, nowMs: number): void {
    const { ramp, table, partitions, counters } = this.sides[use];
    ramp.consume(units, nowMs);
    if (this.isSettled) table.take(units, nowMs);
    counters.table?.use(nowMs, units);
    if (partition === undefined) return;
    partitions.take(partition, units, nowMs);
    counters.partition?.use(nowMs, units);
  }

  /** The table has had `share` of the load of this run for long. */
  settle(share: number): void {
    for (const { ramp } of Object.values(this.sides)) ramp.settle(share);
    this.isSettled = true;
  }

  private side(use: Use, { load, counter, nowMs = () => 0 }: CapacityOptions): Side {
    const { name, onDemand } = this.config;
    const { ready, most } = use === 'read' ? this.config.reads : this.config.writes;
    // A table that is warm for more has a larger quota: AWS would not have let it be applied otherwise.
    const quota = onDemand ? Math.max(TABLE_QUOTA_UNITS, ready) : UNLIMITED;
    const ramp = new Ramp(ready, Math.min(most, quota));
    const perSecond = ramp.perSecond(0);
    refuseTooCoarse(load, perSecond, `${perSecond} ${use} units a second of the table ${name}`);
    refuseTooCoarse(load, PARTITION_UNITS[use], `${PARTITION_UNITS[use]} ${use} units a second of a partition`);
    return {
      ramp,
      table: new TokenBucket(perSecond, onDemand ? BURST_SECONDS : PROVISIONED_BURST_SECONDS),
      partitions: new Partitions(PARTITION_UNITS[use]),
      counters: {
        table: counter?.(`table-${use}s`, () => ramp.perSecond(nowMs())),
        partition: counter?.(`partition-${use}s`, () => PARTITION_UNITS[use]),
      },
    };
  }
}
